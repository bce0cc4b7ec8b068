/** What a rotation promises, and what a member was promised, in words. */
import type { Membership, OpenRotation } from "@/api/workforce";
import { useWords, type WordKey } from "@/words";

const WEEKDAYS: readonly WordKey[] = [
  "admin.monday",
  "admin.tuesday",
  "admin.wednesday",
  "admin.thursday",
  "admin.friday",
  "admin.saturday",
  "admin.sunday",
];

/** Times of day travel as 17:00:00. */
export const clock = (time: string) => time.slice(0, 5);

export function usePromiseWords(): (rotation: OpenRotation) => string[] {
  const { t } = useWords();
  return (rotation) =>
    [
      rotation.rest_block_days ? t("workforce.promise_rest", { days: rotation.rest_block_days }) : "",
      rotation.hours_tolerance_percent !== null
        ? t("workforce.promise_hours", { percent: rotation.hours_tolerance_percent ?? 0 })
        : "",
      rotation.asks_latest_end ? t("workforce.promise_latest_end") : "",
      rotation.asks_earliest_start ? t("workforce.promise_earliest_start") : "",
      rotation.allows_split ? "" : t("workforce.promise_no_split"),
      ...rotation.closed_hours.map(([from = "", to = ""]) => t("workforce.promise_closed", { from, to })),
      rotation.asks_timetable ? t("workforce.promise_lessons", { minutes: rotation.travel_minutes }) : "",
    ].filter(Boolean);
}

export function useMemberWords(): (membership: Membership) => string[] {
  const { t } = useWords();
  return ({ latest_end, earliest_start, lessons }) => [
    ...(earliest_start ? [t("workforce.from_at", { time: clock(earliest_start) })] : []),
    ...(latest_end ? [t("workforce.until_at", { time: clock(latest_end) })] : []),
    ...lessons.map((lesson) =>
      t("workforce.lesson", {
        day: t(WEEKDAYS[lesson.weekday] ?? "admin.monday"),
        from: clock(lesson.starts),
        to: clock(lesson.ends),
      }),
    ),
  ];
}
