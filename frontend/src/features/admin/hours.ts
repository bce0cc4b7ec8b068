/** Opening hours as people write them: `08:30-12:00, 13:00-17:30`. */

export type Span = [string, string];

const SPAN = /^([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*(([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

export function hoursText(spans: readonly (readonly string[])[]): string {
  return spans.map(([from, to]) => `${from}-${to}`).join(", ");
}

/** The spans of the text; null when it cannot be read. Empty text means closed. */
export function hoursOf(text: string): Span[] | null {
  const parts = text
    .split(/[,，;；]/)
    .map((part) => part.trim())
    .filter(Boolean);
  const spans = parts.map((part) => {
    const match = SPAN.exec(part);
    return match ? ([`${match[1]}:${match[2]}`, match[3] ?? ""] satisfies Span) : null;
  });
  return spans.every((span) => span !== null) ? spans : null;
}
