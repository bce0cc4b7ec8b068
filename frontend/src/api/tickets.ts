import { answer, client, once, type Schemas } from "./client";
import type { paths } from "./schema";

export type Ticket = Schemas["TicketBriefOut"];
export type TicketDetail = Schemas["TicketOut"];
export type NewTicket = Schemas["NewTicketIn"];
export type TicketStep = Schemas["StepIn"];
export type TicketFilter = NonNullable<paths["/api/v1/tickets"]["get"]["parameters"]["query"]>;

const at = (ticket_id: string) => ({ params: { path: { ticket_id } } });

export const openTicket = (body: NewTicket, key: string) =>
  answer(client.POST("/api/v1/tickets", { body, ...once(key) }));
export const fetchTickets = (query: TicketFilter) => answer(client.GET("/api/v1/tickets", { params: { query } }));
export const fetchTicketCounts = () => answer(client.GET("/api/v1/tickets/counts"));
export const fetchTicket = (id: string) => answer(client.GET("/api/v1/tickets/{ticket_id}", at(id)));
export const takeStep = (id: string, body: TicketStep) =>
  answer(client.POST("/api/v1/tickets/{ticket_id}/steps", { ...at(id), body }));
export const addComment = (id: string, text: string) =>
  answer(client.POST("/api/v1/tickets/{ticket_id}/comments", { ...at(id), body: { text } }));
export const assignTicket = (id: string, body: Schemas["AssignIn"]) =>
  answer(client.POST("/api/v1/tickets/{ticket_id}/assign", { ...at(id), body }));
export const changeDue = (id: string, due_at: string, reason: string) =>
  answer(client.PUT("/api/v1/tickets/{ticket_id}/due", { ...at(id), body: { due_at, reason } }));
