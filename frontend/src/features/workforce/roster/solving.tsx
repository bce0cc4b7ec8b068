/** The solver at work on this roster: how far it is, stopped with the best so far, or dropped. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { fetchRun } from "@/api/runs";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { isRunOpen, PlanningRunView, RUN_AGAIN_MS } from "../planning_run";

interface Props {
  runId: string;
  /** The run has ended: with an answer, or without. */
  onEnded: (isDone: boolean) => void;
}

export function Solving({ runId, onEnded }: Props) {
  const { t } = useWords();
  const { warn } = useNotices();
  const run = useQuery({
    queryKey: ["planning-run", runId],
    queryFn: () => fetchRun(runId),
    refetchInterval: RUN_AGAIN_MS,
  });
  const state = run.data?.state;
  const sentence = run.data?.sentence;
  useEffect(() => {
    if (state !== "done" && state !== "failed" && state !== "cancelled") return;
    if (state === "failed" && sentence) warn(sentence);
    onEnded(state === "done");
  }, [state, sentence, onEnded, warn]);
  const { data } = run;
  if (!isRunOpen(data) || !data) return null;
  const covered = data.figures.covered;
  return (
    <PlanningRunView run={data} canStop onChanged={() => void run.refetch()}>
      {typeof covered === "number" ? (
        <span>{t("roster.coverage", { share: `${(covered * 100).toFixed(1)} %` })}</span>
      ) : null}
    </PlanningRunView>
  );
}
