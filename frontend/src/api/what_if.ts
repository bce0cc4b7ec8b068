import { answer, client, once, type Schemas } from "./client";

export type WhatIfRun = Schemas["WhatIfRunOut"];
export type WhatIf = Schemas["WhatIfOut"];
export type WhatIfResult = Schemas["WhatIfResult"];
export type WhatIfFigure = Schemas["WhatIfFigure"];
export type WhatIfEstimate = Schemas["WhatIfEstimate"];
export type WhatIfCurve = Schemas["WhatIfCurve"];
export type WhatIfChange = Schemas["WhatIfDraft"];
export type WhatIfQuestion = Schemas["WhatIfIn"];

const RUNS = "/api/v1/admin/routing/what-ifs";

export const fetchWhatIfs = (tenant_id: string | undefined, cursor?: string) =>
  answer(client.GET(RUNS, { params: { query: { tenant_id, cursor } } }));
export const askWhatIf = (body: WhatIfQuestion, key: string) => answer(client.POST(RUNS, { body, ...once(key) }));
export const fetchWhatIf = (run_id: string) =>
  answer(client.GET("/api/v1/admin/routing/what-ifs/{run_id}", { params: { path: { run_id } } }));
export const cancelWhatIf = (run_id: string) =>
  answer(client.POST("/api/v1/admin/routing/what-ifs/{run_id}/cancel", { params: { path: { run_id } } }));
export const applyWhatIf = (run_id: string) =>
  answer(client.POST("/api/v1/admin/routing/what-ifs/{run_id}/apply", { params: { path: { run_id } } }));
