import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Definition } from "@/api/flows";
import { historyOf, moved } from "@/features/admin/flow_draft";
import { addAfter, connect, freshId, newStep, removeStep, renameStep, type Draft } from "@/features/admin/flow_edits";
import {
  exitsOf,
  NEW_KEY,
  outlineOf,
  reachedSteps,
  targetsOf,
  valueNames,
  withExit,
} from "@/features/admin/flow_graph";
import { arranged, heightOf, measuresFor, skeletonOf } from "@/features/admin/flow_layout";
import { walkedBy } from "@/features/admin/flow_walk";
import { isShowable, STEP_FIELDS, STEP_KINDS } from "@/features/admin/step_fields";

const FLOW: Definition = {
  first_step: "hello",
  steps: {
    lost: { kind: "hang_up" },
    bye: { kind: "hang_up" },
    menu: { kind: "menu", choices: { "2": "bye", "1": "queue", "0": "bye" }, if_invalid: "bye", if_no_input: "hello" },
    queue: { kind: "queue", queue_id: "q" },
    hello: { kind: "say", next: "menu" },
  },
};
const step = (id: string) => FLOW.steps[id] ?? { kind: "" };
const MEASURES = measuresFor(14);

describe("the graph of a flow", () => {
  it("follows the caller and puts unreachable steps last", () => {
    expect(outlineOf(FLOW)).toEqual(["hello", "menu", "queue", "bye", "lost"]);
    expect(reachedSteps(FLOW).has("lost")).toBe(false);
  });

  it("names every way out, the keys as they lie on a telephone", () => {
    expect(exitsOf(step("menu"))).toEqual([
      { field: "choices[1]", target: "queue" },
      { field: "choices[2]", target: "bye" },
      { field: "choices[0]", target: "bye" },
      { field: "if_invalid", target: "bye" },
      { field: "if_no_input", target: "hello" },
    ]);
    const condition = { kind: "condition", rules: [{ all: [], next: "a" }], otherwise: "b" };
    expect(targetsOf(condition)).toEqual(["a", "b"]);
  });

  it("shows ways that lead nowhere yet", () => {
    expect(exitsOf({ kind: "opening_hours" })).toEqual([
      { field: "if_open", target: null },
      { field: "if_closed", target: null },
    ]);
  });

  it.each([
    ["choices[1]", { kind: "menu", choices: { "1": "a" } }],
    ["rules[0].next", { kind: "condition", rules: [{ all: [], next: "a" }] }],
    ["if_failed", { kind: "transfer", if_failed: "a" }],
  ])("leads %s elsewhere, and nowhere", (field, before) => {
    expect(targetsOf(withExit(before, field, "b"))).toEqual(["b"]);
    expect(targetsOf(withExit(before, field, null))).toEqual([]);
  });

  it("bears whatever a person types as JSON", () => {
    for (const steps of [null, [], "x", { a: null, b: 1, c: [] }]) {
      expect(outlineOf({ first_step: "a", steps } as unknown as Definition)).toEqual([]);
    }
    expect(targetsOf({ kind: "condition", rules: [null, "x", { next: "a" }] })).toEqual(["a"]);
  });

  it.each([
    ["say", { messages: "hello" }],
    ["say", { messages: [null] }],
    ["say", { messages: [{ zh: 5 }] }],
    ["say", { next: {} }],
    ["menu", { choices: "x" }],
    ["menu", { choices: { "1": {} } }],
    ["condition", { rules: [{}] }],
    ["condition", { rules: [{ all: [{}] }] }],
    ["queue", { priority: "high" }],
  ])("shows a %s step as JSON when its form cannot: %j", (kind, step: Record<string, unknown>) => {
    const isAllShowable = STEP_FIELDS[kind]?.every((field) => isShowable(field, step[field.name]));
    expect(isAllShowable).toBe(false);
  });

  it("shows a new step of every kind in its form", () => {
    for (const kind of STEP_KINDS) {
      const step = newStep(kind);
      expect(STEP_FIELDS[kind]?.every((field) => isShowable(field, step[field.name]))).toBe(true);
    }
  });

  it("knows the values that can be compared", () => {
    const steps = { a: { kind: "collect", name: "account" }, b: { kind: "look_up", default: { grade: "x" } } };
    expect(valueNames({ first_step: "a", steps })).toEqual(["account", "grade"]);
  });
});

describe("adding a step", () => {
  it("goes between the chosen step and the next", () => {
    const { definition, id } = addAfter(FLOW, "hello", "say");
    expect(definition.steps.hello?.next).toBe(id);
    expect(definition.steps[id]?.next).toBe("menu");
  });

  it("takes the next free key of a menu", () => {
    const { definition, id } = addAfter(FLOW, "menu", "queue");
    expect(definition.steps.menu?.choices).toMatchObject({ "1": "queue", "2": "bye", "3": id });
  });

  it("takes a way that leads nowhere before it parts two steps", () => {
    const hours: Definition = { first_step: "h", steps: { h: { kind: "opening_hours", if_open: "x" } } };
    expect(addAfter(hours, "h", "hang_up").definition.steps.h?.if_open).toBe("hang_up");
    const half = { ...hours, steps: { ...hours.steps, x: { kind: "hang_up" } } };
    expect(addAfter(half, "h", "say").definition.steps.h).toMatchObject({ if_open: "x", if_closed: "say" });
  });

  it("never cuts off what follows by an end", () => {
    const { definition, id } = addAfter(FLOW, "hello", "queue");
    expect(definition.steps.hello?.next).toBe("menu");
    expect(reachedSteps(definition).has(id)).toBe(false);
  });

  it("makes the first step of an empty flow", () => {
    const { definition, id } = addAfter({ first_step: "", steps: {} }, "", "say");
    expect(definition.first_step).toBe(id);
  });

  it("finds an id that nobody has", () => {
    expect(freshId(FLOW, "menu")).toBe("menu_2");
  });

  it("keeps every step that could be reached, whatever is added behind whichever", () => {
    const kind = fc.constantFrom(...STEP_KINDS);
    fc.assert(
      fc.property(fc.array(fc.tuple(kind, fc.nat(20)), { maxLength: 12 }), (additions) => {
        let flow = FLOW;
        for (const [wanted, place] of additions) {
          const outline = outlineOf(flow);
          const before = reachedSteps(flow);
          flow = addAfter(flow, outline[place % outline.length] ?? "", wanted).definition;
          const after = reachedSteps(flow);
          expect([...before].filter((id) => !after.has(id))).toEqual([]);
        }
      }),
    );
  });
});

