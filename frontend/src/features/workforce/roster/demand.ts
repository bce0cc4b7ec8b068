/** People wanted, as a planner says it in a few lines, and as numbers for each half-hour of a roster's days. */
import dayjs from "dayjs";

export const STEP_MIN = 30;
const A_DAY = (24 * 60) / STEP_MIN;

export type Weekdays = "all" | "workdays" | "weekend";

/** So many people with a skill between two times of day, "08:00" to "18:00"; over midnight where the end is not later. */
export interface DemandLine {
  id: number;
  skillId: string | null;
  weekdays: Weekdays;
  from: string;
  to: string;
  people: number;
  /** First and last day; without them all of the roster's. */
  days?: readonly [string, string];
}

/** Numbers by skill for every half-hour of the days; lines of the same time add up. */
export function demandOf(lines: readonly DemandLine[], firstDay: string, days: number): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const line of lines) {
    if (line.skillId === null || line.people <= 0) continue;
    const row = (found[line.skillId] ??= Array.from({ length: days * A_DAY }, () => 0));
    const [from, to] = [slotOf(line.from), slotOf(line.to)];
    const length = to > from ? to - from : to + A_DAY - from;
    for (let day = 0; day < days; day++) {
      if (!counts(line.weekdays, dayjs(firstDay).add(day, "day").day())) continue;
      for (let slot = 0; slot < length; slot++) {
        const place = day * A_DAY + from + slot;
        if (place < row.length) row[place] = (row[place] ?? 0) + line.people;
      }
    }
  }
  return found;
}

function slotOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return Math.floor((hours * 60 + minutes) / STEP_MIN);
}

function counts(weekdays: Weekdays, day: number): boolean {
  const isWeekend = day === 0 || day === 6;
  return weekdays === "all" || (weekdays === "weekend") === isWeekend;
}

/** Half-hours of a day as options of a choice, "24:00" last where it is an end. */
export function times(isEnd: boolean): { value: string; label: string }[] {
  const slots = Array.from({ length: A_DAY + 1 }, (_, slot) => slot).slice(isEnd ? 1 : 0, isEnd ? undefined : A_DAY);
  return slots.map((slot) => {
    const minutes = slot * STEP_MIN;
    const text = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
    return { value: text, label: text };
  });
}
