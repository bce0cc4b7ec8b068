/** The subscriptions under a customer's account, each of a product line: shown, added, corrected and ended at the desk. */
import { Alert, Button, DatePicker, Drawer, Form, Input, Select, Tag } from "antd";
import { useMutation } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import {
  addSubscription,
  changeSubscription,
  revealServiceNumber,
  type Customer,
  type SteeringChoice,
  type Subscription,
} from "@/api/customers";
import { ApiError } from "@/api/http";
import { uuid7 } from "@/live/uuid7";
import { MaskedNumber } from "@/shared/masked_number";
import { useNotices } from "@/shared/notices";
import { useMay } from "@/shared/session";
import { useWords, type Bilingual, type Translate } from "@/words";
import { useSteeringChoices } from "./steering_form";

const today = () => dayjs().format("YYYY-MM-DD");
const hasEnded = (held: Subscription) => held.valid_to !== null && held.valid_to < today();

function daysOf(t: Translate, held: Subscription): string {
  const begins = held.valid_from !== null && held.valid_from > today();
  return [
    begins ? t("desk.subscription_begins", { day: held.valid_from ?? "" }) : "",
    held.valid_to === null ? "" : t("desk.subscription_ended", { day: held.valid_to }),
  ]
    .filter(Boolean)
    .join(" ");
}

function nameIn(
  choices: readonly SteeringChoice[],
  field: "product_line" | "brand",
  code: string,
  text: (pair: Bilingual) => string,
): string {
  const found = choices.find((choice) => choice.field === field && choice.code === code);
  return found ? text(found.name) : code;
}

/** The product line by its name; who may not change customers sees the code. */
export function useLineName(tenantId: string): (code: string) => string {
  const { text } = useWords();
  const choices = useSteeringChoices(tenantId);
  return (code) => nameIn(choices, "product_line", code, text);
}

interface OneProps {
  customer: Customer;
  held: Subscription;
  contactId: string;
}

function Held({ customer, held, contactId }: OneProps) {
  const { t, text } = useWords();
  const choices = useSteeringChoices(customer.tenant_id);
  const brand = held.brand ? nameIn(choices, "brand", held.brand, text) : "";
  const days = daysOf(t, held);
  return (
    <div className={hasEnded(held) ? "row quiet" : "row"} style={{ rowGap: 0 }} data-testid="subscription">
      <Tag>{nameIn(choices, "product_line", held.product_line, text)}</Tag>
      {[held.label, brand].filter(Boolean).join(" · ")}
      {held.service_number ? (
        <MaskedNumber
          masked={held.service_number}
          reveal={() => revealServiceNumber(customer.id, held.id, `desk:${contactId}`)}
        />
      ) : null}
      {days ? <span className="quiet">{days}</span> : null}
    </div>
  );
}

interface Props {
  customer: Customer;
  contactId: string;
  /** Called with what is stored now, also after somebody else's change was in the way. */
  onChanged: () => Promise<unknown>;
}

/** Those in use; with the right to change customers a way to all of them. */
export function Subscriptions({ customer, contactId, onChanged }: Props) {
  const { t } = useWords();
  const mayEdit = useMay()("customers.edit");
  const [isOpen, setOpen] = useState(false);
  const inUse = customer.subscriptions.filter((held) => !hasEnded(held));
  return (
    <>
      {inUse.map((held) => (
        <Held key={held.id} customer={customer} held={held} contactId={contactId} />
      ))}
      {inUse.length === 0 ? <span className="quiet">{t("desk.subscriptions_none")} </span> : null}
      {mayEdit ? (
        <Button size="small" onClick={() => setOpen(true)} data-testid="subscriptions">
          {t("general.edit")}
        </Button>
      ) : null}
      {isOpen ? (
        <Drawer
          open
          mask={false}
          size={420}
          title={t("desk.subscriptions_title", { name: customer.name })}
          onClose={() => setOpen(false)}
        >
          <SubscriptionList customer={customer} contactId={contactId} onChanged={onChanged} />
        </Drawer>
      ) : null}
    </>
  );
}

