/** Wireframe 5 as an outline: steps and their forms, JSON, comparison with what is live; check, save, publish. */
import { Alert, App, Button, Segmented, Select } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import {
  checkFlow,
  fetchFlow,
  fetchFlowVersion,
  publishFlow,
  rollBackFlow,
  saveFlowDraft,
  type Definition,
  type FlowProblem,
  type FlowRecord,
  type FlowVersion,
} from "@/api/flows";
import { useNotices } from "@/shared/notices";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { FlowComparison } from "./flow_comparison";
import { FlowSource } from "./flow_source";
import { FlowSteps } from "./flow_steps";

type View = "outline" | "source" | "compare";

function asDefinition(definition: Record<string, unknown>): Definition {
  return { first_step: "", steps: {}, ...definition } as Definition;
}

function Problems({ problems, onOpen }: { problems: readonly FlowProblem[]; onOpen: (stepId: string) => void }) {
  const { t } = useWords();
  if (problems.length === 0) return <Alert type="success" showIcon title={t("admin.flow_valid")} />;
  const list = (
    <ul className="plain">
      {problems.map((problem, index) => (
        <li key={index}>
          {problem.step_id ? (
            <Button size="small" type="link" onClick={() => onOpen(problem.step_id ?? "")}>
              {problem.step_id}
            </Button>
          ) : null}
          {problem.sentence}
        </li>
      ))}
    </ul>
  );
  return <Alert type="error" showIcon title={t("admin.problems", { n: problems.length })} description={list} />;
}

function Versions({ flow, onBack }: { flow: FlowRecord; onBack: (number: number) => void }) {
  const { t } = useWords();
  const past = flow.versions.filter((version) => version.state === "retired");
  if (past.length === 0) return null;
  return (
    <Select
      value={null}
      style={{ minWidth: 170 }}
      placeholder={t("admin.rollback")}
      aria-label={t("admin.rollback")}
      options={past.map((version) => ({ value: version.number, label: `${t("admin.version")} ${version.number}` }))}
      onChange={(number: number | null) => {
        if (number !== null) onBack(number);
      }}
    />
  );
}

function Bench({ flow, shown }: { flow: FlowRecord; shown: FlowVersion }) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const { modal } = App.useApp();
  const client = useQueryClient();
  const [view, setView] = useState<View>("outline");
  const [definition, setDefinition] = useState<Definition>(() => asDefinition(shown.definition));
  const [problems, setProblems] = useState<readonly FlowProblem[]>(shown.problems);
  const [stepId, setStepId] = useState(definition.first_step);
  const [isChanged, setChanged] = useState(false);
  const renew = () => client.invalidateQueries({ queryKey: ["flow", flow.id] });
  const guarded = (work: () => Promise<void>) => () => void work().catch(bad);

  const change = (next: Definition) => {
    setDefinition(next);
    setChanged(true);
  };
  const save = async () => {
    const saved = await saveFlowDraft(flow.id, flow.version, definition);
    setProblems(saved.problems);
    setChanged(false);
    good(t("admin.draft_saved"));
    await renew();
  };
  const check = async () => setProblems(await checkFlow(flow.id, definition));
  const publish = async () => {
    const isSure = await modal.confirm({ title: t("admin.publish_sure"), okText: t("admin.publish") });
    if (!isSure || flow.draft_number === null) return;
    await publishFlow(flow.id, flow.version, flow.draft_number);
    good(t("admin.flow_published"));
    await renew();
  };
  const back = (number: number) =>
    guarded(async () => void (await rollBackFlow(flow.id, flow.version, number), await renew()))();
  const open = (id: string) => {
    setView("outline");
    setStepId(id);
  };

  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{text(flow.name)}</h1>
        <span className="quiet">
          {t("admin.draft")} {flow.draft_number ?? "–"}, {t("admin.published")} {flow.published_number ?? "–"}
        </span>
        <Segmented<View>
          value={view}
          onChange={setView}
          options={(["outline", "source", "compare"] as const).map((value) => ({ value, label: t(`admin.${value}`) }))}
        />
        <span className="grow" />
        <Versions flow={flow} onBack={back} />
        <Button onClick={guarded(check)}>{t("admin.validate")}</Button>
        <Button disabled={!isChanged} onClick={guarded(save)} data-testid="save-flow">
          {t("admin.save_draft")}
        </Button>
        <Button
          type="primary"
          disabled={flow.draft_number === null || isChanged || problems.length > 0}
          onClick={guarded(publish)}
          data-testid="publish-flow"
        >
          {t("admin.publish")}
        </Button>
      </div>
      {flow.draft_number === null ? <Alert type="info" showIcon title={t("admin.no_draft")} /> : null}
      <Problems problems={problems} onOpen={open} />
      {view === "outline" ? (
        <FlowSteps definition={definition} problems={problems} stepId={stepId} onStep={setStepId} onChange={change} />
      ) : null}
      {view === "source" ? <FlowSource definition={definition} onChange={change} /> : null}
      {view === "compare" ? <FlowComparison flow={flow} /> : null}
    </div>
  );
}

export function FlowEditor() {
  const { flowId = "" } = useParams();
  const flow = useQuery({ queryKey: ["flow", flowId], queryFn: () => fetchFlow(flowId) });
  const number = flow.data?.draft_number ?? flow.data?.published_number ?? flow.data?.versions.at(-1)?.number;
  const version = useQuery({
    queryKey: ["flow", flowId, "version", number],
    queryFn: () => fetchFlowVersion(flowId, number ?? 0),
    enabled: number !== undefined,
  });
  return (
    <QueryView query={flow}>
      {(record) => (
        <QueryView query={version}>
          {(shown) => <Bench key={`${record.id} ${shown.number}`} flow={record} shown={shown} />}
        </QueryView>
      )}
    </QueryView>
  );
}
