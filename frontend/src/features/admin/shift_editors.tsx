/** Parts of a shift kind: its pieces, when it may start, its breaks; and what planning leaves aside. */
import { Button, Input, InputNumber, Select, Switch } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWords, type WordKey } from "@/words";
import { labelOf, recordsQuery } from "./field_values";
import { NamedNumber, PartCard } from "./routing_editors";
import { timesOf } from "./times";

interface Props<T> {
  value?: T;
  onChange?: (value: T) => void;
}

type Piece = [number, number];
const DAY_MIN = 1440;

/** (start, length) in minutes from the shift's start; two of them are a split shift. */
export function PiecesEditor({ value = [], onChange }: Props<Piece[]>) {
  const { t } = useWords();
  const replace = (index: number, piece: Piece) => onChange?.(value.map((old, at) => (at === index ? piece : old)));
  const last = value.at(-1);
  const fresh: Piece = last ? [last[0] + last[1] + 120, 240] : [0, 480];
  return (
    <div className="stack">
      <span className="quiet">{t("admin.pieces_hint")}</span>
      {value.map(([start, length], index) => (
        <PartCard key={index} onRemove={() => onChange?.(value.filter((_, at) => at !== index))}>
          <div className="row">
            <NamedNumber
              word="admin.piece_start"
              max={DAY_MIN}
              value={start}
              onChange={(next) => replace(index, [next, length])}
            />
            <NamedNumber
              word="admin.piece_length"
              max={DAY_MIN}
              value={length}
              onChange={(next) => replace(index, [start, next])}
            />
          </div>
        </PartCard>
      ))}
      <Button data-testid="add-piece" onClick={() => onChange?.([...value, fresh])}>
        {t("admin.add_piece")}
      </Button>
    </div>
  );
}

/** Times of day, as people write them; what was typed stays until it can be read. */
export function TimesEditor({ value = [], onChange, label, id }: Props<string[]> & { label: string; id?: string }) {
  const { t } = useWords();
  const [text, setText] = useState(() => value.join(", "));
  const isBad = timesOf(text) === null;
  return (
    <Input
      id={id}
      value={text}
      status={isBad ? "error" : undefined}
      aria-label={label}
      aria-invalid={isBad}
      title={isBad ? t("admin.bad_times") : undefined}
      placeholder="08:00, 09:00"
      onChange={(event) => {
        setText(event.target.value);
        const times = timesOf(event.target.value);
        if (times) onChange?.(times);
      }}
    />
  );
}

interface BreakRule {
  length_min: number;
  earliest_min: number;
  latest_min: number;
  is_paid: boolean;
}

const BREAK: BreakRule = { length_min: 30, earliest_min: 180, latest_min: 300, is_paid: false };

export function BreaksEditor({ value = [], onChange }: Props<BreakRule[]>) {
  const { t } = useWords();
  const replace = (index: number, part: Partial<BreakRule>) =>
    onChange?.(value.map((old, at) => (at === index ? { ...old, ...part } : old)));
  return (
    <div className="stack">
      {value.map((rest, index) => (
        <PartCard key={index} onRemove={() => onChange?.(value.filter((_, at) => at !== index))}>
          <div className="row">
            <NamedNumber
              word="admin.break_length"
              max={240}
              value={rest.length_min}
              onChange={(length_min) => replace(index, { length_min })}
            />
            <NamedNumber
              word="admin.break_earliest"
              max={DAY_MIN}
              value={rest.earliest_min}
              onChange={(earliest_min) => replace(index, { earliest_min })}
            />
            <NamedNumber
              word="admin.break_latest"
              max={DAY_MIN}
              value={rest.latest_min}
              onChange={(latest_min) => replace(index, { latest_min })}
            />
          </div>
          <label className="row">
            <Switch checked={rest.is_paid} onChange={(is_paid) => replace(index, { is_paid })} />
            {t("admin.break_paid")}
          </label>
        </PartCard>
      ))}
      <Button data-testid="add-break" onClick={() => onChange?.([...value, BREAK])}>
        {t("admin.add_break")}
      </Button>
    </div>
  );
}

