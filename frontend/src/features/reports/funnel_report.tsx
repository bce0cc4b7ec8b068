/** What each level of the funnel solved, of everything and of each business; the shares add up to 100 %. */
import { Progress, Table } from "antd";
import { useQuery } from "@tanstack/react-query";
import { fetchFunnelReport, type FunnelReport } from "@/api/routing";
import { SimulatedBadge } from "@/shared/badges";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useAddress, useToday } from "./address";
import { DaysChoice, spanOf } from "./days_choice";

/** Hundredths of a per cent as people read them. */
export function shareText(share: number): string {
  return `${(share / 100).toFixed(2)} %`;
}

type Business = FunnelReport["businesses"][number];

/** The levels of every tenant with its businesses, one column each: a tenant's numbers stand in its own rows only. */
function Businesses({ businesses }: { businesses: readonly Business[] }) {
  const { t, text } = useWords();
  const levels = [...new Set(businesses.flatMap((one) => one.rows.map((row) => row.level)))].sort((a, b) => a - b);
  const named = businesses.flatMap((one) => one.rows);
  return (
    <section className="card stack" aria-label={t("reports.funnel_by_business")}>
      <h2>{t("reports.funnel_by_business")}</h2>
      <p className="quiet">{t("reports.funnel_business_hint")}</p>
      <Table
        size="small"
        pagination={false}
        rowKey="module_id"
        scroll={{ x: "max-content" }}
        dataSource={[...businesses]}
        columns={[
          { key: "name", title: t("reports.funnel_business"), render: (_, one) => text(one.name) },
          ...levels.map((level) => ({
            key: String(level),
            title: `${String(level)} ${text(named.find((row) => row.level === level)?.name)}`,
            align: "right" as const,
            render: (_: unknown, one: Business) => {
              const row = one.rows.find((found) => found.level === level);
              return row?.solved ? `${shareText(row.share)} (${String(row.solved)})` : "–";
            },
          })),
          { key: "unsolved", title: t("reports.funnel_passed_on"), align: "right", render: (_, one) => one.unsolved },
        ]}
      />
    </section>
  );
}

export function FunnelReportPage() {
  const { t, text } = useWords();
  const [address, change] = useAddress();
  const today = useToday();
  const first = address.first ?? today;
  const last = address.last ?? first;
  const report = useQuery({
    queryKey: ["funnel-report", first, last],
    queryFn: () => fetchFunnelReport({ first_day: first, last_day: last }),
  });
  return (
    <>
      <div className="page-head">
        <h1>{t("reports.funnel_title")}</h1>
        <SimulatedBadge isShown={report.data?.is_simulated} />
        <DaysChoice span={spanOf(address.span)} first={first} last={last} change={change} />
      </div>
      <p className="quiet" style={{ margin: 0 }}>
        {t("reports.funnel_definition")}
      </p>
      <QueryView
        query={report}
        isEmpty={(data) => data.rows.length === 0}
        empty={<EmptyState hint={t("reports.no_funnel")} />}
      >
        {(data) => (
          <>
            <section className="card stack" aria-label={t("reports.funnel_title")}>
              <Table
                size="small"
                pagination={false}
                rowKey={(row) => `${row.tenant_id}/${String(row.level)}`}
                dataSource={data.rows}
                columns={[
                  {
                    key: "level",
                    title: t("reports.funnel_level"),
                    render: (_, row) => `${String(row.level)} ${text(row.name)}`,
                  },
                  { key: "solved", title: t("reports.funnel_solved"), align: "right", render: (_, row) => row.solved },
                  { key: "share", title: t("reports.share"), align: "right", render: (_, row) => shareText(row.share) },
                  {
                    key: "bar",
                    width: "40%",
                    title: t("general.chart"),
                    render: (_, row) => (
                      <span aria-hidden>
                        <Progress percent={row.share / 100} showInfo={false} />
                      </span>
                    ),
                  },
                ]}
              />
              <span>{t("reports.funnel_unsolved", { n: data.unsolved, outside: data.outside })}</span>
            </section>
            {data.businesses.length > 0 ? <Businesses businesses={data.businesses} /> : null}
          </>
        )}
      </QueryView>
    </>
  );
}
