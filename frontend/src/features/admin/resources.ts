/** What can be set up, as data: path, fields and columns. One list and one form serve them all. */
import type { WordKey } from "@/words";

export type FieldKind =
  | { kind: "text"; maxLength?: number }
  | { kind: "names" }
  | { kind: "number"; min?: number; max?: number }
  | { kind: "switch" }
  | { kind: "date" }
  | { kind: "choice"; options: readonly { value: string; label: WordKey }[] }
  | { kind: "reference"; resource: string; label: "name" | "username" | "number" }
  | { kind: "capacity" }
  | { kind: "skills" }
  | { kind: "weekly" }
  | { kind: "exceptions" };

export interface Field {
  name: string;
  label: WordKey;
  type: FieldKind;
  isRequired?: boolean;
  isInList?: boolean;
  /** Fixed once the record exists. */
  isFixed?: boolean;
  initial?: unknown;
}

export interface Resource {
  path: string;
  title: WordKey;
  fields: readonly Field[];
  /** Where a record's own page lies, for records that have one. */
  page?: string;
}

const text = (name: string, label: WordKey, more: Partial<Field> = {}): Field => ({
  name,
  label,
  type: { kind: "text" },
  isInList: true,
  ...more,
});
const number = (name: string, label: WordKey, initial: number | undefined, more: Partial<Field> = {}): Field => ({
  name,
  label,
  type: { kind: "number" },
  isInList: true,
  initial,
  ...more,
});
const toggle = (name: string, label: WordKey, initial: boolean): Field => ({
  name,
  label,
  type: { kind: "switch" },
  isInList: true,
  initial,
});
const reference = (name: string, label: WordKey, resource: string, more: Partial<Field> = {}): Field => ({
  name,
  label,
  type: { kind: "reference", resource, label: "name" },
  isInList: true,
  ...more,
});
const choice = (name: string, label: WordKey, options: Record<string, WordKey>, initial: string): Field => ({
  name,
  label,
  type: { kind: "choice", options: Object.entries(options).map(([value, word]) => ({ value, label: word })) },
  isInList: true,
  initial,
});

const code = text("code", "admin.code", { isRequired: true });
const names: Field = { name: "name", label: "admin.name", type: { kind: "names" }, isRequired: true, isInList: true };
const active = toggle("is_active", "admin.is_active", true);
const position = number("position", "admin.position", 0);

/** Flows and prompts have pages of their own beside the common form. */
export const FLOWS: Resource = { path: "flows", title: "admin.flows", fields: [code, names], page: "/admin/flows" };
export const PROMPTS: Resource = { path: "prompts", title: "admin.prompts", fields: [code, names] };

