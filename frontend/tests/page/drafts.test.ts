import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Draft, DraftBox, LOCAL_DELAY_MS, SERVER_DELAY_MS, type DraftServer } from "@/shared/drafts";

const KEY = { person: "p", contact: "c", field: "note" };

/** A server that keeps what it is told, until it is unplugged. */
class KeepingServer implements DraftServer {
  kept = new Map<string, string>();
  failure: Error | null = null;
  rows: { field: string; text: string; at_ms: number }[] = [];
  load = () => Promise.resolve(this.rows);
  save = (contact: string, field: string, text: string) => {
    if (this.failure) return Promise.reject(this.failure);
    this.kept.set(`${contact}/${field}`, text);
    return Promise.resolve();
  };
}

let server: KeepingServer;
beforeEach(() => {
  vi.useFakeTimers();
  server = new KeepingServer();
});
afterEach(() => vi.useRealTimers());

describe("a draft", () => {
  it("is on this computer within 0.3 s and on the server within 2 s", async () => {
    const draft = new Draft(KEY, server);
    draft.change("邻居关了阀门");
    await vi.advanceTimersByTimeAsync(300);
    expect(new Draft(KEY, server).text).toBe("邻居关了阀门");
    await vi.advanceTimersByTimeAsync(1700);
    expect(server.kept.get("c/note")).toBe("邻居关了阀门");
    expect(LOCAL_DELAY_MS).toBeLessThanOrEqual(300);
    expect(SERVER_DELAY_MS).toBeLessThan(2000);
  });

  it("reaches the server in time although typing never pauses", async () => {
    const draft = new Draft(KEY, server);
    for (let stroke = 0; stroke < 20; stroke += 1) {
      draft.change("x".repeat(stroke + 1));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(server.kept.get("c/note")?.length).toBeGreaterThan(5);
  });

  it("is sent when the server is back", async () => {
    server.failure = new Error("offline");
    const draft = new Draft(KEY, server);
    draft.change("text");
    await vi.advanceTimersByTimeAsync(5000);
    expect(draft.status).toBe("local");
    server.failure = null;
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.kept.get("c/note")).toBe("text");
    expect(draft.status).toBe("sent");
  });

  it("stays on this computer when the server refuses it, without asking for ever", async () => {
    const save = vi.spyOn(server, "save");
    server.failure = Object.assign(new Error("no"), { status: 403 });
    new Draft(KEY, server).change("text");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(save).toHaveBeenCalledTimes(1);
    expect(new Draft(KEY, new KeepingServer()).text).toBe("text");
  });

  it("survives a closing page even in the middle of a word", () => {
    const box = new DraftBox("p", server);
    box.draft("c", "note").change("half a wo");
    window.dispatchEvent(new Event("pagehide"));
    expect(new Draft(KEY, server).text).toBe("half a wo");
  });

  it("never shows up at another contact, field or person", async () => {
    new Draft(KEY, server).change("secret");
    await vi.advanceTimersByTimeAsync(300);
    expect(new Draft({ ...KEY, contact: "d" }, server).text).toBe("");
    expect(new Draft({ ...KEY, field: "ticket" }, server).text).toBe("");
    expect(new Draft({ ...KEY, person: "q" }, server).text).toBe("");
  });

  it("takes the server's text when that is later, and keeps its own when that is", async () => {
    const own = new Draft(KEY, server);
    own.change("mine");
    await vi.advanceTimersByTimeAsync(300);
    own.offer("older", Date.now() - 60_000);
    expect(own.text).toBe("mine");
    own.offer("newer", Date.now() + 60_000);
    expect(own.text).toBe("newer");
  });

  it("fetches what another computer left", async () => {
    server.rows = [{ field: "note", text: "from the other desk", at_ms: Date.now() }];
    const draft = new DraftBox("p", server).draft("c", "note");
    await vi.advanceTimersByTimeAsync(0);
    expect(draft.text).toBe("from the other desk");
  });

  it("is forgotten here and there when it has become something else", async () => {
    const draft = new Draft(KEY, server);
    draft.change("ticket text");
    await vi.advanceTimersByTimeAsync(2000);
    draft.clear();
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.kept.get("c/note")).toBe("");
    expect(new Draft(KEY, server).text).toBe("");
  });
});
