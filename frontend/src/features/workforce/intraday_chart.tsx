/** A queue's running day: calls expected before and now and those that came, above people required and present. */
import { useMemo } from "react";
import type { IntradayQueue } from "@/api/day";
import { Chart } from "@/shared/chart";
import { clockAxis } from "@/shared/clock_axis";
import { BAND_COLOURS, STATE_COLOURS } from "@/shared/theme";
import { useThemeName } from "@/shared/theme_context";
import { useWords } from "@/words";

interface Props {
  queue: IntradayQueue;
  ticks: readonly string[];
  nowAt: number;
}

interface Line {
  name: string;
  colour: string | undefined;
  values: readonly (number | null)[];
  type?: "solid" | "dashed" | "dotted";
  step?: boolean;
}

export function IntradayChart({ queue, ticks, nowAt }: Props) {
  const { t, text } = useWords();
  const theme = useThemeName();
  const calls = useMemo(() => {
    const lines: Line[] = [
      { name: t("intraday.planned"), colour: BAND_COLOURS.none?.[theme], values: queue.planned, type: "dashed" },
      {
        name: t("intraday.calls"),
        colour: STATE_COLOURS.busy?.[theme],
        values: queue.calls.map((value, at) => (at < queue.known ? null : value)),
      },
    ];
    const bars = { name: t("intraday.actual"), colour: BAND_COLOURS.met?.[theme], values: queue.actual };
    return optionOf(ticks, nowAt, lines, bars, t("intraday.now"));
  }, [queue, ticks, nowAt, theme, t]);
  const people = useMemo(
    () =>
      optionOf(
        ticks,
        nowAt,
        [
          { name: t("intraday.required"), colour: BAND_COLOURS.missed?.[theme], values: queue.required, step: true },
          {
            name: t("intraday.present"),
            colour: BAND_COLOURS.met?.[theme],
            values: queue.present,
            type: "dotted",
            step: true,
          },
        ],
        undefined,
        t("intraday.now"),
      ),
    [queue, ticks, nowAt, theme, t],
  );
  const name = text(queue.name);
  return (
    <>
      <Chart option={calls} height={220} label={t("intraday.chart_calls", { name })} />
      <Chart option={people} height={180} label={t("intraday.chart_people", { name })} />
    </>
  );
}

function optionOf(
  ticks: readonly string[],
  nowAt: number,
  lines: readonly Line[],
  bars: { name: string; colour: string | undefined; values: readonly (number | null)[] } | undefined,
  now: string,
) {
  const series: object[] = lines.map((line) => ({
    type: "line",
    name: line.name,
    data: line.values,
    symbol: "none",
    step: line.step ? "end" : undefined,
    connectNulls: false,
    color: line.colour,
    lineStyle: { type: line.type ?? "solid", width: 2 },
  }));
  if (bars)
    series.unshift({
      type: "bar",
      name: bars.name,
      data: bars.values,
      barMaxWidth: 16,
      itemStyle: { color: bars.colour },
    });
  const mark = { symbol: "none", data: [{ xAxis: nowAt }], label: { formatter: now }, lineStyle: { width: 2 } };
  series[0] = { ...series[0], markLine: mark };
  return {
    grid: { left: 40, right: 20, top: 34, bottom: 26 },
    legend: { top: 0, type: "scroll" },
    tooltip: { trigger: "axis" },
    xAxis: clockAxis(ticks),
    yAxis: [{ type: "value", minInterval: 1 }],
    series,
  };
}
