/** Wireframe 5: one draft as canvas, outline, JSON and comparison; checked as it changes, tried out, published. */
import { App, Button, Popover, Segmented, Select } from "antd";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
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
import { useMe } from "@/shared/session";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { FlowComparison } from "./flow_comparison";
import { FlowDesigner } from "./flow_designer";
import { useFlowDraft, type FlowDraft } from "./flow_draft";
import { keptDraft, useKeeping, type KeptDraft } from "./flow_keeping";
import { FlowSource } from "./flow_source";

const VIEWS = ["canvas", "outline", "source", "compare"] as const;
type View = (typeof VIEWS)[number];

function asDefinition(definition: Record<string, unknown>): Definition {
  return { first_step: "", steps: {}, ...definition } as Definition;
}

/** The same value once it has not changed for a moment, so that the server is not asked at every letter. */
function useSettled<T>(value: T, wait_ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), wait_ms);
    return () => clearTimeout(timer);
  }, [value, wait_ms]);
  return settled;
}

/** What the server finds wrong with the draft on the page, and whether that is about its present state. */
function useProblems(flow: FlowRecord, work: FlowDraft, first: readonly FlowProblem[]) {
  const { language } = useWords();
  const { definition } = work.draft;
  const settled = useSettled(definition, 350);
  const check = useQuery({
    queryKey: ["flow", flow.id, "check", language, settled],
    queryFn: () => checkFlow(flow.id, settled),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  const isCurrent = settled === definition && check.isSuccess && !check.isPlaceholderData;
  return { problems: check.data ?? first, isCurrent, settled };
}

function Problems({ problems, onOpen }: { problems: readonly FlowProblem[]; onOpen: (stepId: string) => void }) {
  const { t } = useWords();
  if (problems.length === 0) return <span className="quiet">✓ {t("admin.flow_valid")}</span>;
  const list = (
    <ul className="plain flow-problems">
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
  return (
    <Popover trigger="click" content={list}>
      <Button danger data-testid="flow-problems">
        ✕ {t("admin.problems", { n: problems.length })}
      </Button>
    </Popover>
  );
}

function Versions({ flow, onBack }: { flow: FlowRecord; onBack: (number: number) => void }) {
  const { t } = useWords();
  const past = flow.versions.filter((version) => version.state === "retired");
  if (past.length === 0) return null;
  return (
    <Select
      value={null}
      style={{ width: 240 }}
      placeholder={t("admin.rollback")}
      aria-label={t("admin.rollback")}
      options={past.map((version) => ({ value: version.number, label: `${t("admin.version")} ${version.number}` }))}
      onChange={(number: number | null) => {
        if (number !== null) onBack(number);
      }}
    />
  );
}

function Numbers({ flow }: { flow: FlowRecord }) {
  const { t } = useWords();
  const { draft_number: draft, published_number: published } = flow;
  return (
    <span className="quiet">
      {t("admin.draft")} {draft ?? "–"}, {t("admin.published")} {published ?? "–"}
    </span>
  );
}

interface BenchProps {
  flow: FlowRecord;
  shown: FlowVersion;
  /** Draws the bench anew with what the server now has. */
  onReset: () => void;
}

/** `version` is the flow's record that this page has read: what others saved meanwhile is never overwritten. */
function useFlowActions(flow: FlowRecord, work: FlowDraft, onReset: () => void) {
  const [version, setVersion] = useState(flow.version);
  const { t } = useWords();
  const { good, bad } = useNotices();
  const { modal } = App.useApp();
  const client = useQueryClient();
  const renew = async () => {
    const fresh = await client.fetchQuery({
      queryKey: ["flow", flow.id],
      queryFn: () => fetchFlow(flow.id),
      staleTime: 0,
    });
    setVersion(fresh.version);
  };
  const guarded = (deed: () => Promise<void>) => () => void deed().catch(bad);
  const save = async () => {
    const { draft } = work;
    const saved = await saveFlowDraft(flow.id, version, draft.definition, draft.layout);
    client.setQueryData(["flow", flow.id, "version", saved.number], saved);
    work.markSaved(draft);
    good(t("admin.draft_saved"));
    await renew();
  };
  const publish = async () => {
    const isSure = await modal.confirm({ title: t("admin.publish_sure"), okText: t("admin.publish") });
    if (!isSure || flow.draft_number === null) return;
    await publishFlow(flow.id, version, flow.draft_number);
    good(t("admin.flow_published"));
    await renew();
  };
  const back = (number: number) =>
    guarded(async () => {
      await rollBackFlow(flow.id, version, number);
      await renew();
      onReset();
    })();
  return { version, save: guarded(save), publish: guarded(publish), back };
}

/** Says once that changes which were not saved were brought back, and whether others have saved since. */
function useReturnNotice(kept: KeptDraft | null, version: number): void {
  const { t } = useWords();
  const { warn } = useNotices();
  const word = kept === null ? null : kept.version === version ? "admin.kept_back" : "admin.kept_behind";
  useEffect(() => {
    if (word) warn(t(word));
    // Said for what was found when the page was opened; a change of language says it again.
  }, [word, warn, t]);
}

function Bench({ flow, shown, onReset }: BenchProps) {
  const { t, text } = useWords();
  const [view, setView] = useState<View>("canvas");
  const { user_id: person } = useMe();
  const [kept] = useState(() => keptDraft(person, flow.id));
  const [first] = useState(() => ({ definition: asDefinition(shown.definition), layout: shown.layout }));
  const [begunAt] = useState(flow.version);
  const work = useFlowDraft(first, kept?.draft ?? null);
  const { definition } = work.draft;
  const [chosen, setChosen] = useState(definition.first_step);
  const [isTrying, setTrying] = useState(false);
  const { problems, isCurrent, settled } = useProblems(flow, work, shown.problems);
  const { version, save, publish, back } = useFlowActions(flow, work, onReset);
  useKeeping(person, flow.id, version, work.draft, work.isChanged);
  useReturnNotice(kept, begunAt);
  const isDrawn = view === "canvas" || view === "outline";
  const isReady = flow.draft_number !== null && !work.isChanged && isCurrent && problems.length === 0;
  const open = (id: string) => {
    setView(isDrawn ? view : "canvas");
    setChosen(id);
  };
  const tryIt = () => {
    setView(isDrawn ? view : "canvas");
    setTrying(true);
  };

  return (
    <div className="page flow-page">
      <div className="page-head">
        <h1>{text(flow.name)}</h1>
        <Numbers flow={flow} />
        <Segmented<View>
          value={view}
          aria-label={t("admin.view")}
          onChange={setView}
          options={VIEWS.map((value) => ({ value, label: t(`admin.${value}`) }))}
        />
        <Problems problems={problems} onOpen={open} />
        <span className="grow" />
        <Button onClick={tryIt} data-testid="open-trial">
          {t("admin.trial")}
        </Button>
        <Button disabled={!work.isChanged} onClick={save} data-testid="save-flow">
          {t("admin.save_draft")}
        </Button>
        <Button type="primary" disabled={!isReady} onClick={publish} data-testid="publish-flow">
          {t("admin.publish")}
        </Button>
      </div>
      {isDrawn ? (
        <FlowDesigner
          flowId={flow.id}
          view={view}
          work={work}
          settled={settled}
          problems={problems}
          chosen={chosen}
          isTrying={isTrying}
          onChoose={setChosen}
          onTrying={setTrying}
        />
      ) : null}
      {view === "source" ? (
        <FlowSource definition={definition} onChange={(next) => work.change({ definition: next }, "source")} />
      ) : null}
      {view === "compare" ? (
        <FlowComparison flow={flow} definition={settled}>
          <Versions flow={flow} onBack={back} />
        </FlowComparison>
      ) : null}
    </div>
  );
}

export function FlowEditor() {
  const { flowId = "" } = useParams();
  const [generation, setGeneration] = useState(0);
  const flow = useQuery({ queryKey: ["flow", flowId], queryFn: () => fetchFlow(flowId) });
  const number = flow.data?.draft_number ?? flow.data?.published_number ?? flow.data?.versions.at(-1)?.number;
  const version = useQuery({
    queryKey: ["flow", flowId, "version", number],
    queryFn: () => fetchFlowVersion(flowId, number ?? 0),
    enabled: number !== undefined,
    // The bench holds the draft from here on; reading it again would not change what is on the page.
    staleTime: Infinity,
    gcTime: 0,
  });
  return (
    <QueryView query={flow}>
      {(record) => (
        <QueryView query={version}>
          {(shown) => (
            <Bench
              key={`${record.id} ${generation}`}
              flow={record}
              shown={shown}
              onReset={() => setGeneration(generation + 1)}
            />
          )}
        </QueryView>
      )}
    </QueryView>
  );
}
