/** What fields of set-up records are made of. */
import type { WhatIfChange } from "@/api/what_if";
import type { WordKey } from "@/words";

export type FieldKind =
  | { kind: "text"; maxLength?: number }
  | { kind: "names" }
  | { kind: "number"; min?: number; max?: number }
  /** Kept in minutes, written in hours. */
  | { kind: "hours"; min: number; max: number }
  | { kind: "switch" }
  | { kind: "date" }
  | { kind: "choice"; options: readonly { value: string; label: WordKey }[] }
  | { kind: "reference"; resource: string; label: "name" | "username" | "number" }
  | { kind: "capacity" }
  | { kind: "skills" }
  | { kind: "references"; resource: string }
  | { kind: "tenant_ids" }
  | { kind: "rings" }
  | { kind: "overflows" }
  | { kind: "insistence" }
  | { kind: "tiers" }
  /** Of the kind that the field `kind` of the same form names. */
  | { kind: "attribute_values"; isSeveral: boolean }
  /** The funnel grade of a business, beside what its difficulty, frequency and risk suggest. */
  | { kind: "grade" }
  | { kind: "weekly" }
  /** Times of day, also over midnight. */
  | { kind: "spans" }
  | { kind: "exceptions" }
  /** Of a shift: (start, length) in minutes, times of day, breaks. */
  | { kind: "pieces" }
  | { kind: "times" }
  | { kind: "breaks" }
  /** Of labour rules: how much break after how much work. */
  | { kind: "break_steps" }
  /** Shares of paid time by reason. */
  | { kind: "shares" }
  | { kind: "queue_calendars" };

export interface Field {
  name: string;
  label: WordKey;
  type: FieldKind;
  isRequired?: boolean;
  isInList?: boolean;
  /** Fixed once the record exists. */
  isFixed?: boolean;
  /** Begins a part of the form. */
  heading?: WordKey;
  initial?: unknown;
  /** What the form's other values make of it; null where they have no use for it. */
  adapt?: (values: Readonly<Record<string, unknown>>) => Partial<Field> | null;
}

export interface Resource {
  path: string;
  /** What the server calls it where a change of it can be tried on a recorded day. */
  trial?: WhatIfChange["object_type"];
  title: WordKey;
  fields: readonly Field[];
  /** Where a record's own page lies, for records that have one. */
  page?: string;
  /** One record a tenant, which is there from the beginning: changed, neither added nor removed. */
  isSingle?: boolean;
  /** A reference by which the list can be narrowed. */
  filter?: { name: string; resource: string; label: WordKey };
}

export const text = (name: string, label: WordKey, more: Partial<Field> = {}): Field => ({
  name,
  label,
  type: { kind: "text" },
  isInList: true,
  ...more,
});
export const number = (
  name: string,
  label: WordKey,
  initial: number | undefined,
  more: Partial<Field> = {},
): Field => ({
  name,
  label,
  type: { kind: "number" },
  isInList: true,
  initial,
  ...more,
});
/** A number that the list does not show; its word is its name. */
export const amount = (
  name:
    | "abandoned_limit"
    | "weight"
    | "reserve"
    | "max_waiting"
    | "max_wait_s"
    | "difficulty"
    | "frequency"
    | "risk"
    | "callback_attempts"
    | "callback_retry_s"
    | "return_after_s"
    | "announce_each_s",
  initial: number | undefined,
  max: number,
  min = 0,
): Field => ({ name, label: `admin.${name}`, type: { kind: "number", min, max }, initial });
export const seconds = (name: "prefer_s" | "relationship_s" | "background_s" | "reclaim_s"): Field => ({
  name,
  label: `admin.${name}`,
  type: { kind: "number", min: 0, max: 86_400 },
  initial: 0,
});
export const toggle = (name: string, label: WordKey, initial: boolean): Field => ({
  name,
  label,
  type: { kind: "switch" },
  isInList: true,
  initial,
});
export const reference = (name: string, label: WordKey, resource: string, more: Partial<Field> = {}): Field => ({
  name,
  label,
  type: { kind: "reference", resource, label: "name" },
  isInList: true,
  ...more,
});
export const choice = (name: string, label: WordKey, options: Record<string, WordKey>, initial: string): Field => ({
  name,
  label,
  type: { kind: "choice", options: Object.entries(options).map(([value, word]) => ({ value, label: word })) },
  isInList: true,
  initial,
});

export const code = text("code", "admin.code", { isRequired: true });
export const names: Field = {
  name: "name",
  label: "admin.name",
  type: { kind: "names" },
  isRequired: true,
  isInList: true,
};
export const active = toggle("is_active", "admin.is_active", true);
export const position = number("position", "admin.position", 0);
