/** A ticket's due clock: sign, word and time; late, soon, in time, stopped. */
import { useServerNow } from "@/live/hooks";
import { isWord, useWords } from "@/words";
import { momentText } from "./moments";

const SIGNS: Record<string, string> = { late: "✕", soon: "!", in_time: "✓", stopped: "‖" };

/** `1 d 2 h`, `0:46` hours and minutes. */
export function spanText(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  return `${hours}:${String(minutes % 60).padStart(2, "0")}`;
}

export function TicketClock({ clock, dueAt }: { clock: string; dueAt: string }) {
  const { t } = useWords();
  const now = useServerNow();
  const key = `tickets.clock_${clock}`;
  const left = Date.parse(dueAt) - now;
  const time = clock === "stopped" ? "" : `${left < 0 ? "-" : ""}${spanText(left)}`;
  return (
    <span className="digits" title={momentText(dueAt)} data-clock={clock} style={{ whiteSpace: "nowrap" }}>
      <span aria-hidden="true">{SIGNS[clock] ?? ""}</span> {isWord(key) ? t(key) : clock} {time}
    </span>
  );
}