export const RESOURCES: Record<string, Resource> = {
  "entry-points": {
    path: "entry-points",
    title: "admin.entry-points",
    fields: [
      text("address", "admin.entry_address", { isRequired: true }),
      names,
      choice(
        "channel",
        "admin.channel",
        {
          voice: "admin.channel_voice",
          sms: "admin.channel_sms",
          chat: "admin.channel_chat",
          email: "admin.channel_email",
          letter: "admin.channel_letter",
          counter: "admin.channel_counter",
        },
        "voice",
      ),
      choice("language", "admin.language", { zh: "admin.language_zh", en: "admin.language_en" }, "zh"),
      reference("flow_id", "admin.flow_id", "flows", { isRequired: true }),
      choice(
        "recording",
        "admin.recording",
        {
          none: "admin.recording_none",
          announced: "admin.recording_announced",
          always: "admin.recording_always",
        },
        "announced",
      ),
      reference("fallback_queue_id", "admin.fallback_queue_id", "queues", { isInList: false }),
      toggle("is_simulated", "admin.is_simulated", false),
      active,
    ],
  },
  "queue-messages": {
    path: "queue-messages",
    title: "admin.queue-messages",
    fields: [
      code,
      { name: "text", label: "admin.message_text", type: { kind: "names" }, isRequired: true, isInList: true },
      reference("queue_id", "admin.queue_id", "queues", { isRequired: true }),
      reference("prompt_id", "admin.prompt_id", "prompts", { isInList: false }),
      number("every_s", "admin.every_s", 60, { type: { kind: "number", min: 10, max: 3600 } }),
      position,
      active,
    ],
  },
  "key-accounts": {
    path: "key-accounts",
    title: "admin.key-accounts",
    fields: [
      text("customer_number", "admin.customer_number", { isRequired: true, isFixed: true }),
      reference("manager_id", "admin.manager_id", "agents", {
        type: { kind: "reference", resource: "agents", label: "number" },
        isRequired: true,
      }),
      choice("tier", "admin.tier", { a: "admin.tier_a", b: "admin.tier_b", c: "admin.tier_c" }, "c"),
      { name: "valid_from", label: "admin.valid_from", type: { kind: "date" }, isRequired: true, isInList: true },
      { name: "valid_to", label: "admin.valid_to", type: { kind: "date" }, isInList: true },
      { name: "review_due_on", label: "admin.review_due_on", type: { kind: "date" }, isRequired: true, isInList: true },
      { name: "reviewed_on", label: "admin.reviewed_on", type: { kind: "date" }, isInList: true },
    ],
  },
  "outbound-prefixes": {
    path: "outbound-prefixes",
    title: "admin.outbound-prefixes",
    fields: [text("prefix", "admin.prefix", { isRequired: true }), text("note", "admin.note")],
  },
  "emergency-numbers": {
    path: "emergency-numbers",
    title: "admin.emergency-numbers",
    fields: [text("number", "admin.emergency_number", { isRequired: true }), names],
  },
  queues: {
    path: "queues",
    title: "admin.queues",
    fields: [
      code,
      names,
      { name: "skills", label: "admin.queue_skills", type: { kind: "skills" }, initial: [] },
      number("rank", "admin.rank", 0),
      number("offer_timeout_s", "admin.offer_timeout_s", 15, { type: { kind: "number", min: 5, max: 120 } }),
      number("wrap_up_s", "admin.wrap_up_s", 30, { type: { kind: "number", min: 0, max: 3600 } }),
      toggle("is_wrap_up_automatic", "admin.is_wrap_up_automatic", false),
      number("service_level_s", "admin.service_level_s", 15, { type: { kind: "number", min: 1, max: 3600 } }),
      number("service_level_target", "admin.service_level_target", 8500, {
        type: { kind: "number", min: 0, max: 10_000 },
        isInList: false,
      }),
      number("alarm_after_s", "admin.alarm_after_s", 60, {
        type: { kind: "number", min: 0, max: 3600 },
        isInList: false,
      }),
      number("alarm_min_contacts", "admin.alarm_min_contacts", 5, {
        type: { kind: "number", min: 1, max: 10_000 },
        isInList: false,
      }),
      active,
    ],
  },
  skills: { path: "skills", title: "admin.skills", fields: [code, names] },
  teams: {
    path: "teams",
    title: "admin.teams",
    fields: [
      code,
      names,
      reference("site_id", "admin.site_id", "sites"),
      reference("leader_id", "admin.leader_id", "users", {
        type: { kind: "reference", resource: "users", label: "username" },
      }),
    ],
  },
  agents: {
    path: "agents",
    title: "admin.agents",
    fields: [
      reference("user_id", "admin.user_id", "users", {
        type: { kind: "reference", resource: "users", label: "username" },
        isRequired: true,
        isFixed: true,
      }),
      text("number", "admin.number", { isRequired: true }),
      reference("team_id", "admin.team_id", "teams"),
      choice(
        "device",
        "admin.device",
        {
          browser: "admin.device_browser",
          sip_phone: "admin.device_sip_phone",
          simulated: "admin.device_simulated",
        },
        "browser",
      ),
      { name: "capacity", label: "admin.capacity", type: { kind: "capacity" }, initial: { voice: 1 } },
      { name: "skills", label: "admin.skills_held", type: { kind: "skills" }, initial: [] },
      active,
    ],
  },
  "disposition-nodes": {
    path: "disposition-nodes",
    title: "admin.disposition-nodes",
    fields: [
      code,
      names,
      {
        ...choice("kind", "admin.kind", { reason: "admin.kind_reason", outcome: "admin.kind_outcome" }, "reason"),
        isFixed: true,
      },
      reference("parent_id", "admin.parent_id", "disposition-nodes"),
      position,
      { name: "valid_from", label: "admin.valid_from", type: { kind: "date" } },
      { name: "valid_to", label: "admin.valid_to", type: { kind: "date" } },
    ],
  },
  "ticket-types": {
    path: "ticket-types",
    title: "admin.ticket-types",
    fields: [
      code,
      names,
      number("process_number", "admin.process_number", undefined),
      reference("department_id", "admin.department_id", "departments"),
      number("due_hours", "admin.due_hours", 24, { isRequired: true, type: { kind: "number", min: 1, max: 8760 } }),
      position,
      active,
    ],
  },
  "away-reasons": { path: "away-reasons", title: "admin.away-reasons", fields: [code, names, position, active] },
  departments: {
    path: "departments",
    title: "admin.departments",
    fields: [
      code,
      names,
      text("mailbox", "admin.mailbox"),
      reference("calendar_id", "admin.calendar_id", "calendars"),
      active,
    ],
  },
  calendars: {
    path: "calendars",
    title: "admin.calendars",
    fields: [
      code,
      names,
      text("time_zone", "admin.time_zone", { initial: "Asia/Shanghai" }),
      { name: "valid_from", label: "admin.valid_from", type: { kind: "date" } },
      {
        name: "weekly",
        label: "admin.weekly",
        type: { kind: "weekly" },
        isRequired: true,
        initial: [[], [], [], [], [], [], []],
      },
      { name: "exceptions", label: "admin.exceptions", type: { kind: "exceptions" }, initial: [] },
      { ...toggle("is_provisional", "admin.is_provisional", false), isInList: false },
    ],
  },
  sites: { path: "sites", title: "admin.sites", fields: [code, names, text("address", "admin.address")] },
  seats: {
    path: "seats",
    title: "admin.seats",
    fields: [
      reference("site_id", "admin.site_id", "sites", { isRequired: true }),
      text("label", "admin.label", { isRequired: true }),
      choice(
        "state",
        "admin.state",
        {
          usable: "admin.state_usable",
          reserve: "admin.state_reserve",
          out_of_order: "admin.state_out_of_order",
        },
        "usable",
      ),
    ],
  },
};
