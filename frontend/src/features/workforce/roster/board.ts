/** A roster as the grid holds it: one cell per person and day. Pure; times are minutes from the day's midnight. */
import type { RosterDocument, RosterKind } from "@/api/rosters";

export interface Shift {
  kind: number;
  start: number;
  end: number;
  paid: number;
  breaks: readonly number[];
}
/** No shift is a day off. */
export type Cell = Shift | null;
export type Tone = "day" | "late" | "night" | "call";

export interface Change {
  person: number;
  day: number;
  before: Cell;
  after: Cell;
}

const DAY = 1440;
const NOON = 720;

/** `08:00`; past midnight it goes on from 00:00. */
export function clockText(minute: number): string {
  const of = ((minute % DAY) + DAY) % DAY;
  return `${String(Math.floor(of / 60)).padStart(2, "0")}:${String(of % 60).padStart(2, "0")}`;
}

/** `7:30`, or `8` for whole hours. */
export function hoursText(minutes: number): string {
  const rest = minutes % 60;
  return rest === 0 ? String(minutes / 60) : `${Math.floor(minutes / 60)}:${String(rest).padStart(2, "0")}`;
}

export function shiftOf([, , kind = 0, start = 0, end = 0, paid = 0, ...breaks]: readonly number[]): Shift {
  return { kind, start, end, paid, breaks };
}

/** A shift of a kind at a start; the server places the breaks. */
export function laidOut(kinds: readonly RosterKind[], place: number, start: number): Shift | null {
  const kind = kinds[place];
  const last = kind?.pieces.at(-1);
  if (!kind || !last) return null;
  return { kind: place, start, end: start + last[0] + last[1], paid: kind.paid_min, breaks: [] };
}

export function isSame(one: Cell, other: Cell): boolean {
  return one === null || other === null ? one === other : one.kind === other.kind && one.start === other.start;
}

/** All cells by person and day: `cells[person * days + day]`. */
export function cellsOf(document: RosterDocument): Cell[] {
  const cells = new Array<Cell>(document.people.length * document.days).fill(null);
  for (const shift of document.shifts) {
    const [person = 0, day = 0] = shift;
    cells[person * document.days + day] = shiftOf(shift);
  }
  return cells;
}

/** What time of day a shift is of, for its colour and its word. */
export function toneOf(shift: Shift, document: Pick<RosterDocument, "kinds" | "night" | "night_min">): Tone {
  if (document.kinds[shift.kind]?.is_on_call) return "call";
  const [from, to] = document.night;
  const length = to > from ? to - from : to + DAY - from;
  let worked = 0;
  for (const turn of [-DAY, 0, DAY])
    worked += Math.max(0, Math.min(shift.end, from + length + turn) - Math.max(shift.start, from + turn));
  if (worked >= document.night_min) return "night";
  return shift.start >= NOON ? "late" : "day";
}

/** As it is typed and copied: the kind's short code, with the start where it is not the kind's first. */
export function codeOf(cell: Cell, kinds: readonly RosterKind[]): string {
  if (cell === null) return "-";
  const kind = kinds[cell.kind];
  if (!kind) return "";
  return cell.start === kind.starts[0] ? kind.short : `${kind.short}@${clockText(cell.start)}`;
}

/** The cell that a text stands for; undefined when it stands for none. */
export function cellOf(text: string, kinds: readonly RosterKind[]): Cell | undefined {
  const plain = text.trim().toLowerCase();
  if (plain === "" || plain === "-" || plain === "–") return null;
  const [code = "", clock] = plain.split("@");
  const place = kinds.findIndex((kind) => kind.is_active && kind.short.toLowerCase() === code);
  const kind = kinds[place];
  if (!kind) return undefined;
  const start = clock === undefined ? kind.starts[0] : minuteOf(clock);
  if (start === undefined || !kind.starts.includes(start)) return undefined;
  return laidOut(kinds, place, start) ?? undefined;
}

function minuteOf(clock: string): number | undefined {
  const match = /^(\d{1,2})(?::(\d{2}))?$/.exec(clock);
  return match ? Number(match[1]) * 60 + Number(match[2] ?? 0) : undefined;
}

/** Rows of cells as text for a spreadsheet: tabs between days, a line per person. */
export function textOf(rows: readonly (readonly Cell[])[], kinds: readonly RosterKind[]): string {
  return rows.map((row) => row.map((cell) => codeOf(cell, kinds)).join("\t")).join("\n");
}

/** The cells of a copied text, row by row; null when a piece of it is no shift. */
export function rowsOf(text: string, kinds: readonly RosterKind[]): Cell[][] | null {
  const rows = text.replace(/\r/g, "").replace(/\n$/, "").split("\n");
  const cells = rows.map((row) => row.split("\t").map((one) => cellOf(one, kinds)));
  return cells.some((row) => row.includes(undefined)) ? null : (cells as Cell[][]);
}

export interface Place {
  row: number;
  day: number;
}

export interface Area {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export function areaOf(one: Place, other: Place): Area {
  return {
    top: Math.min(one.row, other.row),
    bottom: Math.max(one.row, other.row),
    left: Math.min(one.day, other.day),
    right: Math.max(one.day, other.day),
  };
}

/** What a paste changes: the copied block at the area's corner; a single cell fills the whole area. */
export function pasted(copied: readonly (readonly Cell[])[], area: Area, rows: number, days: number) {
  const height = copied.length;
  const width = copied[0]?.length ?? 0;
  if (height === 0 || width === 0) return [];
  const tall = Math.max(height, area.bottom - area.top + 1);
  const wide = Math.max(width, area.right - area.left + 1);
  const isWhole = tall % height === 0 && wide % width === 0;
  const found: { row: number; day: number; cell: Cell }[] = [];
  for (let row = 0; row < (isWhole ? tall : height); row += 1)
    for (let day = 0; day < (isWhole ? wide : width); day += 1) {
      const place = { row: area.top + row, day: area.left + day };
      if (place.row < rows && place.day < days)
        found.push({ ...place, cell: copied[row % height]?.[day % width] ?? null });
    }
  return found;
}

/** `2026-03-05` so many days after the first. */
export function dayAt(first: string, day: number): string {
  const moment = new Date(`${first}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + day);
  return moment.toISOString().slice(0, 10);
}

/** Days from the first to that day; may lie outside the roster. */
export function dayNumber(first: string, day: string): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / 86_400_000);
}
