/** The chat of a visitor: say who one is, write, wait, be answered, leave. */
import { use, useEffect, useState, useSyncExternalStore, type FormEvent } from "react";
import { uuid7 } from "@/live/uuid7";
import { Refusal } from "./api";
import { ChatSession } from "./chat_session";
import { Conversation } from "./conversation";
import { Field, TextField } from "./field";
import { useKeptFields } from "./kept_fields";
import type { ScreenProps } from "./page";
import { keepLanguage, LanguageContext, momentIn, useSay } from "./words";

function useChatSession(pageKey: string): ChatSession {
  const [session] = useState(
    () =>
      new ChatSession(pageKey, {
        language: () => (document.documentElement.lang.startsWith("zh") ? "zh" : "en"),
        isVisible: () => document.visibilityState === "visible",
        storage: sessionStorage,
      }),
  );
  useEffect(() => {
    session.start();
    const look = () => {
      if (document.visibilityState === "visible") session.wake();
    };
    document.addEventListener("visibilitychange", look);
    window.addEventListener("online", session.wake);
    return () => {
      session.stop();
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("online", session.wake);
    };
  }, [session]);
  return session;
}

export function ChatPage({ pageKey, page, renew }: ScreenProps) {
  const session = useChatSession(pageKey);
  const chat = useSyncExternalStore(session.subscribe, session.current);
  const again = () => {
    session.forget();
    renew();
  };
  if (chat) return <Conversation session={session} chat={chat} onAgain={again} />;
  return page.is_open ? (
    <Begin pageKey={pageKey} session={session} onRefused={renew} />
  ) : (
    <Closed opensAt={page.opens_at} renew={renew} />
  );
}

const RENEW_MS = 30_000;

/** Opens by itself when the hour has come. */
function Closed({ opensAt, renew }: { opensAt: string | null; renew: () => void }) {
  const say = useSay();
  const language = use(LanguageContext);
  useEffect(() => {
    const timer = setInterval(renew, RENEW_MS);
    return () => clearInterval(timer);
  }, [renew]);
  return (
    <div className="notice" role="status" data-testid="closed">
      <h2>{say("closed")}</h2>
      <p>{opensAt ? say("opens", { moment: momentIn(language, opensAt) }) : say("shut")}</p>
    </div>
  );
}

interface BeginProps {
  pageKey: string;
  session: ChatSession;
  /** It may have closed meanwhile. */
  onRefused: () => void;
}

function Begin({ pageKey, session, onRefused }: BeginProps) {
  const say = useSay();
  const language = use(LanguageContext);
  const [fields, change, clear] = useKeptFields(`chat|${pageKey}`, { id: "", name: "", phone: "", text: "" });
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const begin = async () => {
    if (isBusy || !fields.text.trim()) return;
    setBusy(true);
    setProblem("");
    // The same one until it has begun: pressed again, or after a lost answer, it begins once.
    const id = fields.id || uuid7();
    change({ id });
    try {
      keepLanguage(language);
      await session.begin(id, { name: fields.name.trim(), phone: fields.phone.trim(), text: fields.text.trim() });
      clear();
    } catch (error) {
      setProblem(error instanceof Refusal ? error.message || say("failed") : say("no_connection_now"));
      if (error instanceof Refusal && error.status === 409) onRefused();
      if (error instanceof Refusal && !error.isPassing) change({ id: "" });
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void begin();
  };
  return (
    <form className="stack" onSubmit={onSubmit}>
      <Field
        label={say("name")}
        value={fields.name}
        onChange={(name) => change({ name })}
        required
        maxLength={60}
        autoComplete="name"
        data-testid="name"
      />
      <Field
        label={say("phone")}
        value={fields.phone}
        onChange={(phone) => change({ phone })}
        type="tel"
        maxLength={40}
        autoComplete="tel"
        data-testid="phone"
      />
      <TextField label={say("text")} value={fields.text} onChange={(text) => change({ text })} />
      {problem ? (
        <p role="alert" className="problem">
          {problem}
        </p>
      ) : null}
      <button type="submit" className="main" disabled={isBusy} data-testid="begin">
        {isBusy ? say("sending") : say("begin")}
      </button>
    </form>
  );
}
