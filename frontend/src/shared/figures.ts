/** Figures as text. Ratios come as integers and are compared as integers: rounding never crosses a target (GZ-09). */

export type Band = "met" | "at_risk" | "missed" | "none";

/** True when numerator/denominator reaches the target, given in hundredths of a per cent (8500 is 85.00 %). */
export function isMet(numerator: number, denominator: number, targetHundredths: number): boolean {
  return numerator * 10_000 >= targetHundredths * denominator;
}

function hundredths(numerator: number, denominator: number, round: (value: number) => number): number {
  return round((numerator * 10_000) / denominator);
}

/** `84.99%`; null when the denominator is zero, which is shown as "none" and never as 0 %.
 *
 * One decimal, or two within a tenth of a point of the target; the last digit stays on the target's own side. */
export function percentText(numerator: number, denominator: number, targetHundredths?: number): string | null {
  if (denominator <= 0) return null;
  const exact = (numerator * 10_000) / denominator;
  if (targetHundredths === undefined) return `${(Math.round(exact / 10) / 10).toFixed(1)}%`;
  const wasMet = isMet(numerator, denominator, targetHundredths);
  const oneDecimal = Math.round(exact / 10) * 10;
  const isNear = Math.abs(exact - targetHundredths) < 10;
  if (!isNear && oneDecimal >= targetHundredths === wasMet) return `${(oneDecimal / 100).toFixed(1)}%`;
  const rounded = hundredths(numerator, denominator, Math.round);
  const keepsSide = rounded >= targetHundredths === wasMet;
  const shown = keepsSide ? rounded : hundredths(numerator, denominator, wasMet ? Math.ceil : Math.floor);
  return `${(shown / 100).toFixed(2)}%`;
}

/** Met or missed for a closed period. A running one that is below its target is at risk while it can still be reached.
 *
 * `elapsedRatio` (0–1) is the part of the period that has passed. Reachable means: if as many ask in the rest of the
 * period as have asked so far, pro rata, and all are answered in time, the target is met. */
export function bandOf(numerator: number, denominator: number, targetHundredths: number, elapsedRatio = 1): Band {
  if (denominator <= 0) return "none";
  if (isMet(numerator, denominator, targetHundredths)) return "met";
  if (elapsedRatio >= 1) return "missed";
  const expected = denominator / Math.max(elapsedRatio, 0.01);
  const best = numerator + (expected - denominator);
  return isMet(best, expected, targetHundredths) ? "at_risk" : "missed";
}

/** `12,345` in both languages. */
export function countText(count: number): string {
  return new Intl.NumberFormat("en-US").format(count);
}

/** `m:ss`, from an hour on `h:mm:ss`; never negative. */
export function clockText(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const seconds = String(total % 60).padStart(2, "0");
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

/** Average of a sum in milliseconds as a clock, in whole seconds, halves up as the server does; null without a
 * denominator. */
export function averageClock(sumMs: number, count: number): string | null {
  return count > 0 ? clockText(Math.floor((2 * sumMs + 1000 * count) / (2000 * count)) * 1000) : null;
}

/** Whole seconds as a clock; null when unknown. */
export function secondsClock(seconds: number | null): string | null {
  return seconds === null ? null : clockText(seconds * 1000);
}
