/** One's own roster as a month, a week or a list. A day is a button: it opens what can be done on it. */
import { CheckOutlined, CloseOutlined, HeartOutlined, PauseCircleOutlined } from "@ant-design/icons";
import { Table, Tag, type TableColumnsType } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import type { OwnRoster, OwnShift, Wish } from "@/api/shift_requests";
import { dateText, timeText } from "@/shared/moments";
import { EmptyState } from "@/shared/views";
import { useWords, type WordKey } from "@/words";
import { useSpanWords } from "./request_words";

export const DAY = "YYYY-MM-DD";
const WEEKDAYS: readonly WordKey[] = [
  "admin.monday",
  "admin.tuesday",
  "admin.wednesday",
  "admin.thursday",
  "admin.friday",
  "admin.saturday",
  "admin.sunday",
];

/** Monday is 0. */
const weekday = (day: Dayjs) => (day.day() + 6) % 7;
export const mondayOf = (day: Dayjs) => day.subtract(weekday(day), "day");

export function shiftOf(roster: OwnRoster, day: string): OwnShift | undefined {
  return roster.shifts.find((shift) => shift.day === day);
}

export function absenceOn(roster: OwnRoster, day: string) {
  return roster.absences.find(({ starts_at, ends_at }) => dateText(starts_at) <= day && day < dateText(ends_at));
}

export function useWishWords(): (wish: Wish) => string {
  const { t, text } = useWords();
  return (wish) =>
    wish.kind === "shift_kind"
      ? t("my_roster.wish_for_kind", { kind: text(wish.shift_kind?.name) })
      : t(`my_roster.wish_${wish.kind}`);
}

function WishLine({ wish }: { wish: Wish }) {
  const { t } = useWords();
  const words = useWishWords();
  const granted = wish.is_granted === null ? "" : t(wish.is_granted ? "my_roster.granted" : "my_roster.not_granted");
  return (
    <span>
      {wish.is_granted === null ? <HeartOutlined /> : wish.is_granted ? <CheckOutlined /> : <CloseOutlined />}{" "}
      {words(wish)} {granted ? <span className="quiet">({granted})</span> : null}
    </span>
  );
}

function DayButton({ roster, day, onOpen }: { roster: OwnRoster; day: string; onOpen: (day: string) => void }) {
  const { t, text } = useWords();
  const span = useSpanWords();
  const shift = shiftOf(roster, day);
  const wish = roster.wishes.find((one) => one.day === day);
  const isAway = absenceOn(roster, day) !== undefined;
  const isKnown = roster.first <= day && day <= roster.last;
  const isPublished = roster.published_days.includes(day);
  return (
    <button
      type="button"
      className={day === roster.today ? "roster-day today" : "roster-day"}
      disabled={!isKnown}
      onClick={() => onOpen(day)}
      data-day={day}
    >
      <span className="roster-date digits">{day.slice(8)}</span>
      {shift ? (
        <span className="roster-shift">
          <strong>{text(shift.shift_kind.name)}</strong>
          <span className="digits">{span(shift)}</span>
        </span>
      ) : null}
      {isAway ? (
        <span>
          <PauseCircleOutlined /> {t("my_roster.away")}
        </span>
      ) : null}
      {wish ? <WishLine wish={wish} /> : null}
      {!shift && !isAway && isKnown && isPublished ? <span className="quiet">{t("my_roster.day_off")}</span> : null}
    </button>
  );
}

interface Props {
  roster: OwnRoster;
  /** A day within what is shown. */
  around: Dayjs;
  onOpen: (day: string) => void;
}

function Weeks({
  roster,
  first,
  weeks,
  className,
  onOpen,
}: Omit<Props, "around"> & { first: Dayjs; weeks: number; className: string }) {
  const { t } = useWords();
  return (
    <table className={`roster-month ${className}`}>
      <thead>
        <tr>
          {WEEKDAYS.map((word) => (
            <th key={word} scope="col">
              {t(word)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: weeks }, (_, week) => (
          <tr key={week}>
            {WEEKDAYS.map((word, number) => {
              const day = first.add(week * 7 + number, "day").format(DAY);
              return (
                <td key={word}>
                  <DayButton roster={roster} day={day} onOpen={onOpen} />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function MonthView({ around, ...rest }: Props) {
  const first = mondayOf(around.startOf("month"));
  const weeks = Math.ceil((around.endOf("month").diff(first, "day") + 1) / 7);
  return <Weeks {...rest} first={first} weeks={weeks} className="roster-months" />;
}

export function WeekView({ around, ...rest }: Props) {
  return <Weeks {...rest} first={mondayOf(around)} weeks={1} className="roster-week" />;
}

export function ListView({ roster, onOpen }: Omit<Props, "around">) {
  const { t, text } = useWords();
  const span = useSpanWords();
  const columns: TableColumnsType<OwnShift> = [
    {
      title: t("my_roster.day"),
      render: (_, shift) => (
        <a
          href={`?day=${shift.day}`}
          onClick={(event) => {
            event.preventDefault();
            onOpen(shift.day);
          }}
        >
          {shift.day} {t(WEEKDAYS[weekday(dayjs(shift.day))] ?? "admin.monday")}
        </a>
      ),
    },
    { title: t("my_roster.shift"), render: (_, shift) => text(shift.shift_kind.name) },
    {
      title: t("my_roster.times"),
      render: (_, shift) => (shift.pieces.length > 1 ? pieceWords(shift).join(", ") : span(shift)),
    },
    { title: t("my_roster.breaks"), render: (_, shift) => breakWords(shift).join(", ") || "–" },
    { title: t("my_roster.skill"), render: (_, shift) => text(shift.skill_name) || "–" },
    {
      title: t("my_roster.came_by"),
      render: (_, shift) => (
        <>
          <Tag>{t(`my_roster.source_${shift.source}`)}</Tag>
          {shift.overtime_min > 0 ? t("my_roster.of_it_overtime", { hours: durationText(shift.overtime_min) }) : null}
        </>
      ),
    },
  ];
  return (
    <Table<OwnShift>
      size="small"
      rowKey="id"
      pagination={false}
      columns={columns}
      dataSource={roster.shifts}
      scroll={{ x: true }}
      locale={{ emptyText: <EmptyState hint={t("my_roster.no_shifts")} /> }}
    />
  );
}

/** `12:00–12:30`, by the clock on the wall. */
export function breakWords(shift: OwnShift): string[] {
  return shift.breaks.map(([from = 0, to = 0]) => `${clock(from)}–${clock(to)}`);
}

/** Start and end of each piece; one span for a day in one piece. */
export function pieceWords(shift: OwnShift): string[] {
  return shift.pieces.map(([from = 0, to = 0]) => `${clock(from)}–${clock(to)}`);
}

/** `2:00` hours. */
export function durationText(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

function clock(minute: number): string {
  const ofDay = minute % 1440;
  return `${String(Math.floor(ofDay / 60)).padStart(2, "0")}:${String(ofDay % 60).padStart(2, "0")}`;
}

export const activityTime = (from: string, to: string) => `${timeText(from)}–${timeText(to)}`;
