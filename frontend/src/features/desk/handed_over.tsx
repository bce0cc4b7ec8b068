/** What the agents before have noted: read at once, taken into one's own notes with one click. Nobody asks again. */
import { ImportOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useMemo } from "react";
import type { Matter, Pop } from "@/api/desk";
import { useStructuredDraft } from "@/shared/draft_hooks";
import { momentText } from "@/shared/moments";
import { useWords } from "@/words";
import { leavesOf } from "./dispositions";
import { EMPTY_TICKET, EMPTY_WRAP_UP } from "./work";

type HandedOver = Pop["handed_over"][number];

/** One's own matters stay; the other's come before them, an empty first one makes room. */
export function withTakenOver(own: Matter[], taken: Matter[]): Matter[] {
  const kept = own.filter((matter) => matter.disposition_id || matter.note);
  const isKnown = (matter: Matter) => kept.some((one) => JSON.stringify(one) === JSON.stringify(matter));
  const all = [...taken.filter((matter) => !isKnown(matter)), ...kept];
  return all.length > 0 ? all : own;
}

export function joinedNotes(own: string, taken: string): string {
  if (!taken || own.includes(taken)) return own;
  return own ? `${taken}\n${own}` : taken;
}

export function HandedOverCard({ contactId, pop }: { contactId: string; pop: Pop }) {
  const { t } = useWords();
  if (pop.handed_over.length === 0) return null;
  return (
    <section className="card stack" aria-label={t("desk.handed_over")} data-testid="handed-over">
      <h2>{t("desk.handed_over")}</h2>
      {pop.handed_over.map((noted) => (
        <Noted key={noted.agent_id} contactId={contactId} pop={pop} noted={noted} />
      ))}
    </section>
  );
}

function Noted({ contactId, pop, noted }: { contactId: string; pop: Pop; noted: HandedOver }) {
  const { t, text } = useWords();
  const [wrapUp, changeWrapUp] = useStructuredDraft(contactId, "wrap_up", EMPTY_WRAP_UP);
  const [ticket, changeTicket] = useStructuredDraft(contactId, "ticket", EMPTY_TICKET);
  const names = useMemo(() => {
    const leaves = [...leavesOf(pop.dispositions, "reason", text), ...leavesOf(pop.dispositions, "outcome", text)];
    return new Map(leaves.map(({ id, label }) => [id, label]));
  }, [pop.dispositions, text]);
  const line = (matter: Matter) =>
    [names.get(matter.disposition_id), names.get(matter.outcome_id ?? ""), matter.note].filter(Boolean).join(" · ");
  const takeOver = () => {
    changeWrapUp({
      matters: withTakenOver(wrapUp.matters, noted.matters),
      note: joinedNotes(wrapUp.note, noted.note),
    });
    if (noted.ticket && !ticket.text.trim()) changeTicket(noted.ticket);
  };
  return (
    <div className="stack">
      <span className="quiet">
        {noted.agent_name} {momentText(noted.noted_at)}
      </span>
      {noted.matters.length > 0 ? (
        <ul>
          {noted.matters.map((matter, index) => (
            <li key={index}>{line(matter)}</li>
          ))}
        </ul>
      ) : null}
      {noted.note ? <p style={{ whiteSpace: "pre-wrap", margin: 0 }}>{noted.note}</p> : null}
      {noted.ticket?.text ? (
        <p style={{ whiteSpace: "pre-wrap", margin: 0 }}>
          <span className="quiet">{t("desk.quick_ticket")}</span> {noted.ticket.text}
        </p>
      ) : null}
      <Button icon={<ImportOutlined aria-hidden />} onClick={takeOver} data-testid="take-over-notes">
        {t("desk.take_over_notes")}
      </Button>
    </div>
  );
}
