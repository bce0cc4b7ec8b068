/** Opens a shift for bids, or offers it as overtime to chosen agents; only those whom every rule allows can be chosen. */
import { Button, Checkbox, DatePicker, Drawer, Form, InputNumber, Segmented, Select, TimePicker } from "antd";
import { useQuery } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { fetchAble, fetchPlannedKinds, fetchSkillsCalled, openShift, type PlannedKind } from "@/api/shift_requests";
import { uuid7 } from "@/live/uuid7";
import { useNotices } from "@/shared/notices";
import { useTenantChoice } from "@/shared/tenant_choice";
import { Failure } from "@/shared/views";
import { useWords } from "@/words";
import { DAY } from "./my_roster_views";

const WHATS = ["shift", "hours"] as const;

interface Values {
  /** A shift on a day off, or overtime beside the shift that somebody has. */
  what: (typeof WHATS)[number];
  day?: Dayjs;
  shift_kind_id?: string;
  start?: string;
  end?: string;
  closes_at?: Dayjs;
  people: number;
  skill_id?: string;
  is_overtime: boolean;
  offer_to: string[];
}

const FRESH: Values = { what: "shift", people: 1, is_overtime: false, offer_to: [] };

function StartField({
  kind,
  value,
  onChange,
}: {
  kind?: PlannedKind;
  value?: string;
  onChange?: (start: string) => void;
}) {
  const { t } = useWords();
  if (kind?.starts.length)
    return (
      <Select
        aria-label={t("requests.start")}
        value={value}
        onChange={onChange}
        options={kind.starts.map((start) => ({ value: start, label: start }))}
      />
    );
  return <TimeField label={t("requests.start")} value={value} onChange={onChange} />;
}

interface TimeFieldProps {
  id?: string;
  label: string;
  value?: string;
  onChange?: (time: string) => void;
}

function TimeField({ id, label, value, onChange }: TimeFieldProps) {
  return (
    <TimePicker
      id={id}
      aria-label={label}
      format="HH:mm"
      minuteStep={5}
      value={value ? dayjs(`2000-01-01T${value}`) : null}
      onChange={(time) => onChange?.(time?.format("HH:mm") ?? "")}
    />
  );
}

/** What of the form says which work it is. */
function workOf({ what, shift_kind_id, start, end, is_overtime }: Values, tenantId?: string) {
  const begins = start ?? "";
  return what === "hours"
    ? { tenant_id: tenantId, start: begins, end: end ?? "", is_overtime: true }
    : { shift_kind_id: shift_kind_id ?? "", start: begins, is_overtime };
}

/** Whom it can be offered to; asked for once day, kind and start are known. */
function AbleField({
  id,
  of,
  tenantId,
  value,
  onChange,
}: {
  id?: string;
  of: Values;
  tenantId?: string;
  value?: string[];
  onChange?: (agents: string[]) => void;
}) {
  const { t } = useWords();
  const day = of.day?.format(DAY) ?? "";
  const work = workOf(of, tenantId);
  const isKnown = Boolean(day && of.start && (of.what === "hours" ? of.end : of.shift_kind_id));
  const able = useQuery({
    queryKey: ["able-agents", day, work],
    queryFn: () => fetchAble({ day, ...work }),
    enabled: isKnown,
    retry: false,
  });
  if (able.isError) return <Failure error={able.error} />;
  return (
    <Select
      id={id}
      mode="multiple"
      aria-label={t("requests.offer_to")}
      placeholder={t(of.what === "hours" ? "requests.offer_hours_placeholder" : "requests.offer_placeholder")}
      disabled={!isKnown}
      loading={able.isFetching}
      value={value}
      onChange={onChange}
      optionFilterProp="label"
      options={able.data?.map((one) => ({ value: one.agent_id, label: one.agent_name }))}
    />
  );
}

