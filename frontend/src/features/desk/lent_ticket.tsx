/** Another company's tickets: those of its customer that are open, and a new one, where that company allows it. */
import { Button, Input, Select } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fetchLentTickets, openLentTicket, type LentContact } from "@/api/desk";
import { uuid7 } from "@/live/uuid7";
import { DraftStatusText, useStructuredDraft } from "@/shared/draft_hooks";
import { useHotkey, useKeyMap } from "@/shared/hotkeys";
import { useNotices } from "@/shared/notices";
import { TicketClock } from "@/shared/ticket_clock";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { EMPTY_TICKET } from "./work";

const listKey = (contactId: string) => ["lent-tickets", contactId];

/** Asked once: each look stands in that company's audit. */
export function LentOpenTickets({ contactId }: { contactId: string }) {
  const { t, text } = useWords();
  const tickets = useQuery({
    queryKey: listKey(contactId),
    queryFn: () => fetchLentTickets(contactId),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  return (
    <section className="card" aria-label={t("desk.open_tickets")} data-testid="lent-tickets">
      <h2>{t("desk.open_tickets")}</h2>
      <QueryView query={tickets}>
        {(rows) =>
          rows.length === 0 ? (
            <span className="quiet">{t("desk.no_open_tickets")}</span>
          ) : (
            <ul className="plain">
              {rows.map((ticket) => (
                <li key={ticket.number}>
                  {ticket.number} {text(ticket.type_name)} <TicketClock clock={ticket.clock} dueAt={ticket.due_at} />
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </section>
  );
}

/** Kind and text: department and due time are those of the kind. */
export function LentTicketForm({ contactId, lent }: { contactId: string; lent: LentContact }) {
  const { t, text } = useWords();
  const keys = useKeyMap();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const [form, change, draft] = useStructuredDraft(contactId, "ticket", EMPTY_TICKET);
  const [key, setKey] = useState(() => uuid7());
  const [isBusy, setBusy] = useState(false);
  const isReady = form.ticket_type_id !== "" && form.text.trim() !== "";
  const send = async () => {
    setBusy(true);
    try {
      const opened = await openLentTicket(contactId, { ticket_type_id: form.ticket_type_id, text: form.text }, key);
      good(t("desk.ticket_opened", { number: opened.number }));
      draft.clear();
      setKey(uuid7());
      await client.invalidateQueries({ queryKey: listKey(contactId) });
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };
  useHotkey("send", isReady && !isBusy ? () => void send() : null);
  return (
    <section className="card stack" aria-label={t("desk.quick_ticket")} data-testid="ticket">
      <div className="card-head">
        <h2>{t("desk.lent_ticket", { company: text(lent.tenant_name) })}</h2>
        <DraftStatusText draft={draft} />
      </div>
      <label className="field">
        <span>{t("desk.ticket_type")}</span>
        <Select
          showSearch={{ optionFilterProp: "label" }}
          value={form.ticket_type_id || undefined}
          onChange={(id) => change({ ...form, ticket_type_id: id })}
          options={lent.ticket_types.map((type) => ({ value: type.ticket_type_id, label: text(type.name) }))}
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
      <Button type="primary" disabled={!isReady} loading={isBusy} onClick={() => void send()} data-testid="send-ticket">
        {t("desk.send_ticket")} <kbd>{keys.send}</kbd>
      </Button>
    </section>
  );
}
