/** A queue's figures row by row, whether by 15 minutes, by day or by month: what charts and tables draw. */
import type { DayReport, QueueDay, QueuePeriod } from "@/api/contacts";
import type { Bilingual } from "@/words";
import { bandOf, type Band } from "./figures";
import { timeText } from "./moments";
import { DEFAULT_TARGET } from "./service_level";

export type Grain = "day" | "month" | "year";

type Sums = Omit<QueueDay["total"], "starts_at">;

export interface FigureRow {
  label: string;
  /** The label without what all rows have in common. */
  tick: string;
  beginsAt: string;
  endsAt: string;
  sums: Sums;
}

export interface QueueFigures {
  id: string;
  name: Bilingual;
  grain: Grain;
  /** Such as 2026-03-02, 2026-03 or 2026. */
  period: string;
  /** Hundredths of a per cent; null when the queue is gone. */
  target: number | null;
  thresholdS: number | null;
  isSimulated: boolean;
  asOf: string;
  rows: FigureRow[];
  total: FigureRow;
}

const QUARTER_MS = 15 * 60_000;

export function figuresOfDay(queue: QueueDay, report: DayReport): QueueFigures {
  const row = (sums: QueueDay["total"], beginsAt: string): FigureRow => {
    const endsAt = new Date(Date.parse(beginsAt) + QUARTER_MS).toISOString();
    return { label: timeText(beginsAt), tick: timeText(beginsAt), beginsAt, endsAt, sums };
  };
  return {
    ...about(queue),
    grain: "day",
    period: report.day,
    asOf: report.as_of,
    rows: queue.intervals.map((sums) => row(sums, sums.starts_at ?? queue.begins_at)),
    total: { ...row(queue.total, queue.begins_at), label: report.day, endsAt: queue.ends_at },
  };
}

export function figuresOfPeriod(queue: QueuePeriod, grain: "month" | "year", asOf: string): QueueFigures {
  const digits = grain === "month" ? 10 : 7;
  const period = queue.total.starts_on.slice(0, digits - 3);
  const row = (sums: QueuePeriod["total"]): FigureRow => ({
    label: sums.starts_on.slice(0, digits),
    tick: sums.starts_on.slice(5, digits),
    beginsAt: sums.begins_at,
    endsAt: sums.ends_at,
    sums,
  });
  return {
    ...about(queue),
    grain,
    period,
    asOf,
    rows: queue.rows.map(row),
    total: { ...row(queue.total), label: period },
  };
}

function about(queue: QueueDay | QueuePeriod) {
  return {
    id: queue.queue_id,
    name: queue.queue_name,
    target: queue.target,
    thresholdS: queue.threshold_s,
    isSimulated: queue.is_simulated,
  };
}

/** How much of the row's time had passed when the report was made, 0–1. */
export function elapsedOf(row: FigureRow, asOf: string): number {
  const begins = Date.parse(row.beginsAt);
  return Math.min(1, Math.max(0, (Date.parse(asOf) - begins) / (Date.parse(row.endsAt) - begins)));
}

/** Met or missed, as the server judged it; a row that still runs may be at risk instead. */
export function bandOfRow(row: FigureRow, figures: QueueFigures): Band {
  const { answered_in_time: inTime, counted, is_target_met: isTargetMet } = row.sums;
  if (isTargetMet === null) return "none";
  return bandOf(inTime, counted, figures.target ?? DEFAULT_TARGET, elapsedOf(row, figures.asOf));
}
