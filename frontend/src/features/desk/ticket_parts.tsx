/** What every ticket form on the desk shares: kind and text, the draft, and sending once however often it is pressed. */
import { Button, Input, Select } from "antd";
import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { uuid7 } from "@/live/uuid7";
import { DraftStatusText, useStructuredDraft } from "@/shared/draft_hooks";
import { useHotkey, useKeyMap } from "@/shared/hotkeys";
import { useNotices } from "@/shared/notices";
import { useWords, type Bilingual } from "@/words";
import { EMPTY_TICKET } from "./work";

type Ticket = typeof EMPTY_TICKET;

/** The draft, and sending it: `open` gives the number of the ticket, `changes` is read anew after it. */
export function useTicket(contactId: string, open: (form: Ticket, key: string) => Promise<string>, changes: QueryKey) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const [form, change, draft] = useStructuredDraft(contactId, "ticket", EMPTY_TICKET);
  const [key, setKey] = useState(() => uuid7());
  const [isBusy, setBusy] = useState(false);
  const isReady = form.ticket_type_id !== "" && form.text.trim() !== "";
  const send = async () => {
    setBusy(true);
    try {
      good(t("desk.ticket_opened", { number: await open(form, key) }));
      draft.clear();
      setKey(uuid7());
      await client.invalidateQueries({ queryKey: changes });
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };
  useHotkey("send", isReady && !isBusy ? () => void send() : null);
  return { form, change, draft, isReady, isBusy, send };
}

/** The card; `children` are the fields beyond kind and text. */
export function TicketCard({
  title,
  ticket,
  types,
  onType,
  children,
}: {
  title: string;
  ticket: ReturnType<typeof useTicket>;
  types: readonly { ticket_type_id: string; name: Bilingual }[];
  onType: (id: string) => void;
  children?: ReactNode;
}) {
  const { t, text } = useWords();
  const keys = useKeyMap();
  const { form, change, draft, isReady, isBusy, send } = ticket;
  return (
    <section className="card stack" aria-label={t("desk.quick_ticket")} data-testid="ticket">
      <div className="card-head">
        <h2>{title}</h2>
        <DraftStatusText draft={draft} />
      </div>
      <label className="field">
        <span>{t("desk.ticket_type")}</span>
        <Select
          showSearch={{ optionFilterProp: "label" }}
          value={form.ticket_type_id || undefined}
          onChange={onType}
          options={types.map((type) => ({ value: type.ticket_type_id, label: text(type.name) }))}
        />
      </label>
      <label className="field">
        <span>{t("desk.ticket_text")}</span>
        <Input.TextArea
          autoSize={{ minRows: 3, maxRows: 8 }}
          maxLength={4000}
          value={form.text}
          onChange={(event) => change({ ...form, text: event.target.value })}
        />
      </label>
      {children}
      <Button type="primary" disabled={!isReady} loading={isBusy} onClick={() => void send()} data-testid="send-ticket">
        {t("desk.send_ticket")} <kbd>{keys.send}</kbd>
      </Button>
    </section>
  );
}
