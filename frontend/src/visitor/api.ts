/** What the public pages ask of the server. They are nobody: no cookie goes along. */
import type { Schemas } from "@/api/client";
import type { Language } from "./words";

export type VisitorPage = Schemas["PageOut"];
export type VisitorMessage = Schemas["VisitorMessageOut"];
export type VisitorConversation = Schemas["ConversationOut"];
export type Begun = Schemas["BegunOut"];

/** The server's own sentence. `waitS`: when it may be asked again. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    sentence: string,
    readonly waitS: number,
  ) {
    super(sentence);
  }

  /** Asked again later it may be granted. */
  get isPassing(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

/** The server could not be reached. */
export class Unreachable extends Error {}

interface ErrorBody {
  sentence?: string;
  data?: { wait_s?: number };
}

export interface Asker {
  language: Language;
  /** Of the one conversation that this visitor has begun. */
  secret?: string;
}

async function ask<T>(asker: Asker, method: string, path: string, body?: unknown): Promise<T> {
  const headers = new Headers({ Accept: "application/json", "Accept-Language": asker.language });
  if (asker.secret) headers.set("X-Conversation-Secret", asker.secret);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  let response: Response;
  try {
    const text = body === undefined ? undefined : JSON.stringify(body);
    response = await fetch(`/api/v1/public/${path}`, { method, headers, credentials: "omit", body: text });
  } catch {
    throw new Unreachable();
  }
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer as T;
  const { sentence = "", data } = answer as ErrorBody;
  throw new Refusal(response.status, sentence, data?.wait_s ?? 0);
}

const encoded = encodeURIComponent;

export const fetchChatPage = (asker: Asker, key: string) => ask<VisitorPage>(asker, "GET", `chat/${encoded(key)}`);
export const fetchFormPage = (asker: Asker, key: string) => ask<VisitorPage>(asker, "GET", `forms/${encoded(key)}`);

export const beginChat = (asker: Asker, key: string, body: Schemas["BeginChatIn"]) =>
  ask<Begun>(asker, "POST", `chat/${encoded(key)}`, body);
export const readConversation = (asker: Asker, id: string, after: number) =>
  ask<VisitorConversation>(asker, "GET", `conversations/${id}?after=${after}`);
export const writeMessage = (asker: Asker, id: string, body: Schemas["WriteIn"]) =>
  ask<VisitorMessage>(asker, "POST", `conversations/${id}/messages`, body);
export const endConversation = (asker: Asker, id: string) =>
  ask<VisitorConversation>(asker, "POST", `conversations/${id}/end`);
export const sendForm = (asker: Asker, key: string, body: Schemas["FormIn"]) =>
  ask<{ reference: string }>(asker, "POST", `forms/${encoded(key)}`, body);
