/** What was written, for whoever may read the contact's record. */
import { useQuery } from "@tanstack/react-query";
import { fetchConversation } from "@/api/conversations";
import { MessageList } from "@/shared/message_list";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";

const WRITTEN = ["chat", "sms", "form"];

export function isConversation(channel: string): boolean {
  return WRITTEN.includes(channel);
}

export function ConversationCard({ contactId }: { contactId: string }) {
  const { t, text } = useWords();
  const conversation = useQuery({
    queryKey: ["contact-conversation", contactId],
    queryFn: () => fetchConversation(contactId),
  });
  return (
    <section className="card" aria-label={t("desk.conversation")} data-testid="contact-conversation">
      <div className="card-head">
        <h2>{t("desk.conversation")}</h2>
        <span className="quiet">{text(conversation.data?.entry_name)}</span>
      </div>
      <QueryView query={conversation} rows={3}>
        {({ messages, sender_name: sender }) => (
          <div className="message-scroll" tabIndex={0} role="region" aria-label={t("desk.conversation")}>
            <MessageList messages={messages} sender={sender} />
          </div>
        )}
      </QueryView>
    </section>
  );
}
