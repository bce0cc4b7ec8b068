/** The table twin of the chart: 15-minute figures with sums, averages derived last. */
import { Table, type TableColumnsType } from "antd";
import type { QueueDay } from "@/api/contacts";
import { useWords } from "@/words";
import { averageClock, countText, percentText } from "./figures";
import { timeText } from "./moments";
import { DEFAULT_TARGET } from "./service_level";
import { BandTag } from "./state_tag";

type Interval = QueueDay["total"];

function Level({ interval, target }: { interval: Interval; target: number }) {
  const { t } = useWords();
  const text = percentText(interval.answered_in_time, interval.asked, target);
  const band = interval.is_target_met === null ? "none" : interval.is_target_met ? "met" : "missed";
  return (
    <>
      {text ?? t("general.none")} <BandTag band={band} hasWord={false} />
    </>
  );
}

export function IntervalTable({ day }: { day: QueueDay }) {
  const { t } = useWords();
  const target = day.target ?? DEFAULT_TARGET;
  const clock = (pick: (row: Interval) => number) => (_: unknown, row: Interval) =>
    averageClock(pick(row), row.answered) ?? t("general.none");
  const columns: TableColumnsType<Interval> = [
    {
      title: t("reports.interval"),
      render: (_, row) => (row.starts_at === null ? t("reports.total") : timeText(row.starts_at)),
    },
    { title: t("reports.asked"), align: "right", render: (_, row) => countText(row.asked) },
    { title: t("reports.answered"), align: "right", render: (_, row) => countText(row.answered) },
    { title: t("reports.in_time"), align: "right", render: (_, row) => countText(row.answered_in_time) },
    { title: t("reports.abandoned_n"), align: "right", render: (_, row) => countText(row.abandoned) },
    { title: t("reports.service_level"), align: "right", render: (_, row) => <Level interval={row} target={target} /> },
    { title: t("reports.wait"), align: "right", render: clock((row) => row.wait_ms) },
    { title: t("reports.talk"), align: "right", render: clock((row) => row.talk_ms) },
    { title: t("reports.hold"), align: "right", render: clock((row) => row.hold_ms) },
    { title: t("reports.wrap_up"), align: "right", render: clock((row) => row.wrap_up_ms) },
    {
      title: t("reports.handle"),
      align: "right",
      render: clock((row) => row.talk_ms + row.hold_ms + row.wrap_up_ms),
    },
  ];
  return (
    <Table<Interval>
      size="small"
      pagination={false}
      columns={columns}
      rowKey={(row) => row.starts_at ?? "total"}
      dataSource={[...day.intervals, { ...day.total, starts_at: null }]}
      rowClassName={(row) => (row.starts_at === null ? "sum-row" : "")}
      scroll={{ x: true }}
    />
  );
}