interface BreakStep {
  after_min: number;
  break_min: number;
  is_paid: boolean;
}

const HOUR_MIN = 60;

/** How much break after how much work: hours of work, minutes of break. */
export function BreakStepsEditor({ value = [], onChange }: Props<BreakStep[]>) {
  const { t } = useWords();
  const replace = (index: number, part: Partial<BreakStep>) =>
    onChange?.(value.map((old, at) => (at === index ? { ...old, ...part } : old)));
  const last = value.at(-1);
  const fresh: BreakStep = last
    ? { ...last, after_min: last.after_min + 3 * HOUR_MIN, break_min: last.break_min + 15 }
    : { after_min: 6 * HOUR_MIN, break_min: 30, is_paid: false };
  return (
    <div className="stack">
      <span className="quiet">{t("admin.break_steps_hint")}</span>
      {value.map((step, index) => (
        <PartCard key={index} onRemove={() => onChange?.(value.filter((_, at) => at !== index))}>
          <div className="row">
            <label className="row">
              {t("admin.break_after")}
              <InputNumber
                min={0}
                max={24}
                step={0.5}
                precision={2}
                value={step.after_min / HOUR_MIN}
                onChange={(hours) => replace(index, { after_min: Math.round((hours ?? 0) * HOUR_MIN) })}
              />
            </label>
            <NamedNumber
              word="admin.break_in_all"
              max={240}
              value={step.break_min}
              onChange={(break_min) => replace(index, { break_min })}
            />
          </div>
          <label className="row">
            <Switch checked={step.is_paid} onChange={(is_paid) => replace(index, { is_paid })} />
            {t("admin.break_paid")}
          </label>
        </PartCard>
      ))}
      <Button data-testid="add-break-step" onClick={() => onChange?.([...value, fresh])}>
        {t("admin.add_break_step")}
      </Button>
    </div>
  );
}

const REASONS = ["leave", "sick", "training", "meeting", "breaks", "other"] as const;
const WHOLE = 10_000;

/** Shares of paid time in per cent; they travel as hundredths of a per cent. */
export function SharesEditor({ value = {}, onChange }: Props<Partial<Record<string, number>>>) {
  const { t } = useWords();
  return (
    <div className="stack">
      {REASONS.map((reason) => (
        <label key={reason} className="row">
          <span style={{ width: 140 }}>{t(`admin.share_${reason}`)}</span>
          <InputNumber
            min={0}
            max={100}
            precision={2}
            value={(value[reason] ?? 0) / 100}
            onChange={(share) => onChange?.({ ...value, [reason]: Math.min(WHOLE, Math.round((share ?? 0) * 100)) })}
          />
        </label>
      ))}
    </div>
  );
}

/** The opening calendar of each queue; a queue without one is always open. */
export function QueueCalendars({ value = {}, onChange }: Props<Record<string, string>>) {
  const { t, text } = useWords();
  const queues = useQuery(recordsQuery("queues"));
  const calendars = useQuery(recordsQuery("calendars"));
  const options = (calendars.data ?? []).map((one) => ({ value: one.id, label: labelOf(one, "name", text) }));
  const set = (queue: string, calendar?: string) => {
    const others = Object.fromEntries(Object.entries(value).filter(([id]) => id !== queue));
    onChange?.(calendar ? { ...others, [queue]: calendar } : others);
  };
  const always: WordKey = "admin.always_open";
  return (
    <div className="stack">
      {(queues.data ?? []).map((queue) => (
        <label key={queue.id} className="row">
          <span style={{ width: 200 }}>{labelOf(queue, "name", text)}</span>
          <Select
            className="grow"
            allowClear
            aria-label={labelOf(queue, "name", text)}
            placeholder={t(always)}
            value={value[queue.id]}
            options={options}
            onChange={(calendar?: string) => set(queue.id, calendar)}
          />
        </label>
      ))}
    </div>
  );
}
