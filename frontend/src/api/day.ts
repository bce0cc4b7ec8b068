import { answer, client, once, type Schemas } from "./client";
import type { paths } from "./schema";

export type TeamDay = Schemas["TeamDayOut"];
export type PersonDay = Schemas["PersonDayOut"];
export type PlanKind = Schemas["SegmentOut"]["kind"];
export type PlanSegment = Schemas["SegmentOut"];
export type DoneStretch = Schemas["StretchOut"];
export type Replacements = Schemas["ReplacementsOut"];
export type AbsenceKind = NonNullable<Schemas["AbsenceIn"]["kind"]>;
export type DayFilter = NonNullable<paths["/api/v1/workforce/day"]["get"]["parameters"]["query"]>;

export const fetchTeamDay = (query: DayFilter) => answer(client.GET("/api/v1/workforce/day", { params: { query } }));
export const reportAbsence = (body: Schemas["AbsenceIn"], key: string) =>
  answer(client.POST("/api/v1/workforce/absences", { body, ...once(key) }));
export const cancelAbsence = (absence_id: string, version: number) =>
  answer(
    client.POST("/api/v1/workforce/absences/{absence_id}/cancel", {
      params: { path: { absence_id } },
      body: { version },
    }),
  );
export const fetchReplacements = (shift_id: string) =>
  answer(client.GET("/api/v1/workforce/roster-shifts/{shift_id}/replacements", { params: { path: { shift_id } } }));
export const askForReplacement = (shift_id: string, agent_ids: string[], key: string) =>
  answer(client.POST("/api/v1/workforce/call-ins", { body: { shift_id, agent_ids }, ...once(key) }));

export type Intraday = Schemas["IntradayOut"];
export type IntradayQueue = Schemas["IntradayQueueOut"];
export type Proposal = Schemas["ProposalOut"];
export type ProposedMove = Schemas["ProposedMove"];
export type DayWhatIf = Schemas["DayWhatIfIn"];

export const moveBreak = (shift_id: string, body: Schemas["BreakMoveIn"]) =>
  answer(
    client.POST("/api/v1/workforce/roster-shifts/{shift_id}/move-break", { params: { path: { shift_id } }, body }),
  );
export const moveActivity = (activity_id: string, body: Schemas["ActivityMoveIn"]) =>
  answer(client.POST("/api/v1/workforce/activities/{activity_id}/move", { params: { path: { activity_id } }, body }));
export type ActivityKind = Schemas["ActivityIn"]["kind"];
export const planActivity = (body: Schemas["ActivityIn"], key: string) =>
  answer(client.POST("/api/v1/workforce/activities", { body, ...once(key) }));
export const fetchIntraday = (tenant_id: string | undefined) =>
  answer(client.GET("/api/v1/workforce/intraday", { params: { query: { tenant_id } } }));
export const askDayWhatIf = (body: DayWhatIf) => answer(client.POST("/api/v1/workforce/intraday/what-if", { body }));

export type LeaveCandidates = Schemas["LeaveCandidatesOut"];
export type LeaveOffer = Schemas["LeaveOfferOut"];
export const fetchLeaveCandidates = (queue_id: string, leaves_at: string, tenant_id: string) =>
  answer(client.GET("/api/v1/workforce/leave-candidates", { params: { query: { queue_id, leaves_at, tenant_id } } }));
export const fetchLeaveOffers = (tenant_id: string | undefined) =>
  answer(client.GET("/api/v1/workforce/leave-offers", { params: { query: { tenant_id } } }));
export const offerToLeave = (body: Schemas["LeaveOfferIn"], key: string) =>
  answer(client.POST("/api/v1/workforce/leave-offers", { body, ...once(key) }));
export const closeLeaveOffer = (offer_id: string, version: number) =>
  answer(
    client.POST("/api/v1/workforce/leave-offers/{offer_id}/close", {
      params: { path: { offer_id } },
      body: { version },
    }),
  );
