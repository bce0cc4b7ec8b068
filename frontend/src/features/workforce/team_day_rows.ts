/** A team's day as rows: the server's plan and figures beside what people do this very moment. Pure. */
import type { PersonDay, PlanKind, TeamDay } from "@/api/day";
import type { AgentDocument, AgentState } from "@/live/documents";

export type Badge = "absent" | "late" | "long_break" | "early_leave" | "not_rostered" | "away_today" | "out_of_plan";
export const BADGES: readonly Badge[] = [
  "out_of_plan",
  "absent",
  "late",
  "long_break",
  "early_leave",
  "not_rostered",
  "away_today",
];

export interface DayRow {
  agentId: string;
  name: string;
  person: PersonDay | undefined;
  /** Null while the floor has not told of this agent. */
  state: AgentState | null;
  sinceMs: number | null;
  /** What is planned at this moment. */
  planned: PlanKind | null;
  plannedUntilMs: number | null;
  outOfPlanMs: number | null;
  badges: readonly Badge[];
}

export interface Filter {
  badge?: string;
  name?: string;
  teamId?: string;
}

function doing(state: AgentState | null): "work" | "away" | "out" {
  if (state === null || state === "signed_out") return "out";
  return state === "away" ? "away" : "work";
}

/** Contacts are taken in work, and at no other time. */
function fits(planned: PlanKind, state: AgentState | null): boolean {
  return planned === "absence" || (planned === "work") === (doing(state) === "work");
}

function segmentAt(person: PersonDay | undefined, nowMs: number) {
  return person?.plan.find((one) => Date.parse(one.begins_at) <= nowMs && nowMs < Date.parse(one.ends_at));
}

/** Since when something else is done than what is planned. The server knows the past, the floor the present: each may
 * tell of a change first. */
function outOfPlanMs(person: PersonDay, state: AgentState | null, sinceMs: number | null, nowMs: number) {
  const segment = segmentAt(person, nowMs);
  if (!segment || fits(segment.kind, state)) return null;
  const told = person.figures.out_of_plan_at;
  const begins = Date.parse(segment.begins_at);
  if (told) return Math.max(begins, Date.parse(told));
  return Math.max(begins, sinceMs ?? begins);
}

function badgesOf(
  person: PersonDay | undefined,
  state: AgentState | null,
  outMs: number | null,
  isFlagged: boolean,
): Badge[] {
  if (!person?.is_rostered && person?.absences.length) return ["away_today"];
  if (!person?.is_rostered) return isFlagged ? ["not_rostered"] : [];
  const { figures } = person;
  const found: Badge[] = [];
  if (person.plan.some((one) => one.kind === "absence")) found.push("away_today");
  if (figures.is_absent && doing(state) === "out") found.push("absent");
  if (figures.late_s > 0) found.push("late");
  if (figures.long_break_s > 0) found.push("long_break");
  if (figures.early_leave_s > 0) found.push("early_leave");
  if (outMs !== null) found.push("out_of_plan");
  return found;
}

function isOn(day: TeamDay, nowMs: number): boolean {
  return Date.parse(day.begins_at) <= nowMs && nowMs < Date.parse(day.ends_at);
}

function rowOf(
  agentId: string,
  person: PersonDay | undefined,
  live: AgentDocument | undefined,
  day: TeamDay,
  nowMs: number,
): DayRow {
  const isToday = isOn(day, nowMs);
  const state = isToday ? (live?.state ?? (person ? "signed_out" : null)) : null;
  const segment = isToday ? segmentAt(person, nowMs) : undefined;
  const sinceMs = live?.since_ms ?? null;
  const outMs = person && isToday ? outOfPlanMs(person, state, sinceMs, nowMs) : null;
  return {
    agentId,
    name: person?.agent_name ?? live?.name ?? agentId,
    person,
    state,
    sinceMs,
    planned: segment?.kind ?? null,
    plannedUntilMs: segment ? Date.parse(segment.ends_at) : null,
    outOfPlanMs: outMs,
    badges: badgesOf(person, state, outMs, day.flags_not_rostered),
  };
}

/** Everybody of the day and everybody who works without being planned: the longest out of plan first, then by name. */
export function rowsOf(day: TeamDay, agents: readonly AgentDocument[], nowMs: number): DayRow[] {
  const isToday = isOn(day, nowMs);
  const live = new Map(agents.map((agent) => [agent.agent_id, agent]));
  const known = new Set(day.people.map((person) => person.agent_id));
  const rows = day.people.map((person) => rowOf(person.agent_id, person, live.get(person.agent_id), day, nowMs));
  const unplanned = agents.filter(
    (agent) =>
      isToday && agent.state !== "signed_out" && !known.has(agent.agent_id) && agent.tenant_ids.includes(day.tenant_id),
  );
  rows.push(...unplanned.map((agent) => rowOf(agent.agent_id, undefined, agent, day, nowMs)));
  return rows.toSorted(
    (a, b) => (a.outOfPlanMs ?? Infinity) - (b.outOfPlanMs ?? Infinity) || a.name.localeCompare(b.name),
  );
}

export function matches(row: DayRow, filter: Filter): boolean {
  if (filter.badge && !row.badges.some((badge) => badge === filter.badge)) return false;
  if (filter.teamId && row.person?.team_id !== filter.teamId) return false;
  return !filter.name || row.name.toLowerCase().includes(filter.name.toLowerCase());
}

/** Where a moment lies in the part of the day that is drawn, 0 to 1. */
export function shareOf(momentMs: number, beginsMs: number, endsMs: number): number {
  return Math.min(1, Math.max(0, (momentMs - beginsMs) / (endsMs - beginsMs)));
}

/** The part of the day in which anything is planned or done, in whole hours; the whole day without any. */
export function drawnPart(day: TeamDay): { beginsMs: number; endsMs: number } {
  const hour = 3_600_000;
  const begins = day.people.flatMap((one) => [...one.plan, ...one.done].map((part) => Date.parse(part.begins_at)));
  const ends = day.people.flatMap((one) =>
    [...one.plan, ...one.done].map((part) => Date.parse(part.ends_at ?? day.as_of)),
  );
  if (begins.length === 0) return { beginsMs: Date.parse(day.begins_at), endsMs: Date.parse(day.ends_at) };
  const first = begins.reduce((a, b) => Math.min(a, b));
  const last = ends.reduce((a, b) => Math.max(a, b));
  return { beginsMs: Math.floor(first / hour) * hour, endsMs: Math.ceil(last / hour) * hour };
}
