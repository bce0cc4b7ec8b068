/** To which product line contacts were coded at wrap-up, beside the one with which they asked. */
import { Table } from "antd";
import { useQuery } from "@tanstack/react-query";
import { fetchProductLineReport, type ProductLineReport } from "@/api/routing";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { shareText } from "./funnel_report";

function Lines({ rows }: { rows: ProductLineReport["rows"] }) {
  const { t, text } = useWords();
  return (
    <Table
      size="small"
      pagination={false}
      rowKey="line"
      dataSource={rows}
      columns={[
        { key: "line", title: t("admin.attribute_product_line"), render: (_, row) => text(row.name) },
        { key: "coded", title: t("reports.lines_coded"), align: "right", render: (_, row) => row.coded },
        { key: "asked", title: t("reports.asked"), align: "right", render: (_, row) => row.asked },
        { key: "agreed", title: t("reports.lines_agreed"), align: "right", render: (_, row) => row.agreed },
        {
          key: "agreement",
          title: t("reports.lines_agreement"),
          align: "right",
          render: (_, row) => (row.agreement === null ? "–" : shareText(row.agreement)),
        },
      ]}
    />
  );
}

function Elsewhere({ rows }: { rows: ProductLineReport["elsewhere"] }) {
  const { t, text } = useWords();
  return (
    <>
      <h3>{t("reports.lines_elsewhere")}</h3>
      <Table
        size="small"
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        rowKey={(row) => `${text(row.asked)}/${text(row.coded)}`}
        dataSource={rows}
        columns={[
          { key: "asked", title: t("reports.lines_asked"), render: (_, row) => text(row.asked) },
          { key: "coded", title: t("reports.lines_coded_to"), render: (_, row) => text(row.coded) },
          { key: "contacts", title: t("reports.contacts"), align: "right", render: (_, row) => row.contacts },
        ]}
      />
    </>
  );
}

export function ProductLineCard({ first, last }: { first: string; last: string }) {
  const { t } = useWords();
  const report = useQuery({
    queryKey: ["product-line-report", first, last],
    queryFn: () => fetchProductLineReport({ first_day: first, last_day: last }),
  });
  return (
    <QueryView
      query={report}
      isEmpty={(data) => data.contacts === 0}
      empty={<EmptyState hint={t("reports.no_figures")} />}
    >
      {(data) => (
        <section className="card stack" aria-label={t("reports.lines_title")} data-testid="coded-lines">
          <h2>{t("reports.lines_title")}</h2>
          <p className="quiet" style={{ margin: 0 }}>
            {t("reports.lines_definition")}
          </p>
          <Lines rows={data.rows} />
          <p className="quiet" style={{ margin: 0 }}>
            {t("reports.lines_rest", {
              contacts: data.contacts,
              without_line: data.without_line,
              uncoded: data.uncoded,
              unanswered: data.unanswered,
            })}
          </p>
          {data.elsewhere.length > 0 ? <Elsewhere rows={data.elsewhere} /> : null}
        </section>
      )}
    </QueryView>
  );
}
