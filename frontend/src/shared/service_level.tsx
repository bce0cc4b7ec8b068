/** Service level from integers: text, band with shape and word, and what it counts. */
import type { ServiceLevelCount } from "@/live/documents";
import { useWords } from "@/words";
import { bandOf, countText, percentText } from "./figures";
import { Figure, type Explanation } from "./figure";
import { BandTag } from "./state_tag";

export const DEFAULT_TARGET = 8500;
export const DEFAULT_THRESHOLD_S = 15;

interface Props {
  count: ServiceLevelCount;
  target: number;
  thresholdS: number;
  period: string;
  /** 1 for a closed period. */
  elapsedRatio: number;
  source: string;
  hasWord?: boolean;
}

export function useServiceLevelAbout(): (props: Omit<Props, "hasWord">) => Explanation {
  const { t } = useWords();
  return ({ count, target, thresholdS, period, elapsedRatio, source }) => ({
    name: t("metrics.service_level"),
    definition: t("metrics.service_level_def", { s: thresholdS }),
    numerator: `${countText(count.answered_in_time)} ${t("metrics.in_time")}`,
    denominator: `${countText(count.asked)} ${t("metrics.asked")}`,
    target: `≥ ${(target / 100).toFixed(2)}%`,
    period: elapsedRatio < 1 ? `${period}. ${t("metrics.running")}` : period,
    source,
  });
}

export function ServiceLevel(props: Props) {
  const { t } = useWords();
  const about = useServiceLevelAbout()(props);
  const { answered_in_time: answered, asked } = props.count;
  const text = percentText(answered, asked, props.target);
  return (
    <Figure about={about}>
      <span className="digits">{text ?? t("general.none")}</span>{" "}
      <BandTag band={bandOf(answered, asked, props.target, props.elapsedRatio)} hasWord={props.hasWord ?? true} />
    </Figure>
  );
}

const QUARTER_MS = 15 * 60_000;

/** How much of the running quarter of an hour has passed, 0–1. */
export function quarterElapsed(nowMs: number): number {
  return (nowMs % QUARTER_MS) / QUARTER_MS;
}
