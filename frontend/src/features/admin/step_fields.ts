/** Which fields each kind of step has, after hotline.flows' definition; kinds without an entry are edited as JSON. */
export type StepField =
  | { kind: "speeches"; name: string }
  | { kind: "step"; name: string }
  | { kind: "choices"; name: string }
  | { kind: "rules"; name: string }
  | { kind: "number"; name: string; min: number; max: number; initial: number }
  | { kind: "text"; name: string }
  | { kind: "flag"; name: string; initial: boolean }
  | { kind: "language"; name: string }
  /** What a step sets of the contact; the value of the former attribute goes with it. */
  | { kind: "attribute"; name: "name" }
  | { kind: "attribute_value"; name: "value" }
  /** A business by its id, or the value of the flow that names it. */
  | { kind: "business"; name: string }
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

export const SETTABLE_ATTRIBUTES = ["product_line", "brand", "region", "service_language"] as const;

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
  condition: [
    { kind: "rules", name: "rules" },
    { kind: "step", name: "otherwise" },
  ],
  look_up: [],
  set_language: [{ kind: "language", name: "language" }, next],
  set_attribute: [{ kind: "attribute", name: "name" }, { kind: "attribute_value", name: "value" }, next],
  queue: [
    { kind: "record", name: "queue_id", resource: "queues" },
    { kind: "business", name: "business" },
    number("priority", 0, 100, 0),
    number("announce_every_s", 10, 600, 30),
    { kind: "text", name: "callback_key" },
    { kind: "step", name: "if_full" },
    { kind: "step", name: "if_too_long" },
    { kind: "step", name: "if_disaster" },
  ],
  message: [speeches, next, number("longest_s", 5, 600, 120)],
  transfer: [
    { kind: "text", name: "number" },
    { kind: "step", name: "if_failed" },
  ],
  hang_up: [{ kind: "text", name: "reason" }],
};

type Parts = Record<string, unknown>;

const isText = (value: unknown) => typeof value === "string";
const isMissing = (value: unknown) => value === undefined || value === null;
const isParts = (value: unknown): value is Parts =>
  Boolean(value) && typeof value === "object" && !Array.isArray(value);
const isListOf = (value: unknown, isOne: (one: unknown) => boolean) => Array.isArray(value) && value.every(isOne);

function isSpeech(value: unknown): boolean {
  return isParts(value) && ["prompt", "zh", "en"].every((name) => isMissing(value[name]) || isText(value[name]));
}

function isComparison(value: unknown): boolean {
  return isParts(value) && isText(value.subject) && isText(value.operator) && !isParts(value.value);
}

function isRule(value: unknown): boolean {
  return isParts(value) && isListOf(value.all, isComparison) && (isMissing(value.next) || isText(value.next));
}

const SHAPES: Record<StepField["kind"], (value: unknown) => boolean> = {
  speeches: (value) => isListOf(value, isSpeech),
  choices: (value) => isParts(value) && Object.values(value).every(isText),
  rules: (value) => isListOf(value, isRule),
  number: (value) => typeof value === "number",
  flag: (value) => typeof value === "boolean",
  step: isText,
  text: isText,
  language: isText,
  attribute: isText,
  attribute_value: isText,
  record: isText,
  business: isText,
};

/** Whether the form can show what the field holds: a draft may hold anything, and the server says what is wrong. */
export function isShowable(field: StepField, value: unknown): boolean {
  return isMissing(value) || SHAPES[field.kind](value);
}

export const STEP_KINDS = Object.keys(STEP_FIELDS);
