/** One visitor's chat: begun once, asked for again and again, kept over a reload of the tab. */
import { uuid7 } from "@/live/uuid7";
import {
  beginChat,
  endConversation,
  readConversation,
  Refusal,
  writeMessage,
  type Asker,
  type VisitorMessage,
} from "./api";

export interface UnsentText {
  id: string;
  text: string;
  /** It is not among those up to this number. */
  after: number;
  /** Why it was not taken; empty while it is on its way or tried again. */
  refusal: string;
}

export interface Chat {
  conversationId: string;
  beganAtMs: number;
  state: "waiting" | "talking" | "ended";
  endedBy: string;
  agentName: string | null;
  messages: readonly VisitorMessage[];
  unsent: readonly UnsentText[];
  /** The server could not be reached, or asks for patience in its own words. */
  trouble: { sentence: string } | null;
}

interface Kept {
  conversationId: string;
  secret: string;
  beganAtMs: number;
  unsent: readonly UnsentText[];
}

export interface Beginning {
  name: string;
  phone: string;
  text: string;
}

export interface Surroundings {
  language: () => Asker["language"];
  isVisible: () => boolean;
  storage: Storage;
}

export const SHOWN_MS = 1500;
/** Who waits and is not heard of for two minutes has given up; browsers wake a hidden page once a minute. */
export const HIDDEN_MS = 10_000;
const TROUBLED_MS = [2000, 4000, 8000, 15_000];

function put(known: readonly VisitorMessage[], more: readonly VisitorMessage[]): readonly VisitorMessage[] {
  const bySeq = new Map([...known, ...more].map((message) => [message.seq, message]));
  return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq);
}

/** The last number up to which none is missing. */
function completeUpTo(messages: readonly VisitorMessage[]): number {
  const gap = messages.findIndex((message, index) => message.seq !== index + 1);
  return gap < 0 ? messages.length : gap;
}

export class ChatSession {
  private chat: Chat | null = null;
  private secret = "";
  private listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private sendNotBeforeMs = 0;
  private isAsking = false;
  private isSending = false;
  private isRunning = false;

