/** Times of day as people write them: `08:00, 09:30`. */

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** The times of the text; null when it cannot be read. */
export function timesOf(text: string): string[] | null {
  const parts = text
    .split(/[,，;；\s]/)
    .map((part) => part.trim())
    .filter(Boolean);
  return parts.every((part) => TIME.test(part)) ? parts : null;
}
