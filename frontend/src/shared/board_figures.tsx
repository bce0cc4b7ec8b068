/** The figures of a board (one queue, or a tenant's total), each with its explanation. */
import type { BoardDocument, QueueDocument } from "@/live/documents";
import { useServerNow } from "@/live/hooks";
import { useWords } from "@/words";
import { clockText, countText, percentText, secondsClock } from "./figures";
import { Figure } from "./figure";
import { DEFAULT_TARGET, DEFAULT_THRESHOLD_S, quarterElapsed, ServiceLevel } from "./service_level";

/** A day that still runs can be mended as long as some of it is left; the part that has passed is told by the clock. */
function dayElapsed(nowMs: number): number {
  const now = new Date(nowMs);
  return (now.getHours() * 60 + now.getMinutes()) / (24 * 60);
}

export function IntervalLevel({ board, hasWord }: { board: BoardDocument; hasWord?: boolean }) {
  const { t } = useWords();
  const now = useServerNow();
  return (
    <ServiceLevel
      count={board.service_level_interval}
      target={board.target ?? DEFAULT_TARGET}
      thresholdS={board.threshold_s ?? DEFAULT_THRESHOLD_S}
      period={t("metrics.interval")}
      elapsedRatio={quarterElapsed(now)}
      source={t("metrics.routing_log")}
      hasWord={hasWord}
    />
  );
}

export function DayLevel({ board, hasWord }: { board: BoardDocument; hasWord?: boolean }) {
  const { t } = useWords();
  const now = useServerNow();
  return (
    <ServiceLevel
      count={board.service_level_today}
      target={board.target ?? DEFAULT_TARGET}
      thresholdS={board.threshold_s ?? DEFAULT_THRESHOLD_S}
      period={t("metrics.today")}
      elapsedRatio={dayElapsed(now)}
      source={t("metrics.routing_log")}
      hasWord={hasWord}
    />
  );
}

export function WaitingFigure({ board }: { board: BoardDocument }) {
  const { t } = useWords();
  const source = t("metrics.routing_log");
  return (
    <Figure about={{ name: t("metrics.waiting"), definition: t("metrics.waiting_def"), source }}>
      <span className="digits">{countText(board.waiting)}</span>
    </Figure>
  );
}

export function LongestFigure({ board }: { board: BoardDocument }) {
  const { t } = useWords();
  const now = useServerNow();
  const asked = board.longest_asked_ms;
  const source = t("metrics.routing_log");
  return (
    <Figure about={{ name: t("metrics.longest"), definition: t("metrics.longest_def"), source }}>
      <span className="digits">{asked === null ? t("general.none") : clockText(now - asked)}</span>
    </Figure>
  );
}

export function ExpectedWaitFigure({ queue }: { queue: QueueDocument }) {
  const { t } = useWords();
  const seconds = queue.expected_wait_s;
  const error = secondsClock(queue.expected_wait_error_s);
  const definition = t("metrics.expected_wait_def");
  const about = {
    name: t("metrics.expected_wait"),
    definition: error === null ? definition : `${definition} ${t("metrics.expected_wait_error", { error })}`,
    source: t("metrics.routing_log"),
  };
  return (
    <Figure about={about}>
      <span className="digits">{secondsClock(seconds) ?? t("general.none")}</span>
    </Figure>
  );
}

export function BlockedFigure({ board }: { board: BoardDocument }) {
  const { t } = useWords();
  const source = t("metrics.routing_log");
  const about = { name: t("alarms.blocked"), definition: t("alarms.blocked_def"), period: t("alarms.period"), source };
  return (
    <Figure about={about}>
      <span className="digits">{countText(board.blocked_lately)}</span>
    </Figure>
  );
}

export function AbandonedFigure({ board }: { board: BoardDocument }) {
  const { t } = useWords();
  const about = {
    name: t("metrics.abandoned"),
    definition: t("metrics.abandoned_def"),
    numerator: `${countText(board.abandoned_today)} ${t("metrics.abandoned_count")}`,
    denominator: `${countText(board.asked_today)} ${t("metrics.asked")}`,
    period: t("metrics.today"),
    source: t("metrics.routing_log"),
  };
  return (
    <Figure about={about}>
      <span className="digits">{percentText(board.abandoned_today, board.asked_today) ?? t("general.none")}</span>
    </Figure>
  );
}
