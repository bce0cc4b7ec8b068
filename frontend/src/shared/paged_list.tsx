/** A list that is read page by page and looked at again now and then: its table, its states, and the way to more. */
import { Button, Table, type TableColumnsType } from "antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useWords } from "@/words";
import { EmptyState, Failure, Loading } from "./views";

interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

interface Props<T> {
  queryKey: readonly unknown[];
  fetchPage: (cursor: string | undefined) => Promise<Page<T>>;
  columns: TableColumnsType<T>;
  /** What an empty list says. */
  emptyHint: string;
}

const AGAIN_MS = 15_000;

export function PagedList<T extends { id: string }>({ queryKey, fetchPage, columns, emptyHint }: Props<T>) {
  const { t } = useWords();
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: AGAIN_MS,
  });
  return (
    <>
      {list.isPending ? <Loading /> : null}
      {list.isError && !list.data ? <Failure error={list.error} retry={() => void list.refetch()} /> : null}
      {list.data ? (
        <Table<T>
          size="small"
          rowKey="id"
          pagination={false}
          columns={columns}
          dataSource={list.data.pages.flatMap((page) => page.items)}
          scroll={{ x: true }}
          locale={{ emptyText: <EmptyState hint={emptyHint} /> }}
        />
      ) : null}
      {list.hasNextPage ? (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("general.more")}
        </Button>
      ) : null}
    </>
  );
}
