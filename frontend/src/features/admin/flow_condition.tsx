/** The rules of a condition: comparisons that must all hold, and where to go when they do. */
import { CloseOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { isWord, useWords } from "@/words";
import { SETTABLE_ATTRIBUTES } from "./step_fields";

type Value = string | number | boolean | (string | number)[];

interface Comparison {
  subject: string;
  operator: string;
  value: Value;
}

export interface Rule {
  all: Comparison[];
  next?: string;
}

interface Props {
  value: Rule[];
  steps: { value: string; label: string }[];
  valueNames: readonly string[];
  onChange: (rules: Rule[]) => void;
}

const SUBJECTS = [
  "caller",
  "called",
  "language",
  "segment",
  "customer_id",
  "priority",
  "channel",
  "weekday",
  "time",
  "date",
];
/** What is known of the caller from the beginning, besides what steps keep: a menu need not ask for it. */
const KNOWN = [...SETTABLE_ATTRIBUTES, "value_grade", "key_account", "vip", "rural"].map((name) => `value:${name}`);
const NUMBERS = ["priority", "weekday"];
const ORDERED = [...NUMBERS, "time", "date"];
const FREE = ["equals", "differs", "in", "not_in", "starts_with", "is_known"];
const ORDERING = ["less", "at_most", "more", "at_least"];
const START: Comparison = { subject: "caller", operator: "is_known", value: true };

function operatorsOf(subject: string): string[] {
  const isOrdered = ORDERED.includes(subject) || subject.startsWith("value:");
  const free = FREE.filter((operator) => operator !== "starts_with" || !NUMBERS.includes(subject));
  return isOrdered ? [...free, ...ORDERING] : free;
}

/** Numbers where the flow compares with numbers; elsewhere digits are text, as a caller keys them. */
function typed(comparison: Comparison, text: string): string | number {
  const { subject, operator } = comparison;
  const isNumber = NUMBERS.includes(subject) || (subject.startsWith("value:") && ORDERING.includes(operator));
  return isNumber && /^\d+$/.test(text) ? Number(text) : text;
}

function withText(comparison: Comparison, text: string): Comparison {
  const isList = comparison.operator === "in" || comparison.operator === "not_in";
  if (!isList) return { ...comparison, value: typed(comparison, text) };
  const parts = text.split(/[,，]/).map((part) => typed(comparison, part.trim()));
  return { ...comparison, value: parts };
}

function textOf(value: Value): string {
  return Array.isArray(value) ? value.join(",") : typeof value === "boolean" ? "" : String(value);
}

/** The comparison with another subject or operator, and a value of the kind that this one takes. */
function changed(comparison: Comparison, part: Partial<Comparison>): Comparison {
  const next = { ...comparison, ...part };
  const [first = "equals"] = operatorsOf(next.subject);
  if (!operatorsOf(next.subject).includes(next.operator)) next.operator = first;
  if (next.operator === "is_known") return { ...next, value: typeof next.value === "boolean" ? next.value : true };
  return withText(next, textOf(next.value));
}

function ComparisonRow(props: {
  comparison: Comparison;
  valueNames: readonly string[];
  onChange: (comparison: Comparison) => void;
  onRemove: () => void;
}) {
  const { t } = useWords();
  const { comparison, onChange } = props;
  const word = (key: string, otherwise: string) => (isWord(key) ? t(key) : otherwise);
  const subjectName = (subject: string) => {
    const name = subject.replace("value:", "");
    return name === subject ? word(`admin.subject_${subject}`, name) : word(`admin.attribute_${name}`, name);
  };
  const kept = props.valueNames.map((name) => `value:${name}`).filter((subject) => !KNOWN.includes(subject));
  const subjects = [...SUBJECTS, ...KNOWN, ...kept];
  const known = subjects.includes(comparison.subject) ? subjects : [...subjects, comparison.subject];
  return (
    <div className="flow-comparison">
      <Select
        value={comparison.subject}
        aria-label={t("admin.compare_subject")}
        options={known.map((subject) => ({
          value: subject,
          label: subjectName(subject),
        }))}
        onChange={(subject: string) => onChange(changed(comparison, { subject }))}
      />
      <Select
        value={comparison.operator}
        aria-label={t("admin.compare_operator")}
        options={operatorsOf(comparison.subject).map((operator) => ({
          value: operator,
          label: word(`admin.operator_${operator}`, operator),
        }))}
        onChange={(operator: string) => onChange(changed(comparison, { operator }))}
      />
      {comparison.operator === "is_known" ? (
        <Select
          value={comparison.value === true}
          aria-label={t("admin.compare_value")}
          options={[
            { value: true, label: t("general.yes") },
            { value: false, label: t("general.no") },
          ]}
          onChange={(value: boolean) => onChange({ ...comparison, value })}
        />
      ) : (
        <Input
          value={textOf(comparison.value)}
          aria-label={t("admin.compare_value")}
          onChange={(event) => onChange(withText(comparison, event.target.value))}
        />
      )}
      <Button type="text" icon={<CloseOutlined />} aria-label={t("admin.remove_comparison")} onClick={props.onRemove} />
    </div>
  );
}

export function RulesEditor({ value, steps, valueNames, onChange }: Props) {
  const { t } = useWords();
  const replace = (place: number, rule: Rule) => onChange(value.map((old, at) => (at === place ? rule : old)));
  return (
    <div className="stack">
      {value.map((rule, place) => (
        <fieldset key={place} className="matter stack">
          <legend>{t("admin.exit_rule", { n: place + 1 })}</legend>
          {rule.all.map((comparison, at) => (
            <ComparisonRow
              key={at}
              comparison={comparison}
              valueNames={valueNames}
              onChange={(next) => replace(place, { ...rule, all: rule.all.map((old, of) => (of === at ? next : old)) })}
              onRemove={() => replace(place, { ...rule, all: rule.all.filter((_, of) => of !== at) })}
            />
          ))}
          <Button size="small" onClick={() => replace(place, { ...rule, all: [...rule.all, START] })}>
            {t("admin.add_comparison")}
          </Button>
          <label className="field">
            <span>{t("admin.field_next")}</span>
            <Select
              value={rule.next}
              options={steps}
              aria-label={`${t("admin.exit_rule", { n: place + 1 })}: ${t("admin.field_next")}`}
              onChange={(next: string) => replace(place, { ...rule, next })}
            />
          </label>
          <Button size="small" danger onClick={() => onChange(value.filter((_, at) => at !== place))}>
            {t("admin.remove_rule")}
          </Button>
        </fieldset>
      ))}
      <Button onClick={() => onChange([...value, { all: [START] }])}>{t("admin.add_rule")}</Button>
    </div>
  );
}
