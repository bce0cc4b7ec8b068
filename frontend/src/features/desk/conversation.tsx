/** The conversation of a written contact: what was said, what is on its way, and where to write. */
import { ArrowDownOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { conversationQuery, lastSeq, type Conversation } from "@/api/conversations";
import type { ContactDocument, MeDocument } from "@/live/documents";
import { useDocument } from "@/live/hooks";
import { useDraft } from "@/shared/draft_hooks";
import { MessageList } from "@/shared/message_list";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { Composer } from "./composer";
import { withoutTaken, type Unsent } from "./outbox";
import { useOutbox } from "./outbox_hooks";
import { markSeen, newAfter, useSeen } from "./seen";

/** The field of the draft. */
export const REPLY = "reply";
const NEAR_PX = 24;

interface UnsentProps {
  unsent: readonly Unsent[];
  onRetry: (id: string) => void;
  onTakeBack: (id: string) => void;
}

function UnsentMessages({ unsent, onRetry, onTakeBack }: UnsentProps) {
  const { t } = useWords();
  const words = (one: Unsent) => {
    if (one.refusal) return t("conversation.refused", { why: one.refusal });
    return one.isDelayed ? t("conversation.delayed") : t("conversation.sending");
  };
  return (
    <ol className="messages">
      {unsent.map((one) => (
        <li key={one.id} className="message agent unsent" data-unsent={one.refusal ? "failed" : "pending"}>
          <div className="message-body">
            <div className="message-text">{one.text}</div>
            <div className="row message-head">
              <span className={one.refusal ? "marked" : "quiet"} role={one.refusal ? "alert" : undefined}>
                {words(one)}
              </span>
              {one.refusal || one.isDelayed ? (
                <Button size="small" onClick={() => onRetry(one.id)}>
                  {t("general.retry")}
                </Button>
              ) : null}
              {one.refusal ? (
                <Button size="small" onClick={() => onTakeBack(one.id)}>
                  {t("conversation.take_back")}
                </Button>
              ) : null}
            </div>
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Stays at the newest message unless the agent has scrolled away from it; gives back where the list is. */
function useAtNewest(count: number) {
  const place = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [isAtNewest, setAtNewest] = useState(true);
  const toNewest = useCallback(() => {
    follows.current = true;
    const box = place.current;
    if (box) box.scrollTop = box.scrollHeight;
  }, []);
  const look = () => {
    const box = place.current;
    if (!box) return;
    follows.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
    setAtNewest(follows.current);
  };
  useEffect(() => {
    if (follows.current) toNewest();
  }, [count, toNewest]);
  return { place, isAtNewest, toNewest, look };
}

/** What is on the screen of a page that is looked at has been seen. */
function useSeeing(contactId: string, seq: number, isAtNewest: boolean): void {
  useEffect(() => {
    const look = () => {
      if (isAtNewest && document.visibilityState === "visible") markSeen(contactId, seq);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [contactId, seq, isAtNewest]);
}

function Said({ contact, conversation }: { contact: ContactDocument; conversation: Conversation }) {
  const { t } = useWords();
  const me = useDocument<MeDocument>("me");
  const { outbox, unsent } = useOutbox(contact.contact_id);
  const draft = useDraft(contact.contact_id, REPLY);
  const waiting = withoutTaken(unsent, conversation.messages);
  const { place, isAtNewest, toNewest, look } = useAtNewest(conversation.messages.length + waiting.length);
  const unseen = newAfter(conversation.messages, useSeen(contact.contact_id));
  useSeeing(contact.contact_id, lastSeq(conversation), isAtNewest);
  const takeBack = (id: string) => {
    const text = outbox.takeBack(id);
    draft.change(draft.text.trim() ? `${text}\n${draft.text}` : text);
  };
  const send = (text: string) => {
    outbox.add(text, lastSeq(conversation));
    toNewest();
  };
  const isOver = contact.state === "wrap_up";
  return (
    <>
      <div className="message-frame">
        <div
          ref={place}
          className="message-scroll"
          role="log"
          aria-label={t("desk.conversation")}
          tabIndex={0}
          onScroll={look}
          data-testid="messages"
        >
          <MessageList messages={conversation.messages} sender={conversation.sender_name} />
          <UnsentMessages unsent={waiting} onRetry={(id) => outbox.retry(id)} onTakeBack={takeBack} />
        </div>
        {isAtNewest ? null : (
          <Button className="to-newest" size="small" icon={<ArrowDownOutlined aria-hidden />} onClick={toNewest}>
            {unseen > 0 ? t("conversation.newest_new", { count: unseen }) : t("conversation.newest")}
          </Button>
        )}
      </div>
      {conversation.can_reply && !isOver ? (
        <Composer draft={draft} isOff={me?.is_mirror ?? false} onSend={send} />
      ) : (
        <p className="quiet" data-testid="no-reply">
          {isOver ? t("conversation.over") : t("conversation.no_reply")}
        </p>
      )}
    </>
  );
}

export function ConversationPanel({ contact }: { contact: ContactDocument }) {
  const { t, text } = useWords();
  const conversation = useQuery(conversationQuery(contact.contact_id));
  const { entry_name: entry, reference, email } = conversation.data ?? {};
  const origin = [
    text(entry),
    reference ? t("conversation.reference", { reference }) : "",
    email ? t("conversation.by_email", { email }) : "",
  ]
    .filter(Boolean)
    .join(" · ");
  return (
    <section className="card stack" aria-label={t("desk.conversation")} data-testid="conversation">
      <div className="card-head">
        <h2>{t("desk.conversation")}</h2>
        <span className="quiet anywhere">{origin}</span>
      </div>
      {conversation.isError && conversation.data ? (
        <strong role="status" className="marked">
          {t("conversation.not_renewed")}
        </strong>
      ) : null}
      <QueryView query={conversation}>
        {(data) => <Said key={contact.contact_id} contact={contact} conversation={data} />}
      </QueryView>
    </section>
  );
}
