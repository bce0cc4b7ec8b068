/** People wanted and people there, interval by interval. Pure. */
import type { RosterDocument } from "@/api/rosters";
import type { Cell } from "./board";

export interface Curves {
  need: number[];
  staff: number[];
}

const DAY = 1440;

/** For days from `first` to before `until`; of one skill, or of all people. Breaks are not counted as there. */
export function curvesOf(
  document: RosterDocument,
  cells: readonly Cell[],
  first: number,
  until: number,
  skill: number | null,
): Curves {
  const slots = DAY / document.interval_min;
  const size = (until - first) * slots;
  const need = new Array<number>(size).fill(0);
  for (const demand of document.demand) {
    if ((skill !== null && demand.skill !== skill) || demand.wanted.length === 0) continue;
    for (let slot = 0; slot < size; slot += 1)
      need[slot] = (need[slot] ?? 0) + (demand.wanted[(first * slots + slot) % demand.wanted.length] ?? 0);
  }
  const steps = new Array<number>(size + 1).fill(0);
  const add = (begin: number, end: number, people: number) => {
    const from = Math.max(0, Math.floor(begin / document.interval_min));
    const to = Math.min(size, Math.floor(end / document.interval_min));
    if (from >= to) return;
    steps[from] = (steps[from] ?? 0) + people;
    steps[to] = (steps[to] ?? 0) - people;
  };
  const counts = document.people.map((person) => skill === null || serves(document, person.skills, skill));
  const { days } = document;
  for (let person = 0; person < counts.length; person += 1) {
    if (!counts[person]) continue;
    for (let day = Math.max(0, first - 1); day < until; day += 1) {
      const cell = cells[person * days + day];
      if (!cell || (skill !== null && !kindServes(document, cell.kind, skill))) continue;
      const midnight = (day - first) * DAY;
      for (const [begin, length] of document.kinds[cell.kind]?.pieces ?? [])
        add(midnight + cell.start + begin, midnight + cell.start + begin + length, 1);
      for (let n = 0; n + 1 < cell.breaks.length; n += 2)
        add(midnight + (cell.breaks[n] ?? 0), midnight + (cell.breaks[n + 1] ?? 0), -1);
    }
  }
  const staff: number[] = [];
  let people = 0;
  for (let slot = 0; slot < size; slot += 1) staff.push((people += steps[slot] ?? 0));
  return { need, staff };
}

function serves(document: RosterDocument, skills: readonly number[], skill: number): boolean {
  return skills.includes(skill) || skills.some((own) => document.skills[own]?.serves.includes(skill));
}

function kindServes(document: RosterDocument, kind: number, skill: number): boolean {
  const own = document.kinds[kind]?.skills ?? [];
  return own.length === 0 || own.includes(skill);
}
