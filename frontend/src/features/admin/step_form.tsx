/** The form of one step; what it does not know of the step it leaves as it is. */
import { Input, InputNumber, Select, Switch } from "antd";
import { useQuery } from "@tanstack/react-query";
import type { Step } from "@/api/flows";
import { isWord, useWords } from "@/words";
import { labelOf, recordsQuery } from "./field_values";
import { FlowSource } from "./flow_source";
import { ChoicesEditor, SpeechesEditor, type Speech } from "./step_parts";
import { STEP_FIELDS, type StepField } from "./step_fields";

interface Props {
  step: Step;
  stepIds: readonly string[];
  onChange: (step: Step) => void;
}

interface ControlProps {
  field: StepField;
  value: unknown;
  stepIds: readonly string[];
  onChange: (value: unknown) => void;
}

function RecordPicker({
  resource,
  value,
  onChange,
}: {
  resource: string;
  value: unknown;
  onChange: (id: string) => void;
}) {
  const { text } = useWords();
  const records = useQuery(recordsQuery(resource));
  return (
    <Select
      showSearch={{ optionFilterProp: "label" }}
      value={(value as string | undefined) ?? undefined}
      loading={records.isPending}
      onChange={onChange}
      options={(records.data ?? []).map((record) => ({ value: record.id, label: labelOf(record, "name", text) }))}
    />
  );
}

function Control({ field, value, stepIds, onChange }: ControlProps) {
  const { t } = useWords();
  const steps = stepIds.map((id) => ({ value: id, label: id }));
  switch (field.kind) {
    case "speeches":
      return <SpeechesEditor value={(value as Speech[] | undefined) ?? []} onChange={onChange} />;
    case "choices":
      return (
        <ChoicesEditor value={(value as Record<string, string> | undefined) ?? {}} steps={steps} onChange={onChange} />
      );
    case "step":
      return <Select value={(value as string | undefined) ?? undefined} options={steps} onChange={onChange} />;
    case "number":
      return (
        <InputNumber
          min={field.min}
          max={field.max}
          precision={0}
          value={(value as number | undefined) ?? field.initial}
          onChange={onChange}
        />
      );
    case "flag":
      return <Switch checked={(value as boolean | undefined) ?? field.initial} onChange={onChange} />;
    case "language":
      return (
        <Select
          value={value as string | undefined}
          onChange={onChange}
          options={(["zh", "en"] as const).map((language) => ({
            value: language,
            label: t(`admin.language_${language}`),
          }))}
        />
      );
    case "record":
      return <RecordPicker resource={field.resource} value={value} onChange={onChange} />;
    case "text":
      return <Input value={(value as string | undefined) ?? ""} onChange={(event) => onChange(event.target.value)} />;
  }
}

export function StepForm({ step, stepIds, onChange }: Props) {
  const { t } = useWords();
  const fields = STEP_FIELDS[step.kind] ?? [];
  if (fields.length === 0) {
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
        const key = `admin.field_${field.name}`;
        return (
          <div key={field.name} className="field" role="group" aria-label={isWord(key) ? t(key) : field.name}>
            <span>{isWord(key) ? t(key) : field.name}</span>
            <Control
              field={field}
              value={step[field.name]}
              stepIds={stepIds}
              onChange={(value) => onChange({ ...step, [field.name]: value })}
            />
          </div>
        );
      })}
    </>
  );
}
