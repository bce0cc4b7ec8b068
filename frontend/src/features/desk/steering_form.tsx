/** What steers whom a customer comes to, beside the products: province, brand, languages, value grade, VIP, rural. */
import { Alert, Button, Drawer, Form, Select, Switch } from "antd";
import { useMutation, useQuery } from "@tanstack/react-query";
import {
  changeCustomer,
  fetchSteeringChoices,
  type Customer,
  type CustomerChange,
  type SteeringChoice,
} from "@/api/customers";
import { ApiError } from "@/api/http";
import { languageName } from "@/shared/language_names";
import { useNotices } from "@/shared/notices";
import { useMay } from "@/shared/session";
import { useWords, type Translate } from "@/words";

const CHOSEN = ["value_grade", "province", "brand", "service_language"] as const;
type Chosen = (typeof CHOSEN)[number];
type Values = Pick<Customer, Chosen | "language" | "is_vip" | "is_rural">;
const NAMES = [...CHOSEN, "language", "is_vip", "is_rural"] as const;

/** The same for all customers of a tenant; none for those who may not change customers. */
export function useSteeringChoices(tenantId: string): readonly SteeringChoice[] {
  const mayEdit = useMay()("customers.edit");
  const query = useQuery({
    queryKey: ["steering-choices", tenantId],
    queryFn: () => fetchSteeringChoices(tenantId),
    staleTime: 300_000,
    enabled: mayEdit,
  });
  return query.data ?? [];
}

/** Who may not change customers sees the codes. */
export function useSteeringNames(customer: Customer): {
  choices: readonly SteeringChoice[];
  nameOf: (field: Chosen) => string;
} {
  const { text } = useWords();
  const choices = useSteeringChoices(customer.tenant_id);
  const nameOf = (field: Chosen) => {
    const found = choices.find((choice) => choice.field === field && choice.code === customer[field]);
    return found ? text(found.name) : customer[field];
  };
  return { choices, nameOf };
}

function valuesOf(customer: Customer): Values {
  return Object.fromEntries(NAMES.map((name) => [name, customer[name]])) as Values;
}

/** Of the customer only what differs is sent; an emptied choice is the empty text. */
function changesOf(customer: Customer, values: Values): Partial<CustomerChange> {
  const given = NAMES.map((name) => [name, values[name] ?? ""] as const);
  return Object.fromEntries(given.filter(([name, value]) => value !== customer[name]));
}

const nothing = () => ({ value: "", label: "–" });
const NONE: Record<Exclude<Chosen, "value_grade">, (t: Translate) => { value: string; label: string }> = {
  province: nothing,
  brand: nothing,
  service_language: (t) => ({ value: "", label: t("desk.service_language_same") }),
};

interface Props {
  customer: Customer;
  onClose: () => void;
  /** Called with what is stored now, also after somebody else's change was in the way. */
  onChanged: () => Promise<unknown>;
}

function SteeringFields({ customer, onClose, onChanged }: Props) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const { choices } = useSteeringNames(customer);
  const [form] = Form.useForm<Values>();
  const now = Form.useWatch([], form) as Values | undefined;
  const save = useMutation({
    mutationFn: (values: Values) =>
      changeCustomer(customer.id, { ...changesOf(customer, values), version: customer.version }),
    onSuccess: async () => {
      good(t("desk.steering_saved"));
      await onChanged();
      onClose();
    },
    onError: async (error) => {
      bad(error);
      if (error instanceof ApiError && error.status === 409) await onChanged();
    },
  });
  const optionsOf = (field: Chosen) => {
    const listed = choices
      .filter((choice) => choice.field === field)
      .map((choice) => ({ value: choice.code, label: text(choice.name) }));
    const own = customer[field];
    return own && !listed.some(({ value }) => value === own) ? [{ value: own, label: own }, ...listed] : listed;
  };
  const changed = now ? Object.keys(changesOf(customer, now)).length > 0 : false;
  return (
    <Form<Values> form={form} layout="vertical" initialValues={valuesOf(customer)} onFinish={(v) => save.mutate(v)}>
      <Alert type="info" showIcon title={t("desk.steering_about")} style={{ marginBottom: 16 }} />
      {CHOSEN.map((field) => (
        <Form.Item key={field} name={field} label={t(`desk.${field}`)} normalize={(value?: string) => value ?? ""}>
          <Select
            allowClear={field !== "value_grade"}
            showSearch={{ optionFilterProp: "label" }}
            options={field === "value_grade" ? optionsOf(field) : [NONE[field](t), ...optionsOf(field)]}
            data-testid={`steer-${field}`}
          />
        </Form.Item>
      ))}
      <Form.Item name="language" label={t("desk.language")}>
        <Select options={(["zh", "en"] as const).map((value) => ({ value, label: languageName(t, value) }))} />
      </Form.Item>
      <div className="row">
        <Form.Item className="grow" name="is_vip" label={t("desk.is_vip")} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item className="grow" name="is_rural" label={t("desk.is_rural")} valuePropName="checked">
          <Switch />
        </Form.Item>
      </div>
      <div className="row">
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!changed} data-testid="steer-save">
          {t("general.save")}
        </Button>
        <Button onClick={onClose}>{t("general.cancel")}</Button>
      </div>
    </Form>
  );
}

/** Over the desk, not in the way of the call; a version that somebody else has saved begins the form anew. */
export function SteeringDrawer(props: Props) {
  const { t } = useWords();
  return (
    <Drawer
      open
      mask={false}
      size={420}
      title={t("desk.steering_title", { name: props.customer.name })}
      onClose={props.onClose}
    >
      <SteeringFields key={props.customer.version} {...props} />
    </Drawer>
  );
}

/** What is known, in one line of short words. */
export function SteeringFacts({ customer }: { customer: Customer }) {
  const { t } = useWords();
  const { nameOf } = useSteeringNames(customer);
  const known = [
    customer.province ? nameOf("province") : "",
    customer.is_rural ? t("desk.is_rural") : "",
    customer.brand ? nameOf("brand") : "",
    languageName(t, customer.service_language || customer.language),
  ].filter(Boolean);
  return <span>{known.join(" · ")}</span>;
}
