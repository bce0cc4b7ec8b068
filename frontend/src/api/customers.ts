import { request } from "./http";

export interface Phone {
  id: string;
  masked: string;
  label: string;
}

export interface Meter {
  id: string;
  number: string;
}

export interface Address {
  id: string;
  text: string;
  district: string;
  meters: Meter[];
}

export interface Customer {
  id: string;
  number: string;
  name: string;
  kind: string;
  value_grade: string;
  since: string | null;
  language: string;
  needs: string[];
  phones: Phone[];
  addresses: Address[];
  consents: { kind: string; is_given: boolean }[];
  version: number;
}

/** One line of a list of customers. */
export interface CustomerBrief {
  id: string;
  number: string;
  name: string;
  kind: string;
  value_grade: string;
  address: string;
}

export interface NewCustomer {
  name: string;
  kind: "person" | "organisation";
  phones: { number: string; label: string }[];
  addresses: { text: string }[];
}

export const searchCustomers = (search: string) =>
  request<{ items: CustomerBrief[] }>("GET", "/api/v1/customers", { query: { search } });
export const fetchCustomer = (id: string) => request<Customer>("GET", `/api/v1/customers/${id}`);
export const createCustomer = (customer: NewCustomer, idempotencyKey: string) =>
  request<Customer>("POST", "/api/v1/customers", { body: customer, idempotencyKey });
/** The whole number; who saw it and why is in the audit. */
export const revealPhone = (customerId: string, phoneId: string, reason: string) =>
  request<{ number: string }>("POST", `/api/v1/customers/${customerId}/phones/${phoneId}/reveal`, { body: { reason } });
