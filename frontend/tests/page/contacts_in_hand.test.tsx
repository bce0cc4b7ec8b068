import { fireEvent, render, screen } from "@testing-library/react";
import { App } from "antd";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ContactList } from "@/features/desk/contact_list";
import { mostInHand, neighbour, selectContact, selected } from "@/features/desk/selection";
import { markSeen } from "@/features/desk/seen";
import { LiveConnection } from "@/live/connection";
import type { ContactDocument, MeDocument } from "@/live/documents";
import { LiveContext } from "@/live/hooks";
import { DraftContext } from "@/shared/draft_hooks";
import { DraftBox } from "@/shared/drafts";
import { SessionContext } from "@/shared/session";
import { setLanguage, startWords } from "@/words";

const contact = (contact_id: string, values: Partial<ContactDocument> = {}) =>
  ({
    contact_id,
    channel: "chat",
    state: "talking",
    connected_ms: Date.now() - 40_000,
    held_since_ms: null,
    wrap_until_ms: null,
    ...values,
  }) as ContactDocument;

const message = (seq: number, side: "customer" | "agent") => ({
  seq,
  id: `m${seq}`,
  side,
  agent_id: null,
  agent_name: null,
  text: "text",
  code: null,
  at: "2026-03-05T06:00:00Z",
  delivery: null,
  failure: null,
});

// The client takes the browser's fetch when it is loaded; here nothing is ever answered.
vi.hoisted(() => {
  globalThis.fetch = () => new Promise(() => undefined);
});

function show(contacts: ContactDocument[], capacity: Record<string, number>, selectedId?: string) {
  const client = new QueryClient();
  for (const { contact_id, channel } of contacts) {
    client.setQueryData(["pop", contact_id], { customer: null, contact: { caller: "" } });
    const messages = [message(1, "customer"), message(2, "agent"), message(3, "customer")];
    client.setQueryData(["conversation", contact_id], { sender_name: `Name ${contact_id}`, channel, messages });
  }
  const live = new LiveConnection({} as never);
  const drafts = new DraftBox("p1", { load: () => Promise.resolve([]), save: () => Promise.resolve() });
  drafts.draft("k2", "reply").change("half a sentence");
  render(
    <App>
      <SessionContext value={{ user_id: "p1", permissions: [] } as never}>
        <LiveContext value={live}>
          <DraftContext value={drafts}>
            <QueryClientProvider client={client}>
              <ContactList me={{ capacity } as unknown as MeDocument} contacts={contacts} selectedId={selectedId} />
            </QueryClientProvider>
          </DraftContext>
        </LiveContext>
      </SessionContext>
    </App>,
  );
}

const rows = () => screen.getAllByTestId("contact-row").map((row) => row.textContent ?? "");

beforeAll(() => {
  startWords();
  setLanguage("en");
});
beforeEach(() => sessionStorage.clear());

describe("which contact is before the agent", () => {
  const talking = contact("k1");
  const wrapped = contact("k0", { state: "wrap_up" });

  it("is the one chosen last that is still in hand, else one that is talked with before one that is wrapped up", () => {
    expect(selected([wrapped, talking], [])).toBe(talking);
    expect(selected([wrapped, talking], ["gone", "k0", "k1"])).toBe(wrapped);
    expect(selected([wrapped], ["gone"])).toBe(wrapped);
    expect(selected([], ["k1"])).toBeUndefined();
  });

  it("is followed by its neighbours, around both ends", () => {
    const all = ["a", "b", "c"].map((id) => contact(id));
    expect(neighbour(all, "a", 1)?.contact_id).toBe("b");
    expect(neighbour(all, "c", 1)?.contact_id).toBe("a");
    expect(neighbour(all, "a", -1)?.contact_id).toBe("c");
    expect(neighbour([], undefined, 1)).toBeUndefined();
  });
});

describe("how many can be in hand", () => {
  const capacity = { voice: 1, chat: 3, sms: 3, form: 5 };
  it.each([
    [{ voice: 1 }, ["voice"], 1],
    [{ voice: 1, chat: 3 }, ["voice"], 1],
    [{ voice: 1, chat: 3 }, ["chat"], 3],
    [{ voice: 1, chat: 3 }, ["chat", "chat", "chat"], 3],
    [capacity, ["chat", "sms", "sms"], 3],
    [capacity, ["form"], 5],
    [capacity, ["form", "voice"], 2],
  ] as const)("with %o and %o it is %i", (limits, channels, most) => {
    const contacts = channels.map((channel, index) => contact(String(index), { channel }));
    expect(mostInHand(limits, contacts)).toBe(most);
  });
});

describe("the list of contacts", () => {
  it("adds nothing to a desk for calls", () => {
    show([contact("k1", { channel: "voice" })], { voice: 1 }, "k1");
    expect(screen.queryByTestId("contact-list")).toBeNull();
  });

  it("says who, what is new, what is begun, what is on hold, and how many can be taken", () => {
    markSeen("k1", 3);
    markSeen("k2", 2);
    const call = contact("k3", { channel: "voice" });
    show([contact("k1", { state: "held" }), contact("k2"), call], { voice: 1, chat: 3 }, "k3");
    expect(screen.getByTestId("contact-list").textContent).toContain("3 of 3");
    expect(rows()[0]).toContain("Name k1");
    expect(rows()[0]).toContain("On hold for a call");
    expect(rows()[0]).not.toContain("new");
    expect(rows()[1]).toContain("1 new");
    expect(rows()[1]).toContain("draft kept");
    expect(screen.getAllByTestId("contact-row").map((row) => row.getAttribute("aria-current"))).toEqual([
      "false",
      "false",
      "true",
    ]);
  });

  it("is chosen from by a click, which is kept over a reload", () => {
    show([contact("k1"), contact("k2")], { chat: 2 }, "k1");
    selectContact("k1");
    fireEvent.click(screen.getAllByTestId("contact-row")[1] as HTMLElement);
    expect(JSON.parse(sessionStorage.getItem("hotline.chosen-contacts") ?? "[]")).toEqual(["k2", "k1"]);
  });
});
