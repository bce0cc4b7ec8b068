/** What contacts in hand are called. */
import { useQuery } from "@tanstack/react-query";
import { conversationQuery } from "@/api/conversations";
import type { ContactDocument } from "@/live/documents";
import { useWords } from "@/words";
import { popQuery } from "./pop";

/** As the customer of a written contact has named themselves; empty for a call, and until it is known. */
export function useSenderName(contactId: string, isWritten: boolean): string {
  const conversation = useQuery({ ...conversationQuery(contactId), enabled: isWritten });
  return conversation.data?.sender_name ?? "";
}

/** By its customer, else as it named itself, else by its number. */
export function useContactName(contact: ContactDocument): string {
  const { t } = useWords();
  const pop = useQuery(popQuery(contact.contact_id));
  const isWritten = contact.channel !== "voice";
  const sender = useSenderName(contact.contact_id, isWritten);
  const known = pop.data?.customer?.name || sender || pop.data?.contact.caller;
  return known || t(isWritten ? "desk.unknown_writer" : "desk.unknown_customer");
}
