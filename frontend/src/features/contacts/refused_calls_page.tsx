/** Calls that were not taken: a mistyped entry point, or a stranger who tries numbers, shows here. */
import { Button, Table, type TableColumnsType } from "antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import { fetchRefusedCalls, type RefusedCall } from "@/api/contacts";
import { useCauseText } from "@/shared/cause_words";
import { dateText, preciseTimeText } from "@/shared/moments";
import { EmptyState, Failure, Loading } from "@/shared/views";
import { useWords } from "@/words";

function useColumns(): TableColumnsType<RefusedCall> {
  const { t } = useWords();
  const causeText = useCauseText();
  return [
    {
      title: t("contacts.refused_at"),
      render: (_, row) => (
        <span className="digits">
          {dateText(row.at)} {preciseTimeText(row.at)}
        </span>
      ),
    },
    {
      title: t("contacts.called"),
      render: (_, row) => <span className="digits anywhere">{row.called_address || t("general.unknown")}</span>,
    },
    {
      title: t("contacts.caller"),
      render: (_, row) => <span className="digits">{row.caller || t("general.unknown")}</span>,
    },
    { title: t("contacts.cause"), render: (_, row) => causeText(row.cause) },
    { title: t("contacts.node"), dataIndex: "node_id" },
  ];
}

export function RefusedCallsPage() {
  const { t } = useWords();
  const columns = useColumns();
  const list = useInfiniteQuery({
    queryKey: ["refused-calls"],
    queryFn: ({ pageParam }) => fetchRefusedCalls(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: 15_000,
  });
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("contacts.refused_calls")}</h1>
        <span className="quiet">{t("contacts.refused_hint")}</span>
      </div>
      {list.isPending ? <Loading /> : null}
      {list.isError && !list.data ? <Failure error={list.error} retry={() => void list.refetch()} /> : null}
      {list.data ? (
        <Table<RefusedCall>
          size="small"
          rowKey="id"
          pagination={false}
          columns={columns}
          dataSource={list.data.pages.flatMap((page) => page.items)}
          scroll={{ x: true }}
          locale={{ emptyText: <EmptyState hint={t("contacts.refused_none")} /> }}
        />
      ) : null}
      {list.hasNextPage ? (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("general.more")}
        </Button>
      ) : null}
    </div>
  );
}
