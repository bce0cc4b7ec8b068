/** Each time a reserve team was called: when, until when, and the figures before and after (row CQ-28). */
import { Table } from "antd";
import { useQuery } from "@tanstack/react-query";
import { fetchReserveReport, type ReserveActivation } from "@/api/contacts";
import { SimulatedBadge } from "@/shared/badges";
import { clockText, countText } from "@/shared/figures";
import { timeText } from "@/shared/moments";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useAddress, useToday } from "./address";
import { DaysChoice, spanOf } from "./days_choice";

function percent(hundredths: number | null): string {
  return hundredths === null ? "–" : `${hundredths / 100}%`;
}

function FiguresOf({ figures }: { figures: ReserveActivation["before"] | null }) {
  const { t } = useWords();
  if (!figures) return <span>–</span>;
  return (
    <span className="digits">
      {t("reports.reserve_figures", {
        wait: clockText(figures.wait_s * 1000),
        length: countText(figures.length),
        level: percent(figures.service_level),
        abandoned: percent(figures.abandoned),
      })}
    </span>
  );
}

const at = (moment: string | null, by: string | null = null) =>
  moment ? [timeText(moment), by].filter(Boolean).join(" · ") : "–";

export function ReserveReportPage() {
  const { t, text } = useWords();
  const [address, change] = useAddress();
  const today = useToday();
  const first = address.first ?? today;
  const last = address.last ?? first;
  const report = useQuery({
    queryKey: ["reserve-report", first, last],
    queryFn: () => fetchReserveReport({ first_day: first, last_day: last }),
  });
  const nameOf = (row: ReserveActivation) =>
    [row.ladder_name, row.tier_name].map((name) => (name ? text(name) : t("general.unknown"))).join(" · ");
  return (
    <>
      <div className="page-head">
        <h1>{t("reports.reserves_title")}</h1>
        <SimulatedBadge isShown={report.data?.is_simulated} />
        <DaysChoice span={spanOf(address.span)} first={first} last={last} change={change} />
      </div>
      <p className="quiet" style={{ margin: 0 }}>
        {t("reports.reserves_definition")}
      </p>
      <QueryView
        query={report}
        isEmpty={(data) => data.rows.length === 0}
        empty={<EmptyState hint={t("reports.reserve_none")} />}
      >
        {(data) => (
          <section className="card stack" aria-label={t("reports.reserves_title")}>
            <Table<ReserveActivation>
              size="small"
              pagination={false}
              rowKey="id"
              dataSource={data.rows}
              scroll={{ x: true }}
              columns={[
                {
                  key: "team",
                  title: t("reports.reserve_team"),
                  render: (_, row) => (
                    <>
                      {nameOf(row)} <SimulatedBadge isShown={row.is_simulated} isSmall />
                    </>
                  ),
                },
                {
                  key: "called",
                  title: t("reports.reserve_called"),
                  render: (_, row) => at(row.called_at, row.called_by),
                },
                { key: "started", title: t("reports.reserve_started"), render: (_, row) => at(row.started_at) },
                {
                  key: "ended",
                  title: t("reports.reserve_stood_down"),
                  render: (_, row) => at(row.stood_down_at, row.stood_down_by),
                },
                {
                  key: "before",
                  title: t("reports.reserve_before"),
                  render: (_, row) => <FiguresOf figures={row.before} />,
                },
                {
                  key: "after",
                  title: t("reports.reserve_after"),
                  render: (_, row) => <FiguresOf figures={row.after} />,
                },
              ]}
            />
          </section>
        )}
      </QueryView>
    </>
  );
}
