/** A web form: written once, handed in once, with a reference to keep. */
import { use, useState, type FormEvent } from "react";
import { uuid7 } from "@/live/uuid7";
import { Refusal, sendForm, type VisitorPage } from "./api";
import { Field, TextField } from "./field";
import { useKeptFields } from "./kept_fields";
import type { ScreenProps } from "./page";
import { LanguageContext, momentIn, useSay } from "./words";

const EMPTY = { id: "", name: "", phone: "", email: "", text: "" };

/** It is taken all the same. */
function ClosedNote({ page }: { page: VisitorPage }) {
  const say = useSay();
  const language = use(LanguageContext);
  if (page.is_open) return null;
  const words = page.opens_at ? say("form_closed", { moment: momentIn(language, page.opens_at) }) : say("form_shut");
  return (
    <p className="notice" role="status" data-testid="closed">
      {words}
    </p>
  );
}

function Taken({ reference, onAgain }: { reference: string; onAgain: () => void }) {
  const say = useSay();
  return (
    <div className="notice" role="status" data-testid="taken">
      <h2>{say("form_taken")}</h2>
      <p>
        <strong data-testid="reference">{say("form_reference", { reference })}</strong>
      </p>
      <p>{say("form_taken_do")}</p>
      <button type="button" onClick={onAgain}>
        {say("form_anew")}
      </button>
    </div>
  );
}

export function FormPage({ pageKey, page }: ScreenProps) {
  const say = useSay();
  const language = use(LanguageContext);
  const [fields, change, clear] = useKeptFields(`form|${pageKey}`, EMPTY);
  const [reference, setReference] = useState("");
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const send = async () => {
    if (isBusy) return;
    if (!fields.phone.trim() && !fields.email.trim()) return setProblem(say("answer_by"));
    setBusy(true);
    setProblem("");
    // The same one until it is taken: pressed again, or after a lost answer, it is handed in once.
    const id = fields.id || uuid7();
    change({ id });
    const { name, phone, email, text } = fields;
    const trimmed = { name: name.trim(), phone: phone.trim(), email: email.trim(), text: text.trim() };
    try {
      const taken = await sendForm({ language }, pageKey, { id, language, ...trimmed });
      setReference(taken.reference);
      clear();
    } catch (error) {
      setProblem(error instanceof Refusal ? error.message || say("failed") : say("no_connection_now"));
      if (error instanceof Refusal && !error.isPassing) change({ id: "" });
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };
  if (reference) return <Taken reference={reference} onAgain={() => setReference("")} />;
  return (
    <form className="stack" onSubmit={onSubmit}>
      <ClosedNote page={page} />
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
        label={say("phone_or_email")}
        value={fields.phone}
        onChange={(phone) => change({ phone })}
        type="tel"
        maxLength={40}
        autoComplete="tel"
        data-testid="phone"
      />
      <Field
        label={say("email")}
        value={fields.email}
        onChange={(email) => change({ email })}
        type="email"
        maxLength={254}
        autoComplete="email"
        data-testid="email"
      />
      <p className="quiet">{say("answer_by")}</p>
      <TextField label={say("text")} value={fields.text} onChange={(text) => change({ text })} />
      {problem ? (
        <p role="alert" className="problem">
          {problem}
        </p>
      ) : null}
      <button type="submit" className="main" disabled={isBusy} data-testid="send-form">
        {isBusy ? say("sending") : say("form_send")}
      </button>
    </form>
  );
}
