/** One person's day as two bars: what is planned above what was done. The drawer holds the same as a list. */
import type { PersonDay } from "@/api/day";
import { timeText } from "@/shared/moments";
import { useWords } from "@/words";
import { shareOf } from "./team_day_rows";

interface Props {
  person: PersonDay;
  part: { beginsMs: number; endsMs: number };
  nowMs: number;
}

interface Piece {
  kind: string;
  begins_at: string;
  ends_at: string | null;
}

function Line({ pieces, part, nowMs, of }: { pieces: readonly Piece[]; of: "plan" | "done" } & Omit<Props, "person">) {
  return (
    <span className={`day-line ${of}`}>
      {pieces.map((piece) => {
        const left = shareOf(Date.parse(piece.begins_at), part.beginsMs, part.endsMs);
        const right = shareOf(piece.ends_at ? Date.parse(piece.ends_at) : nowMs, part.beginsMs, part.endsMs);
        return (
          <span
            key={`${piece.kind} ${piece.begins_at}`}
            className={`day-piece ${piece.kind}`}
            style={{ left: `${left * 100}%`, width: `${Math.max(0, right - left) * 100}%` }}
          />
        );
      })}
    </span>
  );
}

export function DayBar({ person, part, nowMs }: Props) {
  const { t } = useWords();
  const done = person.done.map((one) => ({ kind: one.doing, begins_at: one.begins_at, ends_at: one.ends_at }));
  const first = person.plan[0];
  const last = person.plan.at(-1);
  const label =
    first && last
      ? t("team_day.bar", { begins: timeText(first.begins_at), ends: timeText(last.ends_at) })
      : t("team_day.bar_none");
  const isNowShown = part.beginsMs < nowMs && nowMs < part.endsMs;
  return (
    <span className="day-bar" role="img" aria-label={label} title={label}>
      <Line pieces={person.plan} part={part} nowMs={nowMs} of="plan" />
      <Line pieces={done} part={part} nowMs={nowMs} of="done" />
      {isNowShown ? (
        <span className="day-now" style={{ left: `${shareOf(nowMs, part.beginsMs, part.endsMs) * 100}%` }} />
      ) : null}
    </span>
  );
}
