import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { ApiError, OfflineError } from "@/api/http";
import type { Edited, RosterDocument, RosterEdit } from "@/api/rosters";
import {
  areaOf,
  cellOf,
  clockText,
  codeOf,
  dayAt,
  dayNumber,
  hoursText,
  laidOut,
  pasted,
  rowsOf,
  textOf,
  toneOf,
} from "@/features/workforce/roster/board";
import { moved } from "@/features/workforce/roster/cursor";
import { curvesOf } from "@/features/workforce/roster/curves";
import { isShown, NO_FILTER } from "@/features/workforce/roster/filter";
import { rotationMark } from "@/features/workforce/roster/sizes";
import { RosterStore, type Ends } from "@/features/workforce/roster/store";

const kind = (short: string, starts: number[], more = {}) => ({
  id: `kind-${short}`,
  code: short.toLowerCase(),
  short,
  name: { zh: short, en: short },
  pieces: [[0, 480]] as [number, number][],
  starts,
  paid_min: 450,
  skills: [],
  is_on_call: false,
  is_active: true,
  ...more,
});
const person = (id: string, more = {}) => ({
  id,
  name: id,
  number: id,
  team: null,
  rotations: [],
  skills: [0],
  low_min: null,
  high_min: null,
  is_available: true,
  ...more,
});
const DOCUMENT: RosterDocument = {
  id: "roster",
  tenant_id: "tenant",
  version: 1,
  name: "March",
  first_day: "2026-03-02",
  last_day: "2026-03-08",
  interval_min: 60,
  state: "draft",
  seats: null,
  staffing_plan_id: null,
  based_on_id: null,
  run_id: null,
  figures: {},
  published_at: null,
  published_by: "",
  days: 7,
  zone: "Asia/Shanghai",
  holidays: [],
  night: [1320, 360],
  night_min: 180,
  kinds: [
    kind("D8", [480, 570]),
    kind("N8", [1320]),
    kind("S8", [480], {
      pieces: [
        [0, 240],
        [480, 240],
      ],
    }),
    kind("X", [480], { is_active: false }),
  ],
  teams: [],
  rotations: [],
  skills: [
    { id: "repair", name: { zh: "r", en: "r" }, is_brand: false, serves: [] },
    { id: "gold", name: { zh: "g", en: "g" }, is_brand: true, serves: [0] },
  ],
  demand: [{ skill: 0, wanted: Array.from({ length: 24 }, (_, hour) => (hour === 8 ? 2 : 0)) }],
  people: [person("ann"), person("bob"), person("cy", { skills: [1] })],
  shifts: [
    [0, 0, 0, 480, 960, 450, 720, 780],
    [1, 1, 1, 1320, 1800, 450],
  ],
};
const { kinds } = DOCUMENT;

