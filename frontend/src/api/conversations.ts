/** Written conversations: what was said from both sides, asked for bit by bit, and what agents answer. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import type { Channel } from "@/live/documents";
import type { Bilingual } from "@/words";
import { ApiError, request } from "./http";

export interface Message {
  seq: number;
  /** Made by whoever sent it: the same id is the same message, however often it is sent. */
  id: string;
  side: "customer" | "agent" | "house";
  agent_id: string | null;
  agent_name: string | null;
  /** Null for a text of the house, which is a code, and where it has been removed. */
  text: string | null;
  code: string | null;
  at: string;
  /** Of what leaves by a carrier. */
  delivery: "pending" | "sent" | "failed" | null;
  /** In words, why it did not leave. */
  failure: string | null;
}

export interface Conversation {
  channel: Channel;
  entry_name: Bilingual;
  sender_name: string;
  /** Of a web form: what the customer was told to ask by, and where answers go. */
  reference: string;
  email: string;
  can_reply: boolean;
  messages: readonly Message[];
}

const SLOW_MS = 15_000;
const DELIVERY_MS = 3000;
/** Not there, or not in this agent's hands, a moment after it was answered. */
const NOT_YET = new Set([404, 409]);

const ofDesk = (contactId: string, after: number) =>
  request<Conversation>("GET", `/api/v1/desk/conversations/${contactId}`, { query: { after } });
export const fetchConversation = (contactId: string) =>
  request<Conversation>("GET", `/api/v1/contacts/${contactId}/conversation`);
export const sendMessage = (contactId: string, id: string, text: string) =>
  request<Message>("POST", `/api/v1/desk/conversations/${contactId}/messages`, { body: { id, text } });

export function lastSeq(conversation: Conversation | undefined): number {
  return conversation?.messages.at(-1)?.seq ?? 0;
}

/** From where to ask anew: before the first that is missing, or that may have been delivered meanwhile. */
export function askFrom(conversation: Conversation | undefined): number {
  const messages = conversation?.messages ?? [];
  const open = messages.findIndex(({ seq, delivery }, index) => seq !== index + 1 || delivery === "pending");
  return open < 0 ? messages.length : open;
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
    queryFn: async ({ client }): Promise<Conversation> => {
      const known = client.getQueryData<Conversation>(keyOf(contactId));
      const answered = await ofDesk(contactId, askFrom(known));
      // A message that was sent meanwhile is known by now.
      const former = client.getQueryData<Conversation>(keyOf(contactId))?.messages ?? [];
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
export function keepSent(client: QueryClient, contactId: string, message: Message): void {
  client.setQueryData<Conversation>(keyOf(contactId), (known) =>
    known ? { ...known, messages: merged(known.messages, [message]) } : known,
  );
}
