/** Messages to staff: accounts by which they leave, the outbox, and one's own addresses and choices. */
import { answer, client, once, type Schemas } from "./client";
import type { paths } from "./schema";

export type MessageAccount = Schemas["MessageAccountOut"];
export type AccountValues = Omit<Schemas["MessageAccountIn"], "version">;
export type MessageTrial = Schemas["MessageTrialOut"];
export type Way = MessageAccount["way"];
export type StaffMessage = Schemas["StaffMessageOut"];
export type OwnMessages = Schemas["OwnMessagesOut"];
export type OwnAddress = Schemas["OwnAddressOut"];
export type OwnChoices = Omit<Schemas["OwnChoicesIn"], "version">;
export type MessageFilter = NonNullable<paths["/api/v1/staff-messages"]["get"]["parameters"]["query"]>;

const account = (way: Way, tenant_id: string | undefined) => ({ params: { path: { way }, query: { tenant_id } } });
const message = (message_id: string) => ({ params: { path: { message_id } } });

export const fetchMessageAccounts = () => answer(client.GET("/api/v1/admin/message-accounts"));
export const keepMessageAccount = (way: Way, tenantId: string | undefined, body: Schemas["MessageAccountIn"]) =>
  answer(client.PUT("/api/v1/admin/message-accounts/{way}", { ...account(way, tenantId), body }));
export const removeMessageAccount = (way: Way, tenant_id: string | undefined, version: number) =>
  answer(
    client.DELETE("/api/v1/admin/message-accounts/{way}", { params: { path: { way }, query: { version, tenant_id } } }),
  );
export const tryMessageAccount = (way: Way, tenantId: string | undefined, to: string, key: string) =>
  answer(
    client.POST("/api/v1/admin/message-accounts/{way}/trials", {
      ...account(way, tenantId),
      body: { to },
      ...once(key),
    }),
  );
export const fetchMessageTrial = (trial_id: string) =>
  answer(client.GET("/api/v1/admin/message-trials/{trial_id}", { params: { path: { trial_id } } }));

export const fetchStaffMessages = (query: MessageFilter) =>
  answer(client.GET("/api/v1/staff-messages", { params: { query } }));
export const fetchMessageCounts = () => answer(client.GET("/api/v1/staff-messages/counts"));
export const fetchMessageWords = (id: string) =>
  answer(client.GET("/api/v1/staff-messages/{message_id}/words", message(id)));
export const sendMessageAgain = (id: string) =>
  answer(client.POST("/api/v1/staff-messages/{message_id}/again", message(id)));

export const fetchMyMessages = () => answer(client.GET("/api/v1/my-messages"));
export const keepMyChoices = (version: number, choices: OwnChoices) =>
  answer(client.PUT("/api/v1/my-messages", { body: { version, ...choices } }));
export const keepMyAddress = (way: Way, address: string) =>
  answer(client.PUT(`/api/v1/my-messages/${way}`, { body: { address } }));
export const confirmMyAddress = (way: Way, code: string) =>
  answer(client.POST("/api/v1/my-messages/{way}/confirmation", { params: { path: { way } }, body: { code } }));
export const removeMyAddress = (way: Way) =>
  answer(client.DELETE("/api/v1/my-messages/{way}", { params: { path: { way } } }));
