/** Changes to a flow as pure functions: what comes out is a new definition, so that every change can be undone. */
import type { Definition, FlowLayout, Step } from "@/api/flows";
import { exitsOf, freeKey, NEW_KEY, stepsOf, withExit, type Exit } from "./flow_graph";

export interface Draft {
  definition: Definition;
  layout: FlowLayout;
}

/** What the server insists on and the form would only suggest. */
const BEGINNINGS: Record<string, Record<string, unknown>> = {
  say: { messages: [] },
  menu: { messages: [], choices: {} },
  collect: { messages: [], name: "digits", max_length: 10 },
  condition: { rules: [{ all: [{ subject: "caller", operator: "is_known", value: true }] }] },
  look_up: { name: "customer", arguments: { caller: "caller" } },
  set_attribute: { name: "product_line" },
  message: { messages: [{ prompt: "leave_message" }] },
};

export function newStep(kind: string): Step {
  return { kind, ...BEGINNINGS[kind] };
}

export const STEP_ID = /^[\p{L}\p{N}_-]{1,64}$/u;

/** An id that no step has: say, say_2, say_3 … */
export function freshId(definition: Definition, kind: string): string {
  const taken = stepsOf(definition);
  if (!(kind in taken)) return kind;
  let number = 2;
  while (`${kind}_${number}` in taken) number += 1;
  return `${kind}_${number}`;
}

function withStep(definition: Definition, id: string, step: Step): Definition {
  return { ...definition, steps: { ...stepsOf(definition), [id]: step } };
}

/** Lead a way out of a step to another one; the field `choices[+]` stands for the menu's next free key. */
export function connect(definition: Definition, id: string, field: string, target: string | null): Definition {
  const step = stepsOf(definition)[id];
  if (!step) return definition;
  const key = field === NEW_KEY ? freeKey(step) : null;
  if (field === NEW_KEY && key === null) return definition;
  return withStep(definition, id, withExit(step, key === null ? field : `choices[${key}]`, target));
}

/** Which way out of a chosen step a new one is put behind; null when there is none to take. */
function wayBehind(definition: Definition, step: Step, isEnd: boolean): Exit | null {
  const steps = stepsOf(definition);
  const exits = exitsOf(step);
  const open = exits.find(({ target }) => target === null || !(target in steps));
  if (open) return open;
  if (step.kind === "menu") return freeKey(step) === null ? null : { field: NEW_KEY, target: null };
  // An end put between two steps would cut off what follows: it is left for the person to connect.
  return isEnd ? null : (exits[0] ?? null);
}

/** A step of that kind behind the chosen one: at its first open way out, at a new key, or between it and the next. */
export function addAfter(definition: Definition, chosen: string, kind: string): { definition: Definition; id: string } {
  const id = freshId(definition, kind);
  const step = stepsOf(definition)[chosen];
  const made = newStep(kind);
  if (!step) {
    const first = Object.keys(stepsOf(definition)).length === 0 ? id : definition.first_step;
    return { definition: { ...withStep(definition, id, made), first_step: first }, id };
  }
  // A queue step is an end: its exits are for those who find nobody, and what follows is not theirs.
  const onward = made.kind === "queue" ? undefined : exitsOf(made)[0]?.field;
  const way = wayBehind(definition, step, onward === undefined);
  const follower = way?.target && way.target in stepsOf(definition) ? way.target : null;
  const linked = follower !== null && onward !== undefined ? withExit(made, onward, follower) : made;
  const added = withStep(definition, id, linked);
  return { definition: way ? connect(added, chosen, way.field, id) : added, id };
}

/** The flow without the step. Ways to it stay as they are: the server names each, and putting it back mends all. */
export function removeStep(draft: Draft, id: string): Draft {
  const steps = Object.entries(stepsOf(draft.definition)).filter(([other]) => other !== id);
  const layout = Object.entries(draft.layout).filter(([other]) => other !== id);
  return {
    definition: { ...draft.definition, steps: Object.fromEntries(steps) },
    layout: Object.fromEntries(layout),
  };
}

/** The same flow with a step under another id, in its place, and every way to it following. */
export function renameStep(draft: Draft, from: string, to: string): Draft {
  const follow = (step: Step) =>
    exitsOf(step).reduce((made, { field, target }) => (target === from ? withExit(made, field, to) : made), step);
  const steps = Object.entries(stepsOf(draft.definition)).map(([id, step]) => [id === from ? to : id, follow(step)]);
  const layout = Object.entries(draft.layout).map(([id, place]) => [id === from ? to : id, place]);
  const first = draft.definition.first_step === from ? to : draft.definition.first_step;
  return {
    definition: { ...draft.definition, first_step: first, steps: Object.fromEntries(steps) as Record<string, Step> },
    layout: Object.fromEntries(layout) as FlowLayout,
  };
}
