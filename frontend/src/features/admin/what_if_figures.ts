/** Figures of a what-if as text, and what they say in plain words. */
import type { WhatIfCurve, WhatIfEstimate, WhatIfFigure, WhatIfResult } from "@/api/what_if";
import { countText } from "@/shared/figures";
import type { Translate } from "@/words";

export type Metric = WhatIfFigure["metric"];
export type Curved = WhatIfCurve["metric"];

/** What is shown of each queue at a glance. */
export const GLANCE: readonly Metric[] = ["service_level", "abandoned", "average_wait_s", "wait_percentile95_s"];
export const CURVED: readonly Curved[] = [
  "service_level",
  "average_wait_s",
  "wait_percentile95_s",
  "abandoned",
  "asked",
];
const SHARES: readonly string[] = ["service_level", "abandon_probability"];
/** More of it is better, less of it is better, or neither. */
const GOOD: Partial<Record<Metric, 1 | -1>> = {
  service_level: 1,
  answered: 1,
  abandoned: -1,
  abandon_probability: -1,
  blocked: -1,
  average_wait_s: -1,
  wait_percentile95_s: -1,
};
const NONE = "–";

function isShare(metric: string): boolean {
  return SHARES.includes(metric);
}

/** In per cent where it is a share. */
export function scaled(metric: string, value: number | null): number | null {
  return value === null ? null : isShare(metric) ? value * 100 : value;
}

function digits(metric: string, value: number): string {
  const isCount = !isShare(metric) && Number.isInteger(value);
  return isCount ? countText(value) : (Math.round(value * 10) / 10).toFixed(1);
}

/** `81.2%`, `14.5 s`, `312`; a dash where nobody was counted. */
export function valueText(metric: string, value: number | null): string {
  const shown = scaled(metric, value);
  if (shown === null) return NONE;
  if (isShare(metric)) return `${digits(metric, shown)}%`;
  return metric.endsWith("_s") ? `${digits(metric, shown)} s` : digits(metric, shown);
}

/** `[80.1 … 82.3]`; nothing where there is no interval. */
export function intervalText(metric: string, { low, high }: WhatIfEstimate): string {
  const from = scaled(metric, low);
  const to = scaled(metric, high);
  return from === null || to === null ? "" : `[${digits(metric, from)} … ${digits(metric, to)}]`;
}

/** `+7.5`, `−3`, `0`: with its sign. */
export function changeText(metric: string, { value }: WhatIfEstimate): string {
  const shown = scaled(metric, value);
  if (shown === null) return NONE;
  const sign = shown > 0 ? "+" : shown < 0 ? "−" : "";
  return `${sign}${digits(metric, Math.abs(shown))}`;
}

export type Verdict = "better" | "worse" | "other" | "chance" | "same" | "unknown";

/** Whether the difference is more than chance, and which way it goes. */
export function verdictOf({ metric, difference }: WhatIfFigure): Verdict {
  const { value, low, high } = difference;
  if (value === null || low === null || high === null) return "unknown";
  if (value === 0 && low === 0 && high === 0) return "same";
  if (low <= 0 && high >= 0) return "chance";
  const good = GOOD[metric];
  return good === undefined ? "other" : value * good > 0 ? "better" : "worse";
}

export function figureOf(result: WhatIfResult, queueId: string | null, metric: Metric): WhatIfFigure | undefined {
  return result.figures.find((one) => one.queue_id === queueId && one.metric === metric);
}

/** What the figures of a queue, or of all, say: one sentence for each figure at a glance. */
export function sentences(result: WhatIfResult, queueId: string | null, t: Translate): string[] {
  return GLANCE.flatMap((metric) => {
    const figure = figureOf(result, queueId, metric);
    if (!figure || figure.after.value === null || figure.before.value === null) return [];
    return [
      t(`whatif.says_${verdictOf(figure)}`, {
        name: t(`whatif.${metric}`),
        before: valueText(metric, figure.before.value),
        after: valueText(metric, figure.after.value),
        change: changeText(metric, figure.difference),
        interval: intervalText(metric, figure.difference),
      }),
    ];
  });
}
