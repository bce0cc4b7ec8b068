/** What can be set up, as data: path, fields and columns. One list and one form serve them all. */
import { CHANNEL_NAMES } from "@/shared/channel_names";
import { active, choice, code, names, number, position, reference, text, toggle } from "./fields";
import type { Field, Resource } from "./fields";
import { ROTATIONS } from "./rotation_resource";
import { ROUTING_RESOURCES } from "./routing_resources";
import { WORK_RULE_RESOURCES } from "./work_rule_resources";

export type { Field, Resource } from "./fields";

/** Flows and prompts have pages of their own beside the common form. */
export const FLOWS: Resource = { path: "flows", title: "admin.flows", fields: [code, names], page: "/admin/flows" };
export const PROMPTS: Resource = { path: "prompts", title: "admin.prompts", fields: [code, names] };

/** Conversations in writing: they need no flow, but a queue to wait in. */
const WRITTEN = ["chat", "sms", "form"];
const isWritten = (values: Readonly<Record<string, unknown>>) => WRITTEN.includes(String(values.channel));
const ofCalls: Field["adapt"] = (values) => (isWritten(values) ? null : {});
const ofWriting: Field["adapt"] = (values) => (isWritten(values) ? {} : null);
const asQueue: Field["adapt"] = (values) =>
  isWritten(values) ? { label: "admin.entry_queue_id", isRequired: true } : {};
const asKey: Field["adapt"] = ({ channel }) =>
  channel === "chat" || channel === "form" ? { label: "admin.entry_key" } : {};

export const RESOURCES: Record<string, Resource> = {
  ...ROUTING_RESOURCES,
  rotations: ROTATIONS,
  ...WORK_RULE_RESOURCES,
  "entry-points": {
    path: "entry-points",
    title: "admin.entry-points",
    fields: [
      choice("channel", "admin.channel", CHANNEL_NAMES, "voice"),
      text("address", "admin.entry_address", { isRequired: true, adapt: asKey }),
      names,
      {
        ...choice("language", "admin.language", { zh: "admin.language_zh", en: "admin.language_en" }, "zh"),
        isInList: false,
      },
      reference("flow_id", "admin.flow_id", "flows", { isRequired: true, adapt: ofCalls }),
      {
        ...choice(
          "recording",
          "admin.recording",
          {
            none: "admin.recording_none",
            announced: "admin.recording_announced",
            always: "admin.recording_always",
          },
          "announced",
        ),
        adapt: ofCalls,
      },
      reference("fallback_queue_id", "admin.fallback_queue_id", "queues", { isInList: false, adapt: asQueue }),
      reference("calendar_id", "admin.entry_calendar_id", "calendars", { isInList: false, adapt: ofWriting }),
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
      {
        name: "product_line",
        label: "admin.root_product_line",
        type: { kind: "attribute_values", isSeveral: false, attribute: "product_line" },
        isInList: true,
        initial: "",
      },
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
  "department-lines": {
    path: "department-lines",
    title: "admin.department-lines",
    fields: [
      reference("department_id", "admin.line_department_id", "departments", { isRequired: true, isFixed: true }),
      reference("queue_id", "admin.line_queue_id", "queues"),
      text("phone", "admin.line_phone"),
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
      choice(
        "fault",
        "admin.fault",
        {
          "": "admin.fault_none",
          computer: "seats.fault_computer",
          headset: "seats.fault_headset",
          network: "seats.fault_network",
          power: "seats.fault_power",
          furniture: "seats.fault_furniture",
          other: "seats.fault_other",
        },
        "",
      ),
    ],
    filter: { name: "site_id", resource: "sites", label: "admin.site_id" },
  },
};
