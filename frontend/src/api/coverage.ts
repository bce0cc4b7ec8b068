import { answer, client, type Schemas } from "./client";

export type Coverage = Schemas["CoverageOut"];
export type QueueCoverage = Schemas["QueueCoverage"];
export type CoverageGap = Schemas["CoverageGap"];
export type CoverageRun = Schemas["CoverageRun"];
export type RotationEffects = Schemas["RotationEffectsOut"];
export type EffectFigure = Schemas["EffectFigure"];

interface Asked {
  first_day: string;
  last_day: string;
  tenant_id?: string;
}

export const fetchCoverage = (query: Asked) => answer(client.GET("/api/v1/workforce/coverage", { params: { query } }));
export const fetchRotationEffects = (months: number, tenant_id?: string) =>
  answer(client.GET("/api/v1/workforce/rotation-effects", { params: { query: { months, tenant_id } } }));
