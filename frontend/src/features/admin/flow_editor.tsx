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
import { uuid7 } from "@/live/uuid7";
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

/** The flow's record, read anew whenever the page is opened: with an old one, saving would be refused for nothing. */
function flowQuery(id: string) {
  return { queryKey: ["flow", id], queryFn: () => fetchFlow(id), gcTime: 0 };
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
  const retry = check.isError ? () => void check.refetch() : null;
  return { problems: check.data ?? first, isCurrent, settled, retry };
}

interface ProblemsProps {
  problems: readonly FlowProblem[];
  /** Asks again; null while nothing keeps the server from answering. */
  retry: (() => void) | null;
  onOpen: (stepId: string) => void;
}

function Problems({ problems, retry, onOpen }: ProblemsProps) {
  const { t } = useWords();
  if (retry)
    return (
      <Button danger onClick={retry} data-testid="check-failed">
        ✕ {t("admin.check_failed")}
      </Button>
    );
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
  shown: Pick<FlowVersion, "definition" | "layout" | "problems">;
  /** Draws the bench anew with what the server now has. */
  onReset: () => void;
}

/** `version` is the flow's record that this page has read: what others saved meanwhile is never overwritten. It grows
 * by one with each write of this page's own; a higher one holds what nobody has seen here. */
function useFlowActions(flow: FlowRecord, work: FlowDraft, onReset: () => void) {
  const [version, setVersion] = useState(flow.version);
  const [doing, setDoing] = useState<"save" | "publish" | "back" | null>(null);
  const { t } = useWords();
  const { good, bad } = useNotices();
  const { modal } = App.useApp();
  const client = useQueryClient();
  const renew = async () => {
    setVersion(version + 1);
    const query = flowQuery(flow.id);
    await client.cancelQueries({ queryKey: query.queryKey, exact: true }); // it may have been asked for before the write
    await client.fetchQuery({ ...query, staleTime: 0 });
  };
  const guarded = (name: "save" | "publish" | "back", deed: () => Promise<void>) => () => {
    if (doing !== null) return;
    setDoing(name);
    void deed()
      .catch(bad)
      .finally(() => setDoing(null));
  };
  const save = async () => {
    const { draft } = work;
    await saveFlowDraft(flow.id, version, draft.definition, draft.layout);
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
    guarded("back", async () => {
      const isSure = await modal.confirm({
        title: t("admin.rollback_sure", { n: number }),
        okText: t("admin.publish"),
      });
      if (!isSure) return;
      await rollBackFlow(flow.id, version, number);
      await renew();
      onReset();
    })();
  return { version, doing, save: guarded("save", save), publish: guarded("publish", publish), back };
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
  const { problems, isCurrent, settled, retry } = useProblems(flow, work, shown.problems);
  const { version, doing, save, publish, back } = useFlowActions(flow, work, onReset);
  // What was brought back is still made on what it was made on, until it is saved.
  const madeOn = kept !== null && version === begunAt ? kept.version : version;
  useKeeping(person, flow.id, madeOn, work.draft, work.isChanged);
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
        <Problems problems={problems} retry={retry} onOpen={open} />
        <span className="grow" />
        <Button onClick={tryIt} data-testid="open-trial">
          {t("admin.trial")}
        </Button>
        <Button disabled={!work.isChanged} loading={doing === "save"} onClick={save} data-testid="save-flow">
          {t("admin.save_draft")}
        </Button>
        <Button
          type="primary"
          disabled={!isReady || doing === "save"}
          loading={doing === "publish"}
          onClick={publish}
          data-testid="publish-flow"
        >
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

/** A flow that was only named so far. */
const UNWRITTEN: BenchProps["shown"] = { definition: {}, layout: {}, problems: [] };

/** What the bench begins with is read when it is opened: a version that others make meanwhile does not replace it. */
function OpenedFlow({ flow, onReset }: Omit<BenchProps, "shown">) {
  const [number] = useState(flow.draft_number ?? flow.published_number ?? flow.versions.at(-1)?.number);
  const [opening] = useState(() => uuid7());
  const version = useQuery({
    queryKey: ["flow", flow.id, "version", number, opening],
    queryFn: () => fetchFlowVersion(flow.id, number ?? 0),
    enabled: number !== undefined,
    staleTime: Infinity,
    gcTime: 0,
  });
  if (number === undefined) return <Bench flow={flow} shown={UNWRITTEN} onReset={onReset} />;
  return <QueryView query={version}>{(shown) => <Bench flow={flow} shown={shown} onReset={onReset} />}</QueryView>;
}

export function FlowEditor() {
  const { flowId = "" } = useParams();
  const [generation, setGeneration] = useState(0);
  const flow = useQuery(flowQuery(flowId));
  return (
    <QueryView query={flow}>
      {(record) => (
        <OpenedFlow key={`${record.id} ${generation}`} flow={record} onReset={() => setGeneration(generation + 1)} />
      )}
    </QueryView>
  );
}
