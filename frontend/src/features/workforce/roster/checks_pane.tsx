/** What stands against the roster: rules that are broken, seats, people who are missing; and what can be done. */
import { Button, Dropdown } from "antd";
import { useQuery } from "@tanstack/react-query";
import { memo, useEffect, useState, useSyncExternalStore } from "react";
import {
  fetchCandidates,
  fetchChecks,
  fetchLawfulShifts,
  type Candidate,
  type LawfulShift,
  type RosterChecks,
  type RuleBreach,
  type Unfilled,
} from "@/api/rosters";
import { useNotices } from "@/shared/notices";
import { Failure, Loading } from "@/shared/views";
import { useWords } from "@/words";
import { clockText, dayAt, dayNumber, hoursText, laidOut, type Cell } from "./board";
import { useDayWords } from "./day_words";
import { useQuietRevision } from "./quiet";
import type { RosterStore } from "./store";

interface Props {
  store: RosterStore;
  onShow: (person: number, day: number) => void;
}

const MOST = 20;
const CHECK_AGAIN_MS = 4000;

/** The checks of the newest saved version; an edit asks for them anew once it has been quiet for a while. */
export function useChecks(store: RosterStore) {
  const { language } = useWords(); // the server's sentences are in it
  const version = useSyncExternalStore(store.subscribe, () => store.version);
  const [wanted, setWanted] = useState(version);
  useEffect(() => {
    if (wanted === version) return;
    const timer = setTimeout(() => setWanted(version), CHECK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [version, wanted]);
  const checks = useQuery({
    queryKey: ["roster-checks", store.document.id, wanted, language],
    queryFn: () => fetchChecks(store.document.id),
    placeholderData: (before) => before,
  });
  const found = checks.data;
  useEffect(() => {
    if (found) store.setBreaches(found.version, found.breaches);
  }, [found, store]);
  return { checks, isOld: found !== undefined && found.version !== version };
}

export const ChecksPane = memo(function ChecksPane({ store, onShow }: Props) {
  const { t } = useWords();
  useQuietRevision(store);
  const { checks, isOld } = useChecks(store);
  const breaches = [...store.breaches.values()].flat();
  return (
    <aside className="card roster-checks" aria-label={t("roster.checks")}>
      <h2>{t("roster.checks")}</h2>
      {checks.isError ? <Failure error={checks.error} retry={() => void checks.refetch()} /> : null}
      {checks.isPending ? <Loading rows={3} /> : null}
      {checks.data ? (
        <>
          <p className={breaches.length > 0 ? "roster-bad" : "roster-good"} data-testid="breach-count">
            {breaches.length > 0 ? `✕ ${t("roster.broken", { n: breaches.length })}` : `✓ ${t("roster.none_broken")}`}
          </p>
          <ul className="roster-list">
            {breaches.slice(0, MOST).map((breach) => (
              <BreachLine
                key={`${breach.agent_id}-${breach.rule}-${breach.day ?? ""}`}
                {...{ breach, store, onShow }}
              />
            ))}
          </ul>
          {breaches.length > MOST ? (
            <p className="quiet">{t("roster.and_more", { n: breaches.length - MOST })}</p>
          ) : null}
          <Cover checks={checks.data} store={store} isOld={isOld} onShow={onShow} />
        </>
      ) : null}
    </aside>
  );
});

const BreachLine = memo(function BreachLine({ breach, store, onShow }: Props & { breach: RuleBreach }) {
  const { t } = useWords();
  const person = store.placeOf(breach.agent_id);
  if (person === undefined) return null;
  const day = breach.day === null ? null : dayNumber(store.document.first_day, breach.day);
  const cell = day === null ? null : store.cell(person, day);
  return (
    <li>
      <button type="button" className="link-button" onClick={() => onShow(person, Math.max(0, day ?? 0))}>
        {breach.sentence}
      </button>
      {day !== null && cell !== null ? (
        <div className="row">
          <LawfulChoice {...{ store, person, day }} label={t("roster.change_to")} />
          <CandidateChoice store={store} day={day} cell={cell} from={person} />
        </div>
      ) : null}
    </li>
  );
});

/** The shifts that this person may work on that day, asked for when the list is opened. */
export function LawfulChoice({
  store,
  person,
  day,
  label,
}: Omit<Props, "onShow"> & { person: number; day: number; label: string }) {
  const { t, text } = useWords();
  const { bad } = useNotices();
  const [found, setFound] = useState<LawfulShift[] | null>(null);
  const { document } = store;
  const who = document.people[person];
  const ask = async () => {
    try {
      setFound(await fetchLawfulShifts(document.id, who?.id ?? "", dayAt(document.first_day, day)));
    } catch (error) {
      bad(error);
    }
  };
  const cellFor = ({ shift_kind_id, start }: LawfulShift): Cell => {
    if (shift_kind_id === null || start === null) return null;
    return laidOut(
      document.kinds,
      document.kinds.findIndex(({ id }) => id === shift_kind_id),
      start,
    );
  };
  const items = (found ?? []).map((one) => {
    const cell = cellFor(one);
    const kind = cell ? document.kinds[cell.kind] : undefined;
    const name = cell && kind ? `${kind.short} ${clockText(cell.start)} ${text(kind.name)}` : t("roster.off");
    return {
      key: `${one.shift_kind_id}-${one.start}`,
      label: name,
      onClick: () => store.edit([{ person, day, cell }]),
    };
  });
  const none = [
    { key: "none", label: found === null ? t("general.loading") : t("roster.nothing_lawful"), disabled: true },
  ];
  return (
    <Dropdown
      trigger={["click"]}
      menu={{ items: items.length > 0 ? items : none }}
      onOpenChange={(isOpen) => isOpen && void ask()}
    >
      <Button size="small">{label}</Button>
    </Dropdown>
  );
}

/** Who may work this shift instead; choosing somebody moves it there. */
function CandidateChoice({
  store,
  day,
  cell,
  from,
}: {
  store: RosterStore;
  day: number;
  cell: NonNullable<Cell>;
  from: number;
}) {
  const { t } = useWords();
  const { bad } = useNotices();
  const [found, setFound] = useState<Candidate[] | null>(null);
  const { document } = store;
  const ask = async () => {
    const kind = document.kinds[cell.kind]?.id ?? "";
    try {
      setFound(
        await fetchCandidates(document.id, {
          day: dayAt(document.first_day, day),
          shift_kind_id: kind,
          start: cell.start,
        }),
      );
    } catch (error) {
      bad(error);
    }
  };
  const move = (candidate: Candidate) => {
    const to = store.placeOf(candidate.agent_id);
    if (to === undefined) return;
    store.edit([
      { person: from, day, cell: null },
      { person: to, day, cell },
    ]);
  };
  const items = (found ?? []).map((one) => ({
    key: one.agent_id,
    label: `${one.name} (${hoursText(one.paid_min)})`,
    onClick: () => move(one),
  }));
  const none = [
    { key: "none", label: found === null ? t("general.loading") : t("roster.nobody_lawful"), disabled: true },
  ];
  return (
    <Dropdown
      trigger={["click"]}
      menu={{ items: items.length > 0 ? items : none, style: { maxHeight: 320, overflowY: "auto" } }}
      onOpenChange={(isOpen) => isOpen && void ask()}
    >
      <Button size="small">{t("roster.who_could")}</Button>
    </Dropdown>
  );
}

function Cover({ checks, store, isOld, onShow }: Props & { checks: RosterChecks; isOld: boolean }) {
  const { t } = useWords();
  const dayWords = useDayWords();
  const { document } = store;
  const share = checks.coverage === null ? "–" : `${(checks.coverage / 100).toFixed(1)} %`;
  const seats = checks.seats.slice(0, MOST);
  return (
    <>
      <p data-testid="coverage">
        {t("roster.coverage", { share })} <span className="quiet">{isOld ? t("roster.counting") : ""}</span>
      </p>
      <p>
        {t("roster.cost", { hours: hoursText(checks.paid_min) })}
        {checks.overtime_min > 0 ? ` ${t("roster.of_them_overtime", { hours: hoursText(checks.overtime_min) })}` : null}
      </p>
      {seats.length > 0 ? (
        <ul className="roster-list">
          {seats.map((one) => (
            <li key={`${one.day}-${one.from_min}`}>
              ✕{" "}
              {t("roster.over_seats", {
                day: dayWords.long(one.day, 0),
                time: `${clockText(one.from_min)}–${clockText(one.to_min)}`,
                n: one.people,
                seats: document.seats ?? 0,
              })}
            </li>
          ))}
        </ul>
      ) : null}
      <h3>{t("roster.unfilled", { n: checks.unfilled.length })}</h3>
      <ul className="roster-list">
        {checks.unfilled.slice(0, MOST).map((gap) => (
          <GapLine key={`${gap.skill_id}-${gap.day}-${gap.from_min}`} gap={gap} store={store} onShow={onShow} />
        ))}
      </ul>
      {checks.unfilled.length > MOST ? (
        <p className="quiet">{t("roster.and_more", { n: checks.unfilled.length - MOST })}</p>
      ) : null}
    </>
  );
}

const GapLine = memo(function GapLine({ gap, store, onShow }: Props & { gap: Unfilled }) {
  const { t, text } = useWords();
  const dayWords = useDayWords();
  const { document } = store;
  const skill = document.skills.find(({ id }) => id === gap.skill_id);
  const { able, on_duty, at_break, absent, barred, resting } = gap;
  const why =
    able === 0 ? t("roster.why_nobody") : t("roster.why", { able, on_duty, at_break, absent, barred, resting });
  return (
    <li>
      <button type="button" className="link-button" onClick={() => onShow(-1, dayNumber(document.first_day, gap.day))}>
        {t("roster.short", {
          day: dayWords.long(gap.day, 0),
          time: `${clockText(gap.from_min)}–${clockText(gap.to_min)}`,
          skill: text(skill?.name),
          n: gap.missing,
        })}
      </button>
      <div className="quiet">{why}</div>
    </li>
  );
});
