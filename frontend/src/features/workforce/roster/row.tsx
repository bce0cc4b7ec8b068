/** One person of the roster: name, rotation, hours, and a cell for each day that is in sight. */
import { memo, useSyncExternalStore } from "react";
import type { RuleBreach } from "@/api/rosters";
import { useWords } from "@/words";
import { clockText, codeOf, dayAt, hoursText, toneOf, type Area, type Cell } from "./board";
import { LEADING, rotationMark, type Sizes } from "./sizes";
import type { RosterStore } from "./store";
import { useDayWords } from "./day_words";

interface Props {
  store: RosterStore;
  person: number;
  row: number;
  firstDay: number;
  untilDay: number;
  sizes: Sizes;
  activeDay: number | null;
  area: Area | null;
  dropDay: number | null;
}

export const cellId = (row: number, day: number): string => `roster-${row}-${day}`;

export const GridRow = memo(function GridRow(props: Props) {
  const { store, person, row, firstDay, untilDay, sizes } = props;
  useSyncExternalStore(store.subscribe, () => store.rowRevision(person));
  const { t, text } = useWords();
  const { document } = store;
  const who = document.people[person];
  if (!who) return null;
  const breaches = store.breaches.get(person) ?? [];
  const days: number[] = [];
  for (let day = firstDay; day < untilDay; day += 1) days.push(day);
  const rotations = who.rotations.map((place) => document.rotations[place]).filter((one) => one !== undefined);
  const ofAll = breaches.filter(({ day }) => day === null);
  const minutes = store.minutes[person] ?? 0;
  const target = who.high_min === null ? "" : `/${hoursText(Math.round(((who.low_min ?? 0) + who.high_min) / 2))}`;
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      className="roster-row"
      style={{ height: sizes.row, transform: `translateY(${row * sizes.row + sizes.head}px)` }}
    >
      <div
        role="rowheader"
        className="roster-fixed"
        style={{ left: 0, width: sizes.name }}
        title={`${who.name} ${who.number}`}
      >
        {who.name}
      </div>
      <div
        role="gridcell"
        className="roster-fixed"
        style={{ left: sizes.name, width: sizes.rotation }}
        title={rotations.map(({ name }) => text(name)).join(", ")}
      >
        {rotations.map(({ code }) => rotationMark(code)).join(" ")}
      </div>
      <div
        role="gridcell"
        className={ofAll.length > 0 ? "roster-fixed roster-hours broken" : "roster-fixed roster-hours"}
        style={{ left: sizes.name + sizes.rotation, width: sizes.hours }}
        title={[t("roster.hours_of", { n: hoursText(minutes) }), ...ofAll.map(({ sentence }) => sentence)].join("\n")}
      >
        {hoursText(minutes)}
        {target}
      </div>
      {days.map((day, n) => (
        <DayCell
          key={day}
          {...props}
          day={day}
          name={who.name}
          cell={store.cell(person, day)}
          broken={brokenOn(breaches, dayAt(document.first_day, day))}
          indent={n === 0 ? firstDay * sizes.day : 0}
        />
      ))}
    </div>
  );
});

function brokenOn(breaches: readonly RuleBreach[], day: string): readonly RuleBreach[] {
  return breaches.length === 0 ? breaches : breaches.filter((one) => one.day === day);
}

interface CellProps extends Props {
  day: number;
  name: string;
  cell: Cell;
  broken: readonly RuleBreach[];
  indent: number;
}

function DayCell({ store, person, row, day, name, cell, broken, sizes, indent, activeDay, area, dropDay }: CellProps) {
  const { t, text } = useWords();
  const dayWords = useDayWords();
  const { document } = store;
  const kind = cell ? document.kinds[cell.kind] : undefined;
  const time = cell ? `${clockText(cell.start)}–${clockText(cell.end)}` : "";
  const code = cell ? (codeOf(cell, document.kinds).split("@")[0] ?? "") : "";
  const what = kind ? `${code} ${text(kind.name)} ${time}` : t("roster.off");
  const said = broken.map(({ sentence }) => sentence);
  const isChosen = area !== null && day >= area.left && day <= area.right;
  const classes = [
    "roster-cell",
    cell ? `tone-${toneOf(cell, document)}` : "",
    broken.length > 0 ? "broken" : "",
    isChosen ? "chosen" : "",
    day === activeDay ? "active" : "",
    day === dropDay ? "drop" : "",
    store.isPending(person, day) ? "pending" : "",
    dayWords.isMonday(document.first_day, day) ? "week-start" : "",
  ];
  return (
    <div
      role="gridcell"
      id={cellId(row, day)}
      data-row={row}
      data-day={day}
      aria-colindex={day + LEADING + 1}
      aria-selected={isChosen}
      aria-label={[name, dayWords.long(document.first_day, day), what, ...said].join(", ")}
      title={[what, ...said].join("\n")}
      className={classes.filter(Boolean).join(" ")}
      style={{ width: sizes.day, marginLeft: indent }}
    >
      {code}
    </div>
  );
}
