/** The form of one record: says what will change before it is saved; a stale version is refused by the server. */
import { Button, Drawer, Form, Select } from "antd";
import { Fragment, useState } from "react";
import { changeRecord, createRecord, type SetupRecord } from "@/api/setup";
import { uuid7 } from "@/live/uuid7";
import { useNotices } from "@/shared/notices";
import { useTenants } from "@/shared/session";
import { useWords } from "@/words";
import { FieldControl } from "./field_control";
import { formValue } from "./field_values";
import { Refusal } from "./refusal";
import { AskWhatIf, type Basis } from "./what_if_ask";
import type { Field, Resource } from "./resources";

interface Props {
  resource: Resource;
  record: SetupRecord | null;
  title: string;
  onClose: () => void;
  onSaved: () => void;
}

type Values = Record<string, unknown>;

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** The fields for which the values have a use, as they make them. */
export function adapted(fields: readonly Field[], values: Values): Field[] {
  return fields.flatMap((field) => {
    const change = field.adapt ? field.adapt(values) : {};
    return change ? [{ ...field, ...change }] : [];
  });
}

/** What has no use any more is let go where it names another record, and else left as it was. */
export function withUnused(fields: readonly Field[], before: Values, values: Values): Values {
  const used = new Set(adapted(fields, values).map(({ name }) => name));
  const unused = fields.filter(({ name }) => !used.has(name));
  const left = ({ name, type }: Field) => [name, type.kind === "reference" ? null : before[name]];
  return { ...values, ...Object.fromEntries(unused.map(left)) };
}

/** Of an existing record only what differs is sent. */
function changedFields(fields: readonly Field[], before: Values, after: Values): Field[] {
  return fields.filter((field) => !field.isFixed && !isSame(before[field.name], after[field.name]));
}

function cleaned(value: unknown): unknown {
  return value === undefined ? null : value;
}

function tenantOf(values: Values): string | undefined {
  return typeof values.tenant_id === "string" ? values.tenant_id : undefined;
}

export function RecordDrawer({ resource, record, title, onClose, onSaved }: Props) {
  const { t, text } = useWords();
  const { good } = useNotices();
  const tenants = useTenants();
  const [form] = Form.useForm<Values>();
  const [key] = useState(() => uuid7());
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const fields = resource.fields.filter((field) => !(record && field.isFixed));
  const [initial] = useState<Values>(() =>
    Object.fromEntries(resource.fields.map((field) => [field.name, formValue(field, record)])),
  );
  const watched = (Form.useWatch([], form) as Values | undefined) ?? initial;
  const now = record ? withUnused(fields, initial, watched) : watched;
  const changed = changedFields(fields, initial, now);

  const [tried, setTried] = useState<Basis | null>(null);
  /** What is sent: of an existing record what differs, of a new one what is filled in. */
  const sent = (values: Values): Values => {
    if (!record) {
      return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null));
    }
    const whole = withUnused(fields, initial, values);
    return Object.fromEntries(changedFields(fields, initial, whole).map(({ name }) => [name, cleaned(whole[name])]));
  };
  const tryOut = async () => {
    const { trial } = resource;
    const values = await form.validateFields().catch(() => null);
    if (!trial || !values) return;
    const version = record ? { version: record.version } : {};
    setTried({
      change: { object_type: trial, record_id: record?.id ?? null, values: { ...sent(values), ...version } },
    });
  };

  const save = async (values: Values) => {
    setBusy(true);
    setRefused(null);
    try {
      if (record) await changeRecord(resource.path, record, sent(values));
      else await createRecord(resource.path, sent(values), key);
      good(t(record ? "admin.changed" : "admin.created"));
      onSaved();
      onClose();
    } catch (error) {
      setRefused(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Drawer
      open
      size={520}
      title={record ? t("admin.edit", { name: title }) : t("admin.new", { name: title })}
      onClose={onClose}
    >
      <Form<Values> form={form} layout="vertical" initialValues={initial} onFinish={(values) => void save(values)}>
        {!record && tenants.length > 1 ? (
          <Form.Item name="tenant_id" label={t("admin.tenant")} rules={[{ required: true }]}>
            <Select options={tenants.map((tenant) => ({ value: tenant.tenant_id, label: text(tenant.name) }))} />
          </Form.Item>
        ) : null}
        {adapted(fields, now).map((field) => (
          <Fragment key={field.name}>
            {field.heading ? <h2 className="form-heading">{t(field.heading)}</h2> : null}
            <FieldControl field={field} />
          </Fragment>
        ))}
        {record ? (
          <p className="quiet">
            {changed.length > 0
              ? t("admin.changes", { fields: changed.map((field) => t(field.label)).join(", ") })
              : t("admin.no_changes")}
          </p>
        ) : null}
        {refused ? <Refusal error={refused} /> : null}
        <div className="row">
          <Button type="primary" htmlType="submit" loading={isBusy} disabled={record !== null && changed.length === 0}>
            {t("general.save")}
          </Button>
          {resource.trial ? (
            <Button
              disabled={record !== null && changed.length === 0}
              onClick={() => void tryOut()}
              data-testid="what-if"
            >
              {t("whatif.title")}
            </Button>
          ) : null}
          <Button onClick={onClose}>{t("general.cancel")}</Button>
        </div>
      </Form>
      {tried ? (
        <AskWhatIf basis={tried} tenantId={record?.tenant_id ?? tenantOf(now)} onClose={() => setTried(null)} />
      ) : null}
    </Drawer>
  );
}
