/** Quick ticket: type, text, department, due. The department and due time come from the type and can be changed. */
import { Button, DatePicker, Input, Select } from "antd";
import dayjs from "dayjs";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Pop } from "@/api/desk";
import { openTicket } from "@/api/tickets";
import { uuid7 } from "@/live/uuid7";
import { DraftStatusText, useStructuredDraft } from "@/shared/draft_hooks";
import { useHotkey, useKeyMap } from "@/shared/hotkeys";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { EMPTY_TICKET } from "./work";

export function TicketForm({ contactId, pop }: { contactId: string; pop: Pop }) {
  const { t, text } = useWords();
  const keys = useKeyMap();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const [form, change, draft] = useStructuredDraft(contactId, "ticket", EMPTY_TICKET);
  const [key, setKey] = useState(() => uuid7());
  const [isBusy, setBusy] = useState(false);
  const isReady = form.ticket_type_id !== "" && form.text.trim() !== "";

  const chooseType = (id: string) => {
    const type = pop.ticket_types.find((one) => one.ticket_type_id === id);
    const due = type ? dayjs().add(type.due_hours, "hour").toISOString() : "";
    change({ ...form, ticket_type_id: id, department_id: type?.department_id ?? form.department_id, due_at: due });
  };

  const send = async () => {
    setBusy(true);
    try {
      const ticket = await openTicket(
        {
          ticket_type_id: form.ticket_type_id,
          text: form.text,
          department_id: form.department_id || null,
          due_at: form.due_at || null,
          contact_id: contactId,
          customer_id: pop.customer?.id ?? null,
        },
        key,
      );
      good(t("desk.ticket_opened", { number: ticket.ticket.number }));
      draft.clear();
      setKey(uuid7());
      await client.invalidateQueries({ queryKey: ["pop", contactId] });
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
        <h2>{t("desk.quick_ticket")}</h2>
        <DraftStatusText draft={draft} />
      </div>
      <label className="field">
        <span>{t("desk.ticket_type")}</span>
        <Select
          showSearch={{ optionFilterProp: "label" }}
          value={form.ticket_type_id || undefined}
          onChange={chooseType}
          options={pop.ticket_types.map((type) => ({ value: type.ticket_type_id, label: text(type.name) }))}
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
      <label className="field">
        <span>{t("desk.department")}</span>
        <Select
          allowClear
          value={form.department_id || undefined}
          onChange={(id: string | undefined) => change({ ...form, department_id: id ?? "" })}
          options={pop.departments.map((department) => ({
            value: department.department_id,
            label: text(department.name),
          }))}
        />
      </label>
      <label className="field">
        <span>{t("desk.due")}</span>
        <DatePicker
          showTime={{ format: "HH:mm" }}
          format="YYYY-MM-DD HH:mm"
          value={form.due_at ? dayjs(form.due_at) : null}
          onChange={(due) => change({ ...form, due_at: due ? due.toISOString() : "" })}
        />
      </label>
      <Button type="primary" disabled={!isReady} loading={isBusy} onClick={() => void send()} data-testid="send-ticket">
        {t("desk.send_ticket")} <kbd>{keys.send}</kbd>
      </Button>
    </section>
  );
}
