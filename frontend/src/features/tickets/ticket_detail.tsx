/** One ticket: its clock, its story, and the steps that are possible now; it closes when the customer confirms. */
import { Button, Input, Timeline } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { addComment, assignTicket, fetchTicket, takeStep, type TicketDetail, type TicketStep } from "@/api/tickets";
import { SimulatedBadge } from "@/shared/badges";
import { DraftStatusText, useDraft } from "@/shared/draft_hooks";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { useMay, useMe } from "@/shared/session";
import { TicketClock } from "@/shared/ticket_clock";
import { QueryView } from "@/shared/views";
import { isWord, useWords, type Bilingual } from "@/words";
import { DueChange } from "./due_change";

function useChange(id: string, after: () => void) {
  const client = useQueryClient();
  const { bad } = useNotices();
  return useMutation({
    mutationFn: (change: () => Promise<TicketDetail>) => change(),
    onError: bad,
    onSuccess: (detail) => {
      after();
      client.setQueryData(["ticket", id], detail);
      void client.invalidateQueries({ queryKey: ["tickets"] });
      void client.invalidateQueries({ queryKey: ["ticket-counts"] });
    },
  });
}

function Story({ detail }: { detail: TicketDetail }) {
  const { t, text } = useWords();
  const items = detail.timeline.map((step) => {
    const key = `tickets.kind_${step.kind}`;
    return {
      key: step.id,
      content: (
        <>
          <span className="quiet digits">{momentText(step.at)}</span> {isWord(key) ? t(key) : step.kind}{" "}
          <span className="quiet">{step.person_name}</span>
          {step.detail.lender_name ? (
            <span className="quiet">
              {" "}
              {t("contacts.by_lender", { lender: text(step.detail.lender_name as Bilingual) })}
            </span>
          ) : null}
          {step.text ? <div style={{ whiteSpace: "pre-wrap" }}>{step.text}</div> : null}
        </>
      ),
    };
  });
  return <Timeline items={items} />;
}

function Steps({ detail }: { detail: TicketDetail }) {
  const { t } = useWords();
  const me = useMe();
  const { ticket } = detail;
  const draft = useDraft(ticket.id, "ticket_reply");
  const [confirmedBy, setConfirmedBy] = useState("");
  const change = useChange(ticket.id, () => draft.clear());
  const step = (name: string) => {
    const body: TicketStep = { step: name as TicketStep["step"], text: draft.text };
    if (name === "confirm") body.confirmed_by = confirmedBy;
    change.mutate(() => takeStep(ticket.id, body));
  };
  return (
    <div className="stack">
      <label className="field">
        <span>{t("tickets.step_text")}</span>
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={20000}
          value={draft.text}
          onChange={(event) => draft.change(event.target.value)}
        />
      </label>
      {detail.possible_steps.includes("confirm") ? (
        <label className="field">
          <span>{t("tickets.confirmed_by")}</span>
          <Input
            maxLength={200}
            value={confirmedBy}
            placeholder={t("tickets.confirmed_call")}
            onChange={(event) => setConfirmedBy(event.target.value)}
          />
        </label>
      ) : null}
      <div className="row">
        {detail.possible_steps.map((name) => {
          const key = `tickets.step_${name}`;
          return (
            <Button
              key={name}
              type={name === "answer" || name === "confirm" ? "primary" : "default"}
              loading={change.isPending}
              disabled={name === "confirm" && !confirmedBy.trim()}
              onClick={() => step(name)}
            >
              {isWord(key) ? t(key) : name}
            </Button>
          );
        })}
        <Button
          disabled={!draft.text.trim()}
          loading={change.isPending}
          onClick={() => change.mutate(() => addComment(ticket.id, draft.text))}
        >
          {t("tickets.add_comment")}
        </Button>
        {ticket.handler_id === me.user_id ? null : (
          <Button
            loading={change.isPending}
            onClick={() =>
              change.mutate(() => assignTicket(ticket.id, { handler_id: me.user_id, text: draft.text.slice(0, 2000) }))
            }
          >
            {t("tickets.take")}
          </Button>
        )}
        <DueChange ticket={ticket} onChanged={(run) => change.mutate(run)} />
        <DraftStatusText draft={draft} />
      </div>
      <span className="quiet">{t("tickets.closes_hint")}</span>
    </div>
  );
}

function Facts({ detail }: { detail: TicketDetail }) {
  const { t, text } = useWords();
  const { ticket } = detail;
  const key = `tickets.state_${ticket.state}`;
  return (
    <dl className="facts">
      <dt>{t("tickets.state")}</dt>
      <dd>
        {isWord(key) ? t(key) : ticket.state} <TicketClock clock={ticket.clock} dueAt={ticket.due_at} />
      </dd>
      <dt>{t("tickets.customer")}</dt>
      <dd>{ticket.customer_name || "–"}</dd>
      <dt>{t("tickets.department")}</dt>
      <dd>{text(ticket.department_name) || "–"}</dd>
      <dt>{t("tickets.who")}</dt>
      <dd>{ticket.handler_name || t("tickets.nobody")}</dd>
      <dt>{t("tickets.opened")}</dt>
      <dd className="digits">
        {momentText(ticket.opened_at)} {detail.opened_by_name}
      </dd>
      <dt>{t("tickets.due")}</dt>
      <dd className="digits">{momentText(ticket.due_at)}</dd>
      {ticket.contact_id ? (
        <>
          <dt>{t("tickets.contact")}</dt>
          <dd>
            <Link to={`/contacts/${ticket.contact_id}`}>{t("general.open")}</Link>
          </dd>
        </>
      ) : null}
    </dl>
  );
}

export function TicketDetailCard({ id }: { id: string }) {
  const { t, text } = useWords();
  const may = useMay();
  const query = useQuery({ queryKey: ["ticket", id], queryFn: () => fetchTicket(id) });
  return (
    <section className="card" data-testid="ticket-detail">
      <QueryView query={query}>
        {(detail) => (
          <div className="stack">
            <div className="card-head">
              <strong>
                {detail.ticket.number} {text(detail.ticket.type_name)}
              </strong>
              <SimulatedBadge isShown={detail.ticket.is_simulated} />
            </div>
            <p style={{ whiteSpace: "pre-wrap", margin: 0 }}>{detail.ticket.text}</p>
            <Facts detail={detail} />
            {may("tickets.edit") ? <Steps detail={detail} /> : null}
            <h2>{t("tickets.timeline")}</h2>
            <Story detail={detail} />
          </div>
        )}
      </QueryView>
    </section>
  );
}
