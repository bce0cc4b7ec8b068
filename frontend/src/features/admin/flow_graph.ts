/** How the steps of a flow hang together: the same exits, by the same names, as hotline.flows has on the server. */
import type { Definition, Step } from "@/api/flows";

/** A way out of a step: the field that says where to, and the step it names; null where none is chosen yet. */
export interface Exit {
  field: string;
  target: string | null;
}

/** Where a new key of a menu is asked for. */
export const NEW_KEY = "choices[+]";
export const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "*", "#"];

const PLAIN_EXITS: Record<string, readonly string[]> = {
  say: ["next"],
  opening_hours: ["if_open", "if_closed"],
  menu: ["if_invalid", "if_no_input"],
  collect: ["next", "if_failed"],
  condition: ["otherwise"],
  look_up: ["next"],
  set_language: ["next"],
  set_attribute: ["next"],
  queue: ["if_full", "if_too_long", "if_disaster"],
  message: ["next"],
  transfer: ["if_failed"],
  hang_up: [],
};

const LISTED = /^(choices|rules)\[(.+?)\](?:\.next)?$/;

/** The steps that can be drawn: JSON that a person types may hold anything. */
export function stepsOf(definition: Definition): Record<string, Step> {
  const steps: unknown = definition.steps;
  if (!steps || typeof steps !== "object") return {};
  const isStep = (step: unknown) => Boolean(step) && typeof step === "object" && !Array.isArray(step);
  return Object.fromEntries(Object.entries(steps as Record<string, Step>).filter(([, step]) => isStep(step)));
}

function named(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function choicesOf(step: Step): Record<string, unknown> {
  return step.choices && typeof step.choices === "object" ? (step.choices as Record<string, unknown>) : {};
}

export function rulesOf(step: Step): { next?: unknown }[] {
  const rules = Array.isArray(step.rules) ? (step.rules as unknown[]) : [];
  return rules.map((rule) => (rule && typeof rule === "object" ? rule : {}));
}

/** Keys as they lie on a telephone; objects would put digits in an order of their own. */
export function choiceKeys(choices: Record<string, unknown>): string[] {
  const place = (key: string) => (KEYS.includes(key) ? KEYS.indexOf(key) : KEYS.length);
  return Object.keys(choices).toSorted((one, other) => place(one) - place(other) || one.localeCompare(other));
}

/** Every way out of a step, those that lead nowhere yet included. */
export function exitsOf(step: Step): Exit[] {
  const choices = choicesOf(step);
  const keys = choiceKeys(choices).map((key) => ({ field: `choices[${key}]`, target: named(choices[key]) }));
  const rules = rulesOf(step).map((rule, index) => ({ field: `rules[${index}].next`, target: named(rule.next) }));
  const plain = (PLAIN_EXITS[step.kind] ?? []).map((field) => ({ field, target: named(step[field]) }));
  return [...(step.kind === "menu" ? keys : []), ...(step.kind === "condition" ? rules : []), ...plain];
}

export function targetsOf(step: Step): string[] {
  const found = exitsOf(step).flatMap(({ target }) => (target === null ? [] : [target]));
  return [...new Set(found)];
}

function leading(rule: { next?: unknown }, target: string | null): { next?: unknown } {
  const others = Object.entries(rule).filter(([name]) => name !== "next");
  return Object.fromEntries(target === null ? others : [...others, ["next", target]]);
}

/** The step with one way out leading elsewhere; null takes it away. */
export function withExit(step: Step, field: string, target: string | null): Step {
  const [, list, place = ""] = LISTED.exec(field) ?? [];
  if (list === "choices") {
    const others = Object.entries(choicesOf(step)).filter(([key]) => key !== place);
    return { ...step, choices: Object.fromEntries(target === null ? others : [...others, [place, target]]) };
  }
  if (list === "rules") {
    return { ...step, rules: rulesOf(step).map((rule, at) => (String(at) === place ? leading(rule, target) : rule)) };
  }
  if (target !== null) return { ...step, [field]: target };
  return Object.fromEntries(Object.entries(step).filter(([name]) => name !== field)) as Step;
}

/** The first key that a menu does not use; null when all are taken. */
export function freeKey(step: Step): string | null {
  return KEYS.find((key) => !(key in choicesOf(step))) ?? null;
}

/** The steps that a caller can come to. */
export function reachedSteps(definition: Definition): Set<string> {
  const steps = stepsOf(definition);
  const seen = new Set<string>();
  const waiting = [definition.first_step];
  while (waiting.length > 0) {
    const id = waiting.shift() ?? "";
    const step = steps[id];
    if (!step || seen.has(id)) continue;
    seen.add(id);
    waiting.push(...targetsOf(step));
  }
  return seen;
}

/** Step ids as a caller can meet them, first step first; what cannot be reached comes last. */
export function outlineOf(definition: Definition): string[] {
  const reached = reachedSteps(definition);
  return [...reached, ...Object.keys(stepsOf(definition)).filter((id) => !reached.has(id))];
}

/** Names of the values that steps keep for later ones. */
export function valueNames(definition: Definition): string[] {
  const found = Object.values(stepsOf(definition)).flatMap((step) => {
    if (step.kind === "collect") return [step.name];
    return step.kind === "look_up" ? Object.keys((step.default as object | undefined) ?? {}) : [];
  });
  return [...new Set(found.filter((name): name is string => typeof name === "string" && name !== ""))];
}
