/** The form of one step; what it does not know of the step it leaves as it is. */
import { Input, InputNumber, Select, Switch } from "antd";
import { useQuery } from "@tanstack/react-query";
import type { Step } from "@/api/flows";
import { isWord, useWords } from "@/words";
import { useAttributeOptions } from "./attribute_values";
import { labelOf, recordsQuery } from "./field_values";
import { RulesEditor, type Rule } from "./flow_condition";
import { FlowSource } from "./flow_source";
import { ChoicesEditor, SpeechesEditor, type Speech } from "./step_parts";
import { isShowable, SETTABLE_ATTRIBUTES, STEP_FIELDS, type StepField } from "./step_fields";

interface Props {
  step: Step;
  stepIds: readonly string[];
  /** Names of the values that steps keep, for comparisons. */
  valueNames: readonly string[];
  onChange: (step: Step) => void;
}

interface ControlProps {
  field: StepField;
  value: unknown;
  label: string;
  stepIds: readonly string[];
  valueNames: readonly string[];
  onChange: (value: unknown) => void;
}

interface PickerProps {
  resource: string;
  value: unknown;
  label: string;
  onChange: (id: string) => void;
}

function RecordPicker({ resource, value, label, onChange }: PickerProps) {
  const { text } = useWords();
  const records = useQuery(recordsQuery(resource));
  return (
    <Select
      showSearch={{ optionFilterProp: "label" }}
      aria-label={label}
      value={(value as string | undefined) ?? undefined}
      loading={records.isPending}
      onChange={onChange}
      options={(records.data ?? []).map((record) => ({ value: record.id, label: labelOf(record, "name", text) }))}
    />
  );
}

/** Where contacts begin by their business: of one module, or of the module that a value of the flow names. */
function BusinessPicker({ value, label, valueNames, onChange }: Omit<ControlProps, "field" | "stepIds">) {
  const { t, text } = useWords();
  const records = useQuery(recordsQuery("business-modules"));
  const modules = (records.data ?? []).map((record) => ({ value: record.id, label: labelOf(record, "name", text) }));
  const values = valueNames.map((name) => ({ value: `value:${name}`, label: t("admin.business_value", { name }) }));
  return (
    <>
      <Select
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        aria-label={label}
        data-testid="field-business"
        placeholder={t("admin.business_none")}
        value={(value as string | undefined) ?? undefined}
        loading={records.isPending}
        onChange={onChange}
        options={[...modules, ...values]}
      />
      <span className="quiet">{t("admin.business_hint")}</span>
    </>
  );
}

/** The tenant's values of the attribute that the step sets. */
function AttributeValuePicker({
  attribute,
  value,
  label,
  onChange,
}: Omit<PickerProps, "resource"> & { attribute: string }) {
  const { t } = useWords();
  const { options, isPending } = useAttributeOptions(attribute === "service_language" ? "language" : attribute);
  return (
    <>
      <Select
        showSearch={{ optionFilterProp: "label" }}
        aria-label={label}
        data-testid="field-value"
        value={(value as string | undefined) ?? undefined}
        loading={isPending}
        onChange={onChange}
        options={options}
      />
      <span className="quiet">{t("admin.set_attribute_hint")}</span>
    </>
  );
}

function Control({ step, field, value, label, stepIds, valueNames, onChange }: ControlProps & { step: Step }) {
  const { t } = useWords();
  const steps = stepIds.map((id) => ({ value: id, label: id }));
  switch (field.kind) {
    case "speeches":
      return <SpeechesEditor value={(value as Speech[] | undefined) ?? []} onChange={onChange} />;
    case "choices":
      return (
        <ChoicesEditor value={(value as Record<string, string> | undefined) ?? {}} steps={steps} onChange={onChange} />
      );
    case "rules": {
      const rules = Array.isArray(value) ? (value as Rule[]) : [];
      return <RulesEditor value={rules} steps={steps} valueNames={valueNames} onChange={onChange} />;
    }
    case "step":
      return (
        <Select
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          aria-label={label}
          data-testid={`field-${field.name}`}
          value={(value as string | undefined) ?? undefined}
          options={steps}
          onChange={onChange}
        />
      );
    case "number":
      return (
        <InputNumber
          aria-label={label}
          min={field.min}
          max={field.max}
          precision={0}
          value={(value as number | undefined) ?? field.initial}
          onChange={onChange}
        />
      );
    case "flag":
      return (
        <Switch aria-label={label} checked={(value as boolean | undefined) ?? field.initial} onChange={onChange} />
      );
    case "language":
      return (
        <Select
          aria-label={label}
          value={value as string | undefined}
          onChange={onChange}
          options={(["zh", "en"] as const).map((language) => ({
            value: language,
            label: t(`admin.language_${language}`),
          }))}
        />
      );
    case "attribute":
      return (
        <Select
          aria-label={label}
          data-testid="field-attribute"
          value={value as string | undefined}
          onChange={onChange}
          options={SETTABLE_ATTRIBUTES.map((name) => ({ value: name, label: t(`admin.attribute_${name}`) }))}
        />
      );
    case "attribute_value":
      return <AttributeValuePicker attribute={String(step.name)} value={value} label={label} onChange={onChange} />;
    case "business":
      return <BusinessPicker value={value} label={label} valueNames={valueNames} onChange={onChange} />;
    case "record":
      return <RecordPicker resource={field.resource} value={value} label={label} onChange={onChange} />;
    case "text":
      return (
        <Input
          aria-label={label}
          value={(value as string | undefined) ?? ""}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

/** A field that is emptied is left out: the definition refuses empty ones. */
function withField(step: Step, name: string, value: unknown): Step {
  const others = Object.entries(step).filter(([field]) => field !== name);
  return Object.fromEntries(value === undefined || value === "" ? others : [...others, [name, value]]) as Step;
}

export function StepForm({ step, stepIds, valueNames, onChange }: Props) {
  const { t } = useWords();
  const fields = STEP_FIELDS[step.kind] ?? [];
  if (fields.length === 0 || !fields.every((field) => isShowable(field, step[field.name]))) {
    return (
      <>
        <span className="quiet">{t("admin.as_json")}</span>
        <FlowSource definition={step} onChange={onChange} rows={16} />
      </>
    );
  }
  return (
    <>
      {fields.map((field) => {
        const keys = [`admin.field_${step.kind}_${field.name}`, `admin.field_${field.name}`];
        const key = keys.find(isWord);
        const label = key ? t(key) : field.name;
        return (
          <div key={field.name} className="field" role="group" aria-label={label}>
            <span>{label}</span>
            <Control
              step={step}
              field={field}
              value={step[field.name]}
              label={label}
              stepIds={stepIds}
              valueNames={valueNames}
              onChange={(value) => {
                const changed = withField(step, field.name, value);
                onChange(field.kind === "attribute" ? withField(changed, "value", "") : changed);
              }}
            />
          </div>
        );
      })}
    </>
  );
}
