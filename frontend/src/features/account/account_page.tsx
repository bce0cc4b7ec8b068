/** My account: one-time codes, password, sound; display choices are in the top bar's menu and here. */
import { Alert, Button, Form, Input, QRCode, Radio } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  activateTotp,
  changePassword,
  confirmPassword,
  fetchTotp,
  removeTotp,
  savePreferences,
  type LogInAnswer,
  type Preferences,
} from "@/api/account";
import { setDisplay, useDisplay } from "@/shared/display";
import { useNotices } from "@/shared/notices";
import { usePermissionName } from "@/shared/permission_names";
import { useMe } from "@/shared/session";
import { SoundCheck } from "@/shared/sound_check";
import { QueryView } from "@/shared/views";
import { setLanguage, useWords } from "@/words";
import { LANGUAGES } from "./log_in_page";

function Display() {
  const { t, language } = useWords();
  const { theme, textSize } = useDisplay();
  const { bad } = useNotices();
  const client = useQueryClient();
  const keep = (preferences: Preferences) => {
    savePreferences(preferences)
      .then((me) => client.setQueryData(["me"], me))
      .catch(bad);
  };
  return (
    <section className="card stack">
      <h2>{t("account.display")}</h2>
      <div className="field">
        <span>{t("shell.language")}</span>
        <Radio.Group
          value={language}
          options={LANGUAGES}
          onChange={(event) => {
            const value = event.target.value as "zh" | "en";
            setLanguage(value);
            keep({ language: value });
          }}
        />
      </div>
      <div className="field">
        <span>{t("shell.theme")}</span>
        <Radio.Group
          value={theme}
          options={(["system", "light", "dark"] as const).map((value) => ({
            value,
            label: t(`shell.theme_${value}`),
          }))}
          onChange={(event) => {
            const value = event.target.value as "system" | "light" | "dark";
            setDisplay({ theme: value });
            keep({ theme: value });
          }}
        />
      </div>
      <div className="field">
        <span>{t("shell.text_size")}</span>
        <Radio.Group
          value={textSize}
          options={[14, 16, 18].map((value) => ({ value, label: String(value) }))}
          onChange={(event) => {
            const value = event.target.value as 14 | 16 | 18;
            setDisplay({ textSize: value });
            keep({ text_size: value });
          }}
        />
      </div>
    </section>
  );
}

/** Allauth asks for the password again before it changes what protects the account. */
function useReauthentication(): {
  needed: boolean;
  run: (action: () => Promise<LogInAnswer>) => Promise<boolean>;
  confirm: (password: string) => Promise<void>;
} {
  const { t } = useWords();
  const { bad } = useNotices();
  const [waiting, setWaiting] = useState<(() => Promise<LogInAnswer>) | null>(null);
  const run = async (action: () => Promise<LogInAnswer>) => {
    const answer = await action();
    if (answer.status === 401 && answer.pending.length === 0) {
      setWaiting(() => action);
      return false;
    }
    if (answer.status >= 400) bad(new Error(answer.errors[0]?.message ?? t("general.failed")));
    return answer.status < 400;
  };
  const confirm = async (password: string) => {
    const answer = await confirmPassword(password);
    if (!answer.isLoggedIn) return bad(new Error(t("account.wrong")));
    const action = waiting;
    setWaiting(null);
    if (action) await run(action);
  };
  return { needed: waiting !== null, run, confirm };
}

function PasswordAgain({ onConfirm }: { onConfirm: (password: string) => Promise<void> }) {
  const { t } = useWords();
  return (
    <Form<{ password: string }> layout="vertical" onFinish={({ password }) => void onConfirm(password)}>
      <Form.Item name="password" label={t("account.password_again")} rules={[{ required: true }]}>
        <Input.Password autoFocus autoComplete="current-password" />
      </Form.Item>
      <Button htmlType="submit" type="primary">
        {t("account.confirm")}
      </Button>
    </Form>
  );
}

function OneTimeCodes() {
  const { t } = useWords();
  const { good } = useNotices();
  const totp = useQuery({ queryKey: ["totp"], queryFn: fetchTotp });
  const { needed, run, confirm } = useReauthentication();
  const after = async (isDone: boolean, word: string) => {
    if (isDone) good(word);
    await totp.refetch();
  };
  const activate = async (code: string) => after(await run(() => activateTotp(code)), t("account.totp_done"));
  const remove = async () => after(await run(removeTotp), t("account.totp_removed"));
  return (
    <section className="card stack">
      <h2>{t("account.totp")}</h2>
      {needed ? (
        <PasswordAgain onConfirm={async (password) => confirm(password).then(() => void totp.refetch())} />
      ) : null}
      <QueryView query={totp} rows={2}>
        {(status) =>
          status.isActive ? (
            <div className="row">
              <Alert type="success" showIcon title={t("account.totp_on")} />
              <Button danger onClick={() => void remove()}>
                {t("account.totp_remove")}
              </Button>
            </div>
          ) : (
            <div className="stack">
              <span>{t("account.totp_scan")}</span>
              {status.url ? (
                // The secret below says the same to whoever cannot see the picture.
                <div aria-hidden="true">
                  <QRCode value={status.url} type="svg" />
                </div>
              ) : null}
              <span>
                {t("account.totp_secret")}: <code>{status.secret}</code>
              </span>
              <Form<{ code: string }> layout="inline" onFinish={({ code }) => void activate(code)}>
                <Form.Item name="code" rules={[{ required: true, message: t("general.required") }]}>
                  <Input
                    inputMode="numeric"
                    autoComplete="one-time-code"
                    aria-label={t("account.code")}
                    placeholder={t("account.code")}
                  />
                </Form.Item>
                <Button type="primary" htmlType="submit">
                  {t("account.totp_activate")}
                </Button>
              </Form>
            </div>
          )
        }
      </QueryView>
    </section>
  );
}

interface Passwords {
  now: string;
  next: string;
}

function Password() {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const change = async ({ now, next }: Passwords) => {
    const answer = await changePassword(now, next);
    const wrong = answer.errors[0]?.message;
    if (wrong) return bad(new Error(wrong));
    good(t("account.password_changed"));
    location.assign("/");
  };
  const rules = [{ required: true, message: t("general.required") }];
  return (
    <section className="card">
      <h2>{t("account.password_change")}</h2>
      <Form<Passwords> layout="vertical" onFinish={(fields) => void change(fields)}>
        <Form.Item name="now" label={t("account.password_now")} rules={rules}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="next" label={t("account.password_new")} rules={rules}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button htmlType="submit">{t("general.save")}</Button>
      </Form>
    </section>
  );
}

export function AccountPage() {
  const { t } = useWords();
  const me = useMe();
  const permissionName = usePermissionName();
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("shell.account")}</h1>
        <span className="quiet">
          {me.name} ({me.username})
        </span>
      </div>
      <div className="two-columns">
        <div className="stack">
          <Display />
          <section className="card">
            <h2>{t("account.audio")}</h2>
            <SoundCheck />
          </section>
        </div>
        <div className="stack">
          <OneTimeCodes />
          <Password />
          <section className="card">
            <h2>{t("account.permissions")}</h2>
            <ul className="quiet">
              {me.permissions.map((permission) => (
                <li key={permission}>{permissionName(permission)}</li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </div>
  );
}