export function OpenShiftDrawer({ onClose, onOpened }: { onClose: () => void; onOpened: () => void }) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const [key] = useState(() => uuid7());
  const [isBusy, setBusy] = useState(false);
  const [form] = Form.useForm<Values>();
  const written = Form.useWatch([], form) ?? FRESH;
  const kinds = useQuery({ queryKey: ["planned-kinds"], queryFn: fetchPlannedKinds });
  const skills = useQuery({ queryKey: ["skills-called"], queryFn: fetchSkillsCalled });
  const needed = [{ required: true, message: t("general.required") }];
  const { tenantId, choice } = useTenantChoice();
  const isHours = written.what === "hours";
  const send = async (values: Values) => {
    setBusy(true);
    try {
      const body = {
        ...workOf(values, tenantId),
        day: values.day?.format(DAY) ?? "",
        people: values.people,
        closes_at: values.closes_at?.toISOString() ?? "",
        skill_id: values.skill_id ?? null,
        offer_to: values.offer_to,
      };
      await openShift(body, key);
      good(t("requests.opened"));
      onOpened();
      onClose();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer open size={520} title={t("requests.open_do")} onClose={onClose}>
      <Form<Values> form={form} layout="vertical" initialValues={FRESH} onFinish={(values) => void send(values)}>
        <Form.Item name="what" extra={isHours ? t("requests.hours_hint") : undefined}>
          <Segmented
            aria-label={t("requests.what")}
            options={WHATS.map((value) => ({ value, label: t(`requests.what_${value}`) }))}
          />
        </Form.Item>
        {isHours && choice ? <Form.Item label={t("admin.tenant")}>{choice}</Form.Item> : null}
        <Form.Item name="day" label={t("my_roster.day")} rules={needed}>
          <DatePicker format={DAY} />
        </Form.Item>
        {isHours ? (
          <>
            <Form.Item name="start" label={t("requests.start")} rules={needed}>
              <TimeField label={t("requests.start")} />
            </Form.Item>
            <Form.Item name="end" label={t("requests.end")} rules={needed}>
              <TimeField label={t("requests.end")} />
            </Form.Item>
          </>
        ) : (
          <>
            <Form.Item name="shift_kind_id" label={t("requests.shift_kind")} rules={needed}>
              <Select
                options={kinds.data
                  ?.filter((kind) => kind.is_active)
                  .map((kind) => ({ value: kind.id, label: text(kind.name) }))}
              />
            </Form.Item>
            <Form.Item name="start" label={t("requests.start")} rules={needed}>
              <StartField kind={kinds.data?.find((kind) => kind.id === written.shift_kind_id)} />
            </Form.Item>
          </>
        )}
        <Form.Item name="people" label={t("my_roster.places")} rules={needed}>
          <InputNumber min={1} max={500} />
        </Form.Item>
        <Form.Item name="skill_id" label={t("my_roster.skill")} extra={t("requests.skill_hint")}>
          <Select
            allowClear
            options={skills.data?.map((skill) => ({ value: skill.skill_id, label: text(skill.name) }))}
          />
        </Form.Item>
        <Form.Item name="closes_at" label={t("my_roster.closes")} extra={t("requests.closes_hint")} rules={needed}>
          <DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" />
        </Form.Item>
        {isHours ? null : (
          <Form.Item name="is_overtime" valuePropName="checked">
            <Checkbox>{t("requests.is_overtime")}</Checkbox>
          </Form.Item>
        )}
        <Form.Item
          name="offer_to"
          label={t("requests.offer_to")}
          extra={t("requests.offer_hint")}
          rules={isHours ? needed : []}
        >
          <AbleField of={written} tenantId={tenantId} />
        </Form.Item>
        <div className="row">
          <Button type="primary" htmlType="submit" loading={isBusy} data-testid="open-it">
            {t("requests.open_do")}
          </Button>
          <Button onClick={onClose}>{t("general.cancel")}</Button>
        </div>
      </Form>
    </Drawer>
  );
}
