/** Expected contacts with their bounds beside those that came: by day, and by interval of a day. */
import { DatePicker, Segmented, Select, Table } from "antd";
import dayjs from "dayjs";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { fetchForecastCurve, type Forecast, type ForecastChoice, type ForecastCurve } from "@/api/planning";
import { Chart } from "@/shared/chart";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { partKey, seriesKey, usePartName, useSeriesName } from "./forecast_words";

const ALL = "*";
const FORMAT = "YYYY-MM-DD";

type Values = ForecastCurve["expected"];

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(value < 100 ? 1 : 0);
}

/** `2026-12-01` or `09:30`; `02:30+02:00` on a day on which clocks change. */
function beginText(begin: string): string {
  return begin.includes("T") ? begin.slice(11) : begin;
}

function Lines({ curve, label }: { curve: ForecastCurve; label: string }) {
  const { t } = useWords();
  const option = useMemo(() => {
    const line = (name: string, data: Values, type: "solid" | "dashed", width: number) => ({
      type: "line",
      name,
      data,
      showSymbol: false,
      connectNulls: false,
      lineStyle: { type, width },
    });
    const isChanged = curve.expected.some((value, place) => value !== curve.as_forecast[place]);
    // The band is drawn from its lower edge upwards: the edge itself is not seen.
    const band = { type: "line", stack: "bounds", showSymbol: false, lineStyle: { opacity: 0 }, silent: true };
    const width = curve.high.map((high, place) => (high === null ? null : high - (curve.low[place] ?? 0)));
    return {
      grid: { left: 52, right: 16, top: 34, bottom: 26 },
      legend: {
        top: 0,
        type: "scroll",
        data: [
          t("forecast.actual"),
          t("forecast.expected"),
          ...(isChanged ? [t("forecast.as_forecast")] : []),
          t("forecast.bounds"),
        ],
      },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: curve.begins.map(beginText) },
      yAxis: { type: "value", min: 0 },
      series: [
        { ...band, name: t("forecast.low"), data: curve.low },
        { ...band, name: t("forecast.bounds"), data: width, areaStyle: { opacity: 0.25 } },
        line(t("forecast.actual"), curve.actual, "solid", 1),
        line(t("forecast.expected"), curve.expected, "solid", 3),
        ...(isChanged ? [line(t("forecast.as_forecast"), curve.as_forecast, "dashed", 1)] : []),
      ],
    };
  }, [curve, t]);
  return <Chart option={option} height={300} label={label} />;
}

function Rows({ curve }: { curve: ForecastCurve }) {
  const { t } = useWords();
  const column = (title: string, values: Values) => ({
    title,
    align: "right" as const,
    render: (_: unknown, row: { place: number }) => <span className="digits">{numberText(values[row.place])}</span>,
  });
  return (
    <Table
      size="small"
      rowKey="place"
      pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: true }}
      dataSource={curve.begins
        .map((begin, place) => ({ begin, place }))
        .filter(({ place }) => (curve.expected[place] ?? 0) > 0 || (curve.actual[place] ?? 0) > 0)}
      columns={[
        {
          title: t(curve.by === "day" ? "forecast.day" : "forecast.interval"),
          render: (_, row) => <span className="digits">{beginText(row.begin)}</span>,
        },
        column(t("forecast.actual"), curve.actual),
        column(t("forecast.expected"), curve.expected),
        column(t("forecast.low"), curve.low),
        column(t("forecast.high"), curve.high),
        column(t("forecast.handle"), curve.handle_s),
      ]}
    />
  );
}

interface CurveProps {
  forecast: Forecast;
  query: ForecastChoice;
  isTable: boolean;
  name: string;
}

function Curve({ forecast, query, isTable, name }: CurveProps) {
  const { t } = useWords();
  const curve = useQuery({
    queryKey: ["forecast-curve", forecast.id, forecast.version, query],
    queryFn: () => fetchForecastCurve(forecast.id, query),
    placeholderData: (before) => before,
  });
  const label = t("forecast.chart_label", {
    name,
    period: query.day ?? `${forecast.first_day} – ${forecast.last_day}`,
  });
  return (
    <QueryView query={curve}>
      {(data) => (isTable ? <Rows curve={data} /> : <Lines curve={data} label={label} />)}
    </QueryView>
  );
}

