/** Which fields each kind of step has, after hotline.flows' definition; kinds without an entry are edited as JSON. */
import type { Definition, Step } from "@/api/flows";

export type StepField =
  | { kind: "speeches"; name: string }
  | { kind: "step"; name: string }
  | { kind: "choices"; name: string }
  | { kind: "number"; name: string; min: number; max: number; initial: number }
  | { kind: "text"; name: string }
  | { kind: "flag"; name: string; initial: boolean }
  | { kind: "language"; name: string }
  | { kind: "record"; name: string; resource: "queues" | "calendars" };

const speeches: StepField = { kind: "speeches", name: "messages" };
const next: StepField = { kind: "step", name: "next" };
const number = (name: string, min: number, max: number, initial: number): StepField => ({
  kind: "number",
  name,
  min,
  max,
  initial,
});

export const STEP_FIELDS: Record<string, readonly StepField[]> = {
  say: [speeches, next, { kind: "flag", name: "can_skip", initial: true }],
  opening_hours: [
    { kind: "record", name: "calendar_id", resource: "calendars" },
    { kind: "step", name: "if_open" },
    { kind: "step", name: "if_closed" },
  ],
  menu: [
    speeches,
    { kind: "choices", name: "choices" },
    { kind: "step", name: "if_invalid" },
    { kind: "step", name: "if_no_input" },
    number("retries", 0, 5, 2),
    number("timeout_s", 1, 60, 6),
  ],
  collect: [
    speeches,
    { kind: "text", name: "name" },
    number("min_length", 1, 40, 1),
    number("max_length", 1, 40, 10),
    next,
    { kind: "step", name: "if_failed" },
    { kind: "flag", name: "is_secret", initial: false },
  ],
  condition: [],
  look_up: [],
  set_language: [{ kind: "language", name: "language" }, next],
  queue: [
    { kind: "record", name: "queue_id", resource: "queues" },
    number("priority", 0, 100, 0),
    number("announce_every_s", 10, 600, 30),
  ],
  message: [speeches, next, number("longest_s", 5, 600, 120)],
  transfer: [
    { kind: "text", name: "number" },
    { kind: "step", name: "if_failed" },
  ],
  hang_up: [{ kind: "text", name: "reason" }],
};

export const STEP_KINDS = Object.keys(STEP_FIELDS);

/** Where a step can lead, in the order of its fields. */
export function exitsOf(step: Step): string[] {
  const found: string[] = [];
  const look = (value: unknown, name: string): void => {
    const isExit = ["next", "otherwise"].includes(name) || name.startsWith("if_");
    if (isExit && typeof value === "string") found.push(value);
    else if (name === "choices" && value && typeof value === "object") found.push(...Object.values(value).map(String));
    else if (name === "rules" && Array.isArray(value))
      value.forEach((rule) => look((rule as { next?: unknown }).next, "next"));
  };
  for (const [name, value] of Object.entries(step)) look(value, name);
  return [...new Set(found)];
}

/** Step ids as a caller can meet them, first step first; what cannot be reached comes last. */
export function outlineOf(definition: Definition): string[] {
  const seen = new Set<string>();
  const waiting = [definition.first_step];
  while (waiting.length > 0) {
    const id = waiting.shift();
    const step = id === undefined ? undefined : definition.steps[id];
    if (id === undefined || !step || seen.has(id)) continue;
    seen.add(id);
    waiting.push(...exitsOf(step));
  }
  return [...seen, ...Object.keys(definition.steps).filter((id) => !seen.has(id))];
}
