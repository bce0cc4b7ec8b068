/** Customers whom the platform failed, with the wait clock of their first asking. */
import { Button, Input, Popover, type TableColumnsType } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { fetchCallBacks, finishCallBack, type CallBack } from "@/api/contacts";
import { SimulatedBadge } from "@/shared/badges";
import { useCauseText } from "@/shared/cause_words";
import { Elapsed } from "@/shared/clocks";
import { useNames } from "@/shared/live_names";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { OpenOrDone } from "./open_or_done";

function DoneButton({ callBack }: { callBack: CallBack }) {
  const { t } = useWords();
  const { bad } = useNotices();
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const finish = () => {
    finishCallBack(callBack.id, note)
      .then(() => client.invalidateQueries({ queryKey: ["call-backs"] }))
      .catch(bad);
  };
  const form = (
    <div className="stack" style={{ width: 280 }}>
      <label className="field">
        <span>{t("contacts.done_note")}</span>
        <Input.TextArea maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      <Button type="primary" onClick={finish}>
        {t("contacts.done_do")}
      </Button>
    </div>
  );
  return (
    <Popover trigger="click" content={form}>
      <Button size="small">{t("contacts.done_do")}</Button>
    </Popover>
  );
}

function useColumns(isDone: boolean): TableColumnsType<CallBack> {
  const { t } = useWords();
  const { queues } = useNames();
  const causeText = useCauseText();
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
    { title: t("contacts.asked_at"), render: (_, row) => momentText(row.asked_at) },
    { title: t("contacts.failed_at"), render: (_, row) => momentText(row.failed_at) },
    { title: t("contacts.cause"), render: (_, row) => causeText(row.cause) },
    isDone
      ? { title: t("contacts.done"), render: (_, row) => `${momentText(row.done_at)} ${row.done_note}` }
      : {
          title: t("contacts.since_asked"),
          render: (_, row) => <Elapsed sinceMs={Date.parse(row.asked_at ?? row.failed_at)} />,
        },
    { title: t("general.actions"), render: (_, row) => (isDone ? null : <DoneButton callBack={row} />) },
  ];
}

export function CallBacksPage() {
  const { t } = useWords();
  return (
    <OpenOrDone<CallBack>
      title={t("contacts.call_backs")}
      hint={t("contacts.call_backs_hint")}
      emptyHint={t("contacts.call_backs_none")}
      name="call-backs"
      fetchPage={fetchCallBacks}
      useColumns={useColumns}
    />
  );
}
