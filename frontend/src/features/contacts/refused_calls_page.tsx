/** Calls that were not taken: a mistyped entry point, or a stranger who tries numbers, shows here. */
import type { TableColumnsType } from "antd";
import { fetchRefusedCalls, type RefusedCall } from "@/api/contacts";
import { useCauseText } from "@/shared/cause_words";
import { dateText, preciseTimeText } from "@/shared/moments";
import { PagedList } from "@/shared/paged_list";
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
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("contacts.refused_calls")}</h1>
        <span className="quiet">{t("contacts.refused_hint")}</span>
      </div>
      <PagedList<RefusedCall>
        queryKey={["refused-calls"]}
        fetchPage={fetchRefusedCalls}
        columns={columns}
        emptyHint={t("contacts.refused_none")}
        isRenewed
      />
    </div>
  );
}
