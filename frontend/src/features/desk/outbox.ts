/** What agents have sent and the server has not taken yet, by contact. It survives a reload, goes out in order, and is
 * sent again under the same id, which is safe. */
import { sendMessage, type Message } from "@/api/conversations";
import { ApiError, sentenceOf } from "@/api/http";
import { uuid7 } from "@/live/uuid7";

export interface Unsent {
  id: string;
  text: string;
  atMs: number;
  /** It is not among the messages up to this number. */
  after: number;
  /** Why the server will not take it; empty while it is on its way or tried again. */
  refusal: string;
  /** It could not be brought to the server and is tried again. */
  isDelayed: boolean;
}

type Send = (contactId: string, id: string, text: string) => Promise<Message>;

const PREFIX = "hotline.unsent";
const AGAIN_MS = 3000;
/** What nobody has sent by then belongs to a contact that has ended. */
const KEPT_MS = 24 * 3_600_000;

/** Another try would be refused as well. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof ApiError && error.status >= 400 && error.status < 500 && ![401, 408, 429].includes(error.status)
  );
}

/** What the server has taken may be known before its answer is: it is not shown twice. */
export function withoutTaken(unsent: readonly Unsent[], messages: readonly Message[]): readonly Unsent[] {
  const isTaken = (one: Unsent) =>
    messages.some(({ seq, side, text }) => side === "agent" && seq > one.after && text === one.text);
  return unsent.filter((one) => one.refusal || !isTaken(one));
}

export class Outbox {
  private entries: readonly Unsent[];
  private listeners = new Set<() => void>();
  private isSending = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly person: string,
    readonly contact: string,
    private readonly taken: (message: Message) => void,
    private readonly send: Send = sendMessage,
    private readonly storage: Storage = localStorage,
  ) {
    this.entries = this.kept();
  }

  start(): void {
    void this.go();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The same array until it changes. */
  list = (): readonly Unsent[] => this.entries;

  add(text: string, after: number): void {
    this.keep([...this.entries, { id: uuid7(), text, atMs: Date.now(), after, refusal: "", isDelayed: false }]);
    void this.go();
  }

  retry(id: string): void {
    this.change(id, { refusal: "", isDelayed: false });
    void this.go();
  }

  /** Not sent after all; gives back its text. */
  takeBack(id: string): string {
    const text = this.entries.find((entry) => entry.id === id)?.text ?? "";
    this.keep(this.entries.filter((entry) => entry.id !== id));
    return text;
  }

  private async go(): Promise<void> {
    clearTimeout(this.timer);
    if (this.isSending) return;
    this.isSending = true;
    let next = this.next();
    while (next && (await this.sent(next))) next = this.next();
    this.isSending = false;
    if (next) this.timer = setTimeout(() => void this.go(), AGAIN_MS);
  }

  private next(): Unsent | undefined {
    return this.entries.find((entry) => !entry.refusal);
  }

  /** False where it is to be tried again later. */
  private async sent({ id, text }: Unsent): Promise<boolean> {
    try {
      this.taken(await this.send(this.contact, id, text));
      this.takeBack(id);
      return true;
    } catch (error) {
      if (isRefusal(error)) {
        this.change(id, { refusal: sentenceOf(error), isDelayed: false });
        return true;
      }
      this.change(id, { isDelayed: true });
      return false;
    }
  }

  private change(id: string, values: Partial<Unsent>): void {
    this.keep(this.entries.map((entry) => (entry.id === id ? { ...entry, ...values } : entry)));
  }

  private key(): string {
    return [PREFIX, this.person, this.contact].join("|");
  }

  private kept(): readonly Unsent[] {
    try {
      const kept = JSON.parse(this.storage.getItem(this.key()) ?? "[]") as Unsent[];
      return kept.filter((entry) => Date.now() - entry.atMs < KEPT_MS);
    } catch {
      return [];
    }
  }

  private keep(entries: readonly Unsent[]): void {
    this.entries = entries;
    if (entries.length > 0) this.storage.setItem(this.key(), JSON.stringify(entries));
    else this.storage.removeItem(this.key());
    for (const listener of this.listeners) listener();
  }
}
