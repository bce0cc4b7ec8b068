import { answer, client, type Schemas } from "./client";

export type Roster = Schemas["RosterOut"];
export type RosterDocument = Schemas["RosterDocument"];
export type RosterKind = Schemas["RosterKind"];
export type RosterPerson = Schemas["RosterPerson"];
export type RosterEdit = Schemas["RosterEdit"];
export type Edited = Schemas["EditedOut"];
export type RuleBreach = Schemas["BreachOut"];
export type RosterChecks = Schemas["RosterChecks"];
export type Unfilled = Schemas["UnfilledOut"];
export type LawfulShift = Schemas["LawfulShift"];
export type Candidate = Schemas["Candidate"];
export type RosterComparison = Schemas["RosterComparison"];
export type RosterFigures = Schemas["RosterFigures"];
export type NewRoster = Schemas["RosterCreate"];
export type DemandChange = Schemas["DemandChange"];
export type DemandChanged = Schemas["DemandChanged"];

const ONE = "/api/v1/workforce/rosters/{roster_id}";
const at = (roster_id: string) => ({ path: { roster_id } });

export const fetchRosters = () =>
  answer(client.GET("/api/v1/workforce/rosters", { params: { query: { limit: 100 } } }));
export const createRoster = (body: NewRoster) => answer(client.POST("/api/v1/workforce/rosters", { body }));
// The client loosens pairs to lists of any length: what the description says is put back.
export const fetchRoster = (id: string) => answer(client.GET(ONE, { params: at(id) })) as Promise<RosterDocument>;
export const editRoster = (id: string, version: number, edits: RosterEdit[]) =>
  answer(client.POST(`${ONE}/edits`, { params: at(id), body: { version, edits } })) as Promise<Edited>;
export const changeDemand = (id: string, body: DemandChange) =>
  answer(client.POST(`${ONE}/demand`, { params: at(id), body }));
export const publishRoster = (id: string, version: number) =>
  answer(client.POST(`${ONE}/publish`, { params: at(id), body: { version } }));
export const removeRoster = (id: string, version: number) =>
  answer(client.POST(`${ONE}/remove`, { params: at(id), body: { version } }));
export const fetchChecks = (id: string) => answer(client.GET(`${ONE}/checks`, { params: at(id) }));
export const fetchLawfulShifts = (id: string, agent_id: string, day: string) =>
  answer(client.GET(`${ONE}/lawful-shifts`, { params: { ...at(id), query: { agent_id, day } } }));
export const fetchCandidates = (
  id: string,
  query: { day: string; shift_kind_id: string; start: number; skill_id?: string },
) => answer(client.GET(`${ONE}/candidates`, { params: { ...at(id), query } }));
export const compareRosters = (id: string, base: string) =>
  answer(client.GET(`${ONE}/comparison`, { params: { ...at(id), query: { base } } }));

export const solveRoster = (id: string, body: Schemas["SolveIn"]) =>
  answer(client.POST(`${ONE}/solve`, { params: at(id), body }));
export const fetchShiftCosts = (id: string) => answer(client.GET(`${ONE}/shift-costs`, { params: at(id) }));
