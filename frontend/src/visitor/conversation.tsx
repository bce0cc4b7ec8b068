/** What visitor and agent have written, where it stands, and where to write on. */
import { use, useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { VisitorMessage } from "./api";
import { stillUnsent, type Chat, type ChatSession, type UnsentText } from "./chat_session";
import { LONGEST } from "./field";
import { useKeptFields } from "./kept_fields";
import { isVisitorWord, LanguageContext, momentIn, useSay } from "./words";

const FEW_LEFT = 500;

function Standing({ chat }: { chat: Chat }) {
  const say = useSay();
  const language = use(LanguageContext);
  const words = () => {
    if (chat.state === "ended") {
      const key = `ended_${chat.endedBy || "house"}`;
      return say(isVisitorWord(key) ? key : "ended_house");
    }
    if (chat.state === "talking") {
      return chat.agentName ? say("with_agent", { name: chat.agentName }) : say("with_somebody");
    }
    return say("waiting", { moment: momentIn(language, chat.beganAtMs) });
  };
  return (
    <p role="status" className="standing" data-state={chat.state} data-testid="standing">
      {words()}
    </p>
  );
}

function MessageRow({ message, agentName }: { message: VisitorMessage; agentName: string | null }) {
  const say = useSay();
  const language = use(LanguageContext);
  const key = `house_${message.code ?? ""}`;
  const text = message.code === null ? (message.text ?? "") : isVisitorWord(key) ? say(key) : message.code;
  const names = { customer: say("you"), agent: agentName ?? say("agent"), house: say("house") };
  return (
    <li className={`message ${message.side}`} data-side={message.side}>
      <span className="message-head">
        {names[message.side]} {momentIn(language, message.at)}
      </span>
      <span className="message-text">{text}</span>
    </li>
  );
}

function UnsentRow({ entry, onDrop }: { entry: UnsentText; onDrop: () => void }) {
  const say = useSay();
  return (
    <li className="message customer unsent" data-unsent>
      <span className="message-text">{entry.text}</span>
      {entry.refusal ? (
        <span role="alert" className="message-head problem">
          {say("not_sent", { why: entry.refusal })}{" "}
          <button type="button" className="link" onClick={onDrop}>
            {say("delete")}
          </button>
        </span>
      ) : (
        <span className="message-head">{say("sending")}</span>
      )}
    </li>
  );
}

/** Who reads older messages is not taken away from them. */
function useNewest(count: number) {
  const place = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    const box = place.current;
    if (box && follows.current) box.scrollTop = box.scrollHeight;
  }, [count]);
  const look = () => {
    const box = place.current;
    if (box) follows.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  };
  return { place, look };
}

/** The tab says how many have come while it was not looked at. */
function useTitle(messages: readonly VisitorMessage[]): void {
  const say = useSay();
  const seen = useRef(0);
  const fromHouse = messages.filter((message) => message.side !== "customer").length;
  useEffect(() => {
    const title = document.title.replace(/^[(（][^)）]*[)）] ?/, "");
    const show = () => {
      if (document.visibilityState === "visible") seen.current = fromHouse;
      const count = fromHouse - seen.current;
      document.title = count > 0 ? say("new_messages", { count, title }) : title;
    };
    show();
    document.addEventListener("visibilitychange", show);
    return () => {
      document.removeEventListener("visibilitychange", show);
      document.title = title;
    };
  }, [fromHouse, say]);
}

interface Props {
  session: ChatSession;
  chat: Chat;
  onAgain: () => void;
}

export function Conversation({ session, chat, onAgain }: Props) {
  const say = useSay();
  const unsent = stillUnsent(chat);
  const { place, look } = useNewest(chat.messages.length + unsent.length);
  useTitle(chat.messages);
  const isOver = chat.state === "ended";
  return (
    <div className="chat">
      <Standing chat={chat} />
      <div
        ref={place}
        className="messages"
        role="log"
        aria-label={say("messages")}
        tabIndex={0}
        onScroll={look}
        data-testid="messages"
      >
        <ol>
          {chat.messages.map((message) => (
            <MessageRow key={message.seq} message={message} agentName={chat.agentName} />
          ))}
          {unsent.map((entry) => (
            <UnsentRow key={entry.id} entry={entry} onDrop={() => session.drop(entry.id)} />
          ))}
        </ol>
      </div>
      {chat.trouble ? (
        <p role="alert" className="problem" data-testid="trouble">
          {chat.trouble.sentence || say("no_connection")}
        </p>
      ) : null}
      {isOver ? (
        <button type="button" className="main" onClick={onAgain} data-testid="again">
          {say("anew")}
        </button>
      ) : (
        <Writing session={session} conversationId={chat.conversationId} />
      )}
    </div>
  );
}

function Writing({ session, conversationId }: { session: ChatSession; conversationId: string }) {
  const say = useSay();
  const [{ text }, change, clear] = useKeptFields(`reply|${conversationId}`, { text: "" });
  const place = useRef<HTMLTextAreaElement>(null);
  useEffect(() => place.current?.focus(), []);
  const send = () => {
    if (!text.trim()) return;
    session.write(text.trim());
    clear();
    place.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isComposing = event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || isComposing) return;
    event.preventDefault();
    send();
  };
  const [isLeaving, setLeaving] = useState(false);
  const left = LONGEST - text.length;
  return (
    <div className="writing">
      <textarea
        ref={place}
        rows={2}
        maxLength={LONGEST}
        value={text}
        aria-label={say("write")}
        placeholder={say("write")}
        onChange={(event) => change({ text: event.target.value })}
        onKeyDown={onKeyDown}
        data-testid="write"
      />
      {left < FEW_LEFT ? <span className="quiet">{say("left", { n: left })}</span> : null}
      {isLeaving ? (
        <LeaveQuestion session={session} onStay={() => setLeaving(false)} />
      ) : (
        <div className="row">
          <button type="button" onClick={() => setLeaving(true)} data-testid="leave">
            {say("leave")}
          </button>
          <button type="button" className="main" disabled={!text.trim()} onClick={send} data-testid="send">
            {say("send")}
          </button>
        </div>
      )}
    </div>
  );
}

function LeaveQuestion({ session, onStay }: { session: ChatSession; onStay: () => void }) {
  const say = useSay();
  const [problem, setProblem] = useState("");
  const leave = () => {
    setProblem("");
    session.leave().catch((error: unknown) => {
      setProblem((error instanceof Error && error.message) || say("no_connection_now"));
    });
  };
  return (
    <>
      <span role="alert">{problem || say("leave_sure")}</span>
      <div className="row">
        <button type="button" onClick={leave} data-testid="leave-sure">
          {say("leave")}
        </button>
        <button type="button" className="main" onClick={onStay}>
          {say("stay")}
        </button>
      </div>
    </>
  );
}
