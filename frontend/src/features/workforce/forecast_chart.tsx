/** Expected contacts with their bounds beside those that came: by day, and by interval of a day. */
import { DatePicker, Segmented, Select, Table } from "antd";
import dayjs from "dayjs";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { fetchForecastCurve, type Forecast, type ForecastCurve } from "@/api/planning";
import { Chart } from "@/shared/chart";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { seriesKey, useSeriesName } from "./forecast_words";

const ALL = "*";
const FORMAT = "YYYY-MM-DD";

type Values = ForecastCurve["expected"];

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(value < 100 ? 1 : 0);
}

/** `2026-12-01` or `09:30`. */
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
  query: { queue_id?: string; brand?: string; day?: string };
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

export function ForecastCurves({ forecast }: { forecast: Forecast }) {
  const { t } = useWords();
  const nameOf = useSeriesName();
  const [chosen, setChosen] = useState(ALL);
  const [view, setView] = useState<"chart" | "table">("chart");
  const [day, setDay] = useState(forecast.first_day);
  const series = forecast.series.find((one) => seriesKey(one) === chosen);
  const query = series ? { queue_id: series.queue_id, brand: series.brand || undefined } : {};
  const name = series ? nameOf(series) : t("forecast.all_queues");
  const isTable = view === "table";
  return (
    <section className="card stack">
      <div className="card-head">
        <h2>{t("forecast.contacts")}</h2>
        <Select
          aria-label={t("floor.queue")}
          style={{ minWidth: "12em" }}
          value={chosen}
          onChange={setChosen}
          options={[
            { value: ALL, label: t("forecast.all_queues") },
            ...forecast.series.map((one) => ({ value: seriesKey(one), label: nameOf(one) })),
          ]}
        />
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
