/** One what-if: how far it is, what came of it, and the way to apply it. */
import { Alert, App, Button, Progress } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { applyWhatIf, cancelWhatIf, fetchWhatIf, type WhatIf } from "@/api/what_if";
import { momentText, timeText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { Changes } from "./changes";
import { WhatIfAnswer } from "./what_if_answer";

const AGAIN_MS = 1000;

function isOpen(run: WhatIf | undefined): boolean {
  return run?.state === "waiting" || run?.state === "running";
}

/** Does something to the run, and reads it anew. */
function useDeed(run: WhatIf, deed: (id: string) => Promise<unknown>, then?: () => void) {
  const { bad } = useNotices();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => deed(run.id),
    onError: bad,
    onSuccess: then,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["what-if", run.id] });
      void client.invalidateQueries({ queryKey: ["what-ifs"] });
    },
  });
}

function UnderWay({ run }: { run: WhatIf }) {
  const { t } = useWords();
  const cancel = useDeed(run, cancelWhatIf);
  return (
    <section className="card stack" aria-live="polite">
      <strong>{t(run.state === "waiting" ? "whatif.waits" : "whatif.runs")}</strong>
      <Progress percent={Math.round((100 * run.steps_done) / run.steps)} aria-label={t("whatif.progress")} />
      <span className="quiet">{t("whatif.steps", { n: run.steps_done, of: run.steps })}</span>
      <div className="row">
        <Button loading={cancel.isPending} onClick={() => cancel.mutate()} data-testid="cancel-what-if">
          {t("whatif.cancel")}
        </Button>
      </div>
    </section>
  );
}

function Apply({ run }: { run: WhatIf }) {
  const { t } = useWords();
  const { good } = useNotices();
  const { modal } = App.useApp();
  const client = useQueryClient();
  const apply = useDeed(run, applyWhatIf, () => {
    good(t("whatif.applied_now"));
    void client.invalidateQueries({ queryKey: ["setup"] });
    void client.invalidateQueries({ queryKey: ["routing-versions"] });
  });
  if (run.applied_at) {
    return <Alert type="success" showIcon title={t("whatif.applied_at", { at: momentText(run.applied_at) })} />;
  }
  const ask = () =>
    void modal.confirm({
      title: t("whatif.apply_sure"),
      okText: t("whatif.apply"),
      cancelText: t("general.cancel"),
      onOk: () => apply.mutateAsync().catch(() => undefined),
    });
  return (
    <div className="row">
      <Button type="primary" loading={apply.isPending} onClick={ask} data-testid="apply-what-if">
        {t("whatif.apply")}
      </Button>
    </div>
  );
}

function Run({ run }: { run: WhatIf }) {
  const { t } = useWords();
  return (
    <>
      <p className="quiet">
        {t("whatif.asked_by_at", { by: run.asked_by, at: momentText(run.asked_at) })}{" "}
        {t("whatif.window", { from: momentText(run.begins_at), to: momentText(run.ends_at) })}
      </p>
      <section className="card stack">
        <h2>{t("whatif.what")}</h2>
        {run.number === null ? null : <div>{t("whatif.of_version", { n: run.number })}</div>}
        {run.changes.length > 0 ? <Changes changes={run.changes} /> : <p>{t("whatif.same_as_now")}</p>}
        {run.state === "done" ? <Apply run={run} /> : null}
      </section>
      {isOpen(run) ? <UnderWay run={run} /> : null}
      {run.state === "cancelled" ? (
        <Alert type="info" showIcon title={t("whatif.was_cancelled", { at: timeText(run.ended_at) })} />
      ) : null}
      {run.state === "failed" ? (
        <Alert type="error" showIcon title={run.sentence} data-testid="what-if-failed" />
      ) : null}
      {run.result ? <WhatIfAnswer run={run} result={run.result} /> : null}
    </>
  );
}

export function WhatIfPage() {
  const { t } = useWords();
  const { id = "" } = useParams();
  const run = useQuery({
    queryKey: ["what-if", id],
    queryFn: () => fetchWhatIf(id),
    refetchInterval: ({ state }) => (isOpen(state.data) ? AGAIN_MS : false),
  });
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("whatif.of_day", { day: run.data?.day ?? "" })}</h1>
        <Link to="/admin/what-ifs">{t("whatif.all")}</Link>
      </div>
      <QueryView query={run}>{(data) => <Run run={data} />}</QueryView>
    </div>
  );
}
