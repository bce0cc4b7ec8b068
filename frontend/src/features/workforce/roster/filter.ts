/** Who of a roster is shown. */
import type { RosterStore } from "./store";

export interface Filter {
  /** In the name or number. */
  words: string;
  skill: number | null;
  team: number | null;
  rotation: number | null;
  /** Only those whose work breaks a rule. */
  isBroken: boolean;
}

export const NO_FILTER: Filter = { words: "", skill: null, team: null, rotation: null, isBroken: false };

export function isShown(
  store: RosterStore,
  place: number,
  { words, skill, team, rotation, isBroken }: Filter,
): boolean {
  const person = store.document.people[place];
  if (!person) return false;
  const wanted = words.trim().toLowerCase();
  if (wanted !== "" && !`${person.name} ${person.number}`.toLowerCase().includes(wanted)) return false;
  if (skill !== null && !person.skills.includes(skill)) return false;
  if (team !== null && person.team !== team) return false;
  if (rotation !== null && !person.rotations.includes(rotation)) return false;
  return !isBroken || store.breaches.has(place);
}
