/** A training, a meeting or coaching put into somebody's shift; a movable one can then go to the quietest time. */
import { Button, Checkbox, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import { planActivity, type ActivityKind, type PersonDay } from "@/api/day";
import { uuid7 } from "@/live/uuid7";
import { timeText } from "@/shared/moments";
import { useWords } from "@/words";
import { useDayChange } from "./day_change";
import { quartersOf } from "./day_quarters";

const KINDS: readonly ActivityKind[] = ["training", "meeting", "coaching"];

export function PlanActivity({ person, nowMs }: { person: PersonDay; nowMs: number }) {
  const { t } = useWords();
  const { isBusy, change } = useDayChange();
  const [kind, setKind] = useState<ActivityKind>("training");
  const [name, setName] = useState("");
  const [begins, setBegins] = useState<number | null>(null);
  const [minutes, setMinutes] = useState(60);
  const [isMovable, setMovable] = useState(true);
  const [key, setKey] = useState(() => uuid7());
  const quarters = quartersOf(person, nowMs);
  if (quarters.length === 0) return null;
  const plan = async () => {
    if (begins === null) return;
    const body = {
      agent_id: person.agent_id,
      kind,
      name: name.trim(),
      begins_at: new Date(begins).toISOString(),
      ends_at: new Date(begins + minutes * 60_000).toISOString(),
      is_movable: isMovable,
    };
    if (await change(t("team_day.activity_planned"), () => planActivity(body, key))) setName("");
    setKey(uuid7());
  };
  return (
    <div className="stack">
      <h2>{t("team_day.plan_activity")}</h2>
      <div className="row">
        <Select
          aria-label={t("team_day.activity_kind")}
          value={kind}
          onChange={setKind}
          style={{ minWidth: "7em" }}
          options={KINDS.map((value) => ({ value, label: t(`team_day.plan_${value}`) }))}
        />
        <Select
          aria-label={t("team_day.activity_begins")}
          placeholder={t("team_day.activity_begins")}
          value={begins}
          onChange={setBegins}
          style={{ minWidth: "7em" }}
          options={quarters.map((at) => ({ value: at, label: timeText(at) }))}
        />
        <InputNumber
          aria-label={t("team_day.activity_minutes")}
          min={5}
          max={480}
          step={15}
          value={minutes}
          onChange={(value) => setMinutes(value ?? 60)}
          suffix={t("team_day.minutes_unit")}
        />
      </div>
      <Input
        aria-label={t("team_day.activity_name")}
        placeholder={t("team_day.activity_name")}
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.target.value)}
        data-testid="activity-name"
      />
      <Checkbox checked={isMovable} onChange={(event) => setMovable(event.target.checked)}>
        {t("team_day.activity_movable")}
      </Checkbox>
      <Button
        loading={isBusy}
        disabled={begins === null || name.trim() === ""}
        onClick={() => void plan()}
        data-testid="plan-activity"
      >
        {t("team_day.plan_activity_do")}
      </Button>
    </div>
  );
}
