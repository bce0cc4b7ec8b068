/** One store of documents by key: snapshot, then changes. Old store + changes = fresh snapshot (tested). */

export type Documents = Record<string, unknown>;

export interface SnapshotFrame {
  type: "Snapshot";
  stream: string;
  seq: number;
  server_ms: number;
  documents: Documents;
}

export interface ChangesFrame {
  type: "Changes";
  seq: number;
  server_ms: number;
  put?: Documents;
  drop?: string[];
}

type Listener = () => void;

/** The group of a key: `agent/…` belongs to `agent/`, `me` to itself. */
function groupOf(key: string): string {
  const slash = key.indexOf("/");
  return slash < 0 ? key : key.slice(0, slash + 1);
}

/** Own work is shown at once; boards are painted once per frame however many rows changed. */
const AT_ONCE = new Set(["me", "offer/", "contact/", "system"]);

export class LiveStore {
  stream: string | null = null;
  seq = 0;
  private documents = new Map<string, unknown>();
  private groups = new Map<string, Map<string, unknown>>();
  private lists = new Map<string, readonly unknown[]>();
  private listeners = new Map<string, Set<Listener>>();
  private waiting = new Set<string>();
  private isPaintAsked = false;

  constructor(private readonly nextPaint: (paint: () => void) => void = paintWhenShown) {}

  get(key: string): unknown {
    return this.documents.get(key);
  }

  /** All documents of a group in the order of their keys; the same array until one of them changes. */
  list(group: string): readonly unknown[] {
    const kept = this.lists.get(group);
    if (kept) return kept;
    const entries = [...(this.groups.get(group) ?? new Map<string, unknown>()).entries()];
    const list = entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, document]) => document);
    this.lists.set(group, list);
    return list;
  }

  all(): Documents {
    return Object.fromEntries(this.documents);
  }

  subscribe(key: string, listener: Listener): () => void {
    const listeners = this.listeners.get(key) ?? new Set();
    this.listeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(key) === listeners) this.listeners.delete(key);
    };
  }

  applySnapshot(frame: SnapshotFrame): void {
    const gone = [...this.documents.keys()].filter((key) => !(key in frame.documents));
    this.stream = frame.stream;
    this.seq = frame.seq;
    this.change(frame.documents, gone);
  }

  /** False when a frame is missing, so that the caller asks for it again; a repeated frame changes nothing. */
  applyChanges(frame: ChangesFrame): boolean {
    if (frame.seq <= this.seq) return true;
    if (frame.seq !== this.seq + 1) return false;
    this.seq = frame.seq;
    this.change(frame.put ?? {}, frame.drop ?? []);
    return true;
  }

  private change(put: Documents, drop: readonly string[]): void {
    for (const key of drop) this.drop(key);
    for (const [key, document] of Object.entries(put)) this.put(key, document);
    this.announce();
  }

  private put(key: string, document: unknown): void {
    const group = groupOf(key);
    const members = this.groups.get(group) ?? new Map<string, unknown>();
    this.documents.set(key, document);
    this.groups.set(group, members.set(key, document));
    this.touch(key, group);
  }

  private drop(key: string): void {
    if (!this.documents.delete(key)) return;
    const group = groupOf(key);
    this.groups.get(group)?.delete(key);
    this.touch(key, group);
  }

  private touch(key: string, group: string): void {
    this.lists.delete(group);
    this.waiting.add(key).add(group);
  }

  private announce(): void {
    const isUrgent = [...this.waiting].some((key) => AT_ONCE.has(key));
    if (isUrgent) return this.paint();
    if (this.isPaintAsked || this.waiting.size === 0) return;
    this.isPaintAsked = true;
    this.nextPaint(() => this.paint());
  }

  private paint(): void {
    this.isPaintAsked = false;
    const keys = this.waiting;
    this.waiting = new Set();
    const called = new Set<Listener>();
    for (const key of keys) for (const listener of this.listeners.get(key) ?? []) called.add(listener);
    for (const listener of called) listener();
  }
}

/** A hidden tab gets no animation frames. */
function paintWhenShown(paint: () => void): void {
  if (document.visibilityState === "visible") requestAnimationFrame(paint);
  else setTimeout(paint, 0);
}
