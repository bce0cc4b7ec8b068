/** Rotations: who may join, and what members may not be asked for. */
import { code, names, number, toggle } from "./fields";
import type { Field, Resource } from "./fields";

const quietly = (field: Field): Field => ({ ...field, isInList: false });
const limit = (name: "most_members" | "rest_block_days" | "hours_tolerance_percent", min: number, max: number): Field =>
  quietly(number(name, `admin.${name}`, undefined, { type: { kind: "number", min, max } }));

export const ROTATIONS: Resource = {
  path: "rotations",
  title: "admin.rotations",
  fields: [
    code,
    names,
    { name: "valid_from", label: "admin.valid_from", type: { kind: "date" }, isRequired: true, isInList: true },
    { name: "valid_to", label: "admin.valid_to", type: { kind: "date" }, isInList: true },
    {
      name: "team_ids",
      label: "admin.rotation_teams",
      type: { kind: "references", resource: "teams" },
      initial: [],
      heading: "admin.rotation_who",
    },
    limit("most_members", 1, 100_000),
    number("longest_months", "admin.longest_months", 12, { type: { kind: "number", min: 1, max: 120 } }),
    toggle("needs_evidence", "admin.needs_evidence", false),
    { ...limit("rest_block_days", 2, 7), heading: "admin.rotation_promise" },
    limit("hours_tolerance_percent", 0, 50),
    quietly(toggle("asks_earliest_start", "admin.asks_earliest_start", false)),
    quietly(toggle("asks_latest_end", "admin.asks_latest_end", false)),
    quietly(toggle("allows_split", "admin.allows_split", true)),
    { name: "closed_hours", label: "admin.closed_hours", type: { kind: "spans" }, initial: [] },
    quietly(toggle("asks_timetable", "admin.asks_timetable", false)),
    quietly(number("travel_minutes", "admin.travel_minutes", 0, { type: { kind: "number", min: 0, max: 240 } })),
  ],
};
