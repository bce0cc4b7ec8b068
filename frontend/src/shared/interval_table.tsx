/** The table twin of the chart: a row's sums, averages derived last; the figures of the sum say what they are. */
import { Table, type TableColumnsType } from "antd";
import { useWords, type WordKey } from "@/words";
import { Figure } from "./figure";
import { averageClock, countText, percentText, secondsClock } from "./figures";
import { momentText } from "./moments";
import { bandOfRow, elapsedOf, type FigureRow, type QueueFigures } from "./queue_figures";
import { DEFAULT_TARGET, DEFAULT_THRESHOLD_S, useServiceLevelAbout } from "./service_level";
import { BandTag } from "./state_tag";

/** A row's service level against the target, with what it counts. */
export function RowLevel({ row, figures }: { row: FigureRow; figures: QueueFigures }) {
  const { t } = useWords();
  const explain = useServiceLevelAbout();
  const { answered_in_time, counted } = row.sums;
  const about = explain({
    count: { answered_in_time, asked: counted },
    target: figures.target ?? DEFAULT_TARGET,
    thresholdS: figures.thresholdS ?? DEFAULT_THRESHOLD_S,
    period: row.label,
    elapsedRatio: elapsedOf(row, figures.asOf),
    source: t("metrics.routing_log"),
  });
  const target = figures.target === null ? undefined : about.target;
  return (
    <Figure about={{ ...about, target, asOf: momentText(figures.asOf) }}>
      {percentText(answered_in_time, counted, figures.target ?? undefined) ?? t("general.none")}{" "}
      <BandTag band={bandOfRow(row, figures)} hasWord={false} />
    </Figure>
  );
}

function useColumns(figures: QueueFigures): TableColumnsType<FigureRow> {
  const { t } = useWords();
  const none = t("general.none");
  const column = (name: WordKey, definition: WordKey, show: (row: FigureRow) => string) => {
    const about = {
      name: t(name),
      definition: t(definition),
      period: figures.period,
      source: t("metrics.routing_log"),
    };
    return {
      title: t(name),
      align: "right" as const,
      render: (_: unknown, row: FigureRow) =>
        row === figures.total ? (
          <Figure about={{ ...about, asOf: momentText(figures.asOf) }}>{show(row)}</Figure>
        ) : (
          show(row)
        ),
    };
  };
  return [
    {
      title: t(`reports.row_${figures.grain}`),
      render: (_, row) => (
        <span className="digits">{row === figures.total ? t(`reports.total_${figures.grain}`) : row.label}</span>
      ),
    },
    column("reports.asked", "reports.asked_def", ({ sums }) => countText(sums.asked)),
    column("reports.answered", "reports.answered_def", ({ sums }) => countText(sums.answered)),
    column("reports.in_time", "reports.in_time_def", ({ sums }) => countText(sums.answered_in_time)),
    column("reports.abandoned_n", "reports.abandoned_def", ({ sums }) => countText(sums.abandoned)),
    column("reports.blocked_n", "reports.blocked_def", ({ sums }) => countText(sums.blocked)),
    { title: t("reports.service_level"), align: "right", render: (_, row) => <RowLevel row={row} figures={figures} /> },
    column("reports.wait", "reports.wait_def", ({ sums }) => averageClock(sums.wait_ms, sums.answered) ?? none),
    column(
      "reports.talk",
      "reports.talk_def",
      ({ sums }) => averageClock(sums.talk_ms + sums.hold_ms, sums.interactions) ?? none,
    ),
    column("reports.hold", "reports.hold_def", ({ sums }) => averageClock(sums.hold_ms, sums.interactions) ?? none),
    column(
      "reports.wrap_up",
      "reports.wrap_up_def",
      ({ sums }) => averageClock(sums.wrap_up_ms, sums.interactions) ?? none,
    ),
    column("reports.handle", "reports.handle_def", ({ sums }) => secondsClock(sums.average_handle_s) ?? none),
  ];
}

export function IntervalTable({ figures }: { figures: QueueFigures }) {
  return (
    <Table<FigureRow>
      size="small"
      pagination={false}
      columns={useColumns(figures)}
      rowKey={(row) => (row === figures.total ? "total" : row.beginsAt)}
      dataSource={[...figures.rows, figures.total]}
      rowClassName={(row) => (row === figures.total ? "sum-row" : "")}
      scroll={{ x: true }}
    />
  );
}
