import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averageClock, bandOf, clockText, countText, isMet, percentText, secondsClock } from "@/shared/figures";

describe("percentages", () => {
  it.each([
    [8499, 10_000, 8500, "84.99%"],
    [84_999, 100_000, 8500, "84.99%"],
    [8500, 10_000, 8500, "85.00%"],
    [850_001, 1_000_000, 8500, "85.00%"],
    [61, 100, 8500, "61.0%"],
    [932, 1000, 8500, "93.2%"],
    [1, 3, 8500, "33.3%"],
  ])("%d of %d against %d is %s", (numerator, denominator, target, text) => {
    expect(percentText(numerator, denominator, target)).toBe(text);
  });

  it("says nothing of nothing", () => {
    expect(percentText(0, 0, 8500)).toBeNull();
    expect(bandOf(0, 0, 8500)).toBe("none");
  });

  it("never shows a figure on the other side of its target", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), fc.nat(10_000), fc.nat(), (asked, target, part) => {
        const answered = part % (asked + 1);
        const shown = Number(percentText(answered, asked, target)?.replace("%", ""));
        expect(Math.round(shown * 100) >= target).toBe(isMet(answered, asked, target));
      }),
    );
  });
});

describe("bands", () => {
  it("are met or missed for a closed period", () => {
    expect(bandOf(8499, 10_000, 8500)).toBe("missed");
    expect(bandOf(8500, 10_000, 8500)).toBe("met");
  });

  it("are at risk in a running period while the target can still be reached", () => {
    expect(bandOf(84, 100, 8500, 0.5)).toBe("at_risk");
    expect(bandOf(10, 100, 8500, 0.9)).toBe("missed");
    expect(bandOf(9, 10, 8500, 0.1)).toBe("met");
  });
});

describe("clocks and counts", () => {
  it.each([
    [0, "0:00"],
    [134_999, "2:14"],
    [3_600_000, "1:00:00"],
    [-5000, "0:00"],
  ])("%d ms is %s", (ms, text) => expect(clockText(ms)).toBe(text));

  it("averages last and has no average of nothing", () => {
    expect(averageClock(300_000, 2)).toBe("2:30");
    expect(averageClock(300_000, 0)).toBeNull();
    expect(averageClock(2_999, 2)).toBe("0:01");
    expect(averageClock(3_000, 2)).toBe("0:02");
    expect(secondsClock(240)).toBe("4:00");
    expect(secondsClock(null)).toBeNull();
    expect(countText(12_345)).toBe("12,345");
  });
});
