import { describe, expect, it } from "vitest";
import type { WhatIfFigure } from "@/api/what_if";
import { changeText, intervalText, valueText, verdictOf } from "@/features/admin/what_if_figures";

function figure(metric: WhatIfFigure["metric"], value: number | null, low: number | null, high: number | null) {
  const nothing = { value: 1, low: null, high: null };
  return { queue_id: null, metric, recorded: 1, before: nothing, after: nothing, difference: { value, low, high } };
}

describe("a what-if's figures", () => {
  it.each([
    ["service_level", 0.8125, "81.3%"],
    ["average_wait_s", 14.46, "14.5 s"],
    ["asked", 1312, "1,312"],
    ["asked", 1312.4, "1312.4"],
    ["abandoned", null, "–"],
  ] as const)("%s %s is %s", (metric, value, shown) => expect(valueText(metric, value)).toBe(shown));

  it.each([
    ["service_level", 0.075, "+7.5"],
    ["abandoned", -3, "−3"],
    ["abandoned", 0, "0"],
    ["abandoned", null, "–"],
  ] as const)("a change of %s by %s is %s", (metric, value, shown) =>
    expect(changeText(metric, { value, low: null, high: null })).toBe(shown),
  );

  it("an interval is shown in the figure's own unit, and none where there is none", () => {
    expect(intervalText("service_level", { value: 0.5, low: 0.4, high: 0.61 })).toBe("[40.0 … 61.0]");
    expect(intervalText("service_level", { value: 0.5, low: null, high: null })).toBe("");
  });

  it.each([
    [figure("service_level", 0.1, 0.05, 0.15), "better"],
    [figure("service_level", -0.1, -0.15, -0.05), "worse"],
    [figure("abandoned", -3, -5, -1), "better"],
    [figure("average_wait_s", 3, 1, 5), "worse"],
    [figure("overflowed", 3, 1, 5), "other"],
    [figure("abandoned", 1, -1, 3), "chance"],
    [figure("asked", 0, 0, 0), "same"],
    [figure("asked", 3, null, null), "unknown"],
    [figure("asked", null, null, null), "unknown"],
  ] as const)("%o is %s", (one, verdict) => expect(verdictOf(one)).toBe(verdict));
});
