/** What a contact in hand is called: by its customer, else as it named itself, else by its number. */
import { useQuery } from "@tanstack/react-query";
import { conversationQuery } from "@/api/conversations";
import type { ContactDocument } from "@/live/documents";
import { useWords } from "@/words";
import { popQuery } from "./pop";

export function useContactName(contact: ContactDocument): string {
  const { t } = useWords();
  const pop = useQuery(popQuery(contact.contact_id));
  const isWritten = contact.channel !== "voice";
  const conversation = useQuery({ ...conversationQuery(contact.contact_id), enabled: isWritten });
  const known = pop.data?.customer?.name || conversation.data?.sender_name || pop.data?.contact.caller;
  return known || t("desk.unknown_customer");
}
