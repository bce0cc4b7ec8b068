import { CloseOutlined } from "@ant-design/icons";
import { Button, InputNumber, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useWords } from "@/words";
import { labelOf, recordsQuery } from "./field_values";

interface Grade {
  skill_id: string;
  level: number;
  valid_to?: string | null;
}

interface Props<T> {
  value?: T;
  onChange?: (value: T) => void;
}

/** Skills with their levels: held by an agent, or needed by a queue. */
export function SkillsEditor({ value = [], onChange }: Props<Grade[]>) {
  const { t, text } = useWords();
  const skills = useQuery(recordsQuery("skills"));
  const options = (skills.data ?? []).map((skill) => ({ value: skill.id, label: labelOf(skill, "name", text) }));
  const taken = new Set(value.map((grade) => grade.skill_id));
  const free = options.filter((option) => !taken.has(option.value));
  const replace = (index: number, grade: Grade) => onChange?.(value.map((old, at) => (at === index ? grade : old)));
  return (
    <div className="stack">
      {value.map((grade, index) => (
        <div key={grade.skill_id} className="row">
          <span className="grow">{options.find((option) => option.value === grade.skill_id)?.label}</span>
          <InputNumber
            min={1}
            max={9}
            value={grade.level}
            aria-label={t("admin.level")}
            onChange={(level) => replace(index, { ...grade, level: level ?? 1 })}
          />
          <Button
            type="text"
            icon={<CloseOutlined />}
            aria-label={t("general.remove")}
            onClick={() => onChange?.(value.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Select
        value={null}
        placeholder={t("admin.add_skill")}
        aria-label={t("admin.add_skill")}
        options={free}
        onChange={(skillId: string | null) => {
          if (skillId) onChange?.([...value, { skill_id: skillId, level: 1 }]);
        }}
      />
    </div>
  );
}

/** How many contacts at once, by channel; this channel is voice. */
export function CapacityEditor({ value = { voice: 1 }, onChange }: Props<Record<string, number>>) {
  const { t } = useWords();
  return (
    <label className="row">
      {t("admin.channel_voice")}
      <InputNumber
        min={0}
        max={1}
        value={value.voice ?? 1}
        onChange={(voice) => onChange?.({ ...value, voice: voice ?? 1 })}
      />
    </label>
  );
}
