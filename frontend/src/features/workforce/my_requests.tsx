/** Requests and notices: what I am asked, what I asked, and what became of it. */
import { Alert, Badge, Button, Input, Modal, Popover, Table, Tag, type TableColumnsType } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answerRequest, fetchMyRequests, fetchMyWords, type ShiftRequest, type Step } from "@/api/shift_requests";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { EmptyState, Failure, Loading, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { MY_REQUESTS, MY_ROSTER } from "./my_day_drawer";
import { STATE_COLOURS, useFurtherBreaks, useRequestWords } from "./request_words";

const AGAIN_MS = 30_000;

/** Whether it is my turn: something is offered to me or asked of me. */
export const isMyTurn = (request: ShiftRequest) => request.may.includes("accept");

export function useMyRequests() {
  return useQuery({ queryKey: MY_REQUESTS, queryFn: fetchMyRequests, refetchInterval: AGAIN_MS });
}

function Words({ request }: { request: ShiftRequest }) {
  const { t } = useWords();
  const words = useQuery({
    queryKey: [...MY_REQUESTS, request.id, request.version],
    queryFn: () => fetchMyWords(request.id),
  });
  if (words.isError) return <Failure error={words.error} retry={() => void words.refetch()} />;
  if (!words.data) return <Loading rows={2} />;
  return (
    <div className="stack" style={{ width: 280 }}>
      <div>
        <strong>{t("my_roster.words")}</strong> {words.data.words || "–"}
      </div>
      <div>
        <strong>{t("my_roster.answer")}</strong> {words.data.answer_text || "–"}
      </div>
    </div>
  );
}

/** What else a yes means: nothing where the day stays short enough. */
function FurtherBreaks({ breaks }: { breaks: ShiftRequest["further_breaks"] }) {
  const say = useFurtherBreaks();
  const text = say(breaks);
  return text ? <div data-testid="further-breaks">{text}</div> : null;
}

function AnswerModal({ request, step, onClose }: { request: ShiftRequest; step: Step; onClose: () => void }) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const queries = useQueryClient();
  const say = useRequestWords();
  const [words, setWords] = useState("");
  const [isBusy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      await answerRequest(request, step, words);
      good(t(`my_roster.done_${step}`));
      onClose();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: MY_REQUESTS });
      void queries.invalidateQueries({ queryKey: MY_ROSTER });
    }
  };
  return (
    <Modal
      open
      title={t(`my_roster.step_${step}`)}
      okText={t(`my_roster.step_${step}`)}
      cancelText={t("general.cancel")}
      okButtonProps={{ danger: step !== "accept", loading: isBusy }}
      onOk={() => void send()}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{say(request)}</p>
        <FurtherBreaks breaks={request.further_breaks} />
        {step === "withdraw" ? null : (
          <label className="field">
            <span>{t("my_roster.words")}</span>
            <Input.TextArea maxLength={2000} value={words} onChange={(event) => setWords(event.target.value)} />
          </label>
        )}
      </div>
    </Modal>
  );
}

function RequestTable({ rows, onStep }: { rows: ShiftRequest[]; onStep: (request: ShiftRequest, step: Step) => void }) {
  const { t } = useWords();
  const say = useRequestWords();
  const columns: TableColumnsType<ShiftRequest> = [
    {
      title: t("my_roster.what"),
      render: (_, row) => (
        <>
          {say(row)}
          <FurtherBreaks breaks={row.further_breaks} />
        </>
      ),
    },
    {
      title: t("workforce.state"),
      render: (_, row) => <Tag color={STATE_COLOURS[row.state]}>{t(`my_roster.state_${row.state}`)}</Tag>,
    },
    { title: t("my_roster.until"), render: (_, row) => momentText(row.expires_at) },
    { title: t("my_roster.decided"), render: (_, row) => momentText(row.decided_at) },
    {
      title: t("general.actions"),
      render: (_, row) => (
        <div className="row">
          {row.may.map((step) => (
            <Button
              key={step}
              size="small"
              type={step === "accept" ? "primary" : "default"}
              onClick={() => onStep(row, step)}
              data-testid={`do-${step}`}
            >
              {t(`my_roster.step_${step}`)}
            </Button>
          ))}
          {row.has_words ? (
            <Popover trigger="click" content={<Words request={row} />}>
              <Button size="small">{t("my_roster.read_words")}</Button>
            </Popover>
          ) : null}
        </div>
      ),
    },
  ];
  return (
    <Table<ShiftRequest>
      size="small"
      rowKey="id"
      pagination={{ pageSize: 20, hideOnSinglePage: true }}
      columns={columns}
      dataSource={rows}
      scroll={{ x: true }}
      locale={{ emptyText: <EmptyState hint={t("my_roster.no_requests")} /> }}
    />
  );
}

export function MyRequests() {
  const { t } = useWords();
  const mine = useMyRequests();
  const [question, setQuestion] = useState<{ request: ShiftRequest; step: Step } | null>(null);
  return (
    <QueryView query={mine}>
      {(rows) => (
        <div className="stack">
          {rows.some(isMyTurn) ? (
            <Alert type="info" showIcon title={t("my_roster.waits_for_you", { n: rows.filter(isMyTurn).length })} />
          ) : null}
          <RequestTable
            rows={[...rows].sort((a, b) => Number(isMyTurn(b)) - Number(isMyTurn(a)))}
            onStep={(request, step) => setQuestion({ request, step })}
          />
          {question ? <AnswerModal {...question} onClose={() => setQuestion(null)} /> : null}
        </div>
      )}
    </QueryView>
  );
}

export function RequestsLabel() {
  const { t } = useWords();
  const mine = useMyRequests();
  const count = mine.data?.filter(isMyTurn).length ?? 0;
  return (
    <span>
      {t("my_roster.requests")}{" "}
      {count ? <Badge count={count} title={t("my_roster.waits_for_you", { n: count })} /> : null}
    </span>
  );
}
