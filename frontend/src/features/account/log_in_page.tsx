/** Log-in: password, then the one-time code where it is set up; a locked account is told so. */
import { Alert, Button, Form, Input, Segmented, Typography } from "antd";
import { useEffect, useState } from "react";
import { confirmCode, fetchLogInState, logIn, type LogInAnswer } from "@/api/account";
import { setLanguage, useWords, type Language, type WordKey } from "@/words";

type Step = "password" | "code";

function complaint(answer: LogInAnswer, step: Step): WordKey | null {
  if (answer.isLoggedIn || answer.pending.includes("mfa_authenticate")) return null;
  if (answer.status === 429 || answer.status === 403) return "account.locked";
  return step === "code" ? "account.wrong_code" : "account.wrong";
}

interface Fields {
  username: string;
  password: string;
  code: string;
}

export function LogInPage({ onLoggedIn }: { onLoggedIn: () => void }) {
  const { t, language } = useWords();
  const [step, setStep] = useState<Step>("password");
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    fetchLogInState()
      .then((answer) => {
        if (answer.pending.includes("mfa_authenticate")) setStep("code");
      })
      .catch(() => setProblem(t("account.unreachable")));
  }, [t]);

  const submit = async (fields: Fields) => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = step === "code" ? await confirmCode(fields.code) : await logIn(fields.username, fields.password);
      if (answer.isLoggedIn) return onLoggedIn();
      if (answer.pending.includes("mfa_authenticate")) setStep("code");
      const word = complaint(answer, step);
      setProblem(answer.sentence || (word && t(word)));
    } catch {
      setProblem(t("account.unreachable"));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div style={{ maxWidth: 360, margin: "0 auto", padding: "12vh 16px 0" }} className="stack">
      <div className="row">
        <Typography.Title level={1} style={{ fontSize: "1.5em", margin: 0, flex: 1 }}>
          {t("account.log_in_title")}
        </Typography.Title>
        <Segmented<Language>
          aria-label={t("shell.language")}
          value={language}
          onChange={setLanguage}
          options={LANGUAGES}
        />
      </div>
      {problem ? <Alert type="error" showIcon title={problem} role="alert" /> : null}
      <Form<Fields> layout="vertical" onFinish={(fields) => void submit(fields)} requiredMark={false}>
        {step === "password" ? <PasswordFields /> : <CodeField />}
        <Button type="primary" htmlType="submit" block loading={isBusy}>
          {step === "code" ? t("account.confirm") : t("account.log_in")}
        </Button>
      </Form>
    </div>
  );
}

/** Each language is named in itself. */
export const LANGUAGES: { value: Language; label: string }[] = [
  { value: "zh", label: new Intl.DisplayNames("zh", { type: "language" }).of("zh") ?? "zh" },
  { value: "en", label: new Intl.DisplayNames("en", { type: "language" }).of("en") ?? "en" },
];

function PasswordFields() {
  const { t } = useWords();
  const needed = [{ required: true, message: t("general.required") }];
  return (
    <>
      <Form.Item name="username" label={t("account.username")} rules={needed}>
        <Input autoComplete="username" autoFocus autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <Form.Item name="password" label={t("account.password")} rules={needed}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
    </>
  );
}

function CodeField() {
  const { t } = useWords();
  const needed = [{ required: true, message: t("general.required") }];
  return (
    <Form.Item name="code" label={t("account.code")} extra={t("account.code_hint")} rules={needed}>
      <Input autoComplete="one-time-code" inputMode="numeric" autoFocus />
    </Form.Item>
  );
}
