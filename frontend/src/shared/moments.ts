/** Times as text: 24 h, ISO dates, in the tenant's time zone. */

let zone: string | undefined;

/** Set once after log-in; without it the browser's own zone is used. */
export function setTimeZone(timeZone: string | undefined): void {
  zone = timeZone;
}

type Moment = string | number | Date | null | undefined;

function parts(moment: Moment): Record<string, string> | null {
  if (moment === null || moment === undefined || moment === "") return null;
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return null;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(date).map((part) => [part.type, part.value]));
}

/** `2026-03-05`, or a dash when unknown. */
export function dateText(moment: Moment): string {
  const part = parts(moment);
  return part ? `${part.year}-${part.month}-${part.day}` : "–";
}

/** `10:42`. */
export function timeText(moment: Moment): string {
  const part = parts(moment);
  return part ? `${part.hour}:${part.minute}` : "–";
}

/** `10:42:07`. */
export function preciseTimeText(moment: Moment): string {
  const part = parts(moment);
  return part ? `${part.hour}:${part.minute}:${part.second}` : "–";
}

/** `2026-03-05 10:42`. */
export function momentText(moment: Moment): string {
  const part = parts(moment);
  return part ? `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}` : "–";
}
