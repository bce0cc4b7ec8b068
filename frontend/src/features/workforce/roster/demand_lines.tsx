/** The few lines in which a planner says how many people are wanted, where there is no staffing plan. */
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, DatePicker, InputNumber, Select } from "antd";
import dayjs from "dayjs";
import { fetchSkillsCalled } from "@/api/shift_requests";
import { type Bilingual, useWords } from "@/words";
import { type DemandLine, times, type Weekdays } from "./demand";

const WEEKDAYS: readonly Weekdays[] = ["all", "workdays", "weekend"];

interface Props {
  lines: readonly DemandLine[];
  onChange: (lines: DemandLine[]) => void;
  /** First and last day of a roster: each line then says for which of its days it is. */
  days?: readonly [string, string];
  /** Sets of skills that the roster asks for, beside the single ones. */
  sets?: readonly { id: string; name: Bilingual }[];
}

export function DemandLines({ lines, onChange, days, sets = [] }: Props) {
  const { t, text } = useWords();
  const skills = useQuery({ queryKey: ["skills-called"], queryFn: fetchSkillsCalled });
  const change = (id: number, part: Partial<DemandLine>) =>
    onChange(lines.map((line) => (line.id === id ? { ...line, ...part } : line)));
  const add = () => {
    const id = Math.max(0, ...lines.map((line) => line.id)) + 1;
    onChange([...lines, { id, skillId: null, weekdays: "all", from: "08:00", to: "18:00", people: 1 }]);
  };
  return (
    <div className="stack">
      {lines.map((line) => (
        <div key={line.id} className={days ? "demand-line dated" : "demand-line"}>
          <Select
            aria-label={t("roster.skill")}
            placeholder={t("roster.skill")}
            value={line.skillId}
            onChange={(skillId: string) => change(line.id, { skillId })}
            options={[
              ...(skills.data ?? []).map((one) => ({ value: one.skill_id, label: text(one.name) })),
              ...sets.map((one) => ({ value: one.id, label: text(one.name) })),
            ]}
          />
          {days ? (
            <DatePicker.RangePicker
              aria-label={t("roster.days")}
              allowClear={false}
              minDate={dayjs(days[0])}
              maxDate={dayjs(days[1])}
              value={[dayjs((line.days ?? days)[0]), dayjs((line.days ?? days)[1])]}
              onChange={(chosen) => {
                if (chosen?.[0] && chosen[1])
                  change(line.id, { days: [chosen[0].format("YYYY-MM-DD"), chosen[1].format("YYYY-MM-DD")] });
              }}
            />
          ) : null}
          <Select
            aria-label={t("roster.weekdays")}
            value={line.weekdays}
            onChange={(weekdays: Weekdays) => change(line.id, { weekdays })}
            options={WEEKDAYS.map((value) => ({ value, label: t(`roster.on_${value}`) }))}
          />
          <Select
            aria-label={t("roster.from")}
            value={line.from}
            onChange={(from: string) => change(line.id, { from })}
            options={times(false)}
          />
          <Select
            aria-label={t("roster.to")}
            value={line.to}
            onChange={(to: string) => change(line.id, { to })}
            options={times(true)}
          />
          <InputNumber
            aria-label={t("roster.people_wanted")}
            min={0}
            max={10_000}
            value={line.people}
            onChange={(people) => change(line.id, { people: people ?? 0 })}
          />
          <Button
            aria-label={t("roster.remove_line")}
            icon={<DeleteOutlined aria-hidden />}
            onClick={() => onChange(lines.filter((other) => other.id !== line.id))}
          />
        </div>
      ))}
      <Button icon={<PlusOutlined aria-hidden />} onClick={add} data-testid="add-demand">
        {t("roster.add_line")}
      </Button>
    </div>
  );
}
