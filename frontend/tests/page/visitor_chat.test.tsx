import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fetchChatPage, fetchFormPage } from "@/visitor/api";
import { ChatPage } from "@/visitor/chat_page";
import { HIDDEN_MS, SHOWN_MS } from "@/visitor/chat_session";
import { FormPage } from "@/visitor/form_page";
import { Page } from "@/visitor/page";

const PAGE = {
  name: { zh: "在线咨询", en: "Ask us" },
  tenant_name: { zh: "石碑水务", en: "Shibei Water" },
  language: "zh",
  is_open: true,
  opens_at: null,
};
const at = "2026-03-05T06:00:00Z";
const customer = (seq: number, text: string) => ({ seq, side: "customer", text, code: null, at });
const agent = (seq: number, text: string) => ({ seq, side: "agent", text, code: null, at });
const BEGUN = { conversation_id: "c1", secret: "s1", state: "waiting", messages: [customer(1, "No water")] };
const quiet = { state: "waiting", ended_by: "", agent_name: null, messages: [] };

type Answer = { status?: number; body: unknown } | "unreachable";
const answers = new Map<string, Answer[]>();
const asked: { what: string; body: Record<string, unknown>; secret: string | null }[] = [];

/** The last answer given for an address is given again and again. */
function answer(what: string, ...given: Answer[]): void {
  answers.set(what, given);
}

function fetched(url: string, init: RequestInit): Promise<Response> {
  const path = url.replace("/api/v1/public/", "").replace(/\?.*/, "");
  const what = `${init.method} ${path}`;
  const body = JSON.parse(String(init.body ?? "{}")) as Record<string, unknown>;
  asked.push({ what, body, secret: new Headers(init.headers).get("X-Conversation-Secret") });
  const queue = answers.get(what) ?? [];
  const next = queue.length > 1 ? queue.shift() : queue[0];
  if (!next || next === "unreachable") return Promise.reject(new TypeError("no network"));
  return Promise.resolve(new Response(JSON.stringify(next.body), { status: next.status ?? 200 }));
}

const count = (what: string) => asked.filter((one) => one.what === what).length;
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const type = (testId: string, value: string) => fireEvent.change(screen.getByTestId(testId), { target: { value } });
const told = (testId: string) => screen.getByTestId(testId).textContent ?? "";

async function open() {
  render(<Page pageKey="water" fetchPage={fetchChatPage} screen={ChatPage} />);
  await pass(0);
}

