/** Why a contact still waits, in sentences. Pure: names and the time are handed in. */
import type { AgentCondition, WhyWaiting } from "@/live/documents";
import { clockText } from "@/shared/figures";
import type { Translate } from "@/words";

export interface Called {
  queue: (id: string | null) => string;
  agent: (id: string | null) => string;
  skill: (id: string) => string;
}

const CONDITIONS: readonly AgentCondition[] = [
  "idle",
  "offered",
  "wrap_up",
  "full",
  "busy",
  "away",
  "disconnected",
  "site_down",
];

export function whySentences(why: WhyWaiting, called: Called, nowMs: number, t: Translate): string[] {
  const until = (ms: number | null) => clockText(Math.max(0, (ms ?? nowMs) - nowMs));
  return [
    ...stageOf(why, called, until, t),
    ...placeOf(why, t),
    ...skillsOf(why, called, t),
    ...agentsOf(why, t),
    ...nextOf(why, called, until, t),
  ];
}

type Until = (ms: number | null) => string;

function stageOf(why: WhyWaiting, called: Called, until: Until, t: Translate): string[] {
  if (why.stage === "scheduled" && why.callback_due_ms === null) return [t("floor.why_own_call")];
  if (why.stage === "scheduled") return [t("floor.why_scheduled", { in: until(why.callback_due_ms) })];
  const found: string[] = [];
  if (why.is_node_away) found.push(t("floor.why_node_away"));
  if (why.stage === "proposed") found.push(t("floor.why_proposed", { agent: called.agent(why.offered_agent_id) }));
  if (why.kept_for_id !== null) {
    found.push(t("floor.why_kept", { agent: called.agent(why.kept_for_id), in: until(why.kept_until_ms) }));
  }
  if (why.returns_at_ms !== null && why.stage === "waiting") {
    const agent = called.agent(why.sent_by_id);
    found.push(
      why.is_unanswered
        ? t("floor.why_unanswered", { agent })
        : t("floor.why_handed_over", { agent, in: until(why.returns_at_ms) }),
    );
  }
  if (why.is_called_back) found.push(t("floor.why_called_back"));
  return found;
}

function placeOf(why: WhyWaiting, t: Translate): string[] {
  if (why.stage !== "waiting") return [];
  if (why.is_front) return [t("floor.why_front")];
  return [why.ahead === 0 ? t("floor.why_first") : t("floor.why_ahead", { n: why.ahead })];
}

function skillsOf(why: WhyWaiting, called: Called, t: Translate): string[] {
  const listed = (skills: [string, number][]) =>
    skills
      .map(([id, level]) => (level > 1 ? t("floor.why_level", { skill: called.skill(id), level }) : called.skill(id)))
      .join(", ");
  return [
    ...(why.needs.length > 0 ? [t("floor.why_needs", { skills: listed(why.needs) })] : []),
    ...(why.preferred.length > 0 ? [t("floor.why_prefers", { skills: listed(why.preferred) })] : []),
  ];
}

function agentsOf(why: WhyWaiting, t: Translate): string[] {
  const able = CONDITIONS.reduce((sum, condition) => sum + (why.able[condition] ?? 0), 0);
  if (able + why.later + why.absent === 0) return [t("floor.why_nobody_ever")];
  const conditions = CONDITIONS.filter((condition) => why.able[condition])
    .map((condition) => `${why.able[condition]} ${t(`floor.condition_${condition}`)}`)
    .join(", ");
  return [
    able > 0 ? t("floor.why_able", { n: able, conditions }) : t("floor.why_nobody_here"),
    ...(why.reserve === null ? [] : [t("floor.why_reserve", { n: why.reserve })]),
    ...(why.later > 0 ? [t("floor.why_later", { n: why.later })] : []),
    ...(why.absent > 0 ? [t("floor.why_absent", { n: why.absent })] : []),
    ...(why.unable > 0 ? [t("floor.why_unable", { n: why.unable })] : []),
  ];
}

function nextOf(why: WhyWaiting, called: Called, until: Until, t: Translate): string[] {
  const now = why.rings > 1 ? [t("floor.why_ring", { ring: Math.min(why.ring + 1, why.rings), rings: why.rings })] : [];
  const step = why.next_step;
  if (step === null) return now;
  const values = {
    in: until(step.due_ms),
    n: step.agents,
    ring: (step.ring ?? 0) + 1,
    queue: called.queue(step.queue_id),
  };
  const kind = step.kind === "leave" && step.queue_id !== null ? "late" : step.kind;
  return [...now, t(`floor.why_next_${kind}`, values)];
}