describe("cells", () => {
  test("a code stands for a kind at its first start, or at the one that is named; anything else for nothing", () => {
    expect(cellOf("d8", kinds)).toEqual(laidOut(kinds, 0, 480));
    expect(cellOf(" D8@9:30 ", kinds)).toEqual(laidOut(kinds, 0, 570));
    expect(cellOf("-", kinds)).toBeNull();
    for (const text of ["D9", "D8@10:00", "X", "D8@x"]) expect(cellOf(text, kinds)).toBeUndefined();
  });

  test("what is copied comes back from its text", () => {
    const cells = fc.constantFrom(null, laidOut(kinds, 0, 480), laidOut(kinds, 0, 570), laidOut(kinds, 1, 1320));
    const blocks = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cells, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 4 }),
      );
    fc.assert(
      fc.property(blocks, (rows) => {
        expect(rowsOf(textOf(rows, kinds), kinds)).toEqual(rows);
      }),
    );
    expect(rowsOf("D8\thello", kinds)).toBeNull();
    expect(codeOf(laidOut(kinds, 0, 570), kinds)).toBe("D8@09:30");
  });

  test("one cell fills the chosen area, a block repeats where it fits, and nothing is put outside", () => {
    const [one, two] = [laidOut(kinds, 0, 480), laidOut(kinds, 1, 1320)];
    const area = areaOf({ row: 1, day: 3 }, { row: 0, day: 2 });
    expect(pasted([[one]], area, 9, 9).map(({ row, day }) => [row, day])).toEqual([
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
    ]);
    expect(pasted([[one, two]], area, 9, 9).map(({ cell }) => cell)).toEqual([one, two, one, two]);
    const three = pasted([[one, two, null]], areaOf({ row: 0, day: 5 }, { row: 0, day: 5 }), 9, 7);
    expect(three.map(({ day }) => day)).toEqual([5, 6]);
  });

  test("a shift's colour follows its time of day, by the tenant's own night", () => {
    const tone = (place: number, start: number) =>
      toneOf({ kind: place, start, end: start + 480, paid: 0, breaks: [] }, DOCUMENT);
    expect([tone(0, 480), tone(0, 840), tone(1, 1320), tone(0, 300)]).toEqual(["day", "late", "night", "day"]);
    expect(tone(0, 0)).toBe("night");
    const onCall = { ...DOCUMENT, kinds: [kind("OC", [0], { is_on_call: true })] };
    expect(toneOf({ kind: 0, start: 0, end: 480, paid: 0, breaks: [] }, onCall)).toBe("call");
  });

  test("times, hours and days are told as people write them", () => {
    expect([clockText(1830), hoursText(450), hoursText(480)]).toEqual(["06:30", "7:30", "8"]);
    expect([dayAt("2026-03-28", 4), dayNumber("2026-03-28", "2026-04-01")]).toEqual(["2026-04-01", 4]);
    expect([rotationMark("happy-family"), rotationMark("hope")]).toEqual(["HF", "HO"]);
  });

  test("keys move within the grid and never out of it", () => {
    const from = { row: 0, day: 6 };
    expect(moved("ArrowRight", false, from, 3, 7)).toEqual(from);
    expect(moved("PageDown", false, from, 3, 7)).toEqual({ row: 2, day: 6 });
    expect(moved("Home", false, { row: 2, day: 6 }, 3, 7)).toEqual({ row: 2, day: 0 });
    expect(moved("Home", true, { row: 2, day: 6 }, 3, 7)).toEqual({ row: 0, day: 0 });
    expect(moved("x", false, from, 3, 7)).toBeNull();
  });
});

describe("curves", () => {
  const { shifts } = DOCUMENT;
  const cells = new RosterStore(DOCUMENT, { send: () => new Promise(() => undefined), onRefused: () => undefined })
    .cells;

  test("people are there in their pieces but for breaks, also past midnight", () => {
    const { need, staff } = curvesOf(DOCUMENT, cells, 0, 3, null);
    expect(shifts).toHaveLength(2);
    expect([need[8], need[9], need[32]]).toEqual([2, 0, 2]);
    expect([staff[7], staff[8], staff[12], staff[13], staff[16]]).toEqual([0, 1, 0, 1, 0]);
    expect([staff[45], staff[46], staff[48], staff[53], staff[54]]).toEqual([0, 1, 1, 1, 0]);
    expect(curvesOf(DOCUMENT, cells, 2, 3, null).staff.slice(0, 7)).toEqual([1, 1, 1, 1, 1, 1, 0]);
  });

  test("a skill is served by its holders and by those whose skill is lent", () => {
    const lent = cells.slice();
    lent[2 * 7] = laidOut(kinds, 0, 480);
    expect(curvesOf(DOCUMENT, lent, 0, 1, 0).staff[8]).toBe(2);
    expect(curvesOf(DOCUMENT, lent, 0, 1, 1).staff[8]).toBe(1);
  });
});

