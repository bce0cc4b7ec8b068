/** Key accounts: what they asked for, who answered, and which yearly reviews are due. */
import { Table, Tag, type TableColumnsType } from "antd";
import { useQuery } from "@tanstack/react-query";
import { fetchKeyAccounts, type AccountRow } from "@/api/contacts";
import { countText, percentText, secondsClock } from "@/shared/figures";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useAddress, useToday } from "./address";
import { DaysChoice, spanOf } from "./days_choice";

function useColumns(today: string): TableColumnsType<AccountRow> {
  const { t } = useWords();
  const digits = (value: string | null | undefined) => <span className="digits">{value ?? t("general.none")}</span>;
  return [
    {
      title: t("reports.key_customer"),
      minWidth: 160,
      render: (_, row) => (
        <>
          {row.customer_name} <span className="quiet digits">{row.customer_number}</span>
        </>
      ),
    },
    { title: t("reports.key_tier"), render: (_, row) => row.tier.toUpperCase() },
    { title: t("reports.key_manager"), render: (_, row) => row.manager_name },
    { title: t("reports.asked"), align: "right", render: (_, row) => digits(countText(row.asked)) },
    { title: t("reports.answered"), align: "right", render: (_, row) => digits(countText(row.answered)) },
    { title: t("reports.abandoned_n"), align: "right", render: (_, row) => digits(countText(row.abandoned)) },
    { title: t("reports.wait"), align: "right", render: (_, row) => digits(secondsClock(row.average_wait_s)) },
    {
      title: t("reports.key_own_share"),
      align: "right",
      render: (_, row) => digits(percentText(row.answered_by_manager, row.answered)),
    },
    {
      title: t("reports.key_answered_by"),
      render: (_, row) => row.answered_by.map((one) => `${one.name} ${countText(one.answered)}`).join(", "),
    },
    {
      title: t("reports.key_review"),
      render: (_, row) => (
        <>
          <span className="digits">{row.review_due_on}</span>{" "}
          {row.review_due_on <= today ? <Tag color="warning">{t("reports.key_review_due")}</Tag> : null}
        </>
      ),
    },
  ];
}

export function KeyAccountReportPage() {
  const { t } = useWords();
  const [address, change] = useAddress();
  const today = useToday();
  const first = address.first ?? today;
  const last = address.last ?? first;
  const query = { first_day: first, last_day: last };
  const report = useQuery({ queryKey: ["key-accounts", query], queryFn: () => fetchKeyAccounts(query) });
  const columns = useColumns(today);
  return (
    <>
      <div className="page-head">
        <h1>{t("reports.key_title")}</h1>
        <DaysChoice span={spanOf(address.span)} first={first} last={last} change={change} />
      </div>
      <p className="quiet" style={{ margin: 0 }}>
        {t("reports.key_definition")} {t("reports.audited")}
      </p>
      <QueryView
        query={report}
        isEmpty={(data) => data.rows.length === 0}
        empty={<EmptyState hint={t("reports.key_none")} />}
      >
        {(data) => (
          <section className="card" aria-label={t("reports.key_title")}>
            <Table<AccountRow>
              size="small"
              columns={columns}
              dataSource={data.rows}
              rowKey="customer_id"
              pagination={{ pageSize: 100, hideOnSinglePage: true, showSizeChanger: false }}
              scroll={{ x: true }}
            />
          </section>
        )}
      </QueryView>
    </>
  );
}
