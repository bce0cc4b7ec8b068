/** Wireframe 1: whose turn it is, who the customer is, what they want, and what comes of it. */
import { Result } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { ContactDocument } from "@/live/documents";
import { Failure, Loading } from "@/shared/views";
import { useWords } from "@/words";
import { ContactList } from "./contact_list";
import { ConversationPanel } from "./conversation";
import { useSenderName } from "./contact_name";
import { CustomerPanel } from "./customer_panel";
import { HandedOverCard } from "./handed_over";
import { HistoryPanel } from "./history_panel";
import { LentBench, isLent } from "./lent_bench";
import { MattersPanel } from "./matters_panel";
import { OpenTickets } from "./open_tickets";
import { Panel } from "./panel";
import { popQuery } from "./pop";
import { ReserveBanner } from "./reserve_banner";
import { StartOfShift } from "./start_of_shift";
import { StateControl } from "./state_control";
import { TicketForm } from "./ticket_form";
import { WhyThisCaller } from "./why_caller";
import { useWork, type Work } from "./work";
import { WrapUpBar } from "./wrap_up_bar";
import { WrapUpChime } from "./wrap_up_chime";

function Waiting({ work }: { work: Work }) {
  const { t } = useWords();
  const hint = work.me?.state === "available" ? t("desk.idle_available") : t("desk.idle_away");
  return <Result icon={null} title={t("desk.idle_title")} subTitle={hint} />;
}

/** Changes with each conversation of the contact, and while it only rings. */
function stageOf(contact: ContactDocument | undefined): string {
  return contact ? `${contact.state} ${contact.interaction_id ?? ""}` : "offered";
}

/** What the colleague has noted meanwhile comes along: the record is read anew when the contact changes hands. */
function useFreshPop(contactId: string, contact: ContactDocument | undefined): void {
  const client = useQueryClient();
  const stage = stageOf(contact);
  const former = useRef(stage);
  useEffect(() => {
    if (former.current === stage) return;
    former.current = stage;
    void client.invalidateQueries({ queryKey: ["pop", contactId] });
  }, [client, contactId, stage]);
}

function Bench({ work, contactId }: { work: Work; contactId: string }) {
  const pop = useQuery(popQuery(contactId));
  useFreshPop(contactId, work.contact);
  const written = work.contact && work.contact.channel !== "voice" ? work.contact : null;
  const sender = useSenderName(contactId, written !== null);
  const list = work.me ? <ContactList me={work.me} contacts={work.contacts} selectedId={contactId} /> : null;
  if (!pop.data && isLent(pop.error)) {
    return <LentBench key={contactId} contactId={contactId} contact={work.contact} list={list} />;
  }
  if (!pop.data) {
    return (
      <>
        {list}
        {pop.isError ? <Failure error={pop.error} retry={() => void pop.refetch()} /> : <Loading />}
      </>
    );
  }
  const why = <WhyThisCaller key={contactId} contactId={contactId} stage={stageOf(work.contact)} />;
  return (
    <>
      <div className={written ? "bench written" : "bench"}>
        <div className="stack">
          {list}
          <Panel hotkey="panel1">
            <CustomerPanel contactId={contactId} pop={pop.data} sender={sender} why={why} />
          </Panel>
          <OpenTickets pop={pop.data} />
          <Panel hotkey="panel3">
            <HistoryPanel pop={pop.data} />
          </Panel>
        </div>
        <div className="stack">
          {written ? <ConversationPanel contact={written} /> : null}
          <HandedOverCard contactId={contactId} pop={pop.data} />
          <Panel hotkey="panel2">
            <MattersPanel key={contactId} contactId={contactId} pop={pop.data} />
          </Panel>
        </div>
        <Panel hotkey="panel4">
          <TicketForm key={contactId} contactId={contactId} pop={pop.data} />
        </Panel>
      </div>
      {work.contact ? (
        <Panel hotkey="panel5" className="wrap-up-dock">
          <WrapUpBar key={contactId} contact={work.contact} />
        </Panel>
      ) : null}
    </>
  );
}

function NoPost() {
  const { t } = useWords();
  return <Result status="warning" title={t("desk.no_post")} subTitle={t("desk.no_post_do")} />;
}

export function DeskPage() {
  const work = useWork();
  if (!work.me) return <Loading />;
  if (!work.me.agent_id) return <NoPost />;
  if (work.me.state === "signed_out" && !work.contactId) return <StartOfShift />;
  return (
    <div className="page desk">
      <Panel hotkey="panel6">
        <StateControl me={work.me} />
      </Panel>
      <ReserveBanner me={work.me} />
      {work.contacts.map((contact) => (
        <WrapUpChime key={contact.contact_id} contact={contact} />
      ))}
      {work.contactId ? <Bench work={work} contactId={work.contactId} /> : <Waiting work={work} />}
    </div>
  );
}
