import { fireEvent, render, renderHook, screen } from "@testing-library/react";
import { App } from "antd";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Draft } from "@/features/admin/flow_edits";
import { keptDraft, useKeeping } from "@/features/admin/flow_keeping";
import { FlowSource } from "@/features/admin/flow_source";
import { startWords } from "@/words";

const DRAFT: Draft = { definition: { first_step: "end", steps: { end: { kind: "hang_up" } } }, layout: {} };
const keeping = () => renderHook(() => useKeeping("wang", "flow", 3, DRAFT, true), { wrapper: App });

beforeAll(startWords);

describe("changes that are not saved", () => {
  it("are kept when the page is left in the very moment of the last one", () => {
    const { unmount } = keeping();
    unmount();
    expect(keptDraft("wang", "flow")).toEqual({ version: 3, draft: DRAFT });
  });

  it("are kept when the browser is closed in that moment", () => {
    keeping();
    window.dispatchEvent(new Event("pagehide"));
    expect(keptDraft("wang", "flow")?.version).toBe(3);
  });

  it("do not break the page when the browser's store is full", () => {
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    const { unmount } = keeping();
    expect(unmount).not.toThrow();
  });
});

describe("JSON as text", () => {
  it.each(["null", "1", '"x"', "[]", "{"])("does not take %s over: the step would vanish while it is typed", (text) => {
    const take = vi.fn();
    render(<FlowSource definition={DRAFT.definition} onChange={take} />);
    fireEvent.change(screen.getByRole("textbox"), { target: { value: text } });
    expect(take).not.toHaveBeenCalled();
    expect(screen.getByRole("alert")).toBeTruthy();
    fireEvent.change(screen.getByRole("textbox"), { target: { value: '{"first_step":"a"}' } });
    expect(take).toHaveBeenCalledWith({ first_step: "a" });
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
