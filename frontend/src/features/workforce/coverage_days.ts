/** Days of a coverage calendar: where each lies in weeks, and how it stands. */

export type DayState = "whole" | "part" | "bare" | "closed";

export interface DayCell {
  day: string;
  week: number;
  /** 0 is Monday. */
  weekday: number;
  share: number | null;
  state: DayState;
  isHoliday: boolean;
}

const DAY_MS = 86_400_000;
const WHOLE = 10_000;

export function stateOf(share: number | null): DayState {
  if (share === null) return "closed";
  if (share >= WHOLE) return "whole";
  return share > 0 ? "part" : "bare";
}

/** One cell a day from the first on, in columns of weeks that begin on Monday. */
export function dayCells(first: string, shares: readonly (number | null)[], holidays: readonly string[]): DayCell[] {
  const begin = Date.parse(`${first}T00:00:00Z`);
  const before = (new Date(begin).getUTCDay() + 6) % 7;
  const rest = new Set(holidays);
  return shares.map((share, index) => {
    const day = new Date(begin + index * DAY_MS).toISOString().slice(0, 10);
    const place = before + index;
    return {
      day,
      week: Math.floor(place / 7),
      weekday: place % 7,
      share,
      state: stateOf(share),
      isHoliday: rest.has(day),
    };
  });
}

/** How many days stand so. */
export function countOf(cells: readonly DayCell[], state: DayState): number {
  return cells.filter((cell) => cell.state === state).length;
}

/** `07:30`, from minutes after midnight. */
export function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Hundredths of a per cent as text, rounded down: what is not whole never shows as 100 %. */
export function shareText(share: number | null): string | null {
  return share === null ? null : `${(Math.floor(share) / 100).toFixed(2)}%`;
}

/** Monday to Sunday, short. */
export function weekdayNames(language: string): string[] {
  const format = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "zh-CN", { weekday: "short", timeZone: "UTC" });
  return Array.from({ length: 7 }, (_, weekday) => format.format(new Date(Date.UTC(2024, 0, 1 + weekday))));
}
