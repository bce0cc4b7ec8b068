/** How messages to staff leave: an account for e-mail and one for SMS, each with a trial that says what came of it. */
import { CheckOutlined, MinusOutlined } from "@ant-design/icons";
import { Alert, Button, Checkbox, Form, Input, InputNumber, Popconfirm, Select, Tag } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  fetchMessageAccounts,
  fetchMessageTrial,
  keepMessageAccount,
  removeMessageAccount,
  tryMessageAccount,
  type AccountValues,
  type MessageAccount,
  type MessageTrial,
  type Way,
} from "@/api/messages";
import { uuid7 } from "@/live/uuid7";
import { useNotices } from "@/shared/notices";
import { useTenantChoice } from "@/shared/tenant_choice";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";

const KEY = ["message-accounts"];
const DRIVERS = { email: ["smtp", "webhook", "simulated"], sms: ["smpp", "webhook", "simulated"] } as const;
const ENCRYPTIONS = { smtp: ["tls", "starttls", "none"], smpp: ["tls", "none"] } as const;
const AGAIN_MS = 1000;
const LONGEST_TRIAL_S = 300;

interface CardProps {
  way: Way;
  tenantId: string | undefined;
  account: MessageAccount | undefined;
}

const EMPTY: Omit<AccountValues, "driver"> = {
  address: "",
  encryption: "tls",
  username: "",
  sender: "",
  keep_days: 30,
  is_active: true,
};

function valuesOf(way: Way, account: MessageAccount | undefined): AccountValues {
  if (!account) return { ...EMPTY, driver: DRIVERS[way][0] };
  const { driver, address, encryption, username, sender, keep_days, is_active } = account;
  return { driver, address, encryption, username, sender, keep_days, is_active };
}

function Server({ driver, hasSecret }: { driver: AccountValues["driver"]; hasSecret: boolean }) {
  const { t } = useWords();
  if (driver === "simulated") return <Alert type="warning" showIcon title={t("messages.simulated_hint")} />;
  const isHook = driver === "webhook";
  return (
    <>
      <Form.Item
        name="address"
        label={t(isHook ? "messages.url" : "messages.server")}
        extra={t(isHook ? "messages.url_hint" : "messages.server_hint")}
        rules={[{ required: true, message: t("general.required") }]}
      >
        <Input
          placeholder={isHook ? "https://gateway.example.org/sms" : "mail.example.org:587"}
          data-testid="account-address"
        />
      </Form.Item>
      {isHook ? null : (
        <>
          <Form.Item name="encryption" label={t("messages.encryption")}>
            <Select
              options={ENCRYPTIONS[driver].map((value) => ({ value, label: t(`messages.encryption_${value}`) }))}
              style={{ maxWidth: 240 }}
            />
          </Form.Item>
          <Form.Item name="username" label={t("messages.username")}>
            <Input autoComplete="off" />
          </Form.Item>
        </>
      )}
      <Form.Item
        name="secret"
        label={t(isHook ? "messages.secret" : "messages.password")}
        extra={t(hasSecret ? "messages.secret_kept" : isHook ? "messages.secret_hint" : "messages.password_hint")}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item name="sender" label={t("messages.sender")} extra={t(`messages.sender_hint_${driver}`)}>
        <Input data-testid="account-sender" />
      </Form.Item>
    </>
  );
}

function AccountForm({ way, tenantId, account }: CardProps) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const queries = useQueryClient();
  const [form] = Form.useForm<AccountValues>();
  const [isBusy, setBusy] = useState(false);
  const first = valuesOf(way, account);
  const driver = Form.useWatch("driver", form) ?? first.driver;
  const run = async (action: Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await action;
      good(done);
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: KEY });
    }
  };
  const keep = (values: AccountValues) =>
    run(
      keepMessageAccount(way, tenantId, {
        ...EMPTY,
        ...values,
        // An untouched field keeps the stored secret.
        secret: values.secret ? values.secret : null,
        version: account?.version ?? 0,
      }),
      t("messages.kept"),
    );
  return (
    <Form<AccountValues>
      form={form}
      name={`account-${way}`}
      layout="vertical"
      initialValues={first}
      onFinish={(values) => void keep(values)}
    >
      <Form.Item name="driver" label={t("messages.driver")}>
        <Select
          options={DRIVERS[way].map((value) => ({ value, label: t(`messages.driver_${value}`) }))}
          style={{ maxWidth: 360 }}
          data-testid={`driver-${way}`}
        />
      </Form.Item>
      <Server driver={driver} hasSecret={account?.has_secret ?? false} />
      <Form.Item name="keep_days" label={t("messages.keep_days")}>
        <InputNumber min={1} max={366} />
      </Form.Item>
      <Form.Item name="is_active" valuePropName="checked">
        <Checkbox>{t("messages.is_active")}</Checkbox>
      </Form.Item>
      <div className="row">
        <Button htmlType="submit" type="primary" loading={isBusy} data-testid={`keep-${way}`}>
          {t("general.save")}
        </Button>
        {account ? (
          <Popconfirm
            title={t("messages.account_remove_sure")}
            onConfirm={() => void run(removeMessageAccount(way, tenantId, account.version), t("messages.removed"))}
          >
            <Button danger>{t("general.remove")}</Button>
          </Popconfirm>
        ) : null}
      </div>
    </Form>
  );
}

