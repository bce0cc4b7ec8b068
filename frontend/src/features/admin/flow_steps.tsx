/** The outline: steps in the order in which callers meet them, each with the ways out of it. */
import { Button, Select } from "antd";
import { Fragment } from "react";
import type { FlowProblem } from "@/api/flows";
import { useWords } from "@/words";
import type { FlowDraft } from "./flow_draft";
import { exitsOf, outlineOf, reachedSteps, stepsOf } from "./flow_graph";
import { useFlowWords } from "./flow_words";

interface Props {
  work: FlowDraft;
  problems: readonly FlowProblem[];
  walked: ReadonlySet<string>;
  news: string;
  chosen: string;
  onChoose: (id: string) => void;
}

export function FlowSteps({ work, problems, walked, news, chosen, onChoose }: Props) {
  const { t } = useWords();
  const words = useFlowWords();
  const { definition } = work.draft;
  const steps = stepsOf(definition);
  const outline = outlineOf(definition);
  const reached = reachedSteps(definition);
  return (
    <section className="card stack flow-outline" aria-label={t("admin.outline")}>
      <div className="row">
        <Button size="small" disabled={!work.canUndo} onClick={work.undo}>
          {t("admin.undo")}
        </Button>
        <Button size="small" disabled={!work.canRedo} onClick={work.redo}>
          {t("admin.redo")}
        </Button>
        <span role="status">{news}</span>
      </div>
      <label className="field">
        <span>{t("admin.start_step")}</span>
        <Select
          value={definition.first_step || undefined}
          aria-label={t("admin.start_step")}
          onChange={(first_step: string) => work.change({ definition: { ...definition, first_step } })}
          options={outline.map((id) => ({ value: id, label: id }))}
        />
      </label>
      <ol className="outline">
        {outline.map((id) => {
          const step = steps[id];
          if (!step) return null;
          const count = problems.filter((problem) => problem.step_id === id).length;
          return (
            <li key={id}>
              <button type="button" aria-pressed={id === chosen} onClick={() => onChoose(id)}>
                <strong>{id}</strong> {words.kind(step.kind)}
                {count > 0 ? <span className="flow-mark"> ✕ {t("admin.mark_bad", { n: count })}</span> : null}
                {reached.has(id) ? null : <span className="flow-mark"> ⊘ {t("admin.mark_unreached")}</span>}
                {walked.has(id) ? <span> ✓</span> : null}
                <span className="quiet">
                  {exitsOf(step).map(({ field, target }) => (
                    <Fragment key={field}>
                      {" "}
                      <span className="flow-way">
                        {words.exit(field)} → {target ?? "–"}
                      </span>
                    </Fragment>
                  ))}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
