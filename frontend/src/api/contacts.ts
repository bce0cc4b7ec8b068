import { answer, client, type Schemas } from "./client";
import type { paths } from "./schema";

export type ContactBrief = Schemas["ContactBriefOut"];
export type ContactDetail = Schemas["ContactOut"];
export type CallBack = Schemas["CallBackOut"];
export type RefusedCall = Schemas["RefusedCallOut"];
export type Alarm = Schemas["AlarmOut"];
export type DayReport = Schemas["DayReportOut"];
export type QueueDay = Schemas["QueueDayOut"];
export type QueuePeriod = Schemas["QueuePeriodOut"];
export type HandleTime = Schemas["HandleTimeOut"];
export type HandleTimeReport = Schemas["HandleTimeReportOut"];
export type HandleTimeQuery = NonNullable<paths["/api/v1/reports/handle-times/agents"]["get"]["parameters"]["query"]>;
/** One month such as 2026-11, or one year such as 2026. */
export type Period = { month: string } | { year: string };
export type ContactFilter = NonNullable<paths["/api/v1/contacts"]["get"]["parameters"]["query"]>;

export const fetchContacts = (query: ContactFilter) => answer(client.GET("/api/v1/contacts", { params: { query } }));
export const fetchContact = (contact_id: string) =>
  answer(client.GET("/api/v1/contacts/{contact_id}", { params: { path: { contact_id } } }));
export const revealCaller = (contact_id: string, reason: string) =>
  answer(
    client.POST("/api/v1/contacts/{contact_id}/caller/reveal", { params: { path: { contact_id } }, body: { reason } }),
  );
export const preserveContact = (contact_id: string, reason: string) =>
  answer(
    client.PUT("/api/v1/contacts/{contact_id}/preservation", { params: { path: { contact_id } }, body: { reason } }),
  );
export const liftPreservation = (contact_id: string) =>
  answer(client.DELETE("/api/v1/contacts/{contact_id}/preservation", { params: { path: { contact_id } } }));
export const fetchCallBacks = (is_done: boolean, cursor?: string) =>
  answer(client.GET("/api/v1/call-backs", { params: { query: { is_done, cursor } } }));
export type Abandoned = Schemas["AbandonedOut"];
export const fetchAbandoned = (is_settled: boolean, cursor?: string) =>
  answer(client.GET("/api/v1/abandoned", { params: { query: { is_settled, cursor } } }));
export const settleAbandoned = (contact_id: string, decision: "done" | "ignored", reason: string) =>
  answer(
    client.POST("/api/v1/abandoned/{contact_id}/settlement", {
      params: { path: { contact_id } },
      body: { decision, reason },
    }),
  );
/** Not before that moment; without one as soon as may be. */
export const callBackAbandoned = (contact_id: string, not_before: string | null) =>
  answer(
    client.POST("/api/v1/abandoned/{contact_id}/call-back", {
      params: { path: { contact_id } },
      body: { not_before },
    }),
  );
export const fetchRefusedCalls = (cursor?: string) =>
  answer(client.GET("/api/v1/refused-calls", { params: { query: { cursor } } }));
export const finishCallBack = (call_back_id: string, note: string) =>
  answer(client.POST("/api/v1/call-backs/{call_back_id}/done", { params: { path: { call_back_id } }, body: { note } }));
export const fetchDayReport = (date?: string) =>
  answer(client.GET("/api/v1/reports/intervals", { params: { query: { date } } }));
export const fetchServiceLevels = (query: Period) =>
  answer(client.GET("/api/v1/reports/service-levels", { params: { query } }));
export const fetchHandleTimes = (by: "agent" | "reason", query: HandleTimeQuery) =>
  by === "agent"
    ? answer(client.GET("/api/v1/reports/handle-times/agents", { params: { query } }))
    : answer(client.GET("/api/v1/reports/handle-times/reasons", { params: { query } }));

export type ReserveActivation = Schemas["ReserveActivationOut"];
export const fetchReserveReport = (query: { first_day: string; last_day: string }) =>
  answer(client.GET("/api/v1/reports/reserve-teams", { params: { query } }));

export type SiteSeats = Schemas["SiteSeatsOut"];
export type SeatPeak = Schemas["SeatPeakOut"];
export const fetchSeatReport = (query: { first_day: string; last_day: string }) =>
  answer(client.GET("/api/v1/reports/seats", { params: { query } }));
export type PoolPart = Schemas["PoolPartOut"];
export type PoolFigures = Schemas["PoolFiguresOut"];
export const fetchPoolReport = (query: Period) => answer(client.GET("/api/v1/reports/pools", { params: { query } }));
export const poolFileAddress = (period: Period): string =>
  `/api/v1/reports/pools.csv?${new URLSearchParams(period).toString()}`;
export type AccessReport = Schemas["AccessReportOut"];
export type AccessRow = Schemas["AccessRowOut"];
export type AccessQuery = { by: AccessReport["by"]; first_day: string; last_day: string };
export const fetchAccessReport = (query: AccessQuery) =>
  answer(client.GET("/api/v1/reports/access", { params: { query } }));
/** Which the browser opens itself: a download. */
export const accessFile = (query: AccessQuery): string =>
  `/api/v1/reports/access.csv?${new URLSearchParams(query).toString()}`;

export type AccountRow = Schemas["AccountRowOut"];
export const fetchKeyAccounts = (query: { first_day: string; last_day: string }) =>
  answer(client.GET("/api/v1/reports/key-accounts", { params: { query } }));

export const fetchAlarms = (date?: string) => answer(client.GET("/api/v1/alarms", { params: { query: { date } } }));

/** Addresses that the browser opens itself: a download and a sound. */
export const exportAddress = (filter: ContactFilter): string => {
  const pairs = Object.entries(filter).filter(([name, value]) => Boolean(value) && name !== "cursor");
  return `/api/v1/contacts.csv?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()}`;
};
export const seatFileAddress = (days: { first_day: string; last_day: string }): string =>
  `/api/v1/reports/seats.csv?${new URLSearchParams(days).toString()}`;
export const audioAddress = (contact: string, recording: string, reason: string): string =>
  `/api/v1/contacts/${contact}/recordings/${recording}/audio?reason=${encodeURIComponent(reason)}`;
