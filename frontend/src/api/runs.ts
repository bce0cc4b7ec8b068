import { answer, client, type Schemas } from "./client";

/** A long piece of planning work: a forecast, staffing, a roster, a what-if. */
export type PlanningRun = Schemas["PlanningRunOut"];
export type PlanningRunDetail = Schemas["PlanningRunDetail"];

const RUN = "/api/v1/workforce/runs/{run_id}";
const of = (run_id: string) => ({ params: { path: { run_id } } });

/** With what came of it, once it is done. */
export const fetchRun = (run_id: string) => answer(client.GET(RUN, of(run_id)));
export const stopRun = (run_id: string) => answer(client.POST(`${RUN}/stop`, of(run_id)));
export const cancelRun = (run_id: string) => answer(client.POST(`${RUN}/cancel`, of(run_id)));
