import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { App } from "antd";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { WhyThisCaller } from "@/features/desk/why_caller";
import { setLanguage, startWords } from "@/words";

const TOLD = {
  offered_at: "2026-03-05T06:02:59Z",
  waited_ms: 72_000,
  steps: [
    {
      id: "s1",
      at: "2026-03-05T06:02:59Z",
      explanation: { zh: "5 名坐席中，王芳 空闲最久。", en: "Wang Fang had been idle longest of the 5." },
    },
  ],
};

// The client takes the browser's fetch when it is loaded.
const answers = vi.hoisted(() => {
  const answering = vi.fn<(request: Request) => Response>();
  globalThis.fetch = (request) => Promise.resolve(answering(request as Request));
  return answering;
});

function show() {
  const client = new QueryClient();
  const page = (contactId: string, stage: string) => (
    <App>
      <QueryClientProvider client={client}>
        <WhyThisCaller key={contactId} contactId={contactId} stage={stage} />
      </QueryClientProvider>
    </App>
  );
  const { rerender } = render(page("k1", "offered"));
  return (contactId: string, stage: string) => rerender(page(contactId, stage));
}

const told = () => screen.getByTestId("why-me-told").textContent ?? "";
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const key = () => fireEvent.keyDown(window, { bubbles: true, key: "7", code: "Digit7", altKey: true });

beforeAll(() => {
  startWords();
  setLanguage("en");
});
afterEach(() => answers.mockReset());

describe("why this caller", () => {
  it("is asked for only when it is opened, by key or click, and closes the same way", async () => {
    answers.mockImplementation(() => json(TOLD));
    show();
    expect(told()).toBe("");
    expect(answers).not.toHaveBeenCalled();
    key();
    await waitFor(() => expect(told()).toContain("Wang Fang had been idle longest of the 5."));
    expect(told()).toContain("It had waited 1:12 when it rang here.");
    expect(answers.mock.calls[0]?.[0].url).toContain("/api/v1/desk/contacts/k1/reasons");
    expect(screen.getByTestId("why-me").getAttribute("aria-expanded")).toBe("true");
    fireEvent.click(screen.getByTestId("why-me"));
    expect(told()).toBe("");
  });

  it("says so when nobody had to wait", async () => {
    answers.mockImplementation(() => json({ ...TOLD, waited_ms: 400 }));
    show();
    key();
    await waitFor(() => expect(told()).toContain("It rang here at once."));
  });

  it("comes as soon as the offer is known to the server", async () => {
    answers.mockImplementationOnce(() => json({ code: "desk.contact_not_yet", sentence: "Not yet.", data: {} }, 404));
    answers.mockImplementation(() => json(TOLD));
    show();
    fireEvent.click(screen.getByTestId("why-me"));
    await waitFor(() => expect(told()).toContain("Wang Fang"), { timeout: 3000 });
  });

  it("is closed and forgotten with the next caller", async () => {
    answers.mockImplementation(() => json(TOLD));
    const go = show();
    key();
    await waitFor(() => expect(told()).toContain("Wang Fang"));
    go("k1", "talking i1");
    await waitFor(() => expect(answers).toHaveBeenCalledTimes(2));
    expect(told()).toContain("Wang Fang");
    go("k2", "offered");
    expect(told()).toBe("");
  });
});
