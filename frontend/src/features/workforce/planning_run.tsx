/** How far a long piece of planning work is, with the ways to end it. */
import { Alert, Button, Progress } from "antd";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { cancelRun, stopRun, type PlanningRun } from "@/api/runs";
import { timeText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";

export const RUN_AGAIN_MS = 1000;

export function isRunOpen(run: PlanningRun | null | undefined): boolean {
  return run?.state === "waiting" || run?.state === "running";
}

interface Props {
  run: PlanningRun;
  /** Told after the run was cancelled or asked to stop. */
  onChanged: () => void;
  /** Whether the best so far can be had; else the run can be cancelled only. */
  canStop?: boolean;
  /** What the best so far is worth. */
  children?: ReactNode;
}

function UnderWay({ run, onChanged, canStop, children }: Props) {
  const { t } = useWords();
  const { bad } = useNotices();
  const options = { onError: bad, onSettled: onChanged };
  const cancel = useMutation({ mutationFn: () => cancelRun(run.id), ...options });
  const stop = useMutation({ mutationFn: () => stopRun(run.id), ...options });
  const state = run.state === "waiting" ? "planrun.waits" : run.stop_asked ? "planrun.stops" : "planrun.runs";
  return (
    <section className="card stack" aria-live="polite" data-testid="planning-run">
      <strong>{t(state)}</strong>
      {run.steps > 0 ? (
        <>
          <Progress percent={Math.round((100 * run.steps_done) / run.steps)} aria-label={t("planrun.progress")} />
          <span className="quiet">{t("planrun.steps", { n: run.steps_done, of: run.steps })}</span>
        </>
      ) : null}
      {children}
      <div className="row">
        {canStop ? (
          <Button disabled={run.stop_asked} loading={stop.isPending} onClick={() => stop.mutate()}>
            {t("planrun.stop")}
          </Button>
        ) : null}
        <Button loading={cancel.isPending} onClick={() => cancel.mutate()} data-testid="cancel-run">
          {t("planrun.cancel")}
        </Button>
      </div>
    </section>
  );
}

/** The run while it goes on, or why it came to nothing; nothing once it is done. */
export function PlanningRunView(props: Props) {
  const { t } = useWords();
  const { run } = props;
  if (isRunOpen(run)) return <UnderWay {...props} />;
  if (run.state === "cancelled")
    return <Alert type="info" showIcon title={t("planrun.was_cancelled", { at: timeText(run.ended_at) })} />;
  if (run.state === "failed") return <Alert type="error" showIcon title={run.sentence} data-testid="run-failed" />;
  return null;
}
