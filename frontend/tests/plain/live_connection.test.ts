import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ActionRefused, LiveConnection } from "@/live/connection";

/** The far end of a socket, played by the test. */
class FakeSocket {
  static opened: FakeSocket[] = [];
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor() {
    FakeSocket.opened.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(code = 1000) {
    this.drop(code);
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  drop(code: number) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  said(type: string) {
    return this.sent.filter((frame) => frame.type === type);
  }
}

const SNAPSHOT = { type: "Snapshot", stream: "w.1", seq: 5, server_ms: 0, documents: { me: { n: 1 } } };

function newLink(more: { isLoggedOut?: boolean; name?: string } = {}) {
  let tick: () => void = () => undefined;
  let name: string | null = more.name ?? null;
  const fetchToken = vi.fn(() =>
    more.isLoggedOut ? Promise.reject(new Error("401")) : Promise.resolve({ token: "t" }),
  );
  const link = new LiveConnection({
    openSocket: () => new FakeSocket() as unknown as WebSocket,
    fetchToken,
    isLoggedOut: () => more.isLoggedOut ?? false,
    everyHalfSecond: (listener) => {
      tick = listener;
      return () => undefined;
    },
    windowName: { get: () => name, set: (next) => (name = next) },
  });
  /** So many milliseconds pass in which the page ticks and nothing comes. */
  const silence = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) {
      vi.setSystemTime(Date.now() + 500);
      tick();
    }
  };
  return { link, fetchToken, silence, tick: () => tick(), windowName: () => name };
}

async function connected(more: Parameters<typeof newLink>[0] = {}) {
  const made = newLink(more);
  made.link.start();
  await vi.advanceTimersByTimeAsync(0);
  const socket = FakeSocket.opened.at(-1);
  if (!socket) throw new Error("no socket");
  socket.open();
  socket.say(SNAPSHOT);
  return { ...made, socket };
}

