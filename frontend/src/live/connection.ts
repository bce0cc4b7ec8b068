/** The browser's end of `/live`: says hello, keeps the store in step, sends actions and repeats what was not answered. */
import { ServerClock } from "./clock";
import type { WhyWaiting } from "./documents";
import { LiveStore, type ChangesFrame, type SnapshotFrame } from "./store";
import { uuid7 } from "./uuid7";

export type Board = "floor" | "wallboard" | "alarms";
export type LinkStatus = "off" | "connecting" | "live" | "stale" | "offline" | "logged_out" | "forbidden";

interface FailedFrame {
  type: "Failed";
  id: string | null;
  code: string;
  sentence: string;
  data?: Record<string, unknown>;
}

type Frame =
  | SnapshotFrame
  | ChangesFrame
  | FailedFrame
  | { type: "Done"; id: string }
  | { type: "Explained"; id: string; server_ms: number; why: WhyWaiting | null }
  | { type: "Pong"; sent_ms: number; server_ms: number };

export interface LiveToken {
  token: string;
  expires_at_ms?: number;
}

/** The switch refused an action: nothing was changed. */
export class ActionRefused extends Error {
  constructor(
    readonly code: string,
    sentence: string,
    readonly data: Record<string, unknown> = {},
  ) {
    super(sentence);
  }
}

export interface PendingAction {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
  askedAtMs: number;
}

interface Waiting extends PendingAction {
  expiresAtMs: number;
  done: () => void;
  failed: (error: Error) => void;
}

export interface Surroundings {
  openSocket: () => WebSocket;
  fetchToken: () => Promise<LiveToken>;
  /** True when the error means that the log-in has ended. */
  isLoggedOut: (error: unknown) => boolean;
  /** Calls back about twice a second, also in a hidden tab; gives back how to stop it. */
  everyHalfSecond: (tick: () => void) => () => void;
  store?: LiveStore;
  /** Keeps this window's name over a reload, so that the reloaded page is the same window to the gateway. */
  windowName?: { get: () => string | null; set: (name: string | null) => void };
  /** False for a screen that only shows: it never takes the phone from the person's other window. */
  takesOver?: () => boolean;
}

interface Question {
  told: (why: WhyWaiting | null) => void;
  failed: (error: Error) => void;
}

const QUESTION_LIFE_MS = 5_000;
const PING_EVERY_MS = 2000;
const STALE_AFTER_MS = 2400; // with the half second until it is looked at: grey within three
const DEAD_AFTER_MS = 4000; // two pings were not answered; whoever leads now waits for us for seven seconds and a half
const HELD_UP_MS = 1500; // since the last tick: this page itself stood still
const RENEW_TOKEN_EVERY_MS = 4 * 60_000;
const ACTION_LIFE_MS = 15_000;
const TOKEN_ENDED = 4401;
const TAKEN_OVER = 4409;
const RETRY_MS = [250, 500, 1000];

export class LiveConnection {
  readonly store: LiveStore;
  readonly clock = new ServerClock();
  status: LinkStatus = "off";
  lastHeardMs = 0; // the figures' age counts from here, however often it has been tried to come back since
  private socket: WebSocket | null = null;
  private boards = new Set<Board>();
  private waiting = new Map<string, Waiting>();
  private questions = new Map<string, Question>();
  private listeners = new Set<() => void>();
  private pendingList: readonly PendingAction[] = [];
  private stopTicking: (() => void) | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private attempts = 0;
  private openedMs = 0; // or tried to
  private lastPingMs = 0;
  private lastTickMs = 0;
  private token: string | null = null;
  private tokenAtMs = 0;
  private wasTakenOver = false;

  constructor(private readonly surroundings: Surroundings) {
    this.store = surroundings.store ?? new LiveStore();
  }

  start(): void {
    if (this.stopTicking) return;
    this.lastHeardMs = Date.now();
    this.stopTicking = this.surroundings.everyHalfSecond(() => this.tick());
    void this.connect();
  }

