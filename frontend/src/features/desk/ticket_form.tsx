/** Quick ticket: type, text, department, due. The department and due time come from the type and can be changed. */
import { DatePicker, Select } from "antd";
import dayjs from "dayjs";
import type { Pop } from "@/api/desk";
import { openTicket } from "@/api/tickets";
import { useWords } from "@/words";
import { TicketCard, useTicket } from "./ticket_parts";

export function TicketForm({ contactId, pop }: { contactId: string; pop: Pop }) {
  const { t, text } = useWords();
  const ticket = useTicket(
    contactId,
    async (form, key) => {
      const asked = {
        ticket_type_id: form.ticket_type_id,
        text: form.text,
        department_id: form.department_id || null,
        due_at: form.due_at || null,
        contact_id: contactId,
        customer_id: pop.customer?.id ?? null,
      };
      return (await openTicket(asked, key)).ticket.number;
    },
    ["pop", contactId],
  );
  const { form, change } = ticket;

  const chooseType = (id: string) => {
    const type = pop.ticket_types.find((one) => one.ticket_type_id === id);
    const due = type ? dayjs().add(type.due_hours, "hour").toISOString() : "";
    change({ ...form, ticket_type_id: id, department_id: type?.department_id ?? form.department_id, due_at: due });
  };

  return (
    <TicketCard title={t("desk.quick_ticket")} ticket={ticket} types={pop.ticket_types} onType={chooseType}>
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
    </TicketCard>
  );
}
