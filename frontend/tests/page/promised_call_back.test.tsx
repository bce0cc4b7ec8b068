import { fireEvent, render, screen } from "@testing-library/react";
import { App } from "antd";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { PromisedCallBacks } from "@/features/desk/promised_call_back";
import type { LiveConnection } from "@/live/connection";
import type { ContactDocument, PromiseDocument } from "@/live/documents";
import { LiveContext } from "@/live/hooks";
import { startWords } from "@/words";

const PROMISE: PromiseDocument = {
  contact_id: "k1",
  queue_id: "repair",
  queue_name: { zh: "报修", en: "Repairs" },
  asked_ms: Date.UTC(2026, 2, 5, 2, 42),
  attempts: 2,
  is_kept: false,
};

function show(promises: PromiseDocument[], isOff = false) {
  const act = vi.fn(() => Promise.resolve());
  const live = { act } as unknown as LiveConnection;
  render(
    <App>
      <LiveContext value={live}>
        <PromisedCallBacks contact={{ promises } as ContactDocument} isOff={isOff} />
      </LiveContext>
    </App>,
  );
  return act;
}

const disabled = (testId: string) => (screen.getByTestId(testId) as HTMLButtonElement).disabled;

beforeAll(startWords);

describe("a call-back that is promised to the customer in hand", () => {
  it("is told with its queue and how often it was tried", () => {
    show([PROMISE]);
    const told = screen.getByTestId("promise").textContent ?? "";
    expect(told).toMatch(/Repairs|报修/);
    expect(told).toMatch(/2026-03-05/);
    expect(told).toMatch(/2 次|2 times/);
  });

  it("is done in this talk by one click or one key, and kept by one click", () => {
    const act = show([PROMISE]);
    fireEvent.click(screen.getByTestId("promise-done"));
    fireEvent.keyDown(window, { bubbles: true, key: "9", code: "Digit9", altKey: true });
    fireEvent.click(screen.getByTestId("promise-keep"));
    const asked = act.mock.calls.map((call) => (call as unknown[]).slice(0, 2));
    const settle = (isDone: boolean) => ["SettleCallback", { contact_id: "k1", is_done: isDone }];
    expect(asked).toEqual([settle(true), settle(true), settle(false)]);
  });

  it("that the agent keeps can still be done, not kept again", () => {
    show([{ ...PROMISE, is_kept: true }]);
    expect([disabled("promise-done"), disabled("promise-keep")]).toEqual([false, true]);
  });

  it("is not settled from a second window", () => {
    const act = show([PROMISE], true);
    fireEvent.keyDown(window, { bubbles: true, key: "9", code: "Digit9", altKey: true });
    expect([disabled("promise-done"), disabled("promise-keep")]).toEqual([true, true]);
    expect(act).not.toHaveBeenCalled();
  });

  it("takes no room where nothing is promised", () => {
    show([]);
    expect(screen.queryByTestId("promise")).toBeNull();
  });
});
