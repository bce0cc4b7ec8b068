import { CloseOutlined } from "@ant-design/icons";
import { Button, InputNumber, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import type { Channel } from "@/live/documents";
import { CHANNEL_NAMES } from "@/shared/channel_names";
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

const MOST_CALLS = 1;
const MOST_WRITTEN = 10;

/** How many contacts at once, by channel: each takes its share of the agent's attention, together never more than all. */
export function CapacityEditor({ value = { voice: 1 }, onChange }: Props<Record<string, number>>) {
  const { t } = useWords();
  const channels = Object.keys(CHANNEL_NAMES) as Channel[];
  return (
    <div className="stack">
      <div className="capacities">
        {channels.map((channel) => (
          <label key={channel} className="field">
            <span>{t(CHANNEL_NAMES[channel])}</span>
            <InputNumber
              min={0}
              max={channel === "voice" ? MOST_CALLS : MOST_WRITTEN}
              precision={0}
              value={value[channel] ?? 0}
              onChange={(most) => onChange?.({ ...value, [channel]: most ?? 0 })}
              data-testid={`capacity-${channel}`}
            />
          </label>
        ))}
      </div>
      <span className="quiet">{t("admin.capacity_about")}</span>
    </div>
  );
}
