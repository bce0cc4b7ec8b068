/** One change of several agents, as its form says it and as the server takes it. */
import type { AgentsChange } from "@/api/agents";
import type { SetupRecord } from "@/api/setup";

export interface JointValues {
  skill_id?: string;
  level?: number;
  skills_taken?: string[];
  team_id?: string;
  add_group_ids?: string[];
  remove_group_ids?: string[];
}

/** As the server takes it; nothing that was left empty. */
export function jointChange(agents: readonly SetupRecord[], values: JointValues): AgentsChange {
  const taken = (values.skills_taken ?? []).map((skill_id) => ({ skill_id, level: null }));
  const given = values.skill_id ? [{ skill_id: values.skill_id, level: values.level ?? 1 }] : [];
  return {
    agents: agents.map(({ id, version }) => ({ id, version })),
    skills: [...given, ...taken],
    team_id: values.team_id ?? null,
    add_group_ids: values.add_group_ids ?? [],
    remove_group_ids: values.remove_group_ids ?? [],
  };
}
