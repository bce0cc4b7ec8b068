/** The chosen step at the right: its name, what the server finds wrong with it, and its form. */
import { Alert, Button, Input } from "antd";
import { useState, type RefObject } from "react";
import type { FlowProblem, Step } from "@/api/flows";
import { useWords } from "@/words";
import type { FlowDraft } from "./flow_draft";
import { renameStep, STEP_ID } from "./flow_edits";
import { outlineOf, stepsOf, valueNames } from "./flow_graph";
import { useFlowWords } from "./flow_words";
import { StepForm } from "./step_form";

interface Props {
  work: FlowDraft;
  problems: readonly FlowProblem[];
  chosen: string;
  heading: RefObject<HTMLHeadingElement | null>;
  onChoose: (id: string) => void;
  onRemove: (id: string) => void;
}

function StepName({ id, taken, onRename }: { id: string; taken: readonly string[]; onRename: (id: string) => void }) {
  const { t } = useWords();
  const [typed, setTyped] = useState(id);
  const isGood = typed === id || (STEP_ID.test(typed) && !taken.includes(typed));
  const take = () => {
    if (isGood && typed !== id) onRename(typed);
    else setTyped(id);
  };
  return (
    <label className="field">
      <span>{t("admin.step_id")}</span>
      <Input
        value={typed}
        maxLength={64}
        status={isGood ? undefined : "error"}
        aria-invalid={!isGood}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onPressEnter={take}
        data-testid="step-id"
      />
      {isGood ? null : <span role="alert">{t("admin.bad_step_id")}</span>}
    </label>
  );
}

export function FlowPanel({ work, problems, chosen, heading, onChoose, onRemove }: Props) {
  const { t } = useWords();
  const words = useFlowWords();
  const { draft, change } = work;
  const { definition } = draft;
  const steps = stepsOf(definition);
  const step = steps[chosen];
  if (!step) return <section className="card quiet">{t("admin.choose_step")}</section>;
  const outline = outlineOf(definition);
  const own = problems.filter((problem) => problem.step_id === chosen);
  const setStep = (next: Step) =>
    change({ definition: { ...definition, steps: { ...steps, [chosen]: next } } }, `form ${chosen}`);
  const rename = (id: string) => {
    change(renameStep(draft, chosen, id));
    onChoose(id);
  };
  return (
    <section className="card stack flow-panel" aria-labelledby="flow-step-title">
      <div className="card-head">
        <h2 id="flow-step-title" ref={heading} tabIndex={-1}>
          {outline.indexOf(chosen) + 1} · {words.kind(step.kind)}
        </h2>
        <Button danger size="small" onClick={() => onRemove(chosen)} data-testid="remove-step">
          {t("admin.remove_step")}
        </Button>
      </div>
      {own.length > 0 ? (
        <Alert
          type="error"
          showIcon
          data-testid="step-problems"
          title={
            <ul className="plain">
              {own.map((problem) => (
                <li key={problem.code + problem.sentence}>{problem.sentence}</li>
              ))}
            </ul>
          }
        />
      ) : null}
      <StepName key={chosen} id={chosen} taken={outline} onRename={rename} />
      {chosen === definition.first_step ? null : (
        <Button size="small" onClick={() => change({ definition: { ...definition, first_step: chosen } })}>
          {t("admin.make_first")}
        </Button>
      )}
      <StepForm
        key={`form ${chosen}`}
        step={step}
        stepIds={outline}
        valueNames={valueNames(definition)}
        onChange={setStep}
      />
    </section>
  );
}
