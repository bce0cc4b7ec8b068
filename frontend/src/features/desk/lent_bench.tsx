/** Another company's contact, served by a shared pool: in whose name to answer, who calls, and what that company lets be
 * written for it. Its records stay there. */
import { Descriptions } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { fetchLentContact, fileLentWrapUp, lentDraftServer, type LentContact } from "@/api/desk";
import { ApiError } from "@/api/http";
import type { ContactDocument } from "@/live/documents";
import { SimulatedBadge } from "@/shared/badges";
import { DraftServerContext } from "@/shared/draft_hooks";
import { Failure, Loading } from "@/shared/views";
import { useWords } from "@/words";
import { ConversationPanel } from "./conversation";
import { LentOpenTickets, LentTicketForm } from "./lent_ticket";
import { MattersCard } from "./matters_panel";
import { Panel } from "./panel";
import type { FileWrapUp } from "./work";
import { WrapUpBar } from "./wrap_up_bar";

const AGAIN_MS = 500;

/** Whether the contact has no desk of its own here because another company only lends it. */
export function isLent(error: unknown): boolean {
  return error instanceof ApiError && error.code === "desk.lent_contact";
}

/** The record follows the call within a second: it is asked until it has the contact in hand, too. */
function useLentContact(contactId: string, isInHand: boolean) {
  return useQuery({
    queryKey: ["lent", contactId],
    queryFn: () => fetchLentContact(contactId),
    retry: 2,
    refetchInterval: (query) => (isInHand && query.state.data?.is_in_hand !== true ? AGAIN_MS : false),
  });
}

/** A company may take its leave to write back meanwhile: then the next try finishes without notes. */
function useFileLentWrapUp(): FileWrapUp {
  const client = useQueryClient();
  return async (contactId, matters, note) => {
    try {
      await fileLentWrapUp(contactId, matters, note);
    } catch (error) {
      void client.invalidateQueries({ queryKey: ["lent", contactId] });
      throw error;
    }
  };
}

interface Props {
  contactId: string;
  contact: ContactDocument | undefined;
  /** What else is in hand. */
  list: ReactNode;
}

export function LentBench({ contactId, contact, list }: Props) {
  const lent = useLentContact(contactId, contact !== undefined);
  const file = useFileLentWrapUp();
  if (!lent.data) {
    return (
      <>
        {list}
        {lent.isError ? <Failure error={lent.error} retry={() => void lent.refetch()} /> : <Loading />}
      </>
    );
  }
  const written = contact && contact.channel !== "voice" ? <ConversationPanel contact={contact} /> : null;
  const matters = lent.data.allows_notes ? (
    <Panel hotkey="panel2">
      <MattersCard contactId={contactId} dispositions={lent.data.dispositions} modules={lent.data.modules} />
    </Panel>
  ) : null;
  return (
    <DraftServerContext value={lentDraftServer}>
      <div className={written ? "bench written" : "bench"}>
        <div className="stack">
          {list}
          <WhoCalls lent={lent.data} />
          {lent.data.shows_tickets ? <LentOpenTickets contactId={contactId} /> : null}
        </div>
        {written || matters ? (
          <div className="stack">
            {written}
            {matters}
          </div>
        ) : null}
        {lent.data.allows_tickets ? (
          <Panel hotkey="panel4">
            <LentTicketForm contactId={contactId} lent={lent.data} />
          </Panel>
        ) : null}
      </div>
      {contact && lent.data.is_in_hand ? (
        <Panel hotkey="panel5" className="wrap-up-dock">
          <WrapUpBar contact={contact} file={lent.data.allows_notes ? file : null} />
        </Panel>
      ) : null}
    </DraftServerContext>
  );
}

function WhoCalls({ lent }: { lent: LentContact }) {
  const { t, text } = useWords();
  const facts = [
    { key: "company", label: t("desk.lent_company"), children: text(lent.tenant_name) },
    { key: "queue", label: t("contacts.queue"), children: lent.queue_name ? text(lent.queue_name) : "–" },
    { key: "customer", label: t("desk.lent_customer"), children: lent.customer_name ?? "–" },
  ];
  return (
    <section className="card stack" data-testid="lent-contact">
      <div className="card-head">
        <h2>{t("desk.lent_title")}</h2>
        <SimulatedBadge isShown={lent.is_simulated} />
      </div>
      <Descriptions size="small" bordered column={1} items={facts} />
      <span className="quiet">{t("desk.lent_do")}</span>
      {lent.is_in_hand && !lent.allows_notes ? <span className="quiet">{t("desk.lent_no_notes")}</span> : null}
    </section>
  );
}
