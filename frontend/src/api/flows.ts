import { answer, client, type Schemas } from "./client";
import { request } from "./http";

export type FlowRecord = Schemas["FlowOut"];
export type FlowVersion = Schemas["FlowVersionOut"];
export type FlowProblem = Schemas["ProblemOut"];
export type FlowDifference = Schemas["FlowDifferenceOut"];
/** Where steps lie that were moved by hand. */
export type FlowLayout = Record<string, Schemas["StepPosition"]>;
export type TrialCall = Schemas["TrialCallOut"];
export type TrialLine = Schemas["TrialLineOut"];
export type TrialRequest = Schemas["TrialCallIn"];
/** A step as stored: `kind`, and what that kind needs. */
export type Step = Record<string, unknown> & { kind: string };
export interface Definition {
  first_step: string;
  steps: Record<string, Step>;
  [field: string]: unknown;
}

const at = (record_id: string) => ({ params: { path: { record_id } } });
const of = (flow_id: string) => ({ params: { path: { flow_id } } });

export const fetchFlow = (id: string) => answer(client.GET("/api/v1/admin/flows/{record_id}", at(id)));
export const fetchFlowVersion = (flow_id: string, number: number) =>
  answer(client.GET("/api/v1/admin/flows/{flow_id}/versions/{number}", { params: { path: { flow_id, number } } }));
export const saveFlowDraft = (id: string, version: number, definition: Definition, layout: FlowLayout) =>
  request<FlowVersion>("PUT", `/api/v1/admin/flows/${id}/draft`, { body: { version, definition, layout } });
export const checkFlow = (id: string, definition: Definition) =>
  answer(client.POST("/api/v1/admin/flows/{flow_id}/check", { ...of(id), body: { definition } }));
export const publishFlow = (id: string, version: number, number: number) =>
  answer(client.POST("/api/v1/admin/flows/{flow_id}/publish", { ...of(id), body: { version, number } }));
export const rollBackFlow = (id: string, version: number, number: number) =>
  answer(client.POST("/api/v1/admin/flows/{flow_id}/roll-back", { ...of(id), body: { version, number } }));
export const compareWithPublished = (id: string, definition: Definition) =>
  answer(client.POST("/api/v1/admin/flows/{flow_id}/difference", { ...of(id), body: { definition } }));
export const tryFlow = (id: string, body: TrialRequest) =>
  answer(client.POST("/api/v1/admin/flows/{flow_id}/trial-call", { ...of(id), body }));
