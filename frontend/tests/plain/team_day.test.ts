import { describe, expect, it } from "vitest";
import type { PersonDay, TeamDay } from "@/api/day";
import { drawnPart, matches, rowsOf, shareOf } from "@/features/workforce/team_day_rows";
import type { AgentDocument, AgentState } from "@/live/documents";

const at = (clock: string) => `2026-03-04T${clock}:00Z`;
const ms = (clock: string) => Date.parse(at(clock));
const NOW = ms("12:40");

function person(values: Partial<PersonDay> = {}): PersonDay {
  return {
    agent_id: "ann",
    agent_name: "Ann",
    team_id: "north",
    team_name: { zh: "北", en: "North" },
    is_rostered: true,
    shifts: [],
    plan: [
      { kind: "work", begins_at: at("08:00"), ends_at: at("12:00") },
      { kind: "break", begins_at: at("12:00"), ends_at: at("12:30") },
      { kind: "work", begins_at: at("12:30"), ends_at: at("16:00") },
    ],
    done: [],
    breaks: [],
    activities: [],
    absences: [],
    figures: {
      planned_s: 0,
      kept_s: 0,
      adherence: null,
      planned_work_s: 0,
      worked_s: 0,
      conformance: null,
      late_s: 0,
      early_leave_s: 0,
      long_break_s: 0,
      is_absent: false,
      out_of_plan_at: null,
    },
    ...values,
  };
}

function day(people: PersonDay[], isFlagged = true): TeamDay {
  return {
    tenant_id: "water",
    day: "2026-03-04",
    time_zone: "UTC",
    begins_at: at("00:00"),
    ends_at: "2026-03-05T00:00:00Z",
    as_of: at("12:35"),
    late_min: 5,
    is_published: true,
    flags_not_rostered: isFlagged,
    people,
    adherence: null,
    conformance: null,
  };
}

function agent(state: AgentState, since: string, agent_id = "ann"): AgentDocument {
  return {
    agent_id,
    name: agent_id,
    team_id: null,
    site_id: null,
    seat_id: null,
    tenant_ids: ["water"],
    state,
    reason: null,
    since_ms: ms(since),
    contact_id: null,
    queue_id: null,
    is_simulated: false,
    monitoring: [],
  };
}

describe("rows of a team's day", () => {
  it("say since when somebody is out of plan, from the floor's own state", () => {
    const rows = (state: AgentState, since: string) => rowsOf(day([person()]), [agent(state, since)], NOW)[0];
    expect(rows("busy", "12:31")?.outOfPlanMs).toBeNull();
    expect(rows("away", "12:20")?.outOfPlanMs).toBe(ms("12:30"));
    expect(rows("away", "12:36")?.outOfPlanMs).toBe(ms("12:36"));
    expect(rows("signed_out", "12:36")?.badges).toContain("out_of_plan");
  });

  it("drop the sign of absence as soon as somebody comes, before the server has told of it", () => {
    const absent = person({ figures: { ...person().figures, is_absent: true } });
    expect(rowsOf(day([absent]), [], NOW)[0]?.badges).toContain("absent");
    expect(rowsOf(day([absent]), [agent("away", "12:39")], NOW)[0]?.badges).not.toContain("absent");
  });

  it("list who works without a shift, flagged only where the tenant wants it", () => {
    const stranger = agent("available", "12:00", "bob");
    const found = rowsOf(day([person()]), [agent("busy", "12:30"), stranger], NOW);
    expect(found.map((row) => row.agentId)).toEqual(["ann", "bob"]);
    expect(found[1]?.badges).toEqual(["not_rostered"]);
    expect(rowsOf(day([], false), [stranger], NOW)[0]?.badges).toEqual([]);
    expect(rowsOf(day([]), [{ ...stranger, tenant_ids: ["gas"] }], NOW)).toEqual([]);
    expect(rowsOf(day([]), [{ ...stranger, state: "signed_out" }], NOW)).toEqual([]);
  });

  it("come with the longest out of plan first", () => {
    const others = ["bea", "cy"].map((id) => person({ agent_id: id, agent_name: id }));
    const states = [agent("away", "12:38"), agent("away", "12:10", "bea"), agent("busy", "12:30", "cy")];
    expect(rowsOf(day([person(), ...others]), states, NOW).map((row) => row.agentId)).toEqual(["bea", "ann", "cy"]);
  });

  it("show no present state of another day", () => {
    const yesterday = rowsOf(day([person()]), [agent("busy", "12:30")], NOW + 86_400_000);
    expect([yesterday[0]?.state, yesterday[0]?.planned, yesterday[0]?.outOfPlanMs]).toEqual([null, null, null]);
  });

  it("are filtered by sign, team and name", () => {
    const [row] = rowsOf(day([person()]), [agent("away", "12:36")], NOW);
    if (!row) throw new Error("no row");
    expect(matches(row, { badge: "out_of_plan", teamId: "north", name: "AN" })).toBe(true);
    expect(matches(row, { badge: "late" })).toBe(false);
    expect(matches(row, { teamId: "south" })).toBe(false);
    expect(matches(row, { name: "bob" })).toBe(false);
  });
});

describe("the part of the day that is drawn", () => {
  it("is that in which anything is planned, in whole hours", () => {
    expect(drawnPart(day([person()]))).toEqual({ beginsMs: ms("08:00"), endsMs: ms("16:00") });
    expect(drawnPart(day([]))).toEqual({ beginsMs: ms("00:00"), endsMs: Date.parse("2026-03-05T00:00:00Z") });
    expect(shareOf(ms("10:00"), ms("08:00"), ms("16:00"))).toBe(0.25);
    expect(shareOf(ms("07:00"), ms("08:00"), ms("16:00"))).toBe(0);
  });
});