async function begin() {
  await open();
  type("name", "Zhao");
  type("text", "No water");
  fireEvent.click(screen.getByTestId("begin"));
  await pass(0);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", fetched);
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["en-GB"]);
  asked.length = 0;
  answers.clear();
  answer("GET chat/water", { body: PAGE });
  answer("POST chat/water", { status: 201, body: BEGUN });
  answer("GET conversations/c1", { body: quiet });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a visitor's chat", () => {
  it("begins, waits, is answered by somebody with a name, and is ended", async () => {
    await begin();
    expect(told("standing")).toContain("You have been waiting since");
    expect(told("messages")).toContain("No water");
    answer("GET conversations/c1", {
      body: { ...quiet, state: "talking", agent_name: "Lin", messages: [agent(2, "Good morning")] },
    });
    await pass(SHOWN_MS);
    expect(asked.at(-1)?.secret).toBe("s1");
    expect(told("standing")).toBe("You are writing with Lin.");
    expect(told("messages")).toContain("Good morning");
    answer("GET conversations/c1", { body: { ...quiet, state: "ended", ended_by: "agent" } });
    await pass(SHOWN_MS);
    expect(told("standing")).toBe("The agent has ended the conversation.");
    const asking = count("GET conversations/c1");
    await pass(10 * SHOWN_MS);
    expect(count("GET conversations/c1")).toBe(asking);
    fireEvent.click(screen.getByTestId("again"));
    await pass(0);
    expect(screen.getByTestId("begin")).toBeTruthy();
  });

  it("goes on after a reload, with what was written and not sent", async () => {
    await begin();
    answer("POST conversations/c1/messages", "unreachable");
    type("write", "Third floor");
    fireEvent.keyDown(screen.getByTestId("write"), { key: "Enter" });
    await pass(0);
    expect(told("trouble")).toContain("No connection");
    cleanup();
    answer("GET conversations/c1", { body: { ...quiet, messages: [customer(1, "No water")] } });
    answer("POST conversations/c1/messages", { status: 201, body: customer(2, "Third floor") });
    await open();
    await pass(SHOWN_MS);
    const sent = asked.filter((one) => one.what === "POST conversations/c1/messages");
    expect(new Set(sent.map(({ body }) => body.id)).size).toBe(1);
    expect(told("messages")).toContain("Third floor");
    expect(screen.queryByTestId("trouble")).toBeNull();
    expect(count("POST chat/water")).toBe(1);
  });

  it("begins once, however often it is tried until it is taken", async () => {
    answer("POST chat/water", "unreachable", { status: 201, body: BEGUN });
    await begin();
    expect(screen.getByRole("alert").textContent).toContain("No connection");
    fireEvent.click(screen.getByTestId("begin"));
    await pass(0);
    const ids = asked.filter((one) => one.what === "POST chat/water").map(({ body }) => body.id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it("tells what the server asks for, and waits as long", async () => {
    await begin();
    const body = { code: "rate_limited", sentence: "Too often: try again in 20 seconds.", data: { wait_s: 20 } };
    answer("GET conversations/c1", { status: 429, body }, { body: quiet });
    await pass(SHOWN_MS);
    expect(told("trouble")).toBe("Too often: try again in 20 seconds.");
    const asking = count("GET conversations/c1");
    await pass(19_000);
    expect(count("GET conversations/c1")).toBe(asking);
    await pass(2000);
    expect(screen.queryByTestId("trouble")).toBeNull();
  });

  it("asks more seldom while nobody looks, and at once when somebody does", async () => {
    await begin();
    const sight = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    await pass(SHOWN_MS);
    const asking = count("GET conversations/c1");
    await pass(HIDDEN_MS - 100);
    expect(count("GET conversations/c1")).toBe(asking);
    sight.mockReturnValue("visible");
    await act(async () => {
      document.dispatchEvent(new Event("visibilitychange"));
      await vi.advanceTimersByTimeAsync(0);
    });
    expect(count("GET conversations/c1")).toBe(asking + 1);
  });

  it("leaves only when asked twice", async () => {
    await begin();
    answer("POST conversations/c1/end", { body: { ...quiet, state: "ended", ended_by: "customer" } });
    fireEvent.click(screen.getByTestId("leave"));
    expect(count("POST conversations/c1/end")).toBe(0);
    fireEvent.click(screen.getByTestId("leave-sure"));
    await pass(0);
    expect(told("standing")).toBe("You have left the conversation.");
  });

  it("does not send while a word is composed, nor on Shift+Enter", async () => {
    await begin();
    type("write", "三楼");
    const field = screen.getByTestId("write");
    fireEvent.keyDown(field, { key: "Enter", isComposing: true });
    fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
    await pass(0);
    expect(count("POST conversations/c1/messages")).toBe(0);
  });

  it("says when it opens, and begins nothing before", async () => {
    answer("GET chat/water", { body: { ...PAGE, is_open: false, opens_at: "2099-03-06T01:00:00Z" } });
    await open();
    expect(told("closed")).toContain("We open again");
    expect(screen.queryByTestId("begin")).toBeNull();
  });

  it("speaks the browser's language, and the other one when asked to", async () => {
    await open();
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Ask us");
    fireEvent.click(screen.getByText("中文"));
    await pass(0);
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("在线咨询");
    expect(document.documentElement.lang).toBe("zh-CN");
  });

  it("says so where there is no such page", async () => {
    answer("GET chat/water", { status: 404, body: { sentence: "This address is not in use any more." } });
    await open();
    expect(screen.getByRole("alert").textContent).toContain("This address is not in use any more.");
  });
});

describe("a web form", () => {
  it("wants a way to answer, is handed in once, and shows its reference", async () => {
    answer("GET forms/leaks", { body: PAGE });
    answer("POST forms/leaks", "unreachable", { status: 201, body: { reference: "K7QD-2M3A" } });
    render(<Page pageKey="leaks" fetchPage={fetchFormPage} screen={FormPage} />);
    await pass(0);
    type("name", "Zhao");
    type("text", "A leak in Jiang Road");
    fireEvent.click(screen.getByTestId("send-form"));
    await pass(0);
    expect(screen.getByRole("alert").textContent).toContain("telephone number or an e-mail");
    expect(count("POST forms/leaks")).toBe(0);
    type("phone", "13900005521");
    fireEvent.click(screen.getByTestId("send-form"));
    await pass(0);
    fireEvent.click(screen.getByTestId("send-form"));
    await pass(0);
    expect(told("reference")).toBe("Your reference: K7QD-2M3A");
    const ids = asked.filter((one) => one.what === "POST forms/leaks").map(({ body }) => body.id);
    expect(new Set(ids).size).toBe(1);
    expect(sessionStorage.getItem("hotline.fields|form|leaks")).toBeNull();
  });
});
