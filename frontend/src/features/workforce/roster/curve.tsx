/** People wanted, people there and seats, interval by interval, of a day, its week or the whole roster. */
import { Segmented, Select, Table } from "antd";
import { memo, useEffect, useMemo, useState } from "react";
import { Chart } from "@/shared/chart";
import { clockAxis } from "@/shared/clock_axis";
import { BAND_COLOURS, STATE_COLOURS } from "@/shared/theme";
import { useThemeName } from "@/shared/theme_context";
import { useWords } from "@/words";
import { clockText } from "./board";
import { curvesOf } from "./curves";
import { useDayWords } from "./day_words";
import { useQuietRevision } from "./quiet";
import type { RosterStore } from "./store";

type Span = "day" | "week" | "month";
const DAY = 1440;
const HEIGHT = 150;

function spanOf(span: Span, day: number, days: number, monday: number): [number, number] {
  if (span === "day") return [day, day + 1];
  if (span === "week") return [Math.max(0, monday), Math.min(days, monday + 7)];
  return [0, days];
}

export const Curve = memo(function Curve({ store, day }: { store: RosterStore; day: number }) {
  const { t, text } = useWords();
  const dayWords = useDayWords();
  const theme = useThemeName();
  const revision = useQuietRevision(store);
  const [span, setSpan] = useState<Span>("day");
  const [view, setView] = useState<"chart" | "table">("chart");
  const [skill, setSkill] = useState<number | null>(null);
  // Drawn once the grid is on the screen: it takes longer than all of the grid.
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setTimeout(() => setDrawn(true)));
    return () => cancelAnimationFrame(frame);
  }, []);
  const { document } = store;
  const monday = useMemo(() => {
    let found = day;
    while (!dayWords.isMonday(document.first_day, found)) found -= 1;
    return found;
  }, [day, dayWords, document]);
  const [first, until] = spanOf(span, day, document.days, monday);
  const curves = useMemo(
    () => curvesOf(document, store.cells, first, until, skill),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the cells change in place, told by the revision
    [document, store, first, until, skill, revision],
  );
  const ticks = useMemo(
    () =>
      curves.need.map((_, slot) => {
        const minute = slot * document.interval_min;
        const clock = clockText(minute);
        const at = first + Math.floor(minute / DAY);
        return until - first > 1 ? `${dayWords.long(document.first_day, at)} ${clock}` : clock;
      }),
    [curves, document, first, until, dayWords],
  );
  const option = useMemo(() => {
    const line = (name: string, colour: string | undefined, data: number[], type: "solid" | "dotted" | "dashed") => ({
      type: "line",
      step: "end",
      symbol: "none",
      name,
      data,
      color: colour,
      lineStyle: { type, width: 2 },
    });
    return {
      grid: { left: 44, right: 12, top: 30, bottom: 24 },
      legend: { top: 0, type: "scroll" },
      tooltip: { trigger: "axis" },
      xAxis: span === "day" ? clockAxis(ticks) : { type: "category", data: ticks },
      yAxis: { type: "value", minInterval: 1 },
      series: [
        line(t("roster.need"), BAND_COLOURS.at_risk?.[theme], curves.need, "dotted"),
        line(t("roster.staff"), STATE_COLOURS.busy?.[theme], curves.staff, "solid"),
        ...(document.seats === null
          ? []
          : [
              line(
                t("roster.seats"),
                BAND_COLOURS.none?.[theme],
                curves.need.map(() => document.seats ?? 0),
                "dashed",
              ),
            ]),
      ],
    };
  }, [curves, document, ticks, span, t, theme]);
  const shown = dayWords.long(document.first_day, day);
  const rows = ticks.map((tick, n) => ({ tick, need: curves.need[n] ?? 0, staff: curves.staff[n] ?? 0 }));
  return (
    <section className="card roster-curve" aria-label={t("roster.curve")}>
      <div className="row">
        <h2>{span === "day" ? shown : t(`roster.span_${span}`)}</h2>
        <Select<number | null>
          aria-label={t("roster.skill")}
          value={skill}
          onChange={setSkill}
          style={{ minWidth: "11em" }}
          options={[
            { value: null, label: t("roster.everybody") },
            ...document.skills.map(({ name }, place) => ({ value: place, label: text(name) })),
          ]}
        />
        <Segmented<Span>
          value={span}
          onChange={setSpan}
          options={(["day", "week", "month"] as const).map((value) => ({ value, label: t(`roster.by_${value}`) }))}
        />
        <Segmented<"chart" | "table">
          value={view}
          onChange={setView}
          options={(["chart", "table"] as const).map((value) => ({ value, label: t(`general.${value}`) }))}
        />
      </div>
      {view === "chart" ? (
        <div style={{ height: HEIGHT }}>
          {isDrawn ? <Chart option={option} height={HEIGHT} label={t("roster.curve_label", { day: shown })} /> : null}
        </div>
      ) : (
        <Table
          size="small"
          rowKey="tick"
          dataSource={rows}
          pagination={{ pageSize: 48, hideOnSinglePage: true, showSizeChanger: false }}
          columns={[
            { title: t("general.time"), dataIndex: "tick" },
            { title: t("roster.need"), dataIndex: "need", align: "right" },
            { title: t("roster.staff"), dataIndex: "staff", align: "right" },
            { title: t("roster.difference"), align: "right", render: (_, row) => row.staff - row.need },
          ]}
        />
      )}
    </section>
  );
});
