/** A test call: the draft walked with keys, number and moment of one's choice, step by step with its times. */
import { Alert, Button, DatePicker, Input, Select } from "antd";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Dayjs } from "dayjs";
import { useEffect, useRef, useState, type RefObject } from "react";
import { tryFlow, type Definition, type TrialCall, type TrialLine } from "@/api/flows";
import { sentenceOf } from "@/api/http";
import { Loading } from "@/shared/views";
import { isWord, useWords, type Language, type Translate } from "@/words";
import { stepsOf } from "./flow_graph";
import { useFlowWords } from "./flow_words";

export interface TrialSetup {
  caller: string;
  language: Language;
  segment: string;
  moment: Dayjs | null;
  answers: readonly string[];
}

export const FIRST_SETUP: TrialSetup = { caller: "", language: "zh", segment: "", moment: null, answers: [] };

/** The call of that setup through that definition; null while the panel is closed. */
export function useTrial(flowId: string, definition: Definition, setup: TrialSetup | null) {
  const { language } = useWords();
  const moment = setup?.moment?.format("YYYY-MM-DDTHH:mm:ss") ?? null;
  const asked = { ...setup, moment };
  return useQuery({
    queryKey: ["flow", flowId, "trial", language, definition, asked],
    queryFn: () =>
      tryFlow(flowId, {
        definition,
        answers: [...(setup?.answers ?? [])],
        caller: setup?.caller ?? "",
        language: setup?.language ?? "zh",
        segment: setup?.segment ?? "",
        local_moment: moment,
      }),
    enabled: setup !== null,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });
}