  stop(): void {
    this.stopTicking?.();
    this.stopTicking = null;
    clearTimeout(this.retry);
    const socket = this.socket;
    this.socket = this.token = null;
    socket?.close(1000);
    this.become("off");
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** What was asked and is not answered yet: the visible outbox. The same array until it changes. */
  pending = (): readonly PendingAction[] => this.pendingList;

  /** Ask the switch for an action. Fulfilled after its commit; rejected with its sentence, or when it grew too old.
   *
   * It is sent again after a reconnect, under the same id, which is safe. */
  act(name: string, args: Record<string, unknown> = {}, lifeMs = ACTION_LIFE_MS): Promise<void> {
    return new Promise((done, failed) => {
      const now = Date.now();
      const action = { id: uuid7(), name, arguments: args, askedAtMs: now, expiresAtMs: now + lifeMs, done, failed };
      this.waiting.set(action.id, action);
      this.pendingChanged();
      this.sendAction(action);
    });
  }

  /** Why a contact still waits; null when it waits no more. A question that is not answered in time is rejected: it is
   * asked again by whoever still wants to know, not after a reconnect. */
  explain(contactId: string): Promise<WhyWaiting | null> {
    return new Promise((told, failed) => {
      const id = uuid7();
      this.questions.set(id, { told, failed });
      setTimeout(
        () => this.answerQuestion(id, ({ failed }) => failed(new ActionRefused("live.expired_action", ""))),
        QUESTION_LIFE_MS,
      );
      this.send({ type: "Explain", id, contact_id: contactId });
    });
  }

  private answerQuestion(id: string, tell: (question: Question) => void): void {
    const question = this.questions.get(id);
    if (!question) return;
    this.questions.delete(id);
    tell(question);
  }

  withdraw(id: string): void {
    this.settle(id, (action) => action.failed(new ActionRefused("live.withdrawn", "")));
  }

  watch(board: Board, isWatched: boolean): void {
    if (this.boards.has(board) === isWatched) return;
    if (isWatched) this.boards.add(board);
    else this.boards.delete(board);
    // Hello is the first frame of every open socket: what changes before it is answered must be told as well.
    this.send({ type: "Watch", boards: [...this.boards] });
  }

  private async connect(): Promise<void> {
    this.become(this.store.stream === null ? "connecting" : "offline");
    try {
      const token = await this.validToken();
      if (this.stopTicking) this.open(token);
    } catch (error) {
      if (this.surroundings.isLoggedOut(error)) this.become("logged_out");
      else this.connectLater();
    }
  }

  /** The token in hand while it holds: when a switch has died, every page tries several times within seconds, and web
   * need not be asked each time, nor be there at all. */
  private async validToken(): Promise<string> {
    if (this.token !== null && Date.now() - this.tokenAtMs <= RENEW_TOKEN_EVERY_MS) return this.token;
    const { token } = await this.surroundings.fetchToken();
    this.tokenAtMs = Date.now();
    return (this.token = token);
  }

  private open(token: string): void {
    const socket = this.surroundings.openSocket();
    this.socket = socket;
    this.openedMs = this.lastPingMs = Date.now();
    socket.onopen = () => {
      this.send({ type: "Hello", token, boards: [...this.boards], ...this.whoAmI() });
      for (const action of this.waiting.values()) this.sendAction(action);
    };
    socket.onmessage = (event) => this.heard(JSON.parse(String(event.data)) as Frame);
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code);
    };
  }

  private whoAmI(): object {
    if (this.store.stream !== null) return { stream: this.store.stream, after: this.store.seq };
    const name = this.surroundings.windowName?.get();
    if (name) return { stream: name };
    const takesOver = !this.wasTakenOver && (this.surroundings.takesOver?.() ?? true);
    return { takes_over: takesOver };
  }

  private closed(code: number): void {
    this.socket = null;
    if (code === 4403) return this.become("forbidden");
    if (code === TOKEN_ENDED) this.token = null;
    if (code === TAKEN_OVER) this.forgetWindow();
    this.become("offline");
    this.connectLater();
  }

  /** A copy of this tab goes on under its name: this one comes back as a new window that only mirrors. */
  private forgetWindow(): void {
    this.wasTakenOver = true;
    this.store.stream = null;
    this.surroundings.windowName?.set(null);
  }

  private connectLater(): void {
    if (!this.stopTicking) return;
    if (this.status !== "connecting") this.become("offline");
    const wait = RETRY_MS[Math.min(this.attempts, RETRY_MS.length - 1)] ?? 1000;
    this.attempts += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.connect(), wait * (0.75 + Math.random() / 2));
  }

  private heard(frame: Frame): void {
    this.lastHeardMs = Date.now();
    switch (frame.type) {
      case "Snapshot":
        this.clock.sawStamp(frame.server_ms);
        this.store.applySnapshot(frame);
        this.surroundings.windowName?.set(frame.stream);
        break;
      case "Changes":
        this.clock.sawStamp(frame.server_ms);
        if (!this.store.applyChanges(frame)) return this.socket?.close(4000);
        break;
      case "Pong":
        this.clock.sawRoundTrip(frame.sent_ms, frame.server_ms);
        break;
      case "Done":
        return this.settle(frame.id, (action) => action.done());
      case "Explained":
        return this.answerQuestion(frame.id, ({ told }) => told(frame.why));
      case "Failed":
        return this.refused(frame);
    }
    this.attempts = 0;
    if (this.store.stream !== null) this.become("live");
  }

  private refused(frame: FailedFrame): void {
    const error = new ActionRefused(frame.code, frame.sentence, frame.data);
    if (frame.id === null) return;
    this.settle(frame.id, (action) => action.failed(error));
    this.answerQuestion(frame.id, ({ failed }) => failed(error));
  }

  private tick(): void {
    const now = Date.now();
    // Who was held up has not listened: what came meanwhile is read before anybody is called silent.
    const hasListened = now - this.lastTickMs < HELD_UP_MS;
    this.lastTickMs = now;
    this.dropOldActions(now);
    if (!this.socket) return;
    const silentMs = now - Math.max(this.lastHeardMs, this.openedMs);
    if (silentMs > DEAD_AFTER_MS && hasListened) return this.giveUpSocket();
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (silentMs > STALE_AFTER_MS && this.status === "live") this.become("stale");
    // A tick comes a little early or late; a quarter of a second of tolerance keeps the pings at two seconds.
    if (now - this.lastPingMs >= PING_EVERY_MS - 250) {
      this.lastPingMs = now;
      this.send({ type: "Ping", sent_ms: now });
    }
    if (now - this.tokenAtMs > RENEW_TOKEN_EVERY_MS) void this.renewToken(now);
  }

  /** A dead network never closes the socket by itself, nor tells one that is still being opened. */
  private giveUpSocket(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.closed(1006);
  }

  private async renewToken(now: number): Promise<void> {
    this.tokenAtMs = now;
    try {
      const { token } = await this.surroundings.fetchToken();
      this.token = token;
      this.send({ type: "RenewToken", token });
    } catch (error) {
      if (this.surroundings.isLoggedOut(error)) this.become("logged_out");
      else this.tokenAtMs = now - RENEW_TOKEN_EVERY_MS + 10_000;
    }
  }

  private dropOldActions(now: number): void {
    const old = [...this.waiting.values()].filter((action) => action.expiresAtMs < now);
    for (const action of old) {
      this.settle(action.id, () => action.failed(new ActionRefused("live.expired_action", "")));
    }
  }

  private settle(id: string, tell: (action: Waiting) => void): void {
    const action = this.waiting.get(id);
    if (!action) return;
    this.waiting.delete(id);
    this.pendingChanged();
    tell(action);
  }

  private sendAction(action: Waiting): void {
    this.send({ type: "Do", id: action.id, name: action.name, arguments: action.arguments });
  }

  private send(frame: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private pendingChanged(): void {
    this.pendingList = [...this.waiting.values()];
    this.tell();
  }

  private become(status: LinkStatus): void {
    if (this.status === status) return;
    this.status = status;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