function SubscriptionList({ customer, contactId, onChanged }: Props) {
  const { t } = useWords();
  const [chosen, choose] = useState<string | null>(null);
  const close = () => choose(null);
  return (
    <div className="stack">
      <Alert type="info" showIcon title={t("desk.subscriptions_about")} />
      {customer.subscriptions.map((held) => (
        <div key={held.id} className="stack">
          <div className="row">
            <div className="grow">
              <Held customer={customer} held={held} contactId={contactId} />
            </div>
            {chosen === held.id ? null : (
              <Button size="small" onClick={() => choose(held.id)} data-testid="subscription-edit">
                {t("general.edit")}
              </Button>
            )}
          </div>
          {chosen === held.id ? (
            <SubscriptionForm
              key={held.version}
              customer={customer}
              held={held}
              onChanged={onChanged}
              onClose={close}
            />
          ) : null}
        </div>
      ))}
      {chosen === "new" ? (
        <SubscriptionForm customer={customer} onChanged={onChanged} onClose={close} />
      ) : (
        <div>
          <Button type="primary" onClick={() => choose("new")} data-testid="subscription-add">
            {t("desk.subscription_add")}
          </Button>
        </div>
      )}
    </div>
  );
}

interface Values {
  product_line: string;
  label: string;
  service_number: string;
  brand: string;
  valid_from: Dayjs | null;
  valid_to: Dayjs | null;
}

const dayOf = (day: string | null) => (day === null ? null : dayjs(day));

function valuesOf(held: Subscription | undefined): Partial<Values> {
  if (!held) return { label: "", service_number: "", brand: "", valid_from: dayjs(), valid_to: null };
  const { product_line, label, brand, valid_from, valid_to } = held;
  return { product_line, label, brand, service_number: "", valid_from: dayOf(valid_from), valid_to: dayOf(valid_to) };
}

interface FormProps {
  customer: Customer;
  held?: Subscription;
  onChanged: () => Promise<unknown>;
  onClose: () => void;
}

function SubscriptionForm({ customer, held, onChanged, onClose }: FormProps) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const choices = useSteeringChoices(customer.tenant_id);
  const [key] = useState(() => uuid7());
  const save = useMutation({
    mutationFn: (values: Values) => {
      const days = {
        valid_from: values.valid_from?.format("YYYY-MM-DD") ?? null,
        valid_to: values.valid_to?.format("YYYY-MM-DD") ?? null,
      };
      if (!held) return addSubscription(customer.id, { ...values, ...days }, key);
      // The number is not known here whole: an empty field leaves it as it is.
      const { service_number, ...others } = values;
      const number = service_number ? { service_number } : {};
      return changeSubscription(customer.id, held.id, { ...others, ...number, ...days, version: held.version });
    },
    onSuccess: async () => {
      good(t(held ? "desk.subscription_saved" : "desk.subscription_added"));
      await onChanged();
      onClose();
    },
    onError: async (error) => {
      bad(error);
      if (error instanceof ApiError && error.status === 409) await onChanged();
    },
  });
  const optionsOf = (field: "product_line" | "brand") => {
    const listed = choices
      .filter((choice) => choice.field === field)
      .map((choice) => ({ value: choice.code, label: text(choice.name) }));
    const own = held?.[field];
    return own && !listed.some(({ value }) => value === own) ? [{ value: own, label: own }, ...listed] : listed;
  };
  const numberHint = held?.service_number ? t("desk.subscription_number_kept", { number: held.service_number }) : "";
  const [form] = Form.useForm<Values>();
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      className="card"
      initialValues={valuesOf(held)}
      onFinish={(values) => save.mutate(values)}
    >
      <Form.Item
        name="product_line"
        label={t("desk.product_line")}
        rules={[{ required: true, message: t("general.required") }]}
      >
        <Select showSearch={{ optionFilterProp: "label" }} options={optionsOf("product_line")} />
      </Form.Item>
      <Form.Item name="label" label={t("desk.subscription_label")}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="service_number" label={t("desk.subscription_number")}>
        <Input maxLength={40} placeholder={numberHint} />
      </Form.Item>
      <Form.Item name="brand" label={t("desk.brand")} normalize={(value?: string) => value ?? ""}>
        <Select
          showSearch={{ optionFilterProp: "label" }}
          options={[{ value: "", label: "–" }, ...optionsOf("brand")]}
        />
      </Form.Item>
      <div className="row">
        <Form.Item className="grow" name="valid_from" label={t("desk.subscription_from")}>
          <DatePicker format="YYYY-MM-DD" />
        </Form.Item>
        <Form.Item className="grow" name="valid_to" label={t("desk.subscription_to")}>
          <DatePicker format="YYYY-MM-DD" />
        </Form.Item>
      </div>
      <div className="row">
        <Button type="primary" htmlType="submit" loading={save.isPending} data-testid="subscription-save">
          {t("general.save")}
        </Button>
        <Button onClick={onClose}>{t("general.cancel")}</Button>
        {held && held.valid_to === null ? (
          <Button onClick={() => form.setFieldValue("valid_to", dayjs())} data-testid="subscription-end">
            {t("desk.subscription_end")}
          </Button>
        ) : null}
      </div>
    </Form>
  );
}
