import type { PersonDay } from "@/api/day";

const STEP_MS = 15 * 60_000;

/** The quarters of an hour of the person's shifts that are still to come, as moments. */
export function quartersOf(person: PersonDay, nowMs: number): number[] {
  return person.shifts.flatMap((shift) => {
    const [begins, ends] = [Date.parse(shift.begins_at), Date.parse(shift.ends_at)];
    const first = Math.max(begins, Math.ceil((nowMs + 1) / STEP_MS) * STEP_MS);
    const many = Math.max(0, Math.ceil((ends - first) / STEP_MS));
    return Array.from({ length: many }, (_, n) => first + n * STEP_MS);
  });
}
