import { expect, it } from "vitest";
import { jointChange } from "@/features/admin/joint_change";

const AGENTS = [
  { id: "a", version: 2, tenant_id: "t", number: "8001" },
  { id: "b", version: 5, tenant_id: "t", number: "8002" },
];
const READ = [
  { id: "a", version: 2 },
  { id: "b", version: 5 },
];

it("sends what was filled in, with the versions that were seen", () => {
  const values = { skill_id: "s", level: 5, skills_taken: ["r"], add_group_ids: ["north"] };
  expect(jointChange(AGENTS, values)).toEqual({
    agents: READ,
    skills: [
      { skill_id: "s", level: 5 },
      { skill_id: "r", level: null },
    ],
    team_id: null,
    add_group_ids: ["north"],
    remove_group_ids: [],
  });
});

it("says nothing of what was left empty: the server then asks what is to change", () => {
  const nothing = { skills: [], team_id: null, add_group_ids: [], remove_group_ids: [] };
  expect(jointChange(AGENTS, { level: 5 })).toEqual({ agents: READ, ...nothing });
});