function clock(at_ms: number): string {
  const seconds = Math.round(at_ms / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}

function detailOf(t: Translate, { kind, detail }: TrialLine): string {
  const key = `admin.trial_${kind}_${detail.replace(/ .*/, "")}`;
  return isWord(key) ? t(key, { n: detail.replace(/\D/g, ""), value: detail.replace(/^\S+ ?/, "") }) : detail;
}

function toldOf(t: Translate, line: TrialLine): string {
  const key = `admin.trial_${line.kind}`;
  const said = line.said.map(({ text, digits }) => digits ?? text).join(" ");
  return [isWord(key) ? t(key) : line.kind, said ? `“${said}”` : detailOf(t, line)].filter(Boolean).join(" ");
}

function Line({ line, onChoose }: { line: TrialLine; onChoose: (id: string) => void }) {
  const { t } = useWords();
  const said = line.said[0]?.language;
  return (
    <li data-trial-kind={line.kind}>
      <span className="digits quiet">{clock(line.at_ms)}</span>{" "}
      <Button type="link" size="small" onClick={() => onChoose(line.step_id)}>
        {line.step_id}
      </Button>{" "}
      <span lang={said}>{toldOf(t, line)}</span>
    </li>
  );
}

/** A key pressed stands in a line of its own; what the step made of it is said only when it was none of the choices. */
function isTold({ kind, detail }: TrialLine): boolean {
  return !["menu", "collect"].includes(kind) || ["invalid", "no_input"].includes(detail);
}

/** Stays when the call is over, so that the focus does not get lost. */
function Keys({ call, onAnswer }: { call: TrialCall; onAnswer: (keys: string) => void }) {
  const { t } = useWords();
  const [keys, setKeys] = useState("");
  const isOver = call.outcome !== "waits";
  const options = call.question?.options ?? [];
  const press = () => {
    if (!keys || isOver) return;
    onAnswer(keys);
    setKeys("");
  };
  return (
    <div className="row">
      <Input
        style={{ width: 110 }}
        value={keys}
        maxLength={40}
        readOnly={isOver}
        aria-label={t("admin.trial_keys")}
        placeholder={options.length > 0 ? options.join(" ") : t("admin.trial_keys")}
        onChange={(event) => setKeys(event.target.value.replace(/[^0-9*#]/g, ""))}
        onPressEnter={press}
        data-testid="trial-keys"
      />
      <Button disabled={isOver} onClick={press}>
        {t("admin.trial_press")}
      </Button>
      <Button disabled={isOver} onClick={() => onAnswer("")} data-testid="trial-silence">
        {t("admin.trial_say_nothing")}
      </Button>
    </div>
  );
}

function Outcome({ call, definition }: { call: TrialCall; definition: Definition }) {
  const { t } = useWords();
  const words = useFlowWords();
  const queue = stepsOf(definition)[call.step_id]?.queue_id;
  const told: Record<TrialCall["outcome"], string> = {
    waits: t("admin.trial_waits", { step: call.step_id, n: call.question?.timeout_s ?? 0 }),
    queued: t("admin.trial_queued", {
      queue: words.queue(call.queue_id ?? String(queue ?? "")),
      priority: call.priority ?? 0,
    }),
    transferred: t("admin.trial_transferred"),
    ended: t("admin.trial_ended", { reason: call.end_reason }),
  };
  return (
    <p data-testid="trial-outcome" data-outcome={call.outcome} role="status">
      <strong>{told[call.outcome]}</strong>
    </p>
  );
}

interface SetupProps {
  setup: TrialSetup;
  zone: string;
  onSetup: (setup: TrialSetup) => void;
}

function Setup({ setup, zone, onSetup }: SetupProps) {
  const { t } = useWords();
  const change = (part: Partial<TrialSetup>) => onSetup({ ...setup, ...part, answers: [] });
  return (
    <div className="flow-trial-setup">
      <label className="field">
        <span>{t("admin.subject_caller")}</span>
        <Input
          value={setup.caller}
          maxLength={20}
          placeholder={t("admin.trial_withheld")}
          onChange={(event) => change({ caller: event.target.value.replace(/[^0-9+]/g, "") })}
        />
      </label>
      <label className="field">
        <span>
          {t("admin.trial_moment")} {zone}
        </span>
        <DatePicker
          showTime={{ format: "HH:mm" }}
          format="YYYY-MM-DD HH:mm"
          value={setup.moment}
          placeholder={t("admin.trial_now")}
          onChange={(moment) => change({ moment })}
        />
      </label>
      <label className="field">
        <span>{t("admin.language")}</span>
        <Select
          value={setup.language}
          aria-label={t("admin.language")}
          options={(["zh", "en"] as const).map((value) => ({ value, label: t(`admin.language_${value}`) }))}
          onChange={(language) => change({ language })}
        />
      </label>
      <label className="field">
        <span>{t("admin.subject_segment")}</span>
        <Input value={setup.segment} maxLength={64} onChange={(event) => change({ segment: event.target.value })} />
      </label>
    </div>
  );
}

interface Props {
  definition: Definition;
  setup: TrialSetup;
  trial: ReturnType<typeof useTrial>;
  heading: RefObject<HTMLHeadingElement | null>;
  onSetup: (setup: TrialSetup) => void;
  onChoose: (id: string) => void;
  onClose: () => void;
}

export function FlowTrial({ definition, setup, trial, heading, onSetup, onChoose, onClose }: Props) {
  const { t } = useWords();
  const list = useRef<HTMLOListElement>(null);
  const call = trial.data;
  useEffect(() => {
    // Chromium answers with a promise, which an effect must not hand on.
    void list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [call]);
  const answer = (keys: string) => onSetup({ ...setup, answers: [...setup.answers, keys] });
  return (
    <section className="card stack flow-trial" aria-labelledby="flow-trial-title" data-testid="trial">
      <div className="card-head">
        <h2 id="flow-trial-title" ref={heading} tabIndex={-1}>
          {t("admin.trial")}
        </h2>
        <span className="row">
          <Button size="small" disabled={setup.answers.length === 0} onClick={() => onSetup({ ...setup, answers: [] })}>
            {t("admin.trial_again")}
          </Button>
          <Button size="small" onClick={onClose}>
            {t("general.close")}
          </Button>
        </span>
      </div>
      <Setup setup={setup} zone={String(definition.time_zone ?? call?.time_zone ?? "")} onSetup={onSetup} />
      {trial.isPending ? <Loading rows={3} /> : null}
      {trial.isError ? <Alert type="warning" showIcon title={sentenceOf(trial.error)} /> : null}
      {call && !trial.isError ? (
        <>
          <ol className="flow-trial-lines" ref={list}>
            {call.lines.filter(isTold).map((line, place) => (
              <Line key={place} line={line} onChoose={onChoose} />
            ))}
          </ol>
          <Outcome call={call} definition={definition} />
          <Keys call={call} onAnswer={answer} />
        </>
      ) : null}
    </section>
  );
}
