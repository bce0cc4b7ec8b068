/** Written conversations: what was said from both sides, asked for bit by bit, and what agents answer. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { answer, client, type Schemas } from "./client";
import { ApiError } from "./http";

export type Message = Schemas["ThreadMessageOut"];
export type Conversation = Omit<Schemas["ThreadOut"], "messages"> & { messages: readonly Message[] };

const SLOW_MS = 15_000;
const DELIVERY_MS = 3000;
/** Not there, or not in this agent's hands, a moment after it was answered. */
const NOT_YET = new Set([404, 409]);

const at = (contact_id: string) => ({ path: { contact_id } });

const ofDesk = (contactId: string, after: number) =>
  answer(client.GET("/api/v1/desk/conversations/{contact_id}", { params: { ...at(contactId), query: { after } } }));
export const fetchConversation = (contactId: string) =>
  answer(client.GET("/api/v1/contacts/{contact_id}/conversation", { params: at(contactId) }));
export const sendMessage = (contactId: string, id: string, text: string) =>
  answer(
    client.POST("/api/v1/desk/conversations/{contact_id}/messages", { params: at(contactId), body: { id, text } }),
  );

export function lastSeq(conversation: Conversation | undefined): number {
  return conversation?.messages.at(-1)?.seq ?? 0;
}

/** The number up to which no message is missing: one's own may be known before what came just before it. */
export function completeUpTo(conversation: Conversation | undefined): number {
  const messages = conversation?.messages ?? [];
  const gap = messages.findIndex(({ seq }, index) => seq !== index + 1);
  return gap < 0 ? messages.length : gap;
}

/** From where to ask anew: before the first that is missing, or that may have been delivered meanwhile. */
export function askFrom(conversation: Conversation | undefined): number {
  const pending = conversation?.messages.find((message) => message.delivery === "pending");
  return Math.min(completeUpTo(conversation), pending ? pending.seq - 1 : Infinity);
}

/** What is known and what was answered, each message once, in order; the answer is the newer. */
export function merged(known: readonly Message[], answered: readonly Message[]): readonly Message[] {
  if (answered.length === 0) return known;
  const bySeq = new Map([...known, ...answered].map((message) => [message.seq, message]));
  return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq);
}

const keyOf = (contactId: string) => ["conversation", contactId];

/** The conversation in hand. It is asked for slowly by itself, in case news of it was missed. */
export function conversationQuery(contactId: string) {
  return queryOptions({
    queryKey: keyOf(contactId),
    queryFn: async ({ client: queries }): Promise<Conversation> => {
      const known = queries.getQueryData<Conversation>(keyOf(contactId));
      const answered = await ofDesk(contactId, askFrom(known));
      // A message that was sent meanwhile is known by now.
      const former = queries.getQueryData<Conversation>(keyOf(contactId))?.messages ?? [];
      return { ...answered, messages: merged(former, answered.messages) };
    },
    // The record follows the call within a second.
    retry: (count, error) => (error instanceof ApiError && !NOT_YET.has(error.status) ? false : count < 40),
    retryDelay: 500,
    refetchInterval: ({ state }) => (askFrom(state.data) < lastSeq(state.data) ? DELIVERY_MS : SLOW_MS),
    refetchIntervalInBackground: true,
    staleTime: SLOW_MS,
  });
}

/** What the server has taken is on the screen at once. */
export function keepSent(queries: QueryClient, contactId: string, message: Message): void {
  queries.setQueryData<Conversation>(keyOf(contactId), (known) =>
    known ? { ...known, messages: merged(known.messages, [message]) } : known,
  );
}
