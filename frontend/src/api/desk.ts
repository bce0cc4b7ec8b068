import { answer, client, once, type Schemas } from "./client";

/** Everything that the desk shows when a contact pops. */
export type Pop = Schemas["PopOut"];
export type LentContact = Schemas["LentContactOut"];
export type DispositionNode = Schemas["DispositionOut"];
export type TransferTargets = Schemas["TransferTargets"];

export interface Matter {
  disposition_id: string;
  outcome_id: string | null;
  note: string;
  /** The business module, and whether the matter ends here; solved unless said otherwise. */
  module_id?: string | null;
  is_solved?: boolean;
}

export const fetchTransferTargets = () => answer(client.GET("/api/v1/desk/transfer-targets"));
export const fetchAwayReasons = () => answer(client.GET("/api/v1/desk/away-reasons"));
export const fetchSoftphone = () => answer(client.GET("/api/v1/desk/softphone"));
/** The outside number in the form in which a transfer names it; only what the administrator allows is sealed. */
export const sealNumber = (number: string, tenant_id: string) =>
  answer(client.POST("/api/v1/desk/numbers/seal", { body: { number, tenant_id } }));

/** Free seats to choose from at sign-in, the own site first. */
export const fetchSeats = () => answer(client.GET("/api/v1/desk/seats"));

export const fetchDepartments = () => answer(client.GET("/api/v1/desk/departments"));
/** The department's queue or sealed number; refused while it is closed. */
export const findDepartmentTarget = (department_id: string) =>
  answer(client.POST("/api/v1/desk/departments/{department_id}/target", { params: { path: { department_id } } }));

const at = (contact_id: string) => ({ params: { path: { contact_id } } });

export const fetchPop = (contact: string) => answer(client.GET("/api/v1/desk/contacts/{contact_id}", at(contact)));
/** Why one's own contact came here: how long it had waited, and what routing decided. */
export const fetchReasons = (contact: string) =>
  answer(client.GET("/api/v1/desk/contacts/{contact_id}/reasons", at(contact)));
/** Another company's contact that this agent has in hand by a shared pool. */
export const fetchLentContact = (contact: string) =>
  answer(client.GET("/api/v1/desk/lent-contacts/{contact_id}", at(contact)));
const filed = (matters: Matter[], note: string) => ({
  matters: matters.map((matter) => ({ ...matter, is_solved: matter.is_solved ?? true })),
  note,
});
export const fileWrapUp = (contact: string, matters: Matter[], note: string) =>
  answer(client.POST("/api/v1/desk/contacts/{contact_id}/wrap-up", { ...at(contact), body: filed(matters, note) }));
export const fileLentWrapUp = (contact: string, matters: Matter[], note: string) =>
  answer(
    client.POST("/api/v1/desk/lent-contacts/{contact_id}/wrap-up", { ...at(contact), body: filed(matters, note) }),
  );
export const openLentTicket = (contact: string, body: Schemas["NewLentTicketIn"], key: string) =>
  answer(client.POST("/api/v1/desk/lent-contacts/{contact_id}/tickets", { ...at(contact), body, ...once(key) }));
export const fetchLentTickets = (contact: string) =>
  answer(client.GET("/api/v1/desk/lent-contacts/{contact_id}/tickets", at(contact)));
/** `takes_number`: a new customer gets the calling number, which this page knows only masked. */
export const chooseCustomer = (contact: string, customer_id: string, takes_number = false) => {
  const body = { customer_id, takes_number };
  return answer(client.PUT("/api/v1/desk/contacts/{contact_id}/customer", { ...at(contact), body }));
};

/** The caller is the customer: whoever gets the contact next need not ask again. */
export const verifyCustomer = (contact: string) =>
  answer(client.PUT("/api/v1/desk/contacts/{contact_id}/verification", at(contact)));

const keptTexts = (rows: Schemas["DraftListOut"]) =>
  rows.items.map(({ field, text, saved_at }) => ({ field, text, at_ms: Date.parse(saved_at) }));

export const draftServer = {
  load: async (contact: string) =>
    keptTexts(await answer(client.GET("/api/v1/desk/contacts/{contact_id}/drafts", at(contact)))),
  save: async (contact_id: string, field: string, text: string) => {
    const params = { path: { contact_id, field } };
    await answer(client.PUT("/api/v1/desk/contacts/{contact_id}/drafts/{field}", { params, body: { text } }));
  },
};
/** The texts for another company's contact are kept with that company. */
export const lentDraftServer = {
  load: async (contact: string) =>
    keptTexts(await answer(client.GET("/api/v1/desk/lent-contacts/{contact_id}/drafts", at(contact)))),
  save: async (contact_id: string, field: string, text: string) => {
    const params = { path: { contact_id, field } };
    await answer(client.PUT("/api/v1/desk/lent-contacts/{contact_id}/drafts/{field}", { params, body: { text } }));
  },
};
export const fetchFloorSkills = () => answer(client.GET("/api/v1/floor/skills"));