/** A server that keeps what it is sent, and answers when it is let. */
function served(more: Partial<Ends> = {}) {
  const asked: {
    version: number;
    edits: RosterEdit[];
    answer: (told: Partial<Edited>) => void;
    refuse: (error: Error) => void;
  }[] = [];
  const send: Ends["send"] = (version, edits) =>
    new Promise((resolve, reject) => {
      const cells: Edited["cells"] = edits.map(({ agent_id, day, shift_kind_id, start }) => {
        const place = kinds.findIndex(({ id }) => id === shift_kind_id);
        const shift = laidOut(kinds, place, start ?? 0);
        return [
          agent_id,
          day,
          shift ? [dayNumber("2026-03-02", day), place, shift.start, shift.end, shift.paid] : null,
        ];
      });
      const answer = (told: Partial<Edited>) => resolve({ version: version + 1, cells, breaches: [], ...told });
      asked.push({ version, edits, answer, refuse: reject });
    });
  const refused: unknown[] = [];
  const store = new RosterStore(DOCUMENT, { send, onRefused: (error) => refused.push(error), ...more });
  return { store, asked, refused };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const NIGHT = laidOut(kinds, 1, 1320);

describe("edits", () => {
  test("a cell changes at once, is sent with the version, and is settled by the answer", async () => {
    const { store, asked } = served();
    expect(store.edit([{ person: 0, day: 3, cell: NIGHT }])).toBe(true);
    expect([store.cell(0, 3), store.isPending(0, 3), store.saving]).toEqual([NIGHT, true, "saving"]);
    expect(asked[0]).toMatchObject({
      version: 1,
      edits: [{ agent_id: "ann", day: "2026-03-05", shift_kind_id: "kind-N8" }],
    });
    const breach = { agent_id: "ann", rule: "rest", day: "2026-03-05", data: {}, sentence: "no rest" };
    asked[0]?.answer({ breaches: [breach] });
    await settled();
    expect([store.version, store.isPending(0, 3), store.saving]).toEqual([2, false, "saved"]);
    expect(store.breaches.get(0)).toEqual([breach]);
    expect(store.minutes[0]).toBe(900);
  });

  test("edits go one after the other, each with the version of the answer before", async () => {
    const { store, asked } = served();
    store.edit([{ person: 0, day: 3, cell: NIGHT }]);
    store.edit([{ person: 0, day: 3, cell: null }]);
    expect(asked).toHaveLength(1);
    asked[0]?.answer({});
    await settled();
    expect([asked.length, asked[1]?.version, store.cell(0, 3)]).toEqual([2, 2, null]);
  });

  test("undo and redo go through all that was done, and the breaks come back with a shift", async () => {
    const { store, asked } = served();
    store.edit([{ person: 0, day: 0, cell: null }]);
    asked[0]?.answer({});
    await settled();
    expect(store.undo()?.[0]).toMatchObject({ person: 0, day: 0 });
    await settled();
    expect(asked[1]?.edits[0]).toMatchObject({ start: 480, breaks: [[720, 780]] });
    asked[1]?.answer({});
    await settled();
    expect([store.cell(0, 0)?.start, store.canUndo, store.canRedo]).toEqual([480, false, true]);
    store.redo();
    expect(store.cell(0, 0)).toBeNull();
  });

  test("whatever is done and undone, undoing all of it gives the first roster", async () => {
    const step = fc.array(fc.record({ person: fc.nat(2), day: fc.nat(6), cell: fc.constantFrom(null, NIGHT) }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        const send: Ends["send"] = (version) => Promise.resolve({ version: version + 1, cells: [], breaches: [] });
        const store = new RosterStore(DOCUMENT, { send, onRefused: () => undefined });
        const before = store.cells.slice();
        for (const one of steps) store.edit(unique(one));
        while (store.canUndo) store.undo();
        await settled();
        expect(store.cells).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });

  test("a refused edit is taken back with all that was done after it, and told", async () => {
    const { store, asked, refused } = served();
    store.edit([{ person: 0, day: 3, cell: NIGHT }]);
    store.edit([{ person: 1, day: 1, cell: null }]);
    asked[0]?.refuse(new ApiError(422, "workforce.rule_rest", "no rest"));
    await settled();
    expect([store.cell(0, 3), store.cell(1, 1)?.kind, store.canUndo, store.pending.size]).toEqual([null, 1, false, 0]);
    expect(refused).toHaveLength(1);
    store.edit([{ person: 0, day: 4, cell: NIGHT }]);
    expect(asked).toHaveLength(2);
  });

  describe.each([
    ["overtime that does not fit beside the new shift", "workforce.roster_overtime", "drops_overtime"],
    ["overtime of a shift that is taken off", "workforce.roster_overtime_off", "drops_overtime"],
    ["leaving early that the new shift would undo", "workforce.roster_leave", "drops_leave"],
  ] as const)("%s", (_, code, flag) => {
    const error = new ApiError(422, code, "Ann has agreed to 120 minutes");

    test("is asked about, and goes after a yes", async () => {
      const asksAgreed = vi.fn(() => Promise.resolve(true));
      const { store, asked, refused } = served({ asksAgreed });
      store.edit([{ person: 0, day: 0, cell: NIGHT }]);
      store.edit([{ person: 1, day: 1, cell: null }]);
      asked[0]?.refuse(error);
      await settled();
      expect(asksAgreed).toHaveBeenCalledWith(error);
      expect(asked.map(({ edits }) => edits[0]?.[flag])).toEqual([false, true]);
      asked[1]?.answer({});
      await settled();
      expect(asked[2]?.edits[0]).toMatchObject({ agent_id: "bob", [flag]: false });
      expect([store.cell(0, 0), refused]).toEqual([NIGHT, []]);
      asked[2]?.answer({});
      await settled();
      store.undo();
      store.undo();
      asked[3]?.answer({});
      await settled();
      expect(asked[4]?.edits[0]).toMatchObject({ agent_id: "ann", start: 480, breaks: null });
    });

    test("stays after a no: the edit is taken back, and nothing more is said", async () => {
      const { store, asked, refused } = served({ asksAgreed: () => Promise.resolve(false) });
      const before = store.cell(0, 0);
      store.edit([{ person: 0, day: 0, cell: NIGHT }]);
      asked[0]?.refuse(error);
      await settled();
      expect([store.cell(0, 0), store.canUndo, store.pending.size, asked.length, refused]).toEqual([
        before,
        false,
        0,
        1,
        [],
      ]);
    });
  });

  test("another's edit meanwhile is told as such", async () => {
    const { store, asked } = served();
    store.edit([{ person: 0, day: 3, cell: NIGHT }]);
    asked[0]?.refuse(new ApiError(409, "object.stale", "changed"));
    await settled();
    expect(store.saving).toBe("stale");
  });

  test("without a server an edit stays and is sent again", async () => {
    const again: (() => void)[] = [];
    const { store, asked } = served({ pause: (run) => again.push(run) });
    store.edit([{ person: 0, day: 3, cell: NIGHT }]);
    asked[0]?.refuse(new OfflineError("away"));
    await settled();
    expect([store.saving, store.cell(0, 3)]).toEqual(["offline", NIGHT]);
    again[0]?.();
    expect(asked).toHaveLength(2);
    asked[1]?.answer({});
    await settled();
    expect(store.saving).toBe("saved");
  });

  test("what changes nothing is not sent, and a row is told only of its own changes", () => {
    const { store, asked } = served();
    const told = vi.fn();
    store.subscribe(told);
    expect(store.edit([{ person: 2, day: 0, cell: null }])).toBe(false);
    expect([asked.length, told.mock.calls.length]).toEqual([0, 0]);
    const other = store.rowRevision(1);
    store.edit([{ person: 0, day: 3, cell: NIGHT }]);
    expect([store.rowRevision(1), store.rowRevision(0) > other, told.mock.calls.length > 0]).toEqual([
      other,
      true,
      true,
    ]);
  });

  test("checks of an older version are not taken", () => {
    const { store } = served();
    const breach = { agent_id: "bob", rule: "rest", day: null, data: {}, sentence: "no rest" };
    store.setBreaches(7, [breach]);
    expect(store.breaches.size).toBe(0);
    store.setBreaches(1, [breach]);
    expect(isShown(store, 1, { ...NO_FILTER, isBroken: true })).toBe(true);
    expect(isShown(store, 0, { ...NO_FILTER, isBroken: true })).toBe(false);
    expect(isShown(store, 0, { ...NO_FILTER, words: "an" })).toBe(true);
    expect(isShown(store, 2, { ...NO_FILTER, skill: 0 })).toBe(false);
  });
});

function unique<T extends { person: number; day: number }>(cells: T[]): T[] {
  return [...new Map(cells.map((one) => [`${one.person}/${one.day}`, one])).values()];
}
