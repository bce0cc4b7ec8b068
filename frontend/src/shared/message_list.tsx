/** A written conversation: who said what and when, what the house said by itself, and what became of what was sent. */
import { CheckOutlined, ClockCircleOutlined, WarningOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import type { Message } from "@/api/conversations";
import { dateText, preciseTimeText } from "@/shared/moments";
import { isWord, useWords } from "@/words";
import "./message_list.css";

function Delivery({ message }: { message: Message }) {
  const { t } = useWords();
  if (message.delivery === null) return null;
  if (message.delivery === "failed") {
    return (
      <strong className="marked" data-delivery="failed">
        <WarningOutlined aria-hidden /> {t("conversation.delivery_failed", { why: message.failure ?? "" })}
      </strong>
    );
  }
  const icon = message.delivery === "sent" ? <CheckOutlined aria-hidden /> : <ClockCircleOutlined aria-hidden />;
  return (
    <span data-delivery={message.delivery}>
      {icon} {t(`conversation.delivery_${message.delivery}`)}
    </span>
  );
}

/** A text of the house comes as a code; one that this page does not know is shown as it is. */
function useTextOf(): (message: Message) => string {
  const { t } = useWords();
  return (message) => {
    if (message.code === null) return message.text ?? t("conversation.text_gone");
    const key = `conversation.house_${message.code}`;
    return isWord(key) ? t(key) : message.code;
  };
}

interface Props {
  messages: readonly Message[];
  /** What the customer calls themselves. */
  sender: string;
}

export function MessageList({ messages, sender }: Props): ReactNode {
  const { t } = useWords();
  const textOf = useTextOf();
  const nameOf = (message: Message) => {
    if (message.side === "customer") return sender || t("conversation.customer");
    return message.side === "agent" ? (message.agent_name ?? t("conversation.agent")) : t("conversation.house");
  };
  return (
    <ol className="messages">
      {messages.map((message, index) => {
        const day = dateText(message.at);
        const former = messages[index - 1];
        const isNewDay = !former || dateText(former.at) !== day;
        return (
          <li key={message.seq} className={`message ${message.side}`} data-side={message.side} data-seq={message.seq}>
            {isNewDay ? <div className="message-day quiet digits">{day}</div> : null}
            <div className="message-body">
              <div className="message-head quiet">
                <span>{nameOf(message)}</span> <span className="digits">{preciseTimeText(message.at)}</span>{" "}
                <Delivery message={message} />
              </div>
              <div className="message-text">{textOf(message)}</div>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
