/** One's own roster, what agents ask of rosters, and open shifts. */
import { answer, client, once, type Schemas } from "./client";
import type { paths } from "./schema";

export type OwnRoster = Schemas["OwnRosterOut"];
export type OwnShift = Schemas["OwnShiftOut"];
export type Wish = Schemas["WishOut"];
export type WishKind = Wish["kind"];
export type ShiftKindShown = Schemas["ShiftKindShownOut"];
export type SwapOffer = Schemas["SwapOfferOut"];
export type Taker = Schemas["TakerOut"];
export type ShiftRequest = Schemas["RequestOut"];
export type RequestShift = Schemas["RequestShiftOut"];
export type FurtherBreak = Schemas["FurtherBreakOut"];
export type Step = ShiftRequest["may"][number];
export type OpenShift = Schemas["OpenShiftOut"];
export type OwnOpenShift = Schemas["OwnOpenShiftOut"];
export type Objection = Schemas["ObjectionOut"];
export type NewOpenShift = Schemas["OpenShiftIn"];
export type Bid = Schemas["BidOut"];
export type Effect = Schemas["RequestEffectOut"];
export type RequestFilter = NonNullable<paths["/api/v1/workforce/requests"]["get"]["parameters"]["query"]>;
export type AbleQuery = paths["/api/v1/workforce/able-agents"]["get"]["parameters"]["query"];

const shift = (shift_id: string) => ({ params: { path: { shift_id } } });
const request = (request_id: string) => ({ params: { path: { request_id } } });
const opened = (open_shift_id: string) => ({ params: { path: { open_shift_id } } });

export const fetchMyRoster = () => answer(client.GET("/api/v1/workforce/my-roster"));
export const fetchSwapOffers = (shift_id: string, day?: string) =>
  answer(
    client.GET("/api/v1/workforce/my-roster/{shift_id}/swap-offers", {
      params: { path: { shift_id }, query: { day } },
    }),
  );
export const fetchTakers = (shift_id: string) =>
  answer(client.GET("/api/v1/workforce/my-roster/{shift_id}/takers", shift(shift_id)));
export const askForSwap = (shift_id: string, other_shift_id: string, words: string, key: string) =>
  answer(
    client.POST("/api/v1/workforce/my-roster/{shift_id}/swaps", {
      ...shift(shift_id),
      body: { other_shift_id, words },
      ...once(key),
    }),
  );
export const askToGiveAway = (shift_id: string, agent_id: string, words: string, key: string) =>
  answer(
    client.POST("/api/v1/workforce/my-roster/{shift_id}/give-aways", {
      ...shift(shift_id),
      body: { agent_id, words },
      ...once(key),
    }),
  );
export const askForLeave = (body: Schemas["LeaveIn"], key: string) =>
  answer(client.POST("/api/v1/workforce/my-leave", { body, ...once(key) }));
export const makeWish = (body: Schemas["WishIn"]) => answer(client.POST("/api/v1/workforce/my-wishes", { body }));
export const removeWish = (wish_id: string) =>
  answer(client.DELETE("/api/v1/workforce/my-wishes/{wish_id}", { params: { path: { wish_id } } }));

export const fetchMyRequests = () => answer(client.GET("/api/v1/workforce/my-requests"));
export const fetchMyWords = (request_id: string) =>
  answer(client.GET("/api/v1/workforce/my-requests/{request_id}/words", request(request_id)));
export const answerRequest = ({ id, version }: ShiftRequest, step: Step, words: string) =>
  answer(
    client.POST("/api/v1/workforce/my-requests/{request_id}/answers", {
      ...request(id),
      body: { version, answer: step, words },
    }),
  );
export const fetchMyOpenShifts = () => answer(client.GET("/api/v1/workforce/my-open-shifts"));
export const bidForShift = (open_shift_id: string, key: string) =>
  answer(
    client.POST("/api/v1/workforce/my-open-shifts/{open_shift_id}/bids", {
      ...opened(open_shift_id),
      body: { words: "" },
      ...once(key),
    }),
  );

export const fetchMyCalendar = () => answer(client.GET("/api/v1/workforce/my-calendar"));
export const renewMyCalendar = (in_messages: boolean) =>
  answer(client.POST("/api/v1/workforce/my-calendar", { params: { query: { in_messages } } }));
export const revokeMyCalendar = () => answer(client.DELETE("/api/v1/workforce/my-calendar"));
export const fetchMyMood = () => answer(client.GET("/api/v1/workforce/my-mood"));
export const answerMood = (score: number) => answer(client.POST("/api/v1/workforce/my-mood", { body: { score } }));

export const fetchRequests = (query: RequestFilter) =>
  answer(client.GET("/api/v1/workforce/requests", { params: { query } }));
export const fetchEffect = (request_id: string) =>
  answer(client.GET("/api/v1/workforce/requests/{request_id}/effect", request(request_id)));
export const fetchWords = (request_id: string) =>
  answer(client.GET("/api/v1/workforce/requests/{request_id}/words", request(request_id)));
export const decideOnRequest = ({ id, version }: ShiftRequest, decision: "approve" | "refuse", text: string) =>
  answer(
    client.POST("/api/v1/workforce/requests/{request_id}/decisions", {
      ...request(id),
      body: { version, decision, text },
    }),
  );
export const fetchOpenShifts = (is_open: boolean, cursor?: string) =>
  answer(client.GET("/api/v1/workforce/open-shifts", { params: { query: { is_open, cursor } } }));
export const openShift = (body: NewOpenShift, key: string) =>
  answer(client.POST("/api/v1/workforce/open-shifts", { body, ...once(key) }));
export const fetchAble = (query: AbleQuery) =>
  answer(client.GET("/api/v1/workforce/able-agents", { params: { query } }));
export const fetchBids = (open_shift_id: string) =>
  answer(client.GET("/api/v1/workforce/open-shifts/{open_shift_id}/bids", opened(open_shift_id)));
export const awardOpenShift = ({ id, version }: OpenShift, bid_ids: string[]) =>
  answer(
    client.POST("/api/v1/workforce/open-shifts/{open_shift_id}/awards", {
      ...opened(id),
      body: { version, bid_ids },
    }),
  );
export const closeOpenShift = ({ id, version }: OpenShift) =>
  answer(client.POST("/api/v1/workforce/open-shifts/{open_shift_id}/close", { ...opened(id), body: { version } }));
export const fetchPlannedKinds = () => answer(client.GET("/api/v1/workforce/shift-kinds"));
export type PlannedKind = Awaited<ReturnType<typeof fetchPlannedKinds>>[number];
export const fetchSkillsCalled = () => answer(client.GET("/api/v1/floor/skills"));
export type RosterNotice = Schemas["NoticeOut"];
export const fetchMyNotices = () => answer(client.GET("/api/v1/workforce/my-notices"));
export const readMyNotices = (up_to: string) =>
  answer(client.POST("/api/v1/workforce/my-notices/read", { body: { up_to } }));
