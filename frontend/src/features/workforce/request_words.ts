/** Shifts and requests in words. */
import { dateText, timeText } from "@/shared/moments";
import type { FurtherBreak, RequestShift, ShiftRequest } from "@/api/shift_requests";
import { useWords } from "@/words";

export const STATE_COLOURS = {
  open: "processing",
  accepted: "warning",
  done: "success",
  refused: "error",
  withdrawn: "default",
  expired: "default",
} as const;

interface Span {
  starts_at: string;
  ends_at: string;
}

/** `08:00–16:00`; what ends on a later day says so. */
export function useSpanWords(): (span: Span) => string {
  const { t } = useWords();
  return ({ starts_at, ends_at }) => {
    const span = `${timeText(starts_at)}–${timeText(ends_at)}`;
    return dateText(starts_at) === dateText(ends_at) ? span : t("my_roster.next_day", { span });
  };
}

export function useShiftWords(): (shift: RequestShift) => string {
  const { text } = useWords();
  const span = useSpanWords();
  return (shift) => [shift.day, span(shift), text(shift.shift_kind?.name)].filter(Boolean).join(" ");
}

const MINUTE_MS = 60_000;

/** Which breaks offered hours bring, and whether they are paid; empty where they bring none. */
export function useFurtherBreaks(): (breaks: readonly FurtherBreak[] | undefined) => string {
  const { t, language } = useWords();
  return (breaks = []) => {
    if (breaks.length === 0) return "";
    const each = breaks.map(({ starts_at, ends_at, is_paid }) =>
      t(is_paid ? "my_roster.break_paid" : "my_roster.break_unpaid", {
        at: timeText(starts_at),
        minutes: Math.round((Date.parse(ends_at) - Date.parse(starts_at)) / MINUTE_MS),
      }),
    );
    return t("my_roster.further_breaks", { breaks: new Intl.ListFormat(language).format(each) });
  };
}

/** What is asked, in one sentence. */
export function useRequestWords(): (request: ShiftRequest) => string {
  const { t } = useWords();
  const shift = useShiftWords();
  return (request) => {
    const name = request.agent_name;
    const other = request.other_agent_name ?? "";
    const own = request.shift ? shift(request.shift) : "";
    if (request.kind === "swap")
      return t("my_roster.asks_swap", {
        name,
        own,
        other,
        theirs: request.other_shift ? shift(request.other_shift) : "",
      });
    if (request.kind === "give_away") return t("my_roster.asks_give_away", { name, own, other });
    if (request.kind === "bid") return t("my_roster.asks_bid", { name, own });
    if (request.kind === "overtime") return t("my_roster.asks_overtime", { name, own });
    if (request.kind === "call_in") return t("my_roster.asks_call_in", { name, own });
    if (request.kind === "early_end") {
      const at = request.leaves_at ? timeText(request.leaves_at) : "";
      return t(request.is_paid ? "my_roster.asks_early_end_paid" : "my_roster.asks_early_end_unpaid", {
        name,
        own,
        at,
      });
    }
    return t("my_roster.asks_leave", { name, first: request.first_day, last: request.last_day });
  };
}
