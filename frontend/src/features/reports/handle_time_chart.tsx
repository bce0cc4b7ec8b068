/** What a conversation costs on average: talk, hold and wrap-up in one bar each. */
import { useMemo } from "react";
import type { HandleTime } from "@/api/contacts";
import { Chart } from "@/shared/chart";
import { clockText } from "@/shared/figures";
import { STATE_COLOURS } from "@/shared/theme";
import { useThemeName } from "@/shared/theme_context";
import { useWords } from "@/words";

const MOST = 10;
const ROW_PX = 28;

/** Those who handled most, the first on top. */
function drawn(rows: readonly HandleTime[]): HandleTime[] {
  return [...rows].sort((one, other) => other.interactions - one.interactions).slice(0, MOST);
}

export function HandleTimeChart({
  rows,
  nameOf,
}: {
  rows: readonly HandleTime[];
  nameOf: (row: HandleTime) => string;
}) {
  const { t } = useWords();
  const theme = useThemeName();
  const shown = useMemo(() => drawn(rows), [rows]);
  const option = useMemo(() => {
    const bar = (name: string, state: "busy" | "away" | "wrap_up", sumOf: (row: HandleTime) => number) => ({
      type: "bar",
      stack: "handle",
      barMaxWidth: 18,
      name,
      itemStyle: { color: STATE_COLOURS[state]?.[theme] },
      data: shown.map((row) => Math.round(sumOf(row) / row.interactions / 1000)),
    });
    const clock = (seconds: number) => clockText(seconds * 1000);
    return {
      grid: { left: 8, right: 24, top: 34, bottom: 8, containLabel: true },
      legend: { top: 0, type: "scroll" },
      tooltip: { trigger: "axis", valueFormatter: clock },
      xAxis: { type: "value", minInterval: 60, axisLabel: { formatter: clock, hideOverlap: true } },
      yAxis: {
        type: "category",
        inverse: true,
        data: shown.map(nameOf),
        axisLabel: { width: 180, overflow: "break", fontSize: 11, lineHeight: 13 },
      },
      series: [
        bar(t("reports.talk_alone"), "busy", (row) => row.talk_ms),
        bar(t("reports.hold_alone"), "away", (row) => row.hold_ms),
        bar(t("reports.wrap_up_alone"), "wrap_up", (row) => row.wrap_up_ms),
      ],
    };
  }, [shown, nameOf, t, theme]);
  const label = t("reports.handle_chart", { n: shown.length });
  return <Chart option={option} height={60 + shown.length * ROW_PX} label={label} />;
}
