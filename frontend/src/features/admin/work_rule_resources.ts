/** How people work, as data: shift kinds, labour rules, contracts, borrowing, and the settings of planning. */
import type { WordKey } from "@/words";
import { active, choice, code, names, reference, text, toggle, type Field, type Resource } from "./fields";

const MOST_WEEK = 10_080;

const within = (name: string, label: WordKey, initial: number | undefined, min: number, max: number): Field => ({
  name,
  label,
  type: { kind: "number", min, max },
  initial,
});
/** Paid time and rest, which people think of in hours. */
const hours = (name: string, label: WordKey, initial: number | undefined, min: number, max: number): Field => ({
  name,
  label,
  type: { kind: "hours", min, max },
  initial,
});
const clock = (name: string, label: WordKey, initial: string): Field => ({
  name,
  label,
  type: { kind: "text", maxLength: 5 },
  initial,
});
const day = (name: string, label: WordKey): Field => ({ name, label, type: { kind: "date" }, isInList: true });

export const WORK_RULE_RESOURCES: Record<string, Resource> = {
  "shift-kinds": {
    path: "shift-kinds",
    title: "admin.shift-kinds",
    fields: [
      code,
      names,
      text("short", "admin.shift_short", { isRequired: true, type: { kind: "text", maxLength: 6 } }),
      {
        name: "pieces",
        label: "admin.pieces",
        type: { kind: "pieces" },
        isRequired: true,
        initial: [[0, 480]],
        heading: "admin.shift_time",
      },
      { name: "starts", label: "admin.starts", type: { kind: "times" }, initial: [] },
      within("starts_every_min", "admin.starts_every_min", 0, 0, 1440),
      { name: "breaks", label: "admin.shift_breaks", type: { kind: "breaks" }, initial: [] },
      within("paid_min", "admin.paid_min", undefined, 0, 1440),
      {
        name: "skill_ids",
        label: "admin.shift_skills",
        type: { kind: "references", resource: "skills" },
        initial: [],
        heading: "admin.shift_serves",
      },
      toggle("is_on_call", "admin.is_on_call", false),
      active,
    ],
  },
  "labour-rules": {
    path: "labour-rules",
    title: "admin.labour-rules",
    fields: [
      code,
      names,
      toggle("is_default", "admin.is_default_rules", false),
      { ...hours("week_min", "admin.week_min", 2400, 0, MOST_WEEK), isInList: true },
      within("tolerance_percent", "admin.tolerance_percent", 5, 0, 100),
      { ...hours("rest_min", "admin.rest_min", 660, 0, 2880), heading: "admin.rules_limits" },
      hours("most_day_min", "admin.most_day_min", undefined, 1, 1440),
      within("most_days_running", "admin.most_days_running", 6, 1, 31),
      within("most_days_week", "admin.most_days_week", 6, 1, 7),
      hours("most_week_min", "admin.most_week_min", undefined, 1, MOST_WEEK),
      within("most_nights_running", "admin.most_nights_running", undefined, 0, 400),
      within("most_nights", "admin.most_nights", undefined, 0, 400),
      within("fair_nights", "admin.fair_nights", undefined, 0, 400),
      within("most_weekends", "admin.most_weekends", undefined, 0, 400),
      within("most_holidays", "admin.most_holidays", undefined, 0, 400),
      {
        name: "break_steps",
        label: "admin.break_steps",
        type: { kind: "break_steps" },
        initial: [],
        heading: "admin.rules_breaks",
      },
    ],
  },
  contracts: {
    path: "contracts",
    title: "admin.contracts",
    fields: [
      reference("agent_id", "admin.contract_agent", "agents", {
        type: { kind: "reference", resource: "agents", label: "number" },
        isRequired: true,
        isFixed: true,
      }),
      reference("labour_rules_id", "admin.contract_rules", "labour-rules", { isRequired: true }),
      hours("week_min", "admin.contract_week_min", undefined, 0, MOST_WEEK),
      {
        name: "shift_kind_ids",
        label: "admin.contract_kinds",
        type: { kind: "references", resource: "shift-kinds" },
        initial: [],
      },
      day("employed_from", "admin.employed_from"),
      day("employed_to", "admin.employed_to"),
    ],
    filter: { name: "labour_rules_id", resource: "labour-rules", label: "admin.contract_rules" },
  },
  "skill-borrowings": {
    path: "skill-borrowings",
    title: "admin.skill-borrowings",
    fields: [
      reference("lender_id", "admin.lender_id", "skills", { isRequired: true }),
      reference("borrower_id", "admin.borrower_id", "skills", { isRequired: true }),
    ],
  },
  "workforce-settings": {
    path: "workforce-settings",
    title: "admin.workforce-settings",
    isSingle: true,
    fields: [
      { ...clock("night_from", "admin.night_from", "22:00"), isInList: true },
      { ...clock("night_to", "admin.night_to", "06:00"), isInList: true },
      within("night_min", "admin.night_min", 180, 1, 1440),
      {
        ...choice(
          "not_rostered",
          "admin.not_rostered",
          {
            allow: "admin.not_rostered_allow",
            flag: "admin.not_rostered_flag",
            refuse: "admin.not_rostered_refuse",
          },
          "allow",
        ),
        heading: "admin.settings_day",
      },
      within("early_min", "admin.early_min", 30, 0, 240),
      within("late_min", "admin.late_min", 5, 0, 240),
      toggle("swaps_need_approval", "admin.swaps_need_approval", true),
      within("request_hours", "admin.request_hours", 12, 0, 720),
      toggle("early_leave_is_paid", "admin.early_leave_is_paid", false),
      within("early_leave_answer_min", "admin.early_leave_answer_min", 15, 5, 240),
      { ...within("abandoned_target", "admin.abandoned_target", 500, 0, 10_000), heading: "admin.settings_targets" },
      within("occupancy_target", "admin.occupancy_target", 8500, 0, 10_000),
      { name: "shrinkage", label: "admin.shrinkage", type: { kind: "shares" }, initial: {} },
      { name: "queue_calendars", label: "admin.queue_calendars", type: { kind: "queue_calendars" }, initial: {} },
    ],
  },
};
