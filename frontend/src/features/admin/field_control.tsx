/** The control for one field of a set-up record. */
import { DatePicker, Form, Input, InputNumber, Select, Switch } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useQuery } from "@tanstack/react-query";
import { useWords } from "@/words";
import { AttributeValues } from "./attribute_values";
import { ExceptionsEditor, SpansEditor, WeeklyEditor } from "./hours_editor";
import { labelOf, recordsQuery } from "./field_values";
import { GradeEditor } from "./grade_editor";
import type { Field } from "./resources";
import { InsistenceEditor, OverflowsEditor, References, RingsEditor } from "./routing_editors";
import {
  BreaksEditor,
  BreakStepsEditor,
  PiecesEditor,
  QueueCalendars,
  SharesEditor,
  TimesEditor,
} from "./shift_editors";
import { CapacityEditor, SkillsEditor } from "./skills_editor";
import { TenantIds } from "./tenant_ids";
import { TiersEditor } from "./tiers_editor";

const HOUR = 60;

function Names({ field }: { field: Field }) {
  const { t } = useWords();
  const rules = [{ required: field.isRequired, whitespace: true, message: t("general.required") }];
  return (
    <div className="row" style={{ alignItems: "flex-start" }}>
      <Form.Item className="grow" name={[field.name, "zh"]} label={t("general.name_zh")} rules={rules}>
        <Input maxLength={120} lang="zh" />
      </Form.Item>
      <Form.Item className="grow" name={[field.name, "en"]} label={t("general.name_en")} rules={rules}>
        <Input maxLength={120} lang="en" />
      </Form.Item>
    </div>
  );
}

interface ReferenceProps {
  resource: string;
  label: "name" | "username" | "number";
  value?: string | null;
  onChange?: (value: string | null) => void;
  id?: string;
}

function Reference({ resource, label, value, onChange, id }: ReferenceProps) {
  const { text } = useWords();
  const records = useQuery(recordsQuery(resource));
  return (
    <Select
      id={id}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      loading={records.isPending}
      value={value ?? undefined}
      onChange={(next?: string) => onChange?.(next ?? null)}
      options={(records.data ?? []).map((record) => ({ value: record.id, label: labelOf(record, label, text) }))}
    />
  );
}

function control(field: Field, t: ReturnType<typeof useWords>["t"]) {
  const type = field.type;
  switch (type.kind) {
    case "number":
      return <InputNumber min={type.min} max={type.max} precision={0} style={{ width: 160 }} />;
    case "hours":
      return <InputNumber min={type.min / HOUR} max={type.max / HOUR} step={0.5} style={{ width: 160 }} />;
    case "switch":
      return <Switch />;
    case "date":
      return <DatePicker format="YYYY-MM-DD" />;
    case "choice":
      return <Select options={type.options.map(({ value, label }) => ({ value, label: t(label) }))} />;
    case "reference":
      return <Reference resource={type.resource} label={type.label} />;
    case "capacity":
      return <CapacityEditor />;
    case "skills":
      return <SkillsEditor />;
    case "references":
      return <References resource={type.resource} word={field.label} />;
    case "tenant_ids":
      return <TenantIds />;
    case "rings":
      return <RingsEditor />;
    case "overflows":
      return <OverflowsEditor />;
    case "insistence":
      return <InsistenceEditor />;
    case "tiers":
      return <TiersEditor />;
    case "attribute_values":
      return <AttributeValues isSeveral={type.isSeveral} attribute={type.attribute} />;
    case "grade":
      return <GradeEditor />;
    case "weekly":
      return <WeeklyEditor />;
    case "spans":
      return <SpansEditor label={t(field.label)} />;
    case "exceptions":
      return <ExceptionsEditor />;
    case "pieces":
      return <PiecesEditor />;
    case "times":
      return <TimesEditor label={t(field.label)} />;
    case "breaks":
      return <BreaksEditor />;
    case "break_steps":
      return <BreakStepsEditor />;
    case "shares":
      return <SharesEditor />;
    case "queue_calendars":
      return <QueueCalendars />;
    default:
      return <Input maxLength={type.kind === "text" ? (type.maxLength ?? 200) : undefined} />;
  }
}

/** Days travel as `2026-03-05`; the picker wants its own kind. */
const DAY = {
  getValueProps: (value: string | null | undefined) => ({ value: value ? dayjs(value) : null }),
  normalize: (value: Dayjs | null) => value?.format("YYYY-MM-DD") ?? null,
};

const HOURS = {
  getValueProps: (minutes: number | null | undefined) => ({
    value: typeof minutes === "number" ? minutes / HOUR : null,
  }),
  normalize: (hours: number | null) => (hours === null ? null : Math.round(hours * HOUR)),
};
const TRANSLATED: Partial<Record<Field["type"]["kind"], object>> = { date: DAY, hours: HOURS };

export function FieldControl({ field }: { field: Field }) {
  const { t } = useWords();
  if (field.type.kind === "names") return <Names field={field} />;
  return (
    <Form.Item
      name={field.name}
      label={t(field.label)}
      valuePropName={field.type.kind === "switch" ? "checked" : "value"}
      rules={[{ required: field.isRequired, message: t("general.required") }]}
      {...TRANSLATED[field.type.kind]}
    >
      {control(field, t)}
    </Form.Item>
  );
}