/** What can be looked at: all queues, each queue, and each brand of a queue that is told apart. */
function useSeriesChoices(forecast: Forecast): { value: string; label: string; query: ForecastChoice }[] {
  const { t, text } = useWords();
  const nameOf = useSeriesName();
  const queues = new Map(forecast.series.map((one) => [one.queue_id, text(one.queue_name)]));
  return [
    { value: ALL, label: t("forecast.all_queues"), query: {} },
    ...[...queues].flatMap(([queue_id, label]) => {
      const brands = forecast.series.filter((one) => one.queue_id === queue_id);
      const own = brands.length > 1 ? brands : [];
      return [
        { value: queue_id, label, query: { queue_id } },
        ...own.map((one) => ({
          value: seriesKey(one),
          label: one.brand ? nameOf(one) : `${label} · ${t("forecast.no_brand")}`,
          query: { queue_id, brand: one.brand },
        })),
      ];
    }),
  ];
}

/** Channels and sites of a queue, or of all of them; each once. */
function usePartChoices(
  forecast: Forecast,
  queue_id?: string,
): { value: string; label: string; query: ForecastChoice }[] {
  const { t } = useWords();
  const nameOf = usePartName();
  const own = forecast.parts.filter((part) => !queue_id || part.queue_id === queue_id);
  const parts = new Map(own.map((part) => [partKey(part), part]));
  return [
    { value: ALL, label: t("forecast.all_parts"), query: {} },
    ...[...parts].map(([value, part]) => ({
      value,
      label: `${t(`forecast.by_${part.by}`)} · ${nameOf(part)}`,
      query: { [part.by]: part.name },
    })),
  ];
}

export function ForecastCurves({ forecast }: { forecast: Forecast }) {
  const { t } = useWords();
  const [chosen, setChosen] = useState(ALL);
  const [chosenPart, setChosenPart] = useState(ALL);
  const [view, setView] = useState<"chart" | "table">("chart");
  const [day, setDay] = useState(forecast.first_day);
  const choices = useSeriesChoices(forecast);
  const series = choices.find((one) => one.value === chosen) ?? choices[0];
  const isBrand = series?.query.brand !== undefined;
  const parts = usePartChoices(forecast, series?.query.queue_id);
  const part = isBrand ? undefined : parts.find((one) => one.value === chosenPart && one.value !== ALL);
  const query = { ...series?.query, ...part?.query };
  const name = [series?.label, part?.label].filter(Boolean).join(" · ");
  const isTable = view === "table";
  return (
    <section className="card stack">
      <div className="row">
        <h2>{t("forecast.contacts")}</h2>
        <Select
          aria-label={t("floor.queue")}
          style={{ minWidth: "12em" }}
          value={series?.value}
          onChange={setChosen}
          options={choices}
        />
        {forecast.parts.length > 0 ? (
          <Select
            aria-label={t("forecast.parts")}
            style={{ minWidth: "14em", maxWidth: "100%" }}
            value={part?.value ?? ALL}
            disabled={isBrand}
            onChange={setChosenPart}
            options={parts}
          />
        ) : null}
        <Segmented
          aria-label={t("forecast.view")}
          value={view}
          onChange={setView}
          options={(["chart", "table"] as const).map((value) => ({ value, label: t(`forecast.view_${value}`) }))}
        />
      </div>
      <Curve forecast={forecast} query={query} isTable={isTable} name={name} />
      <div className="card-head">
        <h2>{t("forecast.of_day")}</h2>
        <DatePicker
          aria-label={t("forecast.day")}
          value={dayjs(day)}
          allowClear={false}
          format={FORMAT}
          disabledDate={(one) => one.format(FORMAT) < forecast.first_day || one.format(FORMAT) > forecast.last_day}
          onChange={(one: dayjs.Dayjs | null) => {
            if (one) setDay(one.format(FORMAT));
          }}
        />
      </div>
      <Curve forecast={forecast} query={{ ...query, day }} isTable={isTable} name={name} />
      <p className="quiet">{t("forecast.bounds_hint", { share: Math.round(100 * (forecast.coverage ?? 0.9)) })}</p>
    </section>
  );
}
