import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Definition } from "@/api/flows";
import { hoursOf, hoursText } from "@/features/admin/hours";
import { exitsOf, outlineOf } from "@/features/admin/step_fields";

describe("opening hours as text", () => {
  it.each([
    ["08:30-17:30", [["08:30", "17:30"]]],
    [
      "08:30-12:00，13:00–24:00",
      [
        ["08:30", "12:00"],
        ["13:00", "24:00"],
      ],
    ],
    ["", []],
  ])("%s", (text, spans) => expect(hoursOf(text)).toEqual(spans));

  it.each(["8:30-17:30", "08:30", "25:00-26:00", "closed"])("%s cannot be read", (text) => {
    expect(hoursOf(text)).toBeNull();
  });

  it("reads what it writes", () => {
    const time = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(time, time)), (spans) => {
        expect(hoursOf(hoursText(spans))).toEqual(spans);
      }),
    );
  });
});

describe("the outline of a flow", () => {
  const flow: Definition = {
    first_step: "hello",
    steps: {
      lost: { kind: "hang_up" },
      bye: { kind: "hang_up" },
      menu: { kind: "menu", choices: { "1": "queue", "2": "bye" }, if_invalid: "bye", if_no_input: "hello" },
      queue: { kind: "queue", queue_id: "q" },
      hello: { kind: "say", next: "menu" },
    },
  };

  it("follows the caller and puts unreachable steps last", () => {
    expect(outlineOf(flow)).toEqual(["hello", "menu", "queue", "bye", "lost"]);
  });

  it("knows the exits of conditions and keys", () => {
    expect(exitsOf({ kind: "condition", rules: [{ all: [], next: "a" }], otherwise: "b" })).toEqual(["a", "b"]);
    expect(exitsOf(flow.steps.menu ?? { kind: "" })).toEqual(["queue", "bye", "hello"]);
  });
});