async function reopened(): Promise<FakeSocket> {
  await vi.advanceTimersByTimeAsync(3000);
  const socket = FakeSocket.opened.at(-1);
  if (!socket) throw new Error("no socket");
  socket.open();
  return socket;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", { OPEN: 1 });
  FakeSocket.opened = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("live connection", () => {
  it("says hello first and is live after the snapshot", async () => {
    const { link, socket } = await connected();
    expect(socket.sent[0]).toMatchObject({ type: "Hello", token: "t", takes_over: true });
    expect(link.status).toBe("live");
    expect(link.store.get("me")).toEqual({ n: 1 });
  });

  it("comes back as the same window after a reload, without the documents of before", async () => {
    const { socket } = await connected({ name: "w.0" });
    expect(socket.sent[0]).toEqual({ type: "Hello", token: "t", boards: [], stream: "w.0" });
  });

  it("asks after a break for what it missed", async () => {
    const { socket } = await connected();
    socket.say({ type: "Changes", seq: 6, server_ms: 0, put: {} });
    socket.drop(1006);
    const next = await reopened();
    expect(next.sent[0]).toMatchObject({ type: "Hello", stream: "w.1", after: 6 });
  });

  it("connects anew when a frame is missing", async () => {
    const { link, socket } = await connected();
    socket.say({ type: "Changes", seq: 8, server_ms: 0, put: { me: { n: 8 } } });
    expect(link.status).toBe("offline");
    expect(link.store.get("me")).toEqual({ n: 1 });
    const next = await reopened();
    expect(next.sent[0]).toMatchObject({ after: 5 });
  });

  it("is stale within three seconds of silence and live again with the next frame", async () => {
    const { link, socket, tick } = await connected();
    vi.setSystemTime(Date.now() + 2900);
    tick();
    expect(link.status).toBe("stale");
    socket.say({ type: "Pong", sent_ms: Date.now(), server_ms: Date.now() });
    expect(link.status).toBe("live");
  });

  it("pings each two seconds and gives a silent socket up when two were not answered", async () => {
    const { socket, silence, link } = await connected();
    silence(2000);
    expect(socket.said("Ping")).toHaveLength(1);
    silence(2000);
    expect(link.status).toBe("stale");
    silence(500);
    expect(link.status).toBe("offline");
  });

  it("reads what has come before it gives a socket up, when the page itself stood still", async () => {
    const { socket, tick, link } = await connected();
    tick();
    vi.setSystemTime(Date.now() + 9000);
    tick();
    socket.say({ type: "Pong", sent_ms: Date.now(), server_ms: Date.now() });
    tick();
    expect(link.status).toBe("live");
  });

  it("gives up a socket that does not open, as when the network is gone or the gateway hangs", async () => {
    const { link, silence } = newLink();
    link.start();
    await vi.advanceTimersByTimeAsync(0);
    silence(4500);
    const next = await reopened();
    expect(FakeSocket.opened).toHaveLength(2);
    next.say(SNAPSHOT);
    expect(link.status).toBe("live");
  });

  it("counts the age of its figures from when it was last heard, not from when it last tried", async () => {
    const { socket, link } = await connected();
    const heardMs = Date.now();
    socket.drop(1006);
    await reopened();
    expect(link.lastHeardMs).toBe(heardMs);
  });

  it("tries each second with the token in hand: web is not asked each time, and may be away", async () => {
    const { socket, fetchToken } = await connected();
    fetchToken.mockRejectedValue(new Error("503"));
    socket.drop(1006);
    for (let tries = 0; tries < 5; tries++) {
      await vi.advanceTimersByTimeAsync(1300);
      FakeSocket.opened.at(-1)?.drop(1006);
    }
    expect(FakeSocket.opened.length).toBeGreaterThan(4);
    expect(fetchToken).toHaveBeenCalledTimes(1);
  });

  it("asks for another token when the one in hand has ended", async () => {
    const { socket, fetchToken } = await connected();
    socket.drop(4401);
    await reopened();
    expect(fetchToken).toHaveBeenCalledTimes(2);
    vi.setSystemTime(Date.now() + 5 * 60_000);
    FakeSocket.opened.at(-1)?.drop(1006);
    await reopened();
    expect(fetchToken).toHaveBeenCalledTimes(3);
  });

  it("repeats an unanswered action after a reconnect under the same id, and settles it once", async () => {
    const { link, socket } = await connected();
    const done = vi.fn();
    void link.act("HoldContact", { contact_id: "c" }).then(done);
    const first = socket.said("Do")[0];
    socket.drop(1006);
    const next = await reopened();
    expect(next.said("Do")[0]).toEqual(first);
    expect(link.pending()).toHaveLength(1);
    next.say(SNAPSHOT);
    next.say({ type: "Done", id: first?.id });
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toHaveBeenCalledTimes(1);
    expect(link.pending()).toHaveLength(0);
  });

  it("tells a refusal with code and sentence", async () => {
    const { link, socket } = await connected();
    const asked = link.act("HoldContact");
    socket.say({ type: "Failed", id: socket.said("Do")[0]?.id, code: "live.mirror", sentence: "Take over first." });
    await expect(asked).rejects.toMatchObject({ code: "live.mirror", message: "Take over first." });
  });

  it("drops an action that grew too old instead of doing it late", async () => {
    const { link, tick } = await connected();
    const asked = link.act("HangUpContact", {}, 5000).catch((error: unknown) => error);
    vi.setSystemTime(Date.now() + 6000);
    tick();
    expect(await asked).toBeInstanceOf(ActionRefused);
    expect(link.pending()).toHaveLength(0);
  });

  it("becomes a mirror under a new name when a copy of the tab took its place", async () => {
    const { socket, windowName } = await connected();
    socket.drop(4409);
    expect(windowName()).toBeNull();
    const next = await reopened();
    expect(next.sent[0]).toEqual({ type: "Hello", token: "t", boards: [], takes_over: false });
  });

  it("says when the log-in has ended and does not hammer the server", async () => {
    const { link } = newLink({ isLoggedOut: true });
    link.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(link.status).toBe("logged_out");
    expect(FakeSocket.opened).toHaveLength(0);
  });

  it("tells the gateway which boards are watched", async () => {
    const { link, socket } = await connected();
    link.watch("floor", true);
    link.watch("floor", true);
    link.watch("floor", false);
    expect(socket.said("Watch").map((frame) => frame.boards)).toEqual([["floor"], []]);
  });

  it("tells of a board that is wanted between hello and the first snapshot", async () => {
    const { link } = newLink();
    link.start();
    await vi.advanceTimersByTimeAsync(0);
    const socket = FakeSocket.opened.at(-1);
    socket?.open();
    link.watch("floor", true);
    socket?.say(SNAPSHOT);
    expect(socket?.sent.map((frame) => frame.type)).toEqual(["Hello", "Watch"]);
    expect(socket?.said("Watch")[0]?.boards).toEqual(["floor"]);
  });
});
