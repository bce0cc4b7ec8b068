/** A flow as React Flow draws it: nodes and edges, made from the definition and nothing else. */
import { MarkerType } from "@xyflow/react";
import { useMemo } from "react";
import type { Definition, FlowLayout, FlowProblem, Step } from "@/api/flows";
import { useWords, type Translate } from "@/words";
import type { WayData, WayEdge } from "./flow_edge";
import { exitsOf, outlineOf, reachedSteps, stepsOf } from "./flow_graph";
import { arranged, drawnExits, heightOf, skeletonOf, type Measures } from "./flow_layout";
import { classOf, handlesOf, type StepData, type StepNode } from "./flow_node";
import { edgeId, type Walked } from "./flow_walk";
import { useFlowWords, type FlowWords } from "./flow_words";

export interface Drawn {
  definition: Definition;
  problems: readonly FlowProblem[];
  walked: Walked;
}

/** Where each step lies: moved ones where they were put, the others where the layout has room for them. */
export function usePlaces(definition: Definition, layout: FlowLayout, measures: Measures): FlowLayout {
  const skeleton = skeletonOf(definition);
  const derived = useMemo(() => arranged(JSON.parse(skeleton) as Definition, measures), [skeleton, measures]);
  return useMemo(() => ({ ...derived, ...layout }), [derived, layout]);
}

function marksOf(t: Translate, count: number, isUnreached: boolean): string[] {
  const marks: string[] = [];
  if (count > 0) marks.push(`✕ ${t("admin.mark_bad", { n: count })}`);
  if (isUnreached) marks.push(`⊘ ${t("admin.mark_unreached")}`);
  return marks;
}

function dataOf(drawn: Drawn, words: FlowWords, t: Translate, measures: Measures): Map<string, StepData> {
  const { definition, problems, walked } = drawn;
  const steps = stepsOf(definition);
  const reached = reachedSteps(definition);
  const made = outlineOf(definition).map((id, place): [string, StepData] => {
    const step = steps[id] as Step;
    const count = problems.filter((problem) => problem.step_id === id).length;
    const targets = new Map(exitsOf(step).map(({ field, target }) => [field, target]));
    const isOpen = (field: string) => targets.has(field) && !((targets.get(field) ?? "") in steps);
    return [
      id,
      {
        number: place + 1,
        kind: words.kind(step.kind),
        content: words.content(step),
        exits: drawnExits(step).map((field) => ({ field, label: words.exit(field), isOpen: isOpen(field) })),
        marks: marksOf(t, count, !reached.has(id)),
        first: id === definition.first_step ? `▶ ${t("admin.mark_first")}` : "",
        isBad: count > 0,
        isUnreached: !reached.has(id),
        isWalked: walked.steps.has(id),
        measures,
      },
    ];
  });
  return new Map(made);
}

/** The whole step in a sentence, for those who hear it. */
function spoken(id: string, data: StepData, step: Step, words: FlowWords): string {
  const ways = exitsOf(step).map(({ field, target }) => `${words.exit(field)} → ${target ?? "–"}`);
  return [`${data.number} ${id}`, data.kind, data.first, ...data.marks, data.content, ...ways]
    .filter(Boolean)
    .join(", ");
}

export function useStepNodes(drawn: Drawn, places: FlowLayout, measures: Measures, chosen: string): StepNode[] {
  const { t } = useWords();
  const words = useFlowWords();
  const { definition, problems, walked } = drawn;
  const data = useMemo(
    () => dataOf({ definition, problems, walked }, words, t, measures),
    [definition, problems, walked, words, t, measures],
  );
  return useMemo(() => {
    const steps = stepsOf(definition);
    return [...data].map(([id, one]): StepNode => {
      const step = steps[id] as Step;
      const size = { width: one.measures.width, height: heightOf(step, one.measures) };
      return {
        id,
        type: "step",
        position: places[id] ?? { x: 0, y: 0 },
        data: one,
        ...size,
        measured: size,
        handles: handlesOf(one),
        selected: id === chosen,
        className: classOf(one),
        ariaLabel: spoken(id, one, step, words),
        domAttributes: { "aria-roledescription": t("admin.step"), "aria-current": id === chosen },
      };
    });
  }, [data, definition, places, chosen, words, t]);
}

/** Every way that can be drawn: from a step by a field to a step that exists. */
interface Way {
  source: string;
  field: string;
  target: string;
}

function waysOf(definition: Definition): Way[] {
  const steps = stepsOf(definition);
  return Object.entries(steps).flatMap(([source, step]) =>
    exitsOf(step).flatMap(({ field, target }) =>
      target !== null && target in steps ? [{ source, field, target }] : [],
    ),
  );
}

/** The name at the arrival of each pair's first way: all keys and outcomes that lead from the one step to the other. */
function namesOf(ways: readonly Way[], words: FlowWords): Map<Way, WayData> {
  const named = new Map<Way, WayData>();
  const firsts = new Map<string, Way>();
  const arrivals = new Map<string, number>();
  for (const way of ways) {
    const pair = `${way.source} ${way.target}`;
    const label = way.field === "next" ? "" : words.exit(way.field);
    const first = firsts.get(pair);
    const shown = first && named.get(first);
    if (shown && label) shown.label = [shown.label, label].filter(Boolean).join(" · ");
    if (shown) {
      named.set(way, { label: "", place: 0 });
      continue;
    }
    const place = arrivals.get(way.target) ?? 0;
    named.set(way, { label, place });
    firsts.set(pair, way);
    if (label) arrivals.set(way.target, place + 1);
  }
  return named;
}

export function useStepEdges({ definition, walked }: Drawn, chosenEdge: string): WayEdge[] {
  const { t } = useWords();
  const words = useFlowWords();
  return useMemo(() => {
    const ways = waysOf(definition);
    const names = namesOf(ways, words);
    return ways.map((way): WayEdge => {
      const { source, field, target } = way;
      return {
        id: edgeId(source, field),
        type: "way",
        source,
        sourceHandle: field,
        target,
        data: names.get(way),
        className: walked.ways.has(edgeId(source, field)) ? "walked" : undefined,
        selected: edgeId(source, field) === chosenEdge,
        reconnectable: "target",
        focusable: false,
        ariaLabel: t("admin.edge_label", { from: source, way: words.exit(field), to: target }),
        domAttributes: { "aria-roledescription": t("admin.edge") },
        markerEnd: { type: MarkerType.ArrowClosed, width: 26, height: 26, markerUnits: "userSpaceOnUse" },
      };
    });
  }, [definition, walked, chosenEdge, words, t]);
}
