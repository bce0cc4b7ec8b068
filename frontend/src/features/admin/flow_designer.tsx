/** The bench itself: kinds of step, the flow as drawing or outline, and at the right the chosen step and a test call. */
import { useEffect, useMemo, useRef, useState } from "react";
import type { Definition, FlowProblem } from "@/api/flows";
import { useWords } from "@/words";
import { FlowCanvas } from "./flow_canvas";
import type { FlowDraft } from "./flow_draft";
import { addAfter, removeStep } from "./flow_edits";
import { outlineOf, reachedSteps, stepsOf, targetsOf } from "./flow_graph";
import { FlowPalette } from "./flow_palette";
import { FlowPanel } from "./flow_panel";
import { FlowSteps } from "./flow_steps";
import { FIRST_SETUP, FlowTrial, useTrial } from "./flow_trial";
import { NOTHING_WALKED, walkedBy } from "./flow_walk";
import "./flow_designer.css";

interface Props {
  flowId: string;
  view: "canvas" | "outline";
  work: FlowDraft;
  /** The draft as it was when typing last paused: what the server is asked about. */
  settled: Definition;
  problems: readonly FlowProblem[];
  chosen: string;
  isTrying: boolean;
  onChoose: (id: string) => void;
  onTrying: (isTrying: boolean) => void;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, [contenteditable]");
}

/** Ctrl+Z and Ctrl+Y (Command on a Mac), wherever the focus is, but in fields, which have their own undoing. */
function useUndoKeys({ undo, redo }: FlowDraft): void {
  useEffect(() => {
    const take = (event: KeyboardEvent) => {
      const isPlain = !event.shiftKey && !event.altKey && (event.ctrlKey || event.metaKey);
      const act = { z: undo, y: redo }[event.key.toLowerCase()];
      if (!isPlain || !act || isTyping(event.target)) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", take);
    return () => document.removeEventListener("keydown", take);
  }, [undo, redo]);
}

/** Where to go when a step is gone: to one that led to it, else to the beginning. */
function neighbourOf(definition: Definition, id: string): string {
  const steps = stepsOf(definition);
  return (
    outlineOf(definition).find((other) => targetsOf(steps[other] ?? { kind: "" }).includes(id)) ?? definition.first_step
  );
}

export function FlowDesigner(props: Props) {
  const { work, problems, isTrying, onChoose } = props;
  const { t } = useWords();
  const { definition } = work.draft;
  // What undoing took away cannot be chosen any longer.
  const chosen = props.chosen in stepsOf(definition) ? props.chosen : definition.first_step;
  const [news, setNews] = useState({ text: "", of: definition });
  const [setup, setSetup] = useState(FIRST_SETUP);
  const formHeading = useRef<HTMLHeadingElement>(null);
  const trialHeading = useRef<HTMLHeadingElement>(null);
  const trial = useTrial(props.flowId, props.settled, isTrying ? setup : null);
  const call = isTrying && !trial.isError ? trial.data : undefined;
  const walked = useMemo(() => (call ? walkedBy(call.lines) : NOTHING_WALKED), [call]);

  useUndoKeys(work);
  useEffect(() => {
    if (isTrying) trialHeading.current?.focus();
  }, [isTrying]);

  const add = (kind: string) => {
    const { definition: next, id } = addAfter(definition, chosen, kind);
    work.change({ definition: next });
    onChoose(id);
    const word = reachedSteps(next).has(id) ? "admin.step_added" : "admin.step_added_apart";
    setNews({ text: t(word, { id, after: chosen }), of: next });
  };
  const remove = (id: string) => {
    if (!(id in stepsOf(definition))) return;
    const next = removeStep(work.draft, id);
    work.change(next);
    onChoose(neighbourOf(next.definition, id));
    setNews({ text: t("admin.step_removed", { id }), of: next.definition });
  };
  const told = news.of === definition ? news.text : "";
  const shared = { work, problems, chosen, onChoose };
  return (
    <div className="flow-designer">
      <FlowPalette onAdd={add} />
      {props.view === "canvas" ? (
        <FlowCanvas
          {...shared}
          definition={definition}
          walked={walked}
          news={told}
          onRemove={remove}
          onOpenForm={() => formHeading.current?.focus()}
        />
      ) : (
        <FlowSteps {...shared} walked={walked.steps} news={told} />
      )}
      <div className="flow-side">
        {isTrying ? (
          <FlowTrial
            definition={definition}
            setup={setup}
            trial={trial}
            heading={trialHeading}
            onSetup={setSetup}
            onChoose={onChoose}
            onClose={() => props.onTrying(false)}
          />
        ) : null}
        <FlowPanel {...shared} heading={formHeading} onRemove={remove} />
      </div>
    </div>
  );
}
