import type { Bilingual } from "@/words";
import { request } from "./http";

export interface NewTicket {
  ticket_type_id: string;
  text: string;
  department_id: string | null;
  due_at: string | null;
  contact_id: string | null;
  customer_id: string | null;
}

export interface Ticket {
  id: string;
  number: string;
  type_name: Bilingual;
  customer_id: string | null;
  customer_name: string | null;
  contact_id: string | null;
  text: string;
  department_id: string | null;
  department_name: Bilingual | null;
  assignee_id: string | null;
  assignee_name: string | null;
  opened_at: string;
  due_at: string;
  state: string;
  clock: "late" | "soon" | "in_time" | "stopped";
  version: number;
}

export interface TicketEvent {
  id: string;
  at: string;
  kind: string;
  actor_name: string;
  text: string;
}

export interface TicketDetail extends Ticket {
  events: TicketEvent[];
  steps: string[];
}

export interface TicketFilter {
  view?: string;
  state?: string;
  department_id?: string;
  search?: string;
  cursor?: string;
}

export const openTicket = (ticket: NewTicket, idempotencyKey: string) =>
  request<TicketDetail>("POST", "/api/v1/tickets", { body: ticket, idempotencyKey });
export const fetchTickets = (filter: TicketFilter) =>
  request<{ items: Ticket[]; next_cursor: string | null }>("GET", "/api/v1/tickets", { query: { ...filter } });
export const fetchTicket = (id: string) => request<TicketDetail>("GET", `/api/v1/tickets/${id}`);
export const takeStep = (id: string, step: string, body: Record<string, unknown>) =>
  request<TicketDetail>("POST", `/api/v1/tickets/${id}/${step}`, { body });
