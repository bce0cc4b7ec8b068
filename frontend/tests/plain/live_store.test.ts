import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { LiveStore, type ChangesFrame } from "@/live/store";

const key = fc.constantFrom("me", "agent/1", "agent/2", "queue/1", "contact/1", "offer/1");
const change = fc.record({
  put: fc.dictionary(key, fc.record({ n: fc.integer() })),
  drop: fc.uniqueArray(key),
});

function changes(seq: number, part: { put: Record<string, unknown>; drop: string[] }): ChangesFrame {
  return { type: "Changes", seq, server_ms: 0, ...part };
}

/** What a fresh snapshot would hold after these changes: the plain meaning of put and drop. */
function expected(start: Record<string, unknown>, parts: { put: Record<string, unknown>; drop: string[] }[]) {
  const documents = new Map(Object.entries(start));
  for (const { put, drop } of parts) {
    drop.forEach((gone) => documents.delete(gone));
    Object.entries(put).forEach(([name, document]) => documents.set(name, document));
  }
  return Object.fromEntries(documents);
}

describe("live store", () => {
  it("holds after snapshot and changes what a fresh snapshot would hold", () => {
    fc.assert(
      fc.property(fc.dictionary(key, fc.record({ n: fc.integer() })), fc.array(change), (start, parts) => {
        const store = new LiveStore((paint) => paint());
        store.applySnapshot({ type: "Snapshot", stream: "s", seq: 7, server_ms: 0, documents: start });
        parts.forEach((part, index) => expect(store.applyChanges(changes(8 + index, part))).toBe(true));
        const fresh = new LiveStore((paint) => paint());
        const documents = expected(start, parts);
        fresh.applySnapshot({ type: "Snapshot", stream: "s", seq: store.seq, server_ms: 0, documents });
        expect(store.all()).toEqual(fresh.all());
        for (const group of ["agent/", "queue/", "contact/", "offer/"]) {
          expect(store.list(group)).toEqual(fresh.list(group));
        }
      }),
    );
  });

  it("ignores a repeated frame and reports a missing one", () => {
    const store = new LiveStore((paint) => paint());
    store.applySnapshot({ type: "Snapshot", stream: "s", seq: 1, server_ms: 0, documents: {} });
    expect(store.applyChanges(changes(2, { put: { me: { n: 1 } }, drop: [] }))).toBe(true);
    expect(store.applyChanges(changes(2, { put: { me: { n: 9 } }, drop: [] }))).toBe(true);
    expect(store.get("me")).toEqual({ n: 1 });
    expect(store.applyChanges(changes(4, { put: { me: { n: 4 } }, drop: [] }))).toBe(false);
    expect(store.get("me")).toEqual({ n: 1 });
    expect(store.seq).toBe(2);
  });

  it("forgets with a new snapshot what it no longer holds", () => {
    const store = new LiveStore((paint) => paint());
    store.applySnapshot({ type: "Snapshot", stream: "a", seq: 1, server_ms: 0, documents: { "agent/1": {} } });
    store.applySnapshot({ type: "Snapshot", stream: "b", seq: 1, server_ms: 0, documents: { "agent/2": {} } });
    expect(Object.keys(store.all())).toEqual(["agent/2"]);
  });

  it("paints boards once per frame and own work at once", () => {
    const paints: (() => void)[] = [];
    const store = new LiveStore((paint) => paints.push(paint));
    const board = vi.fn();
    const own = vi.fn();
    store.subscribe("agent/", board);
    store.subscribe("offer/", own);
    store.applyChanges(changes(1, { put: { "agent/1": { n: 1 } }, drop: [] }));
    store.applyChanges(changes(2, { put: { "agent/2": { n: 1 } }, drop: [] }));
    expect(board).not.toHaveBeenCalled();
    expect(paints).toHaveLength(1);
    paints[0]?.();
    expect(board).toHaveBeenCalledTimes(1);
    store.applyChanges(changes(3, { put: { "offer/1": {} }, drop: [] }));
    expect(own).toHaveBeenCalledTimes(1);
  });

  it("gives the same list until a document of the group changes", () => {
    const store = new LiveStore((paint) => paint());
    store.applyChanges(changes(1, { put: { "agent/1": { n: 1 } }, drop: [] }));
    const before = store.list("agent/");
    store.applyChanges(changes(2, { put: { "queue/1": { n: 1 } }, drop: [] }));
    expect(store.list("agent/")).toBe(before);
    store.applyChanges(changes(3, { put: {}, drop: ["agent/1"] }));
    expect(store.list("agent/")).toEqual([]);
  });
});
