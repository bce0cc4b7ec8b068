/** A request before the planner: the rule's answer, the cover it changes, and the decision with its words. */
import { Alert, Button, Drawer, Input, Table, type TableColumnsType } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { decideOnRequest, fetchEffect, fetchWords, type Effect, type ShiftRequest } from "@/api/shift_requests";
import { dateText, timeText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { Failure, Loading, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useRequestWords } from "./request_words";

export const REQUESTS = ["shift-requests"];
type Interval = Effect["coverage"][number];

/** Words may tell of somebody's life: reading them is written into the audit, and they are fetched when asked for. */
function Words({ request }: { request: ShiftRequest }) {
  const { t } = useWords();
  const [isWanted, setWanted] = useState(false);
  const words = useQuery({
    queryKey: [...REQUESTS, "words", request.id],
    queryFn: () => fetchWords(request.id),
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!request.has_words) return <p className="quiet">{t("requests.no_words")}</p>;
  if (!isWanted)
    return (
      <div className="row">
        <Button size="small" onClick={() => setWanted(true)} data-testid="read-words">
          {t("my_roster.read_words")}
        </Button>
        <span className="quiet">{t("workforce.evidence_audited")}</span>
      </div>
    );
  if (words.isError) return <Failure error={words.error} retry={() => void words.refetch()} />;
  return words.data ? (
    <p>{[words.data.words, words.data.answer_text].filter(Boolean).join(" · ")}</p>
  ) : (
    <Loading rows={1} />
  );
}

function Rules({ effect }: { effect: Effect }) {
  const { t } = useWords();
  if (!effect.objections.length) return <Alert type="success" showIcon title={t("requests.no_objection")} />;
  return (
    <>
      {effect.objections.map(({ sentence }) => (
        <Alert key={sentence} type="error" showIcon title={sentence} />
      ))}
    </>
  );
}

function Cover({ effect }: { effect: Effect }) {
  const { t } = useWords();
  const columns: TableColumnsType<Interval> = [
    { title: t("my_roster.times"), render: (_, row) => `${dateText(row.starts_at)} ${timeText(row.starts_at)}` },
    { title: t("requests.wanted"), dataIndex: "wanted" },
    { title: t("requests.before"), dataIndex: "before" },
    { title: t("requests.after"), dataIndex: "after" },
  ];
  if (!effect.has_demand) return <p className="quiet">{t("requests.no_demand")}</p>;
  if (!effect.coverage.length) return <p>{t("requests.same_cover")}</p>;
  return (
    <Table<Interval>
      size="small"
      rowKey="starts_at"
      pagination={{ pageSize: 12, hideOnSinglePage: true }}
      columns={columns}
      dataSource={effect.coverage}
      scroll={{ x: true }}
    />
  );
}

function Decision({ request, onClose }: { request: ShiftRequest; onClose: () => void }) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const queries = useQueryClient();
  const [words, setWords] = useState("");
  const [isBusy, setBusy] = useState(false);
  const decide = async (decision: "approve" | "refuse") => {
    setBusy(true);
    try {
      await decideOnRequest(request, decision, words);
      good(t(`workforce.done_${decision}`));
      onClose();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: REQUESTS });
    }
  };
  return (
    <div className="stack">
      <label className="field">
        <span>{t("workforce.words_to_applicant")}</span>
        <Input.TextArea maxLength={2000} value={words} onChange={(event) => setWords(event.target.value)} />
      </label>
      <div className="row">
        <Button type="primary" loading={isBusy} onClick={() => void decide("approve")} data-testid="approve">
          {t("workforce.do_approve")}
        </Button>
        <Button
          danger
          disabled={isBusy || words.trim() === ""}
          onClick={() => void decide("refuse")}
          data-testid="refuse"
        >
          {t("workforce.do_refuse")}
        </Button>
      </div>
    </div>
  );
}

/** A planner decides on leave, and on what the colleague has agreed to. */
export const awaitsPlanner = ({ kind, state }: ShiftRequest) =>
  state === "accepted" || (state === "open" && kind === "leave");

export function RequestDrawer({ request, onClose }: { request: ShiftRequest; onClose: () => void }) {
  const { t } = useWords();
  const say = useRequestWords();
  const effect = useQuery({
    queryKey: [...REQUESTS, "effect", request.id, request.version],
    queryFn: () => fetchEffect(request.id),
    enabled: awaitsPlanner(request),
  });
  return (
    <Drawer open size={560} title={t(`requests.kind_${request.kind}`)} onClose={onClose}>
      <div className="stack">
        <p>{say(request)}</p>
        <Words request={request} />
        {awaitsPlanner(request) ? (
          <>
            <h3>{t("requests.rules_say")}</h3>
            <QueryView query={effect}>
              {(found) => (
                <div className="stack">
                  <Rules effect={found} />
                  <h3>{t("requests.cover")}</h3>
                  <Cover effect={found} />
                </div>
              )}
            </QueryView>
            <Decision request={request} onClose={onClose} />
          </>
        ) : null}
      </div>
    </Drawer>
  );
}
