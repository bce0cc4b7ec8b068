/** Weekly hours and dated exceptions of an opening calendar. */
import { Button, DatePicker, Input, Select } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useWords } from "@/words";
import { hoursOf, hoursText, type Span } from "./hours";

interface Props<T> {
  value?: T;
  onChange?: (value: T) => void;
}

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** What was typed stays until it can be read. */
function HoursInput({ value, onChange, label }: { value: Span[]; onChange: (spans: Span[]) => void; label: string }) {
  const { t } = useWords();
  const [text, setText] = useState(() => hoursText(value));
  const isBad = hoursOf(text) === null;
  return (
    <Input
      value={text}
      status={isBad ? "error" : undefined}
      aria-label={label}
      aria-invalid={isBad}
      title={isBad ? t("admin.bad_hours") : undefined}
      onChange={(event) => {
        setText(event.target.value);
        const spans = hoursOf(event.target.value);
        if (spans) onChange(spans);
      }}
    />
  );
}

/** Times of day without a weekday. */
export function SpansEditor({ value = [], onChange, label }: Props<Span[]> & { label: string }) {
  return <HoursInput label={label} value={value} onChange={(spans) => onChange?.(spans)} />;
}

export function WeeklyEditor({ value = [], onChange }: Props<Span[][]>) {
  const { t } = useWords();
  return (
    <div className="stack">
      <span className="quiet">{t("admin.hours_hint")}</span>
      {DAYS.map((day, index) => (
        <div key={day} className="row">
          <span style={{ width: 90 }}>{t(`admin.${day}`)}</span>
          <div className="grow">
            <HoursInput
              label={t(`admin.${day}`)}
              value={value[index] ?? []}
              onChange={(spans) => onChange?.(DAYS.map((_, at) => (at === index ? spans : (value[at] ?? []))))}
            />
          </div>
        </div>
      ))}
    </div>
  );
}

interface ExceptionDay {
  day: string;
  kind: "holiday" | "workday" | "special";
  name: { zh: string; en: string };
  hours: Span[];
}

export function ExceptionsEditor({ value = [], onChange }: Props<ExceptionDay[]>) {
  const { t } = useWords();
  const replace = (index: number, day: ExceptionDay) => onChange?.(value.map((old, at) => (at === index ? day : old)));
  const add = () =>
    onChange?.([...value, { day: dayjs().format("YYYY-MM-DD"), kind: "holiday", name: { zh: "", en: "" }, hours: [] }]);
  return (
    <div className="stack">
      {value.map((day, index) => (
        <div key={index} className="card row">
          <DatePicker
            allowClear={false}
            aria-label={t("admin.day")}
            value={dayjs(day.day)}
            onChange={(next) => replace(index, { ...day, day: next?.format("YYYY-MM-DD") ?? day.day })}
          />
          <Select
            value={day.kind}
            aria-label={t("admin.kind")}
            onChange={(kind) => replace(index, { ...day, kind })}
            options={(["holiday", "workday", "special"] as const).map((kind) => ({
              value: kind,
              label: t(`admin.day_${kind}`),
            }))}
          />
          <Input
            style={{ width: "10em" }}
            aria-label={t("general.name_zh")}
            placeholder={t("general.name_zh")}
            value={day.name.zh}
            onChange={(event) => replace(index, { ...day, name: { ...day.name, zh: event.target.value } })}
          />
          <Input
            style={{ width: "10em" }}
            aria-label={t("general.name_en")}
            placeholder={t("general.name_en")}
            value={day.name.en}
            onChange={(event) => replace(index, { ...day, name: { ...day.name, en: event.target.value } })}
          />
          <div style={{ width: 170 }}>
            <HoursInput
              label={t("admin.hours")}
              value={day.hours}
              onChange={(hours) => replace(index, { ...day, hours })}
            />
          </div>
          <Button onClick={() => onChange?.(value.filter((_, at) => at !== index))}>{t("general.remove")}</Button>
        </div>
      ))}
      <Button onClick={add}>{t("admin.add_day")}</Button>
    </div>
  );
}
