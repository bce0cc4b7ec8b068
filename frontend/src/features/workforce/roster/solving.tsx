/** The solver at work on this roster: how far it is, stopped with the best so far, or dropped. */
import { Button, Progress } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { cancelRun, fetchRun, stopRun } from "@/api/rosters";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";

interface Props {
  runId: string;
  /** The run has ended: with an answer, or without. */
  onEnded: (isDone: boolean) => void;
}

const LOOK_MS = 1000;

export function Solving({ runId, onEnded }: Props) {
  const { t } = useWords();
  const { bad, warn } = useNotices();
  const run = useQuery({ queryKey: ["planning-run", runId], queryFn: () => fetchRun(runId), refetchInterval: LOOK_MS });
  const state = run.data?.state;
  const sentence = run.data?.sentence;
  useEffect(() => {
    if (state !== "done" && state !== "failed" && state !== "cancelled") return;
    if (state === "failed" && sentence) warn(sentence);
    onEnded(state === "done");
  }, [state, sentence, onEnded, warn]);
  const { steps = 0, steps_done = 0, figures = {} } = run.data ?? {};
  const share = steps > 0 ? Math.round((100 * steps_done) / steps) : 0;
  const act = (call: (id: string) => Promise<unknown>) => void call(runId).catch(bad);
  return (
    <div className="card row" data-testid="solving">
      <span>{t(state === "waiting" ? "roster.solve_waits" : "roster.solve_runs")}</span>
      {steps > 0 ? <Progress percent={share} style={{ width: "14em" }} aria-label={t("roster.solve_runs")} /> : null}
      {typeof figures.covered === "number" ? (
        <span>{t("roster.coverage", { share: `${(figures.covered * 100).toFixed(1)} %` })}</span>
      ) : null}
      <Button onClick={() => act(stopRun)}>{t("roster.solve_stop")}</Button>
      <Button onClick={() => act(cancelRun)}>{t("roster.solve_cancel")}</Button>
    </div>
  );
}
