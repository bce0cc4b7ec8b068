/** Set-up records behave alike whatever they are, so one set of calls serves them all (the server's setup_routes). */
import { request } from "./http";

export interface SetupRecord {
  id: string;
  tenant_id?: string;
  version: number;
  [field: string]: unknown;
}

export interface SetupPage {
  items: SetupRecord[];
  next_cursor: string | null;
}

const BASE = "/api/v1/admin";

export const fetchRecords = (
  path: string,
  q: string,
  cursor?: string,
  equal: Record<string, string | undefined> = {},
) => request<SetupPage>("GET", `${BASE}/${path}`, { query: { q, cursor, ...equal } });
export const createRecord = (path: string, values: Record<string, unknown>, idempotencyKey: string) =>
  request<SetupRecord>("POST", `${BASE}/${path}`, { body: values, idempotencyKey });
export const changeRecord = (path: string, record: SetupRecord, values: Record<string, unknown>) =>
  request<SetupRecord>("PATCH", `${BASE}/${path}/${record.id}`, { body: { ...values, version: record.version } });
export const removeRecord = (path: string, record: SetupRecord) =>
  request<undefined>("DELETE", `${BASE}/${path}/${record.id}`, { query: { version: record.version } });

export interface SeatRow {
  site_id: string;
  first: string;
  last: string;
  state: "usable" | "reserve";
}

/** Seats such as A001 to A040 at once; sent again it makes none a second time. */
export const createSeatRow = (row: SeatRow) =>
  request<{ created: number; existing: number }>("POST", `${BASE}/seat-rows`, { body: row });

/** Told once; a former one ends with it. */
export const makeEntryPointSecret = (id: string) =>
  request<{ secret: string }>("POST", `${BASE}/entry-points/${id}/secret`);

const ENOUGH_PAGES = 10;

/** Every record of a kind, for pickers; a tenant has at most some hundreds of each. */
export async function fetchAllRecords(path: string): Promise<SetupRecord[]> {
  const found: SetupRecord[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < ENOUGH_PAGES; page += 1) {
    const part = await request<SetupPage>("GET", `${BASE}/${path}`, { query: { limit: 200, cursor } });
    found.push(...part.items);
    if (!part.next_cursor) break;
    cursor = part.next_cursor;
  }
  return found;
}
