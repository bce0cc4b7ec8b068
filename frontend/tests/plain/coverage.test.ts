import { describe, expect, it } from "vitest";
import { clockOf, countOf, dayCells, shareText, stateOf } from "@/features/workforce/coverage_days";

describe("a coverage calendar", () => {
  it("puts days into weeks that begin on Monday", () => {
    const cells = dayCells("2026-01-01", [10_000, null, 0, 9_999, 10_000], ["2026-01-02"]);
    expect(cells.map(({ week, weekday }) => [week, weekday])).toEqual([
      [0, 3],
      [0, 4],
      [0, 5],
      [0, 6],
      [1, 0],
    ]);
    expect(cells.map((cell) => cell.state)).toEqual(["whole", "closed", "bare", "part", "whole"]);
    expect(cells.map((cell) => cell.isHoliday)).toEqual([false, true, false, false, false]);
    expect(countOf(cells, "whole")).toBe(2);
  });
  it("never shows what is not whole as 100 %", () => {
    expect(shareText(9_999)).toBe("99.99%");
    expect(shareText(null)).toBeNull();
    expect(stateOf(9_999)).toBe("part");
  });
  it("writes the end of a day as 24:00", () => {
    expect([clockOf(0), clockOf(450), clockOf(1440)]).toEqual(["00:00", "07:30", "24:00"]);
  });
});
