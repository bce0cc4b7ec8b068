import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { askFrom, completeUpTo, merged, type Conversation, type Message } from "@/api/conversations";
import { ApiError, OfflineError } from "@/api/http";
import { Outbox, withoutTaken, type Unsent } from "@/features/desk/outbox";

const message = (seq: number, values: Partial<Message> = {}): Message => ({
  seq,
  id: `m${seq}`,
  side: "agent",
  agent_id: null,
  agent_name: null,
  text: "text",
  code: null,
  at: "2026-03-05T06:00:00Z",
  delivery: null,
  failure: null,
  ...values,
});
const conversation = (...messages: Message[]) => ({ messages }) as unknown as Conversation;

describe("what is asked for anew", () => {
  it("begins before the first message that is missing or still under way", () => {
    expect(askFrom(undefined)).toBe(0);
    expect(askFrom(conversation(message(1), message(2)))).toBe(2);
    expect(askFrom(conversation(message(1), message(3)))).toBe(1);
    expect(completeUpTo(conversation(message(1), message(2, { delivery: "pending" })))).toBe(2);
    expect(completeUpTo(conversation(message(1), message(3)))).toBe(1);
    expect(askFrom(conversation(message(1), message(2, { delivery: "pending" }), message(3)))).toBe(1);
  });

  it("replaces what is known, each message once and in order", () => {
    const known = [message(1), message(2, { delivery: "pending" })];
    const answered = [message(2, { delivery: "sent" }), message(3)];
    expect(merged(known, answered).map(({ seq, delivery }) => [seq, delivery])).toEqual([
      [1, null],
      [2, "sent"],
      [3, null],
    ]);
    expect(merged(known, [])).toBe(known);
  });
});

it("what the server has taken is not shown twice, the same words sent again are", () => {
  const entry = (text: string, after: number): Unsent => ({
    id: text,
    text,
    after,
    atMs: 0,
    refusal: "",
    isDelayed: false,
  });
  const messages = [message(1, { side: "customer", text: "hello" }), message(2, { text: "yes" })];
  expect(withoutTaken([entry("yes", 1)], messages)).toEqual([]);
  expect(withoutTaken([entry("yes", 2), entry("hello", 0)], messages)).toHaveLength(2);
});

describe("the outbox of a contact", () => {
  const sent = vi.fn<(contact: string, id: string, text: string) => Promise<Message>>();
  const taken = vi.fn();
  const open = () => new Outbox("p1", "k1", taken, sent);
  const texts = () => sent.mock.calls.map(([, , text]) => text);

  beforeEach(() => {
    vi.useFakeTimers();
    sent.mockReset().mockImplementation((_, id) => Promise.resolve(message(1, { id })));
    taken.mockReset();
  });
  afterEach(() => vi.useRealTimers());

  it("sends in order, one at a time, and keeps nothing that was taken", async () => {
    const outbox = open();
    outbox.add("first", 0);
    outbox.add("second", 0);
    expect(texts()).toEqual(["first"]);
    await vi.runAllTimersAsync();
    expect(texts()).toEqual(["first", "second"]);
    expect(outbox.list()).toEqual([]);
    expect(taken).toHaveBeenCalledTimes(2);
    expect(localStorage.length).toBe(0);
  });

  it("tries again under the same id while the server is away", async () => {
    sent.mockRejectedValueOnce(new OfflineError("away"));
    const outbox = open();
    outbox.add("hello", 0);
    await vi.advanceTimersByTimeAsync(0);
    expect(outbox.list().map((one) => one.isDelayed)).toEqual([true]);
    await vi.advanceTimersByTimeAsync(3000);
    const ids = sent.mock.calls.map(([, id]) => id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(outbox.list()).toEqual([]);
  });

  it("is sent after a reload that came before the answer", async () => {
    sent.mockImplementationOnce(() => new Promise(() => undefined));
    open().add("hello", 0);
    const after = open();
    expect(after.list().map((one) => one.text)).toEqual(["hello"]);
    after.start();
    await vi.runAllTimersAsync();
    expect(new Set(sent.mock.calls.map(([, id]) => id)).size).toBe(1);
    expect(after.list()).toEqual([]);
  });

  it("shows a refusal, lets what follows go on, and gives the text back", async () => {
    sent.mockRejectedValueOnce(new ApiError(409, "conversations.over", "It is over."));
    const outbox = open();
    outbox.add("too late", 0);
    outbox.add("next", 0);
    await vi.runAllTimersAsync();
    expect(outbox.list().map((one) => [one.text, one.refusal])).toEqual([["too late", "It is over."]]);
    expect(texts()).toEqual(["too late", "next"]);
    expect(outbox.takeBack(outbox.list()[0]?.id ?? "")).toBe("too late");
    expect(outbox.list()).toEqual([]);
  });
});
