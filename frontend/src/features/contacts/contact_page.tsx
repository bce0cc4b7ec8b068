/** One contact's whole story: what happened when, who spoke, what it was about, what was said. */
import { Button, Descriptions, Table, Timeline, type TableColumnsType } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import { fetchContact, revealCaller, type ContactDetail } from "@/api/contacts";
import { useBoard } from "@/live/hooks";
import { SimulatedBadge } from "@/shared/badges";
import { CHANNEL_NAMES } from "@/shared/channel_names";
import { useCauseText } from "@/shared/cause_words";
import { clockText } from "@/shared/figures";
import { useNames, type Names } from "@/shared/live_names";
import { momentText, preciseTimeText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { useMay } from "@/shared/session";
import { QueryView } from "@/shared/views";
import { isWord, useWords, type WordKey } from "@/words";
import { outcomeKey } from "./contact_search";
import { ConversationCard, isConversation } from "./conversation_card";
import { PreserveButton, RetentionNotices } from "./preservation";
import { RecordingCard } from "./recording_card";

function Caller({ contact }: { contact: ContactDetail }) {
  const { t } = useWords();
  const may = useMay();
  const { bad } = useNotices();
  const [number, setNumber] = useState<string | null>(null);
  const reveal = () => {
    revealCaller(contact.id, t("contacts.reveal_call_back"))
      .then((answer) => setNumber(answer.number))
      .catch(bad);
  };
  return (
    <span className="digits">
      {number ?? (contact.caller || t("general.unknown"))}{" "}
      {number === null && contact.is_caller_known && may("customers.reveal_phone") ? (
        <Button size="small" type="link" onClick={reveal}>
          {t("general.show")}
        </Button>
      ) : null}
    </span>
  );
}

function Facts({ contact, queues }: { contact: ContactDetail; queues: Names }) {
  const { t } = useWords();
  const outcome = outcomeKey(contact.outcome);
  const language = `admin.language_${contact.language}`;
  const endedBy = `contacts.ended_by_${contact.ended_by}`;
  const channel = (CHANNEL_NAMES as Partial<Record<string, WordKey>>)[contact.channel];
  const clock = (ms: number | null) => (ms === null ? "–" : clockText(ms));
  const facts: [string, React.ReactNode][] = [
    [t("contacts.by_channel"), channel ? t(channel) : contact.channel],
    [t("contacts.caller"), <Caller key="caller" contact={contact} />],
    [t("contacts.called"), contact.called_address],
    [t("contacts.arrived"), momentText(contact.arrived_at)],
    [t("contacts.queue"), contact.queue_id ? (queues.get(contact.queue_id) ?? "–") : "–"],
    [t("contacts.outcome"), isWord(outcome) ? t(outcome) : contact.outcome],
    [t("contacts.ended_by"), isWord(endedBy) ? t(endedBy) : contact.ended_by || "–"],
    [t("contacts.wait"), clock(contact.wait_ms)],
    [t("contacts.talk"), clock(contact.talk_ms)],
    [t("contacts.hold"), clock(contact.hold_ms)],
    [t("contacts.wrap_up"), clock(contact.wrap_up_ms)],
    [t("contacts.menu_path"), contact.menu_path.join(" › ") || "–"],
    [t("contacts.language"), isWord(language) ? t(language) : contact.language],
  ];
  const items = facts.map(([label, children]) => ({ key: label, label, children }));
  return <Descriptions size="small" bordered column={{ xs: 1, md: 3, xl: 4 }} items={items} />;
}

type Interaction = ContactDetail["interactions"][number];

function Interactions({ contact, names }: { contact: ContactDetail; names: { queues: Names; agents: Names } }) {
  const { t } = useWords();
  const columns: TableColumnsType<Interaction> = [
    { title: t("contacts.agent"), render: (_, row) => <ServedBy part={row} agents={names.agents} /> },
    { title: t("contacts.queue"), render: (_, row) => (row.queue_id ? (names.queues.get(row.queue_id) ?? "–") : "–") },
    { title: t("general.from"), render: (_, row) => preciseTimeText(row.started_at) },
    { title: t("general.to"), render: (_, row) => preciseTimeText(row.ended_at) },
    { title: t("contacts.talk"), align: "right", render: (_, row) => clockText(row.talk_ms) },
    { title: t("contacts.hold"), align: "right", render: (_, row) => clockText(row.hold_ms) },
    { title: t("contacts.wrap_up"), align: "right", render: (_, row) => clockText(row.wrap_up_ms) },
    { title: t("contacts.handle"), align: "right", render: (_, row) => clockText(row.handle_ms) },
  ];
  return (
    <section className="card">
      <h2>{t("contacts.interactions")}</h2>
      <Table<Interaction>
        size="small"
        rowKey="id"
        pagination={false}
        columns={columns}
        dataSource={contact.interactions}
        locale={{ emptyText: <span className="quiet">{t("contacts.no_interactions")}</span> }}
        scroll={{ x: true }}
      />
    </section>
  );
}

/** An agent of another tenant is shown by the shared pool through which they served the contact. */
function ServedBy({ part, agents }: { part: Interaction; agents: Names }) {
  const { t, text } = useWords();
  const agent = agents.get(part.agent_id) ?? "–";
  if (!part.pool_name) return agent;
  return t("contacts.by_pool", { agent, pool: text(part.pool_name) });
}

function Matters({ contact, agents }: { contact: ContactDetail; agents: Names }) {
  const { t, text } = useWords();
  return (
    <section className="card">
      <h2>{t("contacts.matters")}</h2>
      {contact.matters.length === 0 ? <span className="quiet">{t("contacts.no_matters")}</span> : null}
      <ul className="plain">
        {contact.matters.map((matter) => (
          <li key={matter.position + matter.agent_id}>
            <strong>{text(matter.disposition_name)}</strong>{" "}
            {matter.outcome_name ? <span>→ {text(matter.outcome_name)}</span> : null}
            {matter.lender_name ? (
              <div className="quiet">{t("contacts.by_lender", { lender: text(matter.lender_name) })}</div>
            ) : null}
            {matter.note ? <div>{matter.note}</div> : null}
          </li>
        ))}
      </ul>
      {contact.wrap_ups
        .filter((wrapUp) => wrapUp.note)
        .map((wrapUp) => (
          <p key={wrapUp.agent_id} style={{ whiteSpace: "pre-wrap" }}>
            <span className="quiet">
              {wrapUp.lender_name
                ? t("contacts.by_lender", { lender: text(wrapUp.lender_name) })
                : agents.get(wrapUp.agent_id)}{" "}
              {momentText(wrapUp.filed_at)}
            </span>
            <br />
            {wrapUp.note}
          </p>
        ))}
    </section>
  );
}

type Step = ContactDetail["timeline"][number];

function StepText({ step, names }: { step: Step; names: { queues: Names; agents: Names } }) {
  const { t, text } = useWords();
  const causeText = useCauseText();
  const key = `contacts.kind_${step.kind}`;
  const where = step.queue_id ? names.queues.get(step.queue_id) : undefined;
  const who = step.agent_id ? names.agents.get(step.agent_id) : undefined;
  const { cause, step_id: stepId, detail } = step.detail as Record<string, unknown>;
  const codes = [stepId, detail, cause].filter((value) => typeof value === "string" && value !== "");
  const told = (codes as string[]).map((code) => (code === stepId ? code : causeText(code)));
  return (
    <>
      <span className="digits quiet">{preciseTimeText(step.at)}</span> {isWord(key) ? t(key) : step.kind}{" "}
      {[where, who].filter(Boolean).join(", ")} <span className="quiet">{told.join(" · ")}</span>
      {step.explanation ? <div className="quiet">{text(step.explanation)}</div> : null}
    </>
  );
}

function Story({ contact }: { contact: ContactDetail }) {
  const { t } = useWords();
  const may = useMay();
  const names = useNames();
  const isWritten = isConversation(contact.channel);
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("contacts.detail")}</h1>
        <span className="digits quiet">{momentText(contact.arrived_at)}</span>
        <SimulatedBadge isShown={contact.is_simulated} />
        <span className="grow" />
        <PreserveButton contact={contact} />
      </div>
      <RetentionNotices contact={contact} />
      <Facts contact={contact} queues={names.queues} />
      {isWritten ? <ConversationCard contactId={contact.id} /> : null}
      {may("recordings.listen") && !isWritten ? <RecordingCard contact={contact} /> : null}
      <Interactions contact={contact} names={names} />
      <div className="two-columns">
        <section className="card">
          <h2>{t("contacts.timeline")}</h2>
          <Timeline
            items={contact.timeline.map((step) => ({ key: step.id, content: <StepText step={step} names={names} /> }))}
          />
        </section>
        <Matters contact={contact} agents={names.agents} />
      </div>
    </div>
  );
}

export function ContactPage() {
  const { contactId = "" } = useParams();
  useBoard("floor");
  const contact = useQuery({ queryKey: ["contact", contactId], queryFn: () => fetchContact(contactId) });
  return <QueryView query={contact}>{(data) => <Story contact={data} />}</QueryView>;
}
