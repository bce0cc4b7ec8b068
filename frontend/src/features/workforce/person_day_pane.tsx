/** One person's day as a list, and what can be done about it: report sick, find a replacement. Each act is audited. */
import { Button, Checkbox, Input, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  askForReplacement,
  cancelAbsence,
  fetchReplacements,
  moveActivity,
  moveBreak,
  reportAbsence,
  type AbsenceKind,
  type PersonDay,
  type TeamDay,
} from "@/api/day";
import { uuid7 } from "@/live/uuid7";
import { timeText } from "@/shared/moments";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useDayChange } from "./day_change";
import { hoursText, hundredthsText } from "./day_words";
import { PlanActivity } from "./plan_activity";
import type { DayRow } from "./team_day_rows";

const KINDS: readonly AbsenceKind[] = ["sick", "leave", "unexcused", "other"];

function Figures({ person }: { person: PersonDay }) {
  const { t } = useWords();
  const { figures } = person;
  const minutes = (seconds: number) => t("team_day.minutes", { n: Math.round(seconds / 60) });
  const lines: [string, string][] = [
    [t("team_day.adherence"), hundredthsText(figures.adherence)],
    [t("team_day.conformance"), hundredthsText(figures.conformance)],
    [t("team_day.worked"), `${hoursText(figures.worked_s)} / ${hoursText(figures.planned_work_s)}`],
  ];
  if (figures.late_s) lines.push([t("team_day.is_late"), minutes(figures.late_s)]);
  if (figures.long_break_s) lines.push([t("team_day.is_long_break"), minutes(figures.long_break_s)]);
  if (figures.early_leave_s) lines.push([t("team_day.is_early_leave"), minutes(figures.early_leave_s)]);
  return (
    <dl className="day-facts">
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="digits">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Parts({ person }: { person: PersonDay }) {
  const { t } = useWords();
  return (
    <>
      <h2>{t("team_day.plan")}</h2>
      <ul className="plain-list">
        {person.plan.map((one) => (
          <li key={one.begins_at}>
            <span className="digits">
              {timeText(one.begins_at)}–{timeText(one.ends_at)}
            </span>{" "}
            {t(`team_day.plan_${one.kind}`)}
          </li>
        ))}
      </ul>
      <h2>{t("team_day.done")}</h2>
      <ul className="plain-list">
        {person.done.map((one) => (
          <li key={one.begins_at}>
            <span className="digits">
              {timeText(one.begins_at)}–{one.ends_at ? timeText(one.ends_at) : t("team_day.now")}
            </span>{" "}
            {t(`team_day.done_${one.doing}`)}
          </li>
        ))}
      </ul>
    </>
  );
}

function ReportAbsence({ person, day }: { person: PersonDay; day: TeamDay }) {
  const { t } = useWords();
  const { isBusy, change } = useDayChange();
  const [kind, setKind] = useState<AbsenceKind>("sick");
  const [words, setWords] = useState("");
  const [key, setKey] = useState(() => uuid7());
  const shift = person.shifts.at(-1);
  const ends_at = shift?.ends_at ?? day.ends_at;
  const first = person.shifts[0]?.begins_at ?? day.begins_at;
  const report = async () => {
    // Who came and went home is absent from now on; who never came, from the beginning of the shift.
    const begins_at = person.done.length > 0 && day.as_of > first ? day.as_of : first;
    const body = { agent_id: person.agent_id, kind, begins_at, ends_at, words };
    if (await change(t("team_day.reported"), () => reportAbsence(body, key))) setWords("");
    setKey(uuid7());
  };
  return (
    <div className="stack">
      <h2>{t("team_day.report_absence")}</h2>
      <div className="row">
        <Select
          aria-label={t("team_day.absence_kind")}
          value={kind}
          onChange={setKind}
          style={{ minWidth: "8em" }}
          options={KINDS.map((value) => ({ value, label: t(`team_day.absence_${value}`) }))}
        />
        <Button loading={isBusy} onClick={() => void report()} data-testid="report-absence">
          {t("team_day.report_do", { time: timeText(ends_at) })}
        </Button>
      </div>
      <Input.TextArea
        aria-label={t("team_day.absence_words")}
        placeholder={t("team_day.absence_words")}
        maxLength={2000}
        autoSize={{ minRows: 1, maxRows: 4 }}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
    </div>
  );
}

function Absences({ person }: { person: PersonDay }) {
  const { t } = useWords();
  const { isBusy, change } = useDayChange();
  if (person.absences.length === 0) return null;
  return (
    <ul className="plain-list">
      {person.absences.map((one) => (
        <li key={one.id} className="row">
          <span>
            {t(`team_day.absence_${one.kind}`)} {timeText(one.begins_at)}–{timeText(one.ends_at)}
          </span>
          <Button
            size="small"
            loading={isBusy}
            onClick={() => void change(t("team_day.absence_cancelled"), () => cancelAbsence(one.id, one.version))}
            data-testid="cancel-absence"
          >
            {t("team_day.cancel_absence")}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Breaks and trainings still to come, each with one click to the quietest time that is allowed. */
function Movables({ person, nowMs }: { person: PersonDay; nowMs: number }) {
  const { t } = useWords();
  const { isBusy, change } = useDayChange();
  const breaks = person.breaks.filter((one) => Date.parse(one.begins_at) > nowMs);
  const activities = person.activities.filter((one) => one.is_movable && Date.parse(one.begins_at) > nowMs);
  if (breaks.length + activities.length === 0) return null;
  const line = (key: string, what: string, begins: string, ends: string, move: () => Promise<unknown>) => (
    <li key={key} className="row">
      <span>
        <span className="digits">
          {timeText(begins)}–{timeText(ends)}
        </span>{" "}
        {what}
      </span>
      <Button
        size="small"
        loading={isBusy}
        onClick={() => void change(t("team_day.moved"), move)}
        data-testid="to-quiet-time"
      >
        {t("team_day.to_quiet_time")}
      </Button>
    </li>
  );
  return (
    <>
      <h2>{t("team_day.still_to_come")}</h2>
      <ul className="plain-list stack">
        {breaks.map((one) =>
          line(`${one.shift_id} ${one.index}`, t("team_day.plan_break"), one.begins_at, one.ends_at, () =>
            moveBreak(one.shift_id, { version: one.shift_version, index: one.index }),
          ),
        )}
        {activities.map((one) =>
          line(one.id, one.name, one.begins_at, one.ends_at, () => moveActivity(one.id, { version: one.version })),
        )}
      </ul>
    </>
  );
}

function Replacements({ shiftId }: { shiftId: string }) {
  const { t } = useWords();
  const { isBusy, change } = useDayChange();
  const [chosen, setChosen] = useState<string[]>([]);
  const query = useQuery({ queryKey: ["replacements", shiftId], queryFn: () => fetchReplacements(shiftId) });
  const ask = async () => {
    if (await change(t("team_day.asked_them"), () => askForReplacement(shiftId, chosen, uuid7()))) setChosen([]);
  };
  return (
    <QueryView query={query} rows={3}>
      {(found) => (
        <div className="stack" data-testid="replacements">
          <span className="quiet">
            {t("team_day.sought", { begins: timeText(found.begins_at), ends: timeText(found.ends_at) })}
          </span>
          {found.people.length === 0 ? <p>{t("team_day.nobody_lawful")}</p> : null}
          <Checkbox.Group className="stack proposals" value={chosen} onChange={setChosen}>
            {found.people.map((one) => (
              <Checkbox key={one.agent_id} value={one.agent_id} disabled={one.asked === "open"}>
                {one.agent_name}{" "}
                <span className="quiet">
                  {[
                    one.is_on_call ? t("team_day.on_call") : null,
                    one.is_longer ? t("team_day.longer") : null,
                    t("team_day.week_hours", { n: one.week_hours }),
                    one.asked ? t(`team_day.asked_${one.asked}`) : null,
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </Checkbox>
            ))}
          </Checkbox.Group>
          {Object.keys(found.barred).length > 0 ? (
            <span className="quiet">
              {t("team_day.barred", { n: Object.values(found.barred).reduce((sum, n) => sum + n, 0) })}
            </span>
          ) : null}
          <Button
            type="primary"
            disabled={chosen.length === 0}
            loading={isBusy}
            onClick={() => void ask()}
            data-testid="ask-replacements"
          >
            {t("team_day.ask_them", { n: chosen.length })}
          </Button>
        </div>
      )}
    </QueryView>
  );
}

function Replace({ person }: { person: PersonDay }) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const shift = person.shifts.at(-1);
  if (!shift) return null;
  if (isOpen) return <Replacements shiftId={shift.id} />;
  return (
    <Button onClick={() => setOpen(true)} data-testid="find-replacement">
      {t("team_day.find_replacement")}
    </Button>
  );
}

export function PersonDayPane({ row, day, onClose }: { row: DayRow; day: TeamDay; onClose: () => void }) {
  const { t } = useWords();
  const { person } = row;
  return (
    <section className="card stack" aria-label={row.name} data-testid="person-day">
      <div className="card-head">
        <strong style={{ fontSize: "1.15em" }}>{row.name}</strong>
        <Button size="small" onClick={onClose}>
          {t("general.close")}
        </Button>
      </div>
      {person ? (
        <>
          <Figures person={person} />
          <Absences person={person} />
          <Replace person={person} />
          <Movables person={person} nowMs={Date.parse(day.as_of)} />
          <PlanActivity person={person} nowMs={Date.parse(day.as_of)} />
          <ReportAbsence person={person} day={day} />
          <Parts person={person} />
        </>
      ) : (
        <p className="quiet">{t("team_day.not_rostered_hint")}</p>
      )}
    </section>
  );
}