describe("connecting, renaming, removing", () => {
  const draft: Draft = { definition: FLOW, layout: { bye: { x: 1, y: 2 } } };

  it("draws a new key by its own handle", () => {
    expect(targetsOf(connect(FLOW, "menu", NEW_KEY, "lost").steps.menu ?? step(""))).toContain("lost");
  });

  it("takes every way and the position along with a new id", () => {
    const { definition, layout } = renameStep(draft, "bye", "再见");
    expect(exitsOf(definition.steps.menu ?? step("")).map(({ target }) => target)).toEqual([
      "queue",
      "再见",
      "再见",
      "再见",
      "hello",
    ]);
    expect(layout).toEqual({ 再见: { x: 1, y: 2 } });
    expect(renameStep(draft, "hello", "start").definition.first_step).toBe("start");
  });

  it("removes a step and its position; the ways to it stay to be mended", () => {
    const { definition, layout } = removeStep(draft, "bye");
    expect("bye" in definition.steps).toBe(false);
    expect(layout).toEqual({});
    expect(targetsOf(definition.steps.menu ?? step(""))).toContain("bye");
  });
});

describe("undoing", () => {
  const draft = (name: string): Draft => ({ definition: { first_step: name, steps: {} }, layout: {} });
  const change = (name: string, about = "") => ({ kind: "change", draft: draft(name), about }) as const;

  it("goes back and forth", () => {
    let history = moved(moved(historyOf(draft("a")), change("b")), change("c"));
    history = moved(moved(history, { kind: "undo" }), { kind: "undo" });
    expect(history.now.definition.first_step).toBe("a");
    expect(moved(history, { kind: "undo" }).now.definition.first_step).toBe("a");
    expect(moved(history, { kind: "redo" }).now.definition.first_step).toBe("b");
  });

  it("takes typing in one form as one change, and forgets what was undone at the next", () => {
    let history = historyOf(draft("a"));
    for (const name of ["b", "c", "d"]) history = moved(history, change(name, "form x"));
    history = moved(history, { kind: "undo" });
    expect(history.now.definition.first_step).toBe("a");
    expect(moved(history, change("e")).future).toEqual([]);
  });
});

describe("the layout", () => {
  it("puts steps from left to right as a caller meets them, none over another", () => {
    const places = arranged(FLOW, MEASURES);
    expect(places.hello?.x).toBeLessThan(places.menu?.x ?? 0);
    expect(places.menu?.x).toBeLessThan(places.queue?.x ?? 0);
    const boxes = Object.entries(places).map(([id, { x, y }]) => ({ id, x, y, height: heightOf(step(id), MEASURES) }));
    for (const one of boxes) {
      for (const other of boxes.filter(({ id }) => id !== one.id)) {
        const isApart =
          Math.abs(one.x - other.x) >= MEASURES.width ||
          (one.y < other.y ? one.y + one.height <= other.y : other.y + other.height <= one.y);
        expect(isApart, `${one.id} and ${other.id}`).toBe(true);
      }
    }
  });

  it("stays while only words change, and not when a way does", () => {
    const said = { ...FLOW, steps: { ...FLOW.steps, hello: { kind: "say", next: "menu", messages: [{ zh: "a" }] } } };
    expect(skeletonOf(said)).toBe(skeletonOf(FLOW));
    expect(skeletonOf(connect(FLOW, "hello", "next", "bye"))).not.toBe(skeletonOf(FLOW));
    expect(arranged(JSON.parse(skeletonOf(FLOW)) as Definition, MEASURES)).toEqual(arranged(FLOW, MEASURES));
  });
});

describe("the way of a test call", () => {
  const line = (step_id: string, kind: string, detail = "") => ({ at_ms: 0, step_id, kind, detail, said: [] });

  it("is drawn along the very keys and outcomes that were taken", () => {
    const { steps, ways } = walkedBy([
      line("hours", "opening_hours", "open"),
      line("hello", "said"),
      line("menu", "asked"),
      line("menu", "silent"),
      line("menu", "menu", "no_input"),
      line("menu", "asked"),
      line("menu", "keyed", "2"),
      line("menu", "menu", "2"),
      line("grade", "condition", "rule 2"),
      line("account", "collect", "invalid"),
      line("general", "queue"),
    ]);
    expect([...steps]).toEqual(["hours", "hello", "menu", "grade", "account", "general"]);
    expect([...ways]).toEqual([
      "hours if_open",
      "hello next",
      "menu choices[2]",
      "grade rules[1].next",
      "account if_failed",
    ]);
  });
});
