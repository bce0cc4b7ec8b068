/** The outline at the left in the order in which callers meet the steps, the chosen step's form at the right. */
import { Button, Input, Select } from "antd";
import { useState } from "react";
import type { Definition, FlowProblem, Step } from "@/api/flows";
import { isWord, useWords } from "@/words";
import { StepForm } from "./step_form";
import { exitsOf, outlineOf, STEP_KINDS } from "./step_fields";

interface Props {
  definition: Definition;
  problems: readonly FlowProblem[];
  stepId: string;
  onStep: (id: string) => void;
  onChange: (definition: Definition) => void;
}

function useKindName(): (kind: string) => string {
  const { t } = useWords();
  return (kind) => {
    const key = `admin.kind_${kind}`;
    return isWord(key) ? t(key) : kind;
  };
}

function AddStep({ taken, onAdd }: { taken: readonly string[]; onAdd: (id: string, kind: string) => void }) {
  const { t } = useWords();
  const kindName = useKindName();
  const [id, setId] = useState("");
  const [kind, setKind] = useState("say");
  const isGood = /^[\w-]{1,64}$/.test(id) && !taken.includes(id);
  return (
    <div className="stack">
      <Input
        value={id}
        placeholder={t("admin.new_step_id")}
        aria-label={t("admin.new_step_id")}
        onChange={(event) => setId(event.target.value)}
      />
      <div className="row">
        <Select
          className="grow"
          value={kind}
          onChange={setKind}
          aria-label={t("admin.step_kind")}
          options={STEP_KINDS.map((value) => ({ value, label: kindName(value) }))}
        />
        <Button
          disabled={!isGood}
          onClick={() => {
            onAdd(id, kind);
            setId("");
          }}
        >
          {t("admin.add_step")}
        </Button>
      </div>
    </div>
  );
}

export function FlowSteps({ definition, problems, stepId, onStep, onChange }: Props) {
  const { t } = useWords();
  const kindName = useKindName();
  const outline = outlineOf(definition);
  const step = definition.steps[stepId];
  const setStep = (next: Step) => onChange({ ...definition, steps: { ...definition.steps, [stepId]: next } });
  const remove = () => {
    const steps = Object.entries(definition.steps).filter(([id]) => id !== stepId);
    onChange({ ...definition, steps: Object.fromEntries(steps) });
    onStep(definition.first_step);
  };
  const add = (id: string, kind: string) => {
    const first = Object.keys(definition.steps).length === 0 ? { first_step: id } : {};
    onChange({ ...definition, ...first, steps: { ...definition.steps, [id]: { kind } } });
    onStep(id);
  };
  return (
    <div className="flow-columns">
      <section className="card stack">
        <label className="field">
          <span>{t("admin.start_step")}</span>
          <Select
            value={definition.first_step || undefined}
            onChange={(first_step: string) => onChange({ ...definition, first_step })}
            options={outline.map((id) => ({ value: id, label: id }))}
          />
        </label>
        <ol className="outline">
          {outline.map((id) => {
            const one = definition.steps[id];
            const isBad = problems.some((problem) => problem.step_id === id);
            return (
              <li key={id}>
                <button type="button" aria-pressed={id === stepId} onClick={() => onStep(id)}>
                  <strong>{id}</strong> {one ? kindName(one.kind) : null} {isBad ? "✕" : null}
                  <span className="quiet">
                    {" "}
                    {one
                      ? exitsOf(one)
                          .map((exit) => `→ ${exit}`)
                          .join(" ")
                      : null}
                  </span>
                </button>
              </li>
            );
          })}
        </ol>
        <AddStep taken={outline} onAdd={add} />
      </section>
      {step ? (
        <section className="card stack">
          <div className="card-head">
            <strong>
              {stepId} · {kindName(step.kind)}
            </strong>
            <Button danger size="small" onClick={remove}>
              {t("admin.remove_step")}
            </Button>
          </div>
          <StepForm key={stepId} step={step} stepIds={Object.keys(definition.steps)} onChange={setStep} />
        </section>
      ) : null}
    </div>
  );
}
