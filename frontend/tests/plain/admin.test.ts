import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hoursOf, hoursText } from "@/features/admin/hours";

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
