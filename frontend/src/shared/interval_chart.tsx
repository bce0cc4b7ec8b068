/** A queue's figures row by row: bars for what became of those who asked, a line for the service level. */
import { useMemo } from "react";
import { useWords } from "@/words";
import { Chart } from "./chart";
import type { FigureRow, QueueFigures } from "./queue_figures";
import { DEFAULT_TARGET } from "./service_level";
import { BAND_COLOURS, STATE_COLOURS } from "./theme";
import { useThemeName } from "./theme_context";

/** In per cent as the server cut it; nothing when nobody is counted. */
function levelOf({ sums }: FigureRow): number | null {
  return sums.service_level === "" ? null : Number(sums.service_level);
}

export function IntervalChart({ figures, height = 240 }: { figures: QueueFigures; height?: number }) {
  const { t, text } = useWords();
  const theme = useThemeName();
  const option = useMemo(() => {
    const { rows } = figures;
    const bar = (name: string, colour: string | undefined, values: number[]) => ({
      type: "bar",
      stack: "asked",
      barMaxWidth: 44,
      name,
      data: values,
      itemStyle: { color: colour },
    });
    const target = (figures.target ?? DEFAULT_TARGET) / 100;
    return {
      grid: { left: 40, right: 44, top: 34, bottom: 26 },
      legend: { top: 0, type: "scroll" },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: rows.map((row) => row.tick) },
      yAxis: [
        { type: "value", minInterval: 1 },
        {
          type: "value",
          min: 0,
          max: 100,
          interval: 25,
          axisLabel: { formatter: "{value}%" },
          splitLine: { show: false },
        },
      ],
      series: [
        bar(
          t("queues.in_time"),
          BAND_COLOURS.met?.[theme],
          rows.map(({ sums }) => sums.answered_in_time),
        ),
        bar(
          t("queues.late"),
          STATE_COLOURS.busy?.[theme],
          rows.map(({ sums }) => sums.answered - sums.answered_in_time),
        ),
        bar(
          t("queues.abandoned"),
          BAND_COLOURS.missed?.[theme],
          rows.map(({ sums }) => sums.abandoned),
        ),
        bar(
          t("alarms.blocked"),
          BAND_COLOURS.at_risk?.[theme],
          rows.map(({ sums }) => sums.blocked),
        ),
        {
          type: "line",
          name: t("metrics.service_level"),
          yAxisIndex: 1,
          connectNulls: false,
          data: rows.map(levelOf),
          color: theme === "dark" ? "#ffffff" : "#000000",
          markLine:
            figures.target === null
              ? undefined
              : { symbol: "none", data: [{ yAxis: target }], label: { formatter: `${target}%` } },
        },
      ],
    };
  }, [figures, t, theme]);
  const label = t("queues.chart_label", { name: text(figures.name), period: figures.period });
  return <Chart option={option} height={height} label={label} />;
}
