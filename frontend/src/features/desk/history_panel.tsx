import { Link } from "react-router";
import type { Pop } from "@/api/desk";
import { dateText, timeText } from "@/shared/moments";
import { isWord, useWords } from "@/words";

export function HistoryPanel({ pop }: { pop: Pop }) {
  const { t, text } = useWords();
  return (
    <section className="card" aria-label={t("desk.history")}>
      <h2>{t("desk.history")}</h2>
      {pop.recent_contacts.length === 0 ? <span className="quiet">{t("desk.no_history")}</span> : null}
      <ul className="plain">
        {pop.recent_contacts.map((contact) => {
          const outcome = `contacts.outcome_${contact.outcome || "open"}`;
          return (
            <li key={contact.id}>
              <Link to={`/contacts/${contact.id}`} className="digits">
                {dateText(contact.arrived_at)} {timeText(contact.arrived_at)}
              </Link>{" "}
              {contact.matters.map(text).join("; ")}{" "}
              <span className="quiet">{isWord(outcome) ? t(outcome) : contact.outcome}</span>
            </li>
          );
        })}
      </ul>
      {pop.customer ? <Link to={`/contacts?customer_id=${pop.customer.id}`}>{t("desk.whole_history")}</Link> : null}
    </section>
  );
}
