/** Where steps lie when nobody moved them: from left to right as a caller meets them. */
import { Graph, layout } from "@dagrejs/dagre";
import type { Definition, FlowLayout, Step } from "@/api/flows";
import { exitsOf, NEW_KEY, outlineOf, rulesOf, stepsOf, withExit } from "./flow_graph";

/** Measures of a drawn step in pixels; they grow with the size of the text. */
export interface Measures {
  width: number;
  head: number;
  text: number;
  row: number;
}

export function measuresFor(fontSize: number): Measures {
  return { width: fontSize * 13.5, head: fontSize * 2.1, text: fontSize * 1.7, row: Math.max(24, fontSize * 1.75) };
}

/** The ways out as they are drawn: a menu has one more, for its next key. */
export function drawnExits(step: Step): string[] {
  const fields = exitsOf(step).map(({ field }) => field);
  return step.kind === "menu" ? [...fields, NEW_KEY] : fields;
}

export function heightOf(step: Step, { head, text, row }: Measures): number {
  return head + text + drawnExits(step).length * row + 8;
}

/** The flow without its words, as text: the layout is made anew only when this changes. */
export function skeletonOf(definition: Definition): string {
  const bare = Object.entries(stepsOf(definition)).map(([id, step]) => {
    const { kind } = step;
    const empty: Step = kind === "condition" ? { kind, rules: rulesOf(step).map(() => ({})) } : { kind };
    const exits = exitsOf(step);
    return [id, exits.reduce((made, { field, target }) => withExit(made, field, target ?? ""), empty)];
  });
  return JSON.stringify({ first_step: definition.first_step, steps: Object.fromEntries(bare) });
}

/** Top left corners of all steps, by id. */
export function arranged(definition: Definition, measures: Measures): FlowLayout {
  const steps = stepsOf(definition);
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 20, ranksep: 88, marginx: 10, marginy: 10 });
  for (const id of outlineOf(definition)) {
    const step = steps[id];
    if (step) graph.setNode(id, { width: measures.width, height: heightOf(step, measures) });
  }
  // The library puts what it is told last on top: backwards, the first way out leads to the uppermost step.
  for (const [id, step] of Object.entries(steps).toReversed()) {
    for (const { field, target } of exitsOf(step).toReversed()) {
      if (target !== null && target in steps) graph.setEdge(id, target, {}, field);
    }
  }
  layout(graph);
  return Object.fromEntries(
    graph.nodes().map((id) => {
      const {
        x = 0,
        y = 0,
        width,
        height,
      } = graph.node(id) as { x?: number; y?: number; width: number; height: number };
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }];
    }),
  );
}