function TrialResult({ trial }: { trial: MessageTrial }) {
  const { t } = useWords();
  const isSent = trial.state === "sent";
  if (isSent) {
    return (
      <Alert
        type={trial.is_simulated ? "warning" : "success"}
        showIcon
        title={t(trial.is_simulated ? "messages.trial_simulated" : "messages.trial_sent")}
      />
    );
  }
  if (trial.state === "failed") {
    return <Alert type="error" showIcon title={t("messages.trial_failed", { why: trial.error })} />;
  }
  const why = trial.error
    ? t("messages.trial_again", { n: trial.attempts, why: trial.error })
    : t("messages.trial_waits");
  return <Alert type={trial.error ? "error" : "info"} showIcon title={why} />;
}

function Trial({ way, tenantId }: { way: Way; tenantId: string | undefined }) {
  const { t } = useWords();
  const { bad } = useNotices();
  const [asked, setAsked] = useState<MessageTrial | null>(null);
  const [isBusy, setBusy] = useState(false);
  const trial = useQuery({
    queryKey: ["message-trial", asked?.id],
    queryFn: () => fetchMessageTrial(asked?.id ?? ""),
    enabled: asked !== null,
    refetchInterval: ({ state }) => {
      const isOver = state.data?.state === "sent" || state.data?.state === "failed";
      return isOver || state.dataUpdateCount > LONGEST_TRIAL_S ? false : AGAIN_MS;
    },
  });
  const send = async ({ to }: { to: string }) => {
    setBusy(true);
    try {
      setAsked(await tryMessageAccount(way, tenantId, to, uuid7()));
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };
  const shown = trial.data ?? asked;
  return (
    <Form<{ to: string }> name={`trial-${way}`} layout="vertical" onFinish={(values) => void send(values)}>
      <Form.Item
        name="to"
        label={t(`messages.trial_to_${way}`)}
        rules={[{ required: true, message: t("general.required") }]}
      >
        <Input data-testid={`trial-to-${way}`} style={{ maxWidth: 360 }} />
      </Form.Item>
      <div className="stack">
        <div>
          <Button htmlType="submit" loading={isBusy} data-testid={`try-${way}`}>
            {t("messages.trial_do")}
          </Button>
        </div>
        <div role="status" data-testid={`trial-${way}`}>
          {shown ? <TrialResult trial={shown} /> : null}
        </div>
      </div>
    </Form>
  );
}

function AccountCard(props: CardProps) {
  const { t } = useWords();
  const { way, tenantId, account } = props;
  return (
    <section className="card stack" aria-label={t(`messages.way_${way}`)} style={{ maxWidth: 720 }}>
      <div className="card-head">
        <h2>{t(`messages.way_${way}`)}</h2>
        {account ? (
          <Tag icon={account.is_active ? <CheckOutlined aria-hidden /> : <MinusOutlined aria-hidden />}>
            {t(account.is_active ? "messages.on" : "messages.off", { n: account.waiting })}
          </Tag>
        ) : (
          <Tag>{t("messages.not_set_up")}</Tag>
        )}
      </div>
      <AccountForm key={`${tenantId ?? ""}${account?.version ?? 0}`} {...props} />
      {account?.is_active ? <Trial key={tenantId} way={way} tenantId={tenantId} /> : null}
    </section>
  );
}

export function MessagesPage() {
  const { t } = useWords();
  const { tenantId, choice } = useTenantChoice();
  const accounts = useQuery({ queryKey: KEY, queryFn: fetchMessageAccounts });
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("admin.messages")}</h1>
        {choice}
      </div>
      <p className="quiet">{t("messages.admin_hint")}</p>
      <QueryView query={accounts}>
        {(found) => (
          <>
            {(["email", "sms"] as const).map((way) => (
              <AccountCard
                key={way}
                way={way}
                tenantId={tenantId}
                account={found.find((one) => one.way === way && (!tenantId || one.tenant_id === tenantId))}
              />
            ))}
          </>
        )}
      </QueryView>
    </div>
  );
}
