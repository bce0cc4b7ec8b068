import { answer, client, once, type Schemas } from "./client";

export type AgentsChange = Schemas["AgentsChange"];

export const changeAgentsTogether = (body: AgentsChange, key: string) =>
  answer(client.POST("/api/v1/admin/agents/changes", { body, ...once(key) }));
