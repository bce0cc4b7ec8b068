/** How series and errors of forecasts read. */
import { useCallback } from "react";
import type { ForecastPart, ForecastSeries } from "@/api/planning";
import { CHANNEL_NAMES } from "@/shared/channel_names";
import { useWords, type WordKey } from "@/words";

/** One series of a forecast: a queue, and its brand where brands are told apart. */
export function seriesKey({ queue_id, brand }: Pick<ForecastSeries, "queue_id" | "brand">): string {
  return `${queue_id}/${brand}`;
}

export function useSeriesName(): (series: ForecastSeries) => string {
  const { text } = useWords();
  return useCallback(
    (series) => {
      const queue = text(series.queue_name);
      return series.brand ? `${queue} · ${text(series.brand_name)}` : queue;
    },
    [text],
  );
}

/** A channel or a site, of one queue or of all. */
export function partKey({ by, name }: Pick<ForecastPart, "by" | "name">): string {
  return `${by}/${name}`;
}

export function usePartName(): (part: Pick<ForecastPart, "by" | "name" | "site_name">) => string {
  const { t, text } = useWords();
  return useCallback(
    (part) => {
      if (!part.name) return t(`forecast.no_${part.by}`);
      const channel = (CHANNEL_NAMES as Partial<Record<string, WordKey>>)[part.name];
      if (part.by === "channel") return channel ? t(channel) : part.name;
      return part.site_name ? text(part.site_name) : t("forecast.no_site");
    },
    [t, text],
  );
}

const MODELS: Readonly<Record<string, WordKey>> = {
  "calendar process by working days": "forecast.model_process_working_days",
  "calendar process by dates": "forecast.model_process_dates",
  "two calendars, steady level": "forecast.model_two_calendars_steady",
  "two calendars, quick level": "forecast.model_two_calendars_quick",
  "mean of last four same weekdays": "forecast.model_four_weekdays",
  "same weekday last week": "forecast.model_last_weekday",
};

/** A model's name in the reader's language. */
export function useModelName(): (model: string) => string {
  const { t } = useWords();
  return useCallback(
    (model) => {
      const key = MODELS[model];
      return key ? t(key) : model;
    },
    [t],
  );
}

/** `4.1%`; a dash where the history was too short. */
export function shareText(share: number | null | undefined): string {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(1)}%`;
}

/** `+1.2%`: too many were expected. */
export function biasText(share: number | null | undefined): string {
  return share !== null && share !== undefined && share > 0 ? `+${shareText(share)}` : shareText(share);
}
