/** The rest of today with one change, played by the simulator. */
import { Button, InputNumber } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { askDayWhatIf, type Intraday } from "@/api/day";
import { fetchRun, type PlanningRunDetail } from "@/api/runs";
import { percentText } from "@/shared/figures";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";

interface Figure {
  queue_id: string | null;
  metric: string;
  before: number | null;
  after: number | null;
  low: number | null;
  high: number | null;
}

const METRICS = ["service_level", "abandon_probability", "average_wait_s"] as const;
const POLL_MS = 1000;

function valueText(metric: string, value: number | null): string {
  if (value === null) return "–";
  return metric.endsWith("_s") ? `${value.toFixed(1)} s` : (percentText(value, 1) ?? "–");
}

function Answer({ run, queueId }: { run: PlanningRunDetail; queueId: string }) {
  const { t } = useWords();
  if (run.state === "failed") return <p role="alert">{run.sentence}</p>;
  if (run.state !== "done" || !run.result)
    return <p role="status">{t("intraday.playing", { n: run.steps_done, of: run.steps })}</p>;
  const figures = run.result.figures as Figure[];
  const shown = METRICS.map((metric) => figures.find((one) => one.metric === metric && one.queue_id === queueId));
  return (
    <dl className="day-facts" data-testid="what-if-answer">
      {shown.map((one) =>
        one ? (
          <div key={one.metric}>
            <dt>{t(`intraday.metric_${one.metric as (typeof METRICS)[number]}`)}</dt>
            <dd className="digits">
              {valueText(one.metric, one.before)} → {valueText(one.metric, one.after)}
            </dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

export function DayWhatIfCard({ day, queueId }: { day: Intraday; queueId: string }) {
  const { t } = useWords();
  const { bad } = useNotices();
  const [people, setPeople] = useState(0);
  const [calls, setCalls] = useState(0);
  const [handle, setHandle] = useState(0);
  const [runId, setRunId] = useState<string | null>(null);
  const run = useQuery({
    queryKey: ["day-what-if", runId],
    queryFn: () => fetchRun(runId ?? ""),
    enabled: runId !== null,
    refetchInterval: ({ state }) => (["waiting", "running"].includes(state.data?.state ?? "waiting") ? POLL_MS : false),
  });
  const isPlaying = runId !== null && ["waiting", "running"].includes(run.data?.state ?? "waiting");
  const play = async () => {
    const change = { people, calls_percent: calls, handle_percent: handle };
    try {
      setRunId((await askDayWhatIf({ tenant_id: day.tenant_id, queue_id: queueId, ...change })).run_id);
    } catch (error) {
      bad(error);
    }
  };
  const fields = [
    { name: t("intraday.more_people"), value: people, set: setPeople, min: -200, max: 200 },
    { name: t("intraday.more_calls"), value: calls, set: setCalls, min: -90, max: 300 },
    { name: t("intraday.longer_handle"), value: handle, set: setHandle, min: -50, max: 200 },
  ];
  return (
    <section className="card stack" aria-label={t("intraday.what_if")}>
      <h2>{t("intraday.what_if")}</h2>
      {fields.map((field) => (
        <label className="field" key={field.name}>
          <span>{field.name}</span>
          <InputNumber
            value={field.value}
            min={field.min}
            max={field.max}
            precision={0}
            onChange={(value) => field.set(value ?? 0)}
          />
        </label>
      ))}
      <Button loading={isPlaying} onClick={() => void play()} data-testid="play-what-if">
        {t("intraday.play")}
      </Button>
      {run.data ? <Answer run={run.data} queueId={queueId} /> : null}
      <span className="quiet">{t("intraday.what_if_note")}</span>
    </section>
  );
}
