/** Typed text is never lost and never reaches another customer: kept under person + contact + field.
 *
 * On this computer within 0.3 s, on the server within 2 s. It survives reload, crash and log-out; of two versions the
 * later one wins. What could not be sent is sent when the server is back. */

export interface DraftKey {
  person: string;
  contact: string;
  field: string;
}

export interface KeptDraft {
  text: string;
  atMs: number;
  isSent: boolean;
}

export interface DraftServer {
  load: (contact: string) => Promise<{ field: string; text: string; at_ms: number }[]>;
  save: (contact: string, field: string, text: string) => Promise<void>;
}

export type DraftStatus = "empty" | "typing" | "local" | "sent";

const PREFIX = "hotline.draft";
export const LOCAL_DELAY_MS = 200;
export const SERVER_DELAY_MS = 1200;
const RETRY_MS = 3000;

function storageKey({ person, contact, field }: DraftKey): string {
  return [PREFIX, person, contact, field].join("|");
}

function isRefusal(error: unknown): boolean {
  const status = (error as { status?: unknown }).status;
  return typeof status === "number" && status >= 400 && status < 500 && status !== 401 && status !== 429;
}

export class Draft {
  text: string;
  status: DraftStatus;
  sentAtMs = 0;
  private localTimer: ReturnType<typeof setTimeout> | undefined;
  private serverTimer: ReturnType<typeof setTimeout> | undefined;
  private listeners = new Set<() => void>();

  constructor(
    readonly key: DraftKey,
    private readonly server: DraftServer,
    private readonly storage: Storage = localStorage,
  ) {
    const kept = this.kept();
    this.text = kept?.text ?? "";
    this.status = kept ? (kept.isSent ? "sent" : "local") : "empty";
    if (kept && !kept.isSent) this.sendLater(0);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  change(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.become("typing");
    clearTimeout(this.localTimer);
    this.localTimer = setTimeout(() => this.keep(false), LOCAL_DELAY_MS);
    this.sendLater(SERVER_DELAY_MS);
  }

  /** What the server has, when it is later than what this computer has (another computer typed on). */
  offer(text: string, atMs: number): void {
    const kept = this.kept();
    if (this.status === "typing" || (kept && kept.atMs >= atMs) || text === this.text) return;
    this.text = text;
    this.store({ text, atMs, isSent: true });
    this.become("sent");
  }

  /** Write what was typed a moment ago; called when the page is hidden or the screen goes. */
  keepNow(): void {
    if (this.status === "typing") this.keep(false);
  }

  /** The text has become something else (a ticket, a finished wrap-up): forget it here and on the server. */
  clear(): void {
    clearTimeout(this.localTimer);
    clearTimeout(this.serverTimer);
    this.text = "";
    this.storage.removeItem(storageKey(this.key));
    void this.server.save(this.key.contact, this.key.field, "").catch(() => undefined);
    this.become("empty");
  }

  private kept(): KeptDraft | null {
    try {
      return JSON.parse(this.storage.getItem(storageKey(this.key)) ?? "null") as KeptDraft | null;
    } catch {
      return null;
    }
  }

  private keep(isSent: boolean): void {
    clearTimeout(this.localTimer);
    this.store({ text: this.text, atMs: Date.now(), isSent });
    this.become(isSent ? "sent" : "local");
  }

  private store(kept: KeptDraft): void {
    this.storage.setItem(storageKey(this.key), JSON.stringify(kept));
  }

  private sendLater(delayMs: number): void {
    // The first change sets the time; going on typing must not push the server copy beyond its two seconds.
    this.serverTimer ??= setTimeout(() => void this.sendNow(), delayMs);
  }

  private async sendNow(): Promise<void> {
    this.serverTimer = undefined;
    const text = this.text;
    try {
      await this.server.save(this.key.contact, this.key.field, text);
      this.sentAtMs = Date.now();
      if (text === this.text) this.keep(true);
    } catch (error) {
      // A refusal will not change by itself: the text stays on this computer. Anything else is tried again.
      if (!isRefusal(error)) this.serverTimer = setTimeout(() => void this.sendNow(), RETRY_MS);
    }
  }

  private become(status: DraftStatus): void {
    this.status = status;
    for (const listener of this.listeners) listener();
  }
}

/** All drafts of this page: one object per key, so that two components never fight over one text. */
export class DraftBox {
  private drafts = new Map<string, Draft>();
  private loading = new Map<string, Promise<void>>();

  constructor(
    private readonly person: string,
    private readonly server: DraftServer,
    private readonly storage: Storage = localStorage,
  ) {
    document.addEventListener("visibilitychange", () => this.keepNow());
    window.addEventListener("pagehide", () => this.keepNow());
  }

  /** `server` where this contact's texts are kept at another address. */
  draft(contact: string, field: string, server: DraftServer = this.server): Draft {
    const id = `${contact}|${field}`;
    const existing = this.drafts.get(id);
    if (existing) return existing;
    const draft = new Draft({ person: this.person, contact, field }, server, this.storage);
    this.drafts.set(id, draft);
    void this.load(contact, server);
    return draft;
  }

  private load(contact: string, server: DraftServer): Promise<void> {
    const existing = this.loading.get(contact);
    if (existing) return existing;
    const loading = server
      .load(contact)
      .then((kept) => kept.forEach(({ field, text, at_ms }) => this.draft(contact, field, server).offer(text, at_ms)))
      .catch(() => {
        this.loading.delete(contact);
      });
    this.loading.set(contact, loading);
    return loading;
  }

  private keepNow(): void {
    for (const draft of this.drafts.values()) draft.keepNow();
  }
}
