/** Callers who gave up waiting: how often, whether they called again, and what is done about it. */
import { Button, DatePicker, Input, Popover, Tag, type TableColumnsType } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { Link } from "react-router";
import { callBackAbandoned, fetchAbandoned, settleAbandoned, type Abandoned } from "@/api/contacts";
import { SimulatedBadge } from "@/shared/badges";
import { clockText, countText } from "@/shared/figures";
import { useNames } from "@/shared/live_names";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { OpenOrDone } from "./open_or_done";

/** The latest day for which the server takes a call-back. */
const DAYS_AHEAD = 31;

function useRenewal(): (work: Promise<unknown>) => void {
  const { bad } = useNotices();
  const client = useQueryClient();
  return (work) => {
    work.then(() => client.invalidateQueries({ queryKey: ["abandoned"] })).catch(bad);
  };
}

function SettleButton({ row, decision }: { row: Abandoned; decision: "done" | "ignored" }) {
  const { t } = useWords();
  const renewed = useRenewal();
  const [reason, setReason] = useState("");
  const form = (
    <div className="stack" style={{ width: 280 }}>
      <label className="field">
        <span>{t(decision === "done" ? "contacts.done_note" : "contacts.ignored_why")}</span>
        <Input.TextArea maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      <Button
        type="primary"
        disabled={decision === "ignored" && reason.trim() === ""}
        onClick={() => renewed(settleAbandoned(row.contact_id, decision, reason))}
      >
        {t(`contacts.settle_${decision}`)}
      </Button>
    </div>
  );
  return (
    <Popover trigger="click" content={form}>
      <Button size="small">{t(`contacts.settle_${decision}`)}</Button>
    </Popover>
  );
}

export function CallBackButton({ row }: { row: Abandoned }) {
  const { t } = useWords();
  const renewed = useRenewal();
  const [from, setFrom] = useState<Dayjs | null>(null);
  const form = (
    <div className="stack" style={{ width: 280 }}>
      <span>{t("contacts.call_back_sure")}</span>
      <label className="field">
        <span>{t("contacts.call_back_not_before")}</span>
        <DatePicker
          showTime={{ format: "HH:mm" }}
          format="YYYY-MM-DD HH:mm"
          value={from}
          minDate={dayjs()}
          maxDate={dayjs().add(DAYS_AHEAD, "day")}
          onChange={setFrom}
        />
      </label>
      <Button
        type="primary"
        data-testid="order-call-back"
        onClick={() => renewed(callBackAbandoned(row.contact_id, from?.toISOString() ?? null))}
      >
        {t("contacts.call_back_order")}
      </Button>
    </div>
  );
  return (
    <Popover trigger={row.can_be_called ? "click" : []} content={form}>
      <Button size="small" type="primary" disabled={!row.can_be_called} data-testid="call-back">
        {t("contacts.call_back_do")}
      </Button>
    </Popover>
  );
}

function Deeds({ row }: { row: Abandoned }) {
  return (
    <div className="row">
      <CallBackButton row={row} />
      <SettleButton row={row} decision="done" />
      <SettleButton row={row} decision="ignored" />
    </div>
  );
}

function Settled({ row }: { row: Abandoned }) {
  const { t } = useWords();
  if (row.decision === "") return null;
  return (
    <>
      {t(`contacts.settled_${row.decision}`)} {momentText(row.settled_at)} <span className="quiet">{row.reason}</span>{" "}
      {row.call_back_contact_id ? (
        <Link to={`/contacts/${row.call_back_contact_id}`}>{t("contacts.call_back_contact")}</Link>
      ) : null}{" "}
      {row.failure ? <Tag color="error">{t("contacts.call_back_refused", { code: row.failure })}</Tag> : null}
    </>
  );
}

function useColumns(isSettled: boolean): TableColumnsType<Abandoned> {
  const { t } = useWords();
  const { queues } = useNames();
  return [
    {
      title: t("contacts.caller"),
      render: (_, row) => (
        <>
          <Link to={`/contacts/${row.contact_id}`} className="digits">
            {row.caller || t("general.unknown")}
          </Link>{" "}
          <SimulatedBadge isShown={row.is_simulated} isSmall />
        </>
      ),
    },
    { title: t("contacts.queue"), render: (_, row) => (row.queue_id ? (queues.get(row.queue_id) ?? "–") : "–") },
    { title: t("contacts.gave_up_at"), render: (_, row) => momentText(row.gave_up_at) },
    {
      title: t("contacts.waited"),
      align: "right",
      render: (_, row) => <span className="digits">{row.wait_ms === null ? "–" : clockText(row.wait_ms)}</span>,
    },
    {
      title: t("contacts.times"),
      align: "right",
      render: (_, row) => <span className="digits">{countText(row.times)}</span>,
    },
    {
      title: t("contacts.called_again"),
      render: (_, row) =>
        row.called_again_at ? (
          <>
            {momentText(row.called_again_at)}{" "}
            <Tag color={row.is_answered_since ? "success" : "warning"}>
              {t(row.is_answered_since ? "contacts.answered_since" : "contacts.unanswered_since")}
            </Tag>
          </>
        ) : (
          t("contacts.not_again")
        ),
    },
    {
      title: t(isSettled ? "contacts.done" : "general.actions"),
      render: (_, row) => (isSettled ? <Settled row={row} /> : <Deeds row={row} />),
    },
  ];
}

export function AbandonedPage() {
  const { t } = useWords();
  return (
    <OpenOrDone<Abandoned>
      title={t("contacts.abandoned")}
      hint={t("contacts.abandoned_hint")}
      emptyHint={t("contacts.abandoned_none")}
      name="abandoned"
      fetchPage={fetchAbandoned}
      useColumns={useColumns}
    />
  );
}
