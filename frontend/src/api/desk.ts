import type { Bilingual } from "@/words";
import type { Customer } from "./customers";
import type { Credentials } from "@/softphone/phone";
import { request } from "./http";

export interface DispositionNode {
  id: string;
  parent_id: string | null;
  kind: "reason" | "outcome";
  name: Bilingual;
  position: number;
}

export interface TicketType {
  id: string;
  name: Bilingual;
  department_id: string | null;
  due_hours: number;
}

export interface Department {
  id: string;
  name: Bilingual;
}

export interface TicketSummary {
  id: string;
  number: string;
  type_name: Bilingual;
  text: string;
  state: string;
  clock: string;
  due_at: string;
  department_name: Bilingual | null;
}

export interface EarlierContact {
  id: string;
  arrived_at: string;
  channel: string;
  outcome: string;
  queue_name: Bilingual | null;
  reasons: Bilingual[];
  note: string;
}

/** Everything that the desk shows when a contact pops. */
export interface Pop {
  contact: {
    id: string;
    caller: string;
    called: string;
    arrived_at: string;
    language: string;
    is_simulated: boolean;
    is_recorded: boolean;
    entry_point_name: Bilingual | null;
  };
  customer: Customer | null;
  open_tickets: TicketSummary[];
  earlier_contacts: EarlierContact[];
  dispositions: DispositionNode[];
  ticket_types: TicketType[];
  departments: Department[];
  usual_talk_ms?: number | null;
}

export interface Matter {
  disposition_id: string;
  outcome_id: string | null;
  note: string;
}

export interface SoftphoneAnswer extends Credentials {
  kind: "browser" | "sip_phone" | "simulated";
  has_voice: boolean;
}

export interface TransferTargets {
  queues: { id: string; name: Bilingual }[];
  agents: { id: string; name: string; number: string }[];
}

export interface AwayReason {
  id: string;
  name: Bilingual;
}

export const fetchTransferTargets = () => request<TransferTargets>("GET", "/api/v1/desk/transfer-targets");
export const fetchAwayReasons = () => request<{ items: AwayReason[] }>("GET", "/api/v1/desk/away-reasons");
export const fetchPop = (contactId: string) => request<Pop>("GET", `/api/v1/desk/contacts/${contactId}`);
export const fetchSoftphone = () => request<SoftphoneAnswer>("GET", "/api/v1/desk/softphone");
export const sealNumber = (number: string) =>
  request<{ sealed: string }>("POST", "/api/v1/desk/numbers/seal", { body: { number } });
export const fileWrapUp = (contactId: string, matters: Matter[], note: string) =>
  request<undefined>("POST", `/api/v1/desk/contacts/${contactId}/wrap-up`, { body: { matters, note } });
export const chooseCustomer = (contactId: string, customerId: string) =>
  request<undefined>("PUT", `/api/v1/desk/contacts/${contactId}/customer`, { body: { customer_id: customerId } });

interface DraftRow {
  field: string;
  text: string;
  saved_at: string;
}

export const draftServer = {
  load: async (contact: string) => {
    const rows = await request<{ items: DraftRow[] }>("GET", `/api/v1/desk/contacts/${contact}/drafts`);
    return rows.items.map(({ field, text, saved_at }) => ({ field, text, at_ms: Date.parse(saved_at) }));
  },
  save: (contact: string, field: string, text: string) =>
    request<undefined>("PUT", `/api/v1/desk/contacts/${contact}/drafts/${field}`, { body: { text } }),
};
