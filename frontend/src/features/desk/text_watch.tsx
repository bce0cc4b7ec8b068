/** Keeps an eye on one written contact, whatever is on the screen: new messages are fetched, heard and told. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { completeUpTo, conversationQuery } from "@/api/conversations";
import type { ContactDocument } from "@/live/documents";
import { messageTone } from "@/shared/sounds";
import { useWords } from "@/words";
import { useContactName } from "./contact_name";
import { useSending } from "./outbox_hooks";
import { newAfter, useSeen } from "./seen";

interface Props {
  contact: ContactDocument;
  /** It is before the agent, on the desk: then its own list tells what is new. */
  isShown: boolean;
  /** Another window of the same person works: that one sounds. */
  isMirror: boolean;
}

/** The switch tells how far the messages go; what is further than what is known is asked for at once. */
function useNews(contact: ContactDocument): number {
  const { data, refetch } = useQuery(conversationQuery(contact.contact_id));
  const known = completeUpTo(data);
  const isLoaded = data !== undefined;
  const told = contact.message_seq;
  useEffect(() => {
    if (isLoaded && told > known) void refetch();
  }, [told, known, isLoaded, refetch]);
  const seen = useSeen(contact.contact_id);
  return isLoaded ? newAfter(data.messages, seen) : 0;
}

export function TextWatch({ contact, isShown, isMirror }: Props) {
  const { t } = useWords();
  const name = useContactName(contact);
  const unseen = useNews(contact);
  const former = useRef(unseen);
  useSending(contact.contact_id);
  useEffect(() => {
    const isMore = unseen > former.current;
    former.current = unseen;
    if (isMore && !isMirror && !(isShown && document.hasFocus())) messageTone();
  }, [unseen, isShown, isMirror]);
  return (
    <span className="only-read" role="status">
      {unseen > 0 && !isShown ? t("desk.new_from", { name, count: unseen }) : ""}
    </span>
  );
}
