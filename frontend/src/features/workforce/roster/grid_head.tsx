/** The grid's head: names of the columns, weeks, days, and which of them are public holidays. */
import { memo } from "react";
import { useWords } from "@/words";
import { useDayWords } from "./day_words";
import { fixedWidth, LEADING, type Sizes } from "./sizes";
import type { RosterStore } from "./store";

interface Props {
  store: RosterStore;
  sizes: Sizes;
  firstDay: number;
  untilDay: number;
  activeDay: number;
}

export const GridHead = memo(function GridHead({ store, sizes, firstDay, untilDay, activeDay }: Props) {
  const { t } = useWords();
  const dayWords = useDayWords();
  const { first_day, days, holidays } = store.document;
  const shown: number[] = [];
  for (let day = firstDay; day < untilDay; day += 1) shown.push(day);
  const fixed = (left: number, width: number, word: string) => (
    <div role="columnheader" className="roster-fixed" style={{ left, width }} title={word}>
      {word}
    </div>
  );
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="roster-head"
      style={{ height: sizes.head, width: fixedWidth(sizes) + days * sizes.day }}
    >
      {fixed(0, sizes.name, t("roster.name"))}
      {fixed(sizes.name, sizes.rotation, t("roster.rotation_short"))}
      {fixed(sizes.name + sizes.rotation, sizes.hours, t("roster.hours"))}
      {shown.map((day, n) => {
        const isHoliday = holidays.includes(day);
        const classes = [
          "roster-day",
          isHoliday || dayWords.isWeekend(first_day, day) ? "rest-day" : "",
          dayWords.isMonday(first_day, day) ? "week-start" : "",
          day === activeDay ? "active" : "",
        ];
        return (
          <div
            role="columnheader"
            key={day}
            aria-colindex={day + LEADING + 1}
            aria-label={[dayWords.long(first_day, day), isHoliday ? t("roster.holiday") : ""]
              .filter(Boolean)
              .join(", ")}
            title={isHoliday ? t("roster.holiday") : undefined}
            className={classes.filter(Boolean).join(" ")}
            style={{ width: sizes.day, marginLeft: n === 0 ? firstDay * sizes.day : 0 }}
          >
            <span>{dayWords.weekday(first_day, day)}</span>
            <span className="digits">
              {dayWords.date(first_day, day)}
              {isHoliday ? "*" : ""}
            </span>
          </div>
        );
      })}
    </div>
  );
});
