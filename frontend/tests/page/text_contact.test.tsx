import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { App } from "antd";
import type { ReactNode } from "react";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Message } from "@/api/conversations";
import { EndButton } from "@/features/desk/contact_keys";
import { ConversationPanel } from "@/features/desk/conversation";
import { OfferBanner } from "@/features/desk/offer_banner";
import { LiveConnection } from "@/live/connection";
import type { ContactDocument, OfferDocument } from "@/live/documents";
import { LiveContext } from "@/live/hooks";
import { DraftContext } from "@/shared/draft_hooks";
import { DraftBox } from "@/shared/drafts";
import { SessionContext } from "@/shared/session";
import { PhoneContext } from "@/softphone/hooks";
import { setLanguage, startWords } from "@/words";

// The client takes the browser's fetch when it is loaded.
const answers = vi.hoisted(() => {
  const answering = vi.fn<(request: Request) => Promise<Response>>();
  globalThis.fetch = (request) => answering(request as Request);
  return answering;
});
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const written: { id: string; text: string }[] = [];
const CONTACT = { contact_id: "k1", channel: "sms", state: "talking", message_seq: 2 } as ContactDocument;
const message = (seq: number, values: Partial<Message>): Message => ({
  seq,
  id: `m${seq}`,
  side: "customer",
  agent_id: null,
  agent_name: null,
  text: null,
  code: null,
  at: "2026-03-05T06:00:00Z",
  delivery: null,
  failure: null,
  ...values,
});
const MESSAGES = [
  message(1, { text: "The water is brown" }),
  message(2, { side: "house", code: "agent_joined" }),
  message(3, { side: "agent", agent_name: "Lin", text: "Since when?", delivery: "sent" }),
  message(4, { side: "agent", agent_name: "Lin", text: "Hello?", delivery: "failed", failure: "the number is wrong" }),
];
const phone = {
  state: { registration: "registered", call: "none" },
  subscribe: () => () => undefined,
  answer: vi.fn(),
};
let live: LiveConnection;
let acted: { name: string; args: unknown }[];

function show(page: ReactNode, values: object = {}, refusal?: object) {
  acted = [];
  live = new LiveConnection({} as never);
  live.act = (name, args) => {
    acted.push({ name, args });
    return Promise.resolve();
  };
  const conversation = { channel: "sms", entry_name: { en: "SMS" }, sender_name: "Zhao", can_reply: true, ...values };
  answers.mockImplementation(async (request) => {
    if (!request.url.includes("/desk/conversations/")) return new Promise(() => undefined);
    if (request.method === "GET") return json({ ...conversation, messages: MESSAGES });
    const body = (await request.json()) as { id: string; text: string };
    written.push(body);
    return refusal ? json(refusal, 409) : json(message(5, { side: "agent", text: body.text }), 201);
  });
  const drafts = new DraftBox("p1", { load: () => Promise.resolve([]), save: () => Promise.resolve() });
  render(
    <App>
      <SessionContext value={{ user_id: "p1", permissions: [] } as never}>
        <LiveContext value={live}>
          <PhoneContext value={phone as never}>
            <DraftContext value={drafts}>
              <QueryClientProvider client={new QueryClient()}>{page}</QueryClientProvider>
            </DraftContext>
          </PhoneContext>
        </LiveContext>
      </SessionContext>
    </App>,
  );
}

const offer = (channel: string) => ({ offer_id: "o1", contact_id: "k2", channel, kind: "queue", menu_path: [] });
const put = (documents: Record<string, unknown>) =>
  act(() =>
    live.store.applySnapshot({ type: "Snapshot", stream: "s", seq: 1, server_ms: Date.now(), documents: documents }),
  );
const press = (key: string, more: object = {}) => fireEvent.keyDown(window, { bubbles: true, key, ...more });
const field = () => screen.getByTestId("reply");

beforeAll(() => {
  startWords();
  setLanguage("en");
});
beforeEach(() => {
  answers.mockReset();
  written.length = 0;
});

describe("an offer of a written contact", () => {
  it("is accepted by the switch, also where a telephone is registered", async () => {
    show(<OfferBanner offer={offer("chat") as unknown as OfferDocument} isMirror={false} hasKey />);
    press("F2");
    press("F2");
    await waitFor(() => expect(acted).toEqual([{ name: "AcceptOffer", args: { offer_id: "o1" } }]));
    expect(phone.answer).not.toHaveBeenCalled();
  });

  it("leaves a call to its telephone", () => {
    show(<OfferBanner offer={offer("voice") as unknown as OfferDocument} isMirror={false} hasKey />);
    press("F2");
    expect(acted).toEqual([]);
  });

  it("has the key while it rings, whatever is in hand", async () => {
    show(<EndButton contact={CONTACT} isOff={false} hasKey />);
    put({ "offer/o1": offer("chat") });
    press("F2");
    expect(screen.queryByTestId("end-sure")).toBeNull();
    put({});
    press("F2");
    expect((await screen.findByTestId("end-sure")).textContent).toBe("End");
    press("Enter");
    expect(acted).toEqual([{ name: "HangUpContact", args: { contact_id: "k1" } }]);
  });
});

describe("the conversation of a contact in hand", () => {
  it("says who wrote what, what the house said, and what became of what was sent", async () => {
    show(<ConversationPanel contact={CONTACT} />);
    const told = (await screen.findByTestId("messages")).textContent ?? "";
    expect(told).toContain("Zhao");
    expect(told).toContain("The water is brown");
    expect(told).toContain("An agent has joined the conversation.");
    expect(told).toContain("not delivered: the number is wrong");
    expect(screen.getByRole("log")).toBeTruthy();
  });

  it("is answered by Enter, not by Shift+Enter, nor while a word is composed", async () => {
    show(<ConversationPanel contact={CONTACT} />);
    await screen.findByTestId("reply");
    fireEvent.change(field(), { target: { value: "Since this morning?" } });
    fireEvent.keyDown(field(), { key: "Enter", shiftKey: true });
    fireEvent.keyDown(field(), { key: "Enter", isComposing: true });
    fireEvent.keyDown(field(), { key: "Enter", keyCode: 229 });
    expect(written).toEqual([]);
    fireEvent.keyDown(field(), { key: "Enter" });
    await waitFor(() => expect(written).toEqual([{ id: expect.any(String) as string, text: "Since this morning?" }]));
    expect((field() as HTMLTextAreaElement).value).toBe("");
    await waitFor(() => expect(screen.getByTestId("messages").textContent).toContain("Since this morning?"));
  });

  it("gives a refused text back into the draft", async () => {
    const refusal = { code: "conversations.customer_gone", sentence: "The conversation is over.", data: {} };
    show(<ConversationPanel contact={CONTACT} />, {}, refusal);
    await screen.findByTestId("reply");
    fireEvent.change(field(), { target: { value: "Too late" } });
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(await screen.findByText("Not sent: The conversation is over.")).toBeTruthy();
    fireEvent.click(screen.getByText("Take back into the draft"));
    expect((field() as HTMLTextAreaElement).value).toBe("Too late");
  });

  it("has no place to write where there is no way to answer, or when it is over", async () => {
    show(<ConversationPanel contact={CONTACT} />, { can_reply: false });
    expect((await screen.findByTestId("no-reply")).textContent).toContain("cannot be answered in writing");
    expect(screen.queryByTestId("reply")).toBeNull();
  });
});
