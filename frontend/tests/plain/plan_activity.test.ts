import { describe, expect, it } from "vitest";
import type { PersonDay } from "@/api/day";
import { quartersOf } from "@/features/workforce/day_quarters";

const person = (...spans: [string, string][]) =>
  ({ shifts: spans.map(([begins_at, ends_at]) => ({ begins_at, ends_at })) }) as unknown as PersonDay;
const at = (text: string) => Date.parse(`2026-03-02T${text}:00Z`);

describe("times at which a training may begin", () => {
  it("are the quarters of an hour of the shifts still to come", () => {
    const found = quartersOf(person(["2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z"]), at("08:20"));
    expect(found).toEqual([at("08:30"), at("08:45")]);
  });

  it("are those of every piece, and none once the shift is over", () => {
    const split = person(
      ["2026-03-02T08:00:00Z", "2026-03-02T08:30:00Z"],
      ["2026-03-02T12:00:00Z", "2026-03-02T12:30:00Z"],
    );
    expect(quartersOf(split, at("07:00"))).toEqual([at("08:00"), at("08:15"), at("12:00"), at("12:15")]);
    expect(quartersOf(split, at("12:30"))).toEqual([]);
  });
});
