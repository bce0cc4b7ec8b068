/** What holds for the whole staff pool, whoever's customers wait: each setting with what it does, in words. */
import { Alert, Button, Checkbox, Form, InputNumber } from "antd";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changePool, fetchPool, type Pool, type PoolChange } from "@/api/routing";
import { useNotices } from "@/shared/notices";
import { useMay } from "@/shared/session";
import { useTenantChoice } from "@/shared/tenant_choice";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { AskWhatIf, type Basis } from "./what_if_ask";

type Values = Omit<PoolChange, "version">;
const WRITTEN = ["sms", "chat", "email", "letter", "form"] as const;
/** The greatest value of each time, seconds; the server refuses more. */
const TIMES = { fair_after_s: 86_400, resume_grace_s: 120 } as const;
type Time = keyof typeof TIMES;

function TimeField({ name }: { name: Time }) {
  const { t } = useWords();
  const max = TIMES[name];
  return (
    <Form.Item
      name={name}
      label={t(`admin.pool_${name}`)}
      extra={t(`admin.pool_${name}_about`)}
      rules={[{ required: true, type: "integer", min: 0, max, message: t("admin.pool_range", { max }) }]}
    >
      <InputNumber precision={0} style={{ width: 160 }} data-testid={name} />
    </Form.Item>
  );
}

function isSame(one: Pool, two: Values | undefined): boolean {
  const names = [...Object.keys(TIMES)] as Time[];
  const channels = (values: Values | Pool) => (values.interruptible ?? []).toSorted().join();
  return !two || (names.every((name) => one[name] === two[name]) && channels(one) === channels(two));
}

function PoolForm({ pool }: { pool: Pool }) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const isAllowed = useMay()("admin.tenants");
  const [form] = Form.useForm<Values>();
  const now = Form.useWatch([], form) as Values | undefined;
  const { tenantId, choice } = useTenantChoice();
  const [tried, setTried] = useState<Basis | null>(null);
  const tryOut = async () => {
    const values = await form.validateFields().catch(() => null);
    if (values) {
      const change = { ...values, version: pool.version };
      setTried({ change: { object_type: "routing_pool", record_id: null, values: change } });
    }
  };
  const save = useMutation({
    mutationFn: (values: Values) => changePool({ ...values, version: pool.version }),
    onSuccess: (changed) => {
      good(t("admin.changed"));
      client.setQueryData(["routing-pool"], changed);
    },
    onError: bad,
  });
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      className="readable"
      disabled={!isAllowed}
      initialValues={pool}
      onFinish={(values) => save.mutate(values)}
    >
      {isAllowed ? null : <Alert type="info" showIcon title={t("admin.pool_closed")} style={{ marginBottom: 16 }} />}
      <TimeField name="fair_after_s" />
      <TimeField name="resume_grace_s" />
      <Form.Item name="interruptible" label={t("admin.pool_interruptible")} extra={t("admin.pool_interruptible_about")}>
        <Checkbox.Group options={WRITTEN.map((value) => ({ value, label: t(`admin.channel_${value}`) }))} />
      </Form.Item>
      <div className="row">
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!isAllowed || isSame(pool, now)}>
          {t("general.save")}
        </Button>
        <Button disabled={!isAllowed || isSame(pool, now)} onClick={() => void tryOut()} data-testid="what-if">
          {t("whatif.title")}
        </Button>
      </div>
      {tried ? <AskWhatIf basis={tried} tenantId={tenantId} choice={choice} onClose={() => setTried(null)} /> : null}
    </Form>
  );
}

export function PoolPage() {
  const { t } = useWords();
  const pool = useQuery({ queryKey: ["routing-pool"], queryFn: fetchPool });
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("admin.routing-pool")}</h1>
      </div>
      <p className="quiet">{t("admin.pool_about")}</p>
      {/* A form begins anew with each version that was read. */}
      <QueryView query={pool}>{(data) => <PoolForm key={data.version} pool={data} />}</QueryView>
    </div>
  );
}
