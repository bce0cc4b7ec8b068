import { Link } from "react-router";
import type { Pop } from "@/api/desk";
import { TicketClock } from "@/shared/ticket_clock";
import { useWords } from "@/words";

export function OpenTickets({ pop }: { pop: Pop }) {
  const { t, text } = useWords();
  return (
    <section className="card" aria-label={t("desk.open_tickets")}>
      <h2>{t("desk.open_tickets")}</h2>
      {pop.open_tickets.length === 0 ? <span className="quiet">{t("desk.no_open_tickets")}</span> : null}
      <ul className="plain">
        {pop.open_tickets.map((ticket) => (
          <li key={ticket.id}>
            <Link to={`/tickets/${ticket.id}`}>{ticket.number}</Link> {text(ticket.type_name)}{" "}
            <TicketClock clock={ticket.clock} dueAt={ticket.due_at} />
            <div className="quiet">{ticket.text}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}
