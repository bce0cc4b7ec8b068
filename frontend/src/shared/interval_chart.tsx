/** A queue's day by 15 minutes: bars for what became of those who asked, a line for the service level. */
import { useMemo } from "react";
import type { QueueDay } from "@/api/contacts";
import { useWords } from "@/words";
import { Chart } from "./chart";
import { DEFAULT_TARGET } from "./service_level";
import { timeText } from "./moments";
import { BAND_COLOURS, STATE_COLOURS } from "./theme";
import { useThemeName } from "./theme_context";

export function IntervalChart({ day, height = 240 }: { day: QueueDay; height?: number }) {
  const { t, text } = useWords();
  const theme = useThemeName();
  const option = useMemo(() => {
    const rows = day.intervals;
    const bar = (name: string, colour: string | undefined, values: number[]) => ({
      type: "bar",
      stack: "asked",
      barMaxWidth: 44,
      name,
      data: values,
      itemStyle: { color: colour },
    });
    const target = (day.target ?? DEFAULT_TARGET) / 100;
    return {
      grid: { left: 40, right: 44, top: 34, bottom: 26 },
      legend: { top: 0 },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: rows.map((row) => timeText(row.starts_at)) },
      yAxis: [
        { type: "value", minInterval: 1 },
        { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" }, splitLine: { show: false } },
      ],
      series: [
        bar(
          t("queues.in_time"),
          BAND_COLOURS.met?.[theme],
          rows.map((row) => row.answered_in_time),
        ),
        bar(
          t("queues.late"),
          STATE_COLOURS.busy?.[theme],
          rows.map((row) => row.answered - row.answered_in_time),
        ),
        bar(
          t("queues.abandoned"),
          BAND_COLOURS.missed?.[theme],
          rows.map((row) => row.abandoned),
        ),
        {
          type: "line",
          name: t("metrics.service_level"),
          yAxisIndex: 1,
          connectNulls: false,
          data: rows.map((row) => (row.service_level === null ? null : Number(row.service_level))),
          color: theme === "dark" ? "#ffffff" : "#000000",
          markLine: { symbol: "none", data: [{ yAxis: target }], label: { formatter: `${target}%` } },
        },
      ],
    };
  }, [day, t, theme]);
  return <Chart option={option} height={height} label={t("queues.chart_label", { name: text(day.queue_name) })} />;
}
