/** Another company's tickets: those of its customer that are open, and a new one, where that company allows it. */
import { useQuery } from "@tanstack/react-query";
import { fetchLentTickets, openLentTicket, type LentContact } from "@/api/desk";
import { TicketClock } from "@/shared/ticket_clock";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { TicketCard, useTicket } from "./ticket_parts";

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
  const ticket = useTicket(
    contactId,
    async (form, key) => {
      const asked = { ticket_type_id: form.ticket_type_id, text: form.text };
      return (await openLentTicket(contactId, asked, key)).number;
    },
    listKey(contactId),
  );
  return (
    <TicketCard
      title={t("desk.lent_ticket", { company: text(lent.tenant_name) })}
      ticket={ticket}
      types={lent.ticket_types}
      onType={(id) => ticket.change({ ...ticket.form, ticket_type_id: id })}
    />
  );
}
