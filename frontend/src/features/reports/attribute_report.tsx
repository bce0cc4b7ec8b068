/** Contacts by what is known of the caller: province with the rural flag, product line, brand, value grade. */
import { Segmented, Table } from "antd";
import { useQuery } from "@tanstack/react-query";
import { fetchAttributeReport, type AttributeKind } from "@/api/routing";
import { SimulatedBadge } from "@/shared/badges";
import { clockText } from "@/shared/figures";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useAddress, useToday } from "./address";
import { DaysChoice, spanOf } from "./days_choice";
import { shareText } from "./funnel_report";
import { ProductLineCard } from "./product_line_report";

const KINDS: readonly AttributeKind[] = ["region", "product_line", "brand", "value_grade"];

export function AttributeReportPage() {
  const { t, text } = useWords();
  const [address, change] = useAddress();
  const today = useToday();
  const first = address.first ?? today;
  const last = address.last ?? first;
  const by = KINDS.find((kind) => kind === address.by) ?? "region";
  const report = useQuery({
    queryKey: ["attribute-report", by, first, last],
    queryFn: () => fetchAttributeReport(by, { first_day: first, last_day: last }),
  });
  return (
    <>
      <div className="page-head">
        <h1>{t("reports.attributes_title")}</h1>
        <SimulatedBadge isShown={report.data?.is_simulated} />
        <Segmented<AttributeKind>
          aria-label={t("reports.subject")}
          value={by}
          onChange={(kind) => change({ by: kind === "region" ? undefined : kind })}
          options={KINDS.map((kind) => ({ value: kind, label: t(`admin.attribute_${kind}`) }))}
        />
        <DaysChoice span={spanOf(address.span)} first={first} last={last} change={change} />
      </div>
      <p className="quiet" style={{ margin: 0 }}>
        {t("reports.attributes_definition")}
      </p>
      <QueryView
        query={report}
        isEmpty={(data) => data.rows.length === 0}
        empty={<EmptyState hint={t("reports.no_figures")} />}
      >
        {(data) => (
          <section className="card stack" aria-label={t("reports.attributes_title")}>
            <Table
              size="small"
              pagination={false}
              rowKey={(row) => row.value ?? ""}
              dataSource={data.rows}
              columns={[
                {
                  key: "value",
                  title: t(`admin.attribute_${by}`),
                  render: (_, row) => (row.name ? text(row.name) : t("general.unknown")),
                },
                { key: "asked", title: t("reports.asked"), align: "right", render: (_, row) => row.asked },
                { key: "share", title: t("reports.share"), align: "right", render: (_, row) => shareText(row.share) },
                { key: "answered", title: t("reports.answered"), align: "right", render: (_, row) => row.answered },
                {
                  key: "abandoned",
                  title: t("reports.abandoned_n"),
                  align: "right",
                  render: (_, row) => row.abandoned,
                },
                { key: "rural", title: t("reports.rural"), align: "right", render: (_, row) => row.rural },
                {
                  key: "wait",
                  title: t("reports.wait"),
                  align: "right",
                  render: (_, row) => (row.average_wait_s === null ? "–" : clockText(row.average_wait_s * 1000)),
                },
              ]}
            />
          </section>
        )}
      </QueryView>
      {by === "product_line" ? <ProductLineCard first={first} last={last} /> : null}
    </>
  );
}
