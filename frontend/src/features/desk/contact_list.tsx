/** What is in hand, one row each: who, how long, what is new, what is begun. One is before the agent. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { conversationQuery } from "@/api/conversations";
import { lentDraftServer } from "@/api/desk";
import type { ContactDocument, MeDocument } from "@/live/documents";
import { ChannelMark } from "@/shared/channel_mark";
import { Elapsed, Remaining } from "@/shared/clocks";
import { DraftServerContext, useDraft } from "@/shared/draft_hooks";
import { useKeyMap } from "@/shared/hotkeys";
import { useWords } from "@/words";
import "./contact_list.css";
import { useContactName } from "./contact_name";
import { REPLY } from "./conversation";
import { isLent } from "./lent_bench";
import { useOutbox } from "./outbox_hooks";
import { popQuery } from "./pop";
import { newAfter, useSeen } from "./seen";
import { mostInHand, selectContact } from "./selection";

function Clock({ contact }: { contact: ContactDocument }) {
  if (contact.state === "wrap_up") {
    return contact.wrap_until_ms === null ? null : <Remaining untilMs={contact.wrap_until_ms} />;
  }
  return <Elapsed sinceMs={contact.held_since_ms ?? contact.connected_ms} />;
}

/** Where its drafts are kept is known with its record; before that nothing is said of them. */
function DraftMark({ contactId }: { contactId: string }) {
  const pop = useQuery(popQuery(contactId));
  if (pop.isPending) return null;
  return (
    <DraftServerContext value={isLent(pop.error) ? lentDraftServer : undefined}>
      <KeptReply contactId={contactId} />
    </DraftServerContext>
  );
}

function KeptReply({ contactId }: { contactId: string }) {
  const { t } = useWords();
  const draft = useDraft(contactId, REPLY);
  return draft.text.trim() ? <span>{t("desk.draft_kept")}</span> : null;
}

function TextMarks({ contactId }: { contactId: string }) {
  const { t } = useWords();
  const conversation = useQuery(conversationQuery(contactId));
  const unseen = newAfter(conversation.data?.messages ?? [], useSeen(contactId));
  const { unsent } = useOutbox(contactId);
  return (
    <>
      {unseen > 0 ? (
        <strong className="new-mark" data-testid="new-messages">
          {t("desk.new_messages", { count: unseen })}
        </strong>
      ) : null}
      {unsent.length > 0 ? <strong>{t("desk.unsent", { count: unsent.length })}</strong> : null}
      <DraftMark contactId={contactId} />
    </>
  );
}

function Row({ contact, isSelected }: { contact: ContactDocument; isSelected: boolean }) {
  const { t } = useWords();
  const name = useContactName(contact);
  const isWritten = contact.channel !== "voice";
  const state = isWritten && contact.state === "held" ? t("desk.interrupted") : t(`states.${contact.state}`);
  return (
    <li>
      <button
        type="button"
        className={isSelected ? "contact-row here" : "contact-row"}
        aria-current={isSelected}
        onClick={() => selectContact(contact.contact_id)}
        data-testid="contact-row"
        data-contact={contact.contact_id}
        data-row-state={contact.state}
      >
        <span className="contact-row-head">
          <ChannelMark channel={contact.channel} />
          <span className="name" title={name}>
            {name}
          </span>
          <Clock contact={contact} />
        </span>
        <span className="contact-row-marks quiet">
          {contact.state === "talking" ? null : <strong>{state}</strong>}
          {isWritten ? <TextMarks contactId={contact.contact_id} /> : null}
        </span>
      </button>
    </li>
  );
}

interface Props {
  me: MeDocument;
  contacts: readonly ContactDocument[];
  selectedId: string | undefined;
}

/** Shown where there can be more than one: at a desk for calls nothing is added. */
export function ContactList({ me, contacts, selectedId }: Props): ReactNode {
  const { t } = useWords();
  const keys = useKeyMap();
  const most = mostInHand(me.capacity, contacts);
  if (contacts.length === 0 || (contacts.length === 1 && most === 1)) return null;
  return (
    <section className="card" aria-label={t("desk.contacts")} data-testid="contact-list">
      <div className="card-head">
        <h2>
          {t("desk.contacts")} <span className="digits">{t("desk.of_most", { count: contacts.length, most })}</span>
        </h2>
        {contacts.length > 1 ? (
          <span className="quiet">
            {t("desk.next_contact")} <kbd>{keys.next_contact}</kbd>
          </span>
        ) : null}
      </div>
      <ul className="plain contact-rows">
        {contacts.map((contact) => (
          <Row key={contact.contact_id} contact={contact} isSelected={contact.contact_id === selectedId} />
        ))}
      </ul>
    </section>
  );
}
