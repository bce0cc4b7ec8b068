/** Explain on the floor: why a contact still waits, live; why an agent was given the one they have. */
import { Button } from "antd";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useEffect, useState } from "react";
import { fetchContact } from "@/api/contacts";
import { fetchFloorSkills } from "@/api/desk";
import type { AgentDocument, WhyWaiting } from "@/live/documents";
import { useLive, useServerNow } from "@/live/hooks";
import { Elapsed } from "@/shared/clocks";
import { DecisionList } from "@/shared/decisions";
import type { Names } from "@/shared/live_names";
import { useMay } from "@/shared/session";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { whySentences } from "./why_words";

const AGAIN_MS = 1000;

/** Asked again each second while it is shown; `undefined` until the first answer, null when it waits no more. */
function useWhyWaiting(contactId: string): WhyWaiting | null | undefined {
  const live = useLive();
  const [why, setWhy] = useState<WhyWaiting | null | undefined>(undefined);
  useEffect(() => {
    let isShown = true;
    const ask = () =>
      live.explain(contactId).then(
        (told) => (isShown ? setWhy(told) : undefined),
        () => undefined, // what is known stays on screen; the next question follows
      );
    void ask();
    const timer = setInterval(() => void ask(), AGAIN_MS);
    return () => {
      isShown = false;
      clearInterval(timer);
    };
  }, [live, contactId]);
  return why;
}

function useSkillNames(): Names {
  const { text } = useWords();
  const skills = useQuery({ queryKey: ["floor-skills"], queryFn: fetchFloorSkills, staleTime: 300_000 });
  return new Map((skills.data ?? []).map((skill) => [skill.skill_id, text(skill.name)]));
}

interface WhyProps {
  contactId: string;
  queues: Names;
  agents: Names;
  onClose: () => void;
}

export function WhyWaitingCard({ contactId, queues, agents, onClose }: WhyProps) {
  const { t } = useWords();
  const why = useWhyWaiting(contactId);
  const now = useServerNow();
  const skills = useSkillNames();
  const unknown = t("general.unknown");
  const called = {
    queue: (id: string | null) => (id && queues.get(id)) || unknown,
    agent: (id: string | null) => (id && agents.get(id)) || unknown,
    skill: (id: string) => skills.get(id) ?? unknown,
  };
  return (
    <section className="card stack" aria-label={t("floor.why_waiting")} data-testid="why-waiting">
      <div className="card-head">
        <strong>
          {why ? t("floor.why_waiting_of", { queue: called.queue(why.queue_id) }) : t("floor.why_waiting")}
        </strong>
        <span className="grow" />
        {why ? <Elapsed sinceMs={why.asked_ms} /> : null}
        <Button size="small" onClick={onClose}>
          {t("general.close")}
        </Button>
      </div>
      {why === null ? <p>{t("floor.why_no_more")}</p> : null}
      {why ? (
        <>
          <ul className="changes">
            {whySentences(why, called, now, t).map((sentence, place) => (
              <li key={place}>{sentence}</li>
            ))}
          </ul>
          <ul className="plain">
            {why.agents.map((agent) => (
              <li key={agent.agent_id} className="row">
                <span className="grow">{called.agent(agent.agent_id)}</span>
                <span>{t(`floor.condition_${agent.condition}`)}</span>
                <Elapsed sinceMs={agent.since_ms} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

/** What was decided about the contact in the agent's hands, in the order in which it was. */
function Decisions({ contactId }: { contactId: string }) {
  const { t } = useWords();
  const contact = useQuery({ queryKey: ["contact", contactId], queryFn: () => fetchContact(contactId) });
  return (
    <QueryView query={contact} rows={3}>
      {({ timeline }) => (
        <>
          <DecisionList steps={timeline} />
          <Link to={`/contacts/${contactId}`}>{t("floor.why_story")}</Link>
        </>
      )}
    </QueryView>
  );
}

export function WhyThisCaller({ agent }: { agent: AgentDocument }) {
  const { t } = useWords();
  const may = useMay();
  const [asked, setAsked] = useState<string | null>(null);
  const contactId = agent.contact_id;
  if (contactId === null || !may("contacts.view")) return null;
  return (
    <div className="stack">
      <div>
        <Button
          aria-expanded={asked === contactId}
          onClick={() => setAsked(asked === contactId ? null : contactId)}
          data-testid="why-caller"
        >
          {t("floor.why_caller")}
        </Button>
      </div>
      {asked === contactId ? <Decisions contactId={contactId} /> : null}
    </div>
  );
}
