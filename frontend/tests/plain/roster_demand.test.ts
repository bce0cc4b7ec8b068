import { describe, expect, it } from "vitest";
import { type DemandLine, demandOf, times } from "@/features/workforce/roster/demand";

const line = (values: Partial<DemandLine>): DemandLine => ({
  id: 1,
  skillId: "repair",
  weekdays: "all",
  from: "08:00",
  to: "09:00",
  people: 2,
  ...values,
});

describe("people wanted", () => {
  it("are numbers for every half-hour; lines of the same time add up", () => {
    const found = demandOf([line({}), line({ from: "08:30", to: "10:00", people: 1 })], "2026-12-07", 2);
    expect(Object.keys(found)).toEqual(["repair"]);
    const row = found.repair ?? [];
    expect(row).toHaveLength(96);
    expect(row.slice(15, 21)).toEqual([0, 2, 3, 1, 1, 0]);
    expect(row.slice(48)).toEqual(row.slice(0, 48));
  });

  it("go over midnight, and end with the roster", () => {
    const row = demandOf([line({ from: "23:00", to: "01:00", people: 1 })], "2026-12-07", 2).repair ?? [];
    expect(row.flatMap((people, slot) => (people ? [slot] : []))).toEqual([46, 47, 48, 49, 94, 95]);
  });

  it("may be those of workdays or of weekends only", () => {
    const friday = "2026-12-11";
    const days = (weekdays: DemandLine["weekdays"]) => {
      const row = demandOf([line({ weekdays })], friday, 4).repair ?? [];
      return [0, 1, 2, 3].map((day) => row.slice(day * 48, day * 48 + 48).some(Boolean));
    };
    expect(days("workdays")).toEqual([true, false, false, true]);
    expect(days("weekend")).toEqual([false, true, true, false]);
  });

  it("leave out lines without a skill or people, and last the whole day until 24:00", () => {
    expect(demandOf([line({ skillId: null }), line({ people: 0 })], "2026-12-07", 1)).toEqual({});
    const row = demandOf([line({ from: "00:00", to: "24:00" })], "2026-12-07", 1).repair ?? [];
    expect(row.every((people) => people === 2)).toBe(true);
    expect(times(false).at(-1)?.value).toBe("23:30");
    expect(times(true).at(-1)?.value).toBe("24:00");
  });
});