  constructor(
    private readonly key: string,
    private readonly surroundings: Surroundings,
  ) {
    const kept = this.kept();
    if (!kept) return;
    this.secret = kept.secret;
    this.chat = { ...blank(kept.conversationId, kept.beganAtMs), unsent: kept.unsent };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Null before it begins. */
  current = (): Chat | null => this.chat;

  start(): void {
    this.isRunning = true;
    if (this.chat) void this.tick();
  }

  stop(): void {
    this.isRunning = false;
    clearTimeout(this.timer);
  }

  /** The page has come into sight, or the network is back. */
  wake = (): void => {
    if (this.chat) void this.tick();
  };

  /** Begin with the first message; the same `id` begins it once. Raises what the server refuses. */
  async begin(id: string, { name, phone, text }: Beginning): Promise<void> {
    const { language } = this.asker();
    const begun = await beginChat({ language }, this.key, { id, name, phone, text, language });
    this.secret = begun.secret;
    const chat = blank(begun.conversation_id, Date.now());
    this.become({ ...chat, state: begun.state, messages: begun.messages });
    this.keep();
    this.later(SHOWN_MS);
  }

  write(text: string): void {
    if (!this.chat) return;
    const entry = { id: uuid7(), text, after: this.chat.messages.at(-1)?.seq ?? 0, refusal: "" };
    this.changeUnsent([...this.chat.unsent, entry]);
    void this.send();
  }

  drop(id: string): void {
    this.changeUnsent((this.chat?.unsent ?? []).filter((entry) => entry.id !== id));
  }

  /** Raises what the server refuses. */
  async leave(): Promise<void> {
    if (!this.chat) return;
    const answer = await endConversation(this.asker(), this.chat.conversationId);
    this.heard(answer.messages, answer.state, answer.ended_by, answer.agent_name);
  }

  /** Done with: the page is as before it began. */
  forget(): void {
    clearTimeout(this.timer);
    this.surroundings.storage.removeItem(this.storageKey());
    this.become(null);
  }

  private asker(): Asker {
    return { language: this.surroundings.language(), secret: this.secret };
  }

  private async tick(): Promise<void> {
    clearTimeout(this.timer);
    if (this.isAsking || !this.isRunning) return;
    this.isAsking = true;
    const waitMs = await this.askAndSend();
    this.isAsking = false;
    if (waitMs !== null) this.later(waitMs);
  }

  /** Gives back when to ask again; null never. */
  private async askAndSend(): Promise<number | null> {
    const chat = this.chat;
    if (!chat || chat.state === "ended") return null;
    try {
      const answer = await readConversation(this.asker(), chat.conversationId, completeUpTo(chat.messages));
      this.failures = 0;
      this.heard(answer.messages, answer.state, answer.ended_by, answer.agent_name);
      if (answer.state === "ended") return null;
    } catch (error) {
      return this.troubled(error);
    }
    await this.send();
    return this.surroundings.isVisible() ? SHOWN_MS : HIDDEN_MS;
  }

  private heard(
    more: readonly VisitorMessage[],
    state: Chat["state"],
    endedBy: string,
    agentName: string | null,
  ): void {
    if (!this.chat) return;
    const messages = more.length > 0 ? put(this.chat.messages, more) : this.chat.messages;
    const trouble = this.nextUnsent() ? this.chat.trouble : null;
    this.become({ ...this.chat, messages, state, endedBy, agentName, trouble });
  }

  private troubled(error: unknown): number | null {
    if (error instanceof Refusal && error.status === 404) {
      if (this.chat) this.become({ ...this.chat, state: "ended", endedBy: "house", trouble: null });
      return null;
    }
    const sentence = error instanceof Refusal ? error.message : "";
    if (this.chat) this.become({ ...this.chat, trouble: { sentence } });
    const pause = TROUBLED_MS[Math.min(this.failures, TROUBLED_MS.length - 1)] ?? 0;
    this.failures += 1;
    const waitMs = Math.max(pause, error instanceof Refusal ? error.waitS * 1000 : 0);
    this.sendNotBeforeMs = Date.now() + waitMs;
    return waitMs;
  }

  /** In order, one at a time; what cannot be brought to the server waits for the next tick. */
  private async send(): Promise<void> {
    if (this.isSending || Date.now() < this.sendNotBeforeMs) return;
    this.isSending = true;
    let next = this.nextUnsent();
    while (next && (await this.sent(next))) next = this.nextUnsent();
    this.isSending = false;
  }

  private nextUnsent(): UnsentText | undefined {
    return this.chat?.unsent.find((entry) => !entry.refusal);
  }

  private async sent({ id, text }: UnsentText): Promise<boolean> {
    const chat = this.chat;
    if (!chat) return false;
    try {
      const message = await writeMessage(this.asker(), chat.conversationId, { id, text });
      this.drop(id);
      if (this.chat) this.become({ ...this.chat, messages: put(this.chat.messages, [message]), trouble: null });
      return true;
    } catch (error) {
      if (!(error instanceof Refusal) || error.isPassing) {
        this.troubled(error);
        return false;
      }
      this.changeUnsent(
        (this.chat?.unsent ?? []).map((entry) => (entry.id === id ? { ...entry, refusal: error.message } : entry)),
      );
      return true;
    }
  }

  private changeUnsent(unsent: readonly UnsentText[]): void {
    if (!this.chat) return;
    this.become({ ...this.chat, unsent });
    this.keep();
  }

  private later(waitMs: number): void {
    clearTimeout(this.timer);
    if (this.isRunning) this.timer = setTimeout(() => void this.tick(), waitMs);
  }

  private storageKey(): string {
    return `hotline.chat|${this.key}`;
  }

  private kept(): Kept | null {
    try {
      return JSON.parse(this.surroundings.storage.getItem(this.storageKey()) ?? "null") as Kept | null;
    } catch {
      return null;
    }
  }

  private keep(): void {
    if (!this.chat) return;
    const { conversationId, beganAtMs, unsent } = this.chat;
    const kept: Kept = { conversationId, secret: this.secret, beganAtMs, unsent };
    this.surroundings.storage.setItem(this.storageKey(), JSON.stringify(kept));
  }

  private become(chat: Chat | null): void {
    this.chat = chat;
    for (const listener of this.listeners) listener();
  }
}

function blank(conversationId: string, beganAtMs: number): Chat {
  return {
    conversationId,
    beganAtMs,
    state: "waiting",
    endedBy: "",
    agentName: null,
    messages: [],
    unsent: [],
    trouble: null,
  };
}

/** What is written but not among the messages yet. */
export function stillUnsent(chat: Chat): readonly UnsentText[] {
  const taken = (entry: UnsentText) =>
    chat.messages.some(({ seq, side, text }) => side === "customer" && seq > entry.after && text === entry.text);
  return chat.unsent.filter((entry) => entry.refusal || !taken(entry));
}
