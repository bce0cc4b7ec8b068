import { fireEvent, render } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { captureNextKey, chordOf, DEFAULT_KEYS, isAllowedChord, keepKeys, useHotkey } from "@/shared/hotkeys";

function Screen({ onMain }: { onMain: (() => void) | null }) {
  useHotkey("main", onMain);
  return <input aria-label="note" />;
}

const press = (target: Element | Window, init: KeyboardEventInit & { keyCode?: number }) =>
  fireEvent.keyDown(target, { bubbles: true, ...init });

afterEach(() => keepKeys({ ...DEFAULT_KEYS }));

describe("hotkeys", () => {
  it("work while a text field has the focus", () => {
    const main = vi.fn();
    const { getByLabelText } = render(<Screen onMain={main} />);
    press(getByLabelText("note"), { key: "F2" });
    expect(main).toHaveBeenCalledTimes(1);
  });

  it("are deaf while a word is composed, and to a key that is held down", () => {
    const main = vi.fn();
    render(<Screen onMain={main} />);
    press(window, { key: "F2", isComposing: true });
    press(window, { key: "F2", keyCode: 229 });
    press(window, { key: "F2", repeat: true });
    expect(main).not.toHaveBeenCalled();
  });

  it("belong to the screen that was opened last, and go back when it closes", () => {
    const below = vi.fn();
    const above = vi.fn();
    render(<Screen onMain={below} />);
    const { unmount } = render(<Screen onMain={above} />);
    press(window, { key: "F2" });
    unmount();
    press(window, { key: "F2" });
    expect([below.mock.calls.length, above.mock.calls.length]).toEqual([1, 1]);
  });

  it("pass to the screen below when the one above has switched them off", () => {
    const below = vi.fn();
    render(<Screen onMain={below} />);
    render(<Screen onMain={null} />);
    press(window, { key: "F2" });
    expect(below).toHaveBeenCalledTimes(1);
  });

  it("can be given other keys, which are kept", () => {
    const main = vi.fn();
    render(<Screen onMain={main} />);
    keepKeys({ ...DEFAULT_KEYS, main: "F7" });
    press(window, { key: "F2" });
    press(window, { key: "F7" });
    expect(main).toHaveBeenCalledTimes(1);
    expect(localStorage.getItem("hotline.keys")).toContain("F7");
  });

  it("hand the next key to whoever asks for it, instead of doing it", () => {
    const main = vi.fn();
    const captured = vi.fn();
    render(<Screen onMain={main} />);
    const stop = captureNextKey(captured);
    press(window, { key: "F2" });
    stop();
    expect([main.mock.calls.length, captured.mock.calls.length]).toEqual([0, 1]);
  });

  it.each([
    ["F2", true],
    ["Ctrl+K", true],
    ["Alt+1", true],
    ["A", false],
    ["Enter", false],
    ["Ctrl+Shift+F2", false],
  ])("%s may stand for an action: %s", (chord, isAllowed) => expect(isAllowedChord(chord)).toBe(isAllowed));

  it("are named by digit, letter and modifiers", () => {
    const chord = (init: KeyboardEventInit) => chordOf(new KeyboardEvent("keydown", init));
    expect(chord({ key: "k", ctrlKey: true })).toBe("Ctrl+K");
    expect(chord({ key: "¡", code: "Digit1", altKey: true })).toBe("Alt+1");
    expect(chord({ key: "Control", ctrlKey: true })).toBe("");
  });
});
