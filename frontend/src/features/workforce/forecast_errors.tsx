/** How good the forecast is: errors in the backtest by horizon beside the baseline's, and over the days gone by. */
import { Alert, Table } from "antd";
import { useQuery } from "@tanstack/react-query";
import {
  fetchForecastAccuracy,
  fetchForecastPartAccuracy,
  type Forecast,
  type ForecastAccuracy,
  type ForecastHorizon,
  type ForecastPartAccuracy,
} from "@/api/planning";
import { useWords } from "@/words";
import { biasText, partKey, seriesKey, shareText, useModelName, usePartName, useSeriesName } from "./forecast_words";

/** A share beside the baseline's, with the word for which is better. */
function Beside({ own, baseline }: { own: number | null; baseline: number | null }) {
  const { t } = useWords();
  const verdict = own === null || baseline === null ? null : own <= baseline ? "better" : "worse";
  return (
    <span className="digits">
      <strong>{shareText(own)}</strong>{" "}
      <span className="quiet">{t("forecast.beside", { value: shareText(baseline) })}</span>{" "}
      {verdict ? t(`forecast.is_${verdict}`) : null}
    </span>
  );
}

export function ForecastErrors({ forecast }: { forecast: Forecast }) {
  const { t } = useWords();
  const nameOf = useSeriesName();
  const names = new Map(forecast.series.map((one) => [seriesKey(one), nameOf(one)]));
  const modelName = useModelName();
  if (forecast.errors.length === 0) return null;
  return (
    <section className="card stack">
      <h2>{t("forecast.errors")}</h2>
      <p className="quiet">{t("forecast.errors_hint")}</p>
      <Table<ForecastHorizon>
        size="small"
        rowKey={(row) => `${seriesKey(row)}/${row.horizon}`}
        pagination={forecast.errors.length > 50 ? { pageSize: 50 } : false}
        scroll={{ x: true }}
        dataSource={forecast.errors}
        expandable={{
          expandedRowRender: (row) => <ByReach row={row} />,
          rowExpandable: (row) => row.by_days_ahead.length > 1,
        }}
        columns={[
          { title: t("floor.queue"), render: (_, row) => names.get(seriesKey(row)) ?? "–" },
          {
            title: t("forecast.horizon"),
            render: (_, row) =>
              row.horizon === "next_day" ? t("forecast.next_day") : t("forecast.days_ahead", { n: row.days }),
          },
          {
            title: t("forecast.day_wape"),
            render: (_, row) => <Beside own={row.day_wape} baseline={row.baseline.day_wape} />,
          },
          { title: t("forecast.wape"), render: (_, row) => <Beside own={row.wape} baseline={row.baseline.wape} /> },
          { title: t("forecast.bias"), render: (_, row) => <span className="digits">{biasText(row.bias)}</span> },
          {
            title: t("forecast.mase"),
            render: (_, row) => <span className="digits">{row.mase === null ? "–" : row.mase.toFixed(2)}</span>,
          },
          { title: t("forecast.model"), render: (_, row) => modelName(row.model) },
        ]}
      />
    </section>
  );
}

interface Reach {
  from_day: number;
  to_day: number;
  day_wape: number | null;
  wape: number | null;
  bias: number | null;
}

function ByReach({ row }: { row: { by_days_ahead: readonly Reach[] } }) {
  const { t } = useWords();
  return (
    <Table
      size="small"
      rowKey="from_day"
      pagination={false}
      dataSource={row.by_days_ahead}
      columns={[
        {
          title: t("forecast.ahead"),
          render: (_, one) => t("forecast.ahead_from_to", { from: one.from_day, to: one.to_day }),
        },
        { title: t("forecast.day_wape"), render: (_, one) => shareText(one.day_wape) },
        { title: t("forecast.wape"), render: (_, one) => shareText(one.wape) },
        { title: t("forecast.bias"), render: (_, one) => biasText(one.bias) },
      ]}
    />
  );
}

/** Only where some of the days have gone by. */
export function ForecastSoFar({ forecast }: { forecast: Forecast }) {
  const { t } = useWords();
  const nameOf = useSeriesName();
  const names = new Map(forecast.series.map((one) => [one.queue_id, nameOf({ ...one, brand: "" })]));
  const rows = useQuery({
    queryKey: ["forecast-accuracy", forecast.id, forecast.version],
    queryFn: () => fetchForecastAccuracy(forecast.id),
  });
  const total = rows.data?.[0];
  if (!rows.data || !total || total.actual === 0) return null;
  return (
    <section className="card stack">
      <h2>{t("forecast.so_far")}</h2>
      <Table<ForecastAccuracy>
        size="small"
        rowKey={(row) => row.queue_id ?? "*"}
        pagination={false}
        scroll={{ x: true }}
        dataSource={rows.data}
        columns={[
          {
            title: t("floor.queue"),
            render: (_, row) => (row.queue_id ? (names.get(row.queue_id) ?? "–") : t("forecast.all_queues")),
          },
          { title: t("forecast.days_over"), dataIndex: "days", align: "right" },
          { title: t("forecast.actual"), render: (_, row) => Math.round(row.actual), align: "right" },
          { title: t("forecast.expected"), render: (_, row) => Math.round(row.expected), align: "right" },
          {
            title: t("forecast.day_wape"),
            render: (_, row) => <Beside own={row.day_wape} baseline={row.baseline_day_wape} />,
          },
          { title: t("forecast.wape"), render: (_, row) => <Beside own={row.wape} baseline={row.baseline_wape} /> },
          { title: t("forecast.bias"), render: (_, row) => biasText(row.bias) },
        ]}
      />
    </section>
  );
}

/** The same of channels and sites, where contacts are counted by them. */
export function ForecastPartsSoFar({ forecast }: { forecast: Forecast }) {
  const { t, text } = useWords();
  const nameOf = usePartName();
  const queues = new Map(forecast.series.map((one) => [one.queue_id, text(one.queue_name)]));
  const rows = useQuery({
    queryKey: ["forecast-part-accuracy", forecast.id, forecast.version],
    queryFn: () => fetchForecastPartAccuracy(forecast.id),
    enabled: forecast.parts.length > 0,
  });
  if (!rows.data || rows.data.length === 0) return null;
  return (
    <section className="card stack" data-testid="parts-so-far">
      <h2>{t("forecast.parts_so_far")}</h2>
      <p className="quiet">{t("forecast.parts_so_far_hint")}</p>
      <Table<ForecastPartAccuracy>
        size="small"
        rowKey={(row) => `${row.queue_id ?? "*"}/${partKey(row)}`}
        pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: true }}
        dataSource={rows.data}
        expandable={{
          expandedRowRender: (row) => <ByReach row={row} />,
          rowExpandable: (row) => row.by_days_ahead.length > 1,
        }}
        columns={[
          {
            title: t("floor.queue"),
            render: (_, row) => (row.queue_id ? (queues.get(row.queue_id) ?? "–") : t("forecast.all_queues")),
          },
          { title: t("forecast.by"), render: (_, row) => t(`forecast.by_${row.by}`) },
          { title: t("forecast.part"), render: (_, row) => nameOf(row) },
          { title: t("forecast.days_over"), dataIndex: "days", align: "right" },
          { title: t("forecast.actual"), render: (_, row) => Math.round(row.actual), align: "right" },
          { title: t("forecast.expected"), render: (_, row) => Math.round(row.expected), align: "right" },
          { title: t("forecast.day_wape"), render: (_, row) => shareText(row.day_wape) },
          { title: t("forecast.hour_wape"), render: (_, row) => shareText(row.wape) },
          { title: t("forecast.bias"), render: (_, row) => biasText(row.bias) },
        ]}
      />
    </section>
  );
}

/** What was not taken as it stood. */
export function ForecastMarks({ forecast }: { forecast: Forecast }) {
  const { t } = useWords();
  const nameOf = useSeriesName();
  const marks = forecast.series.flatMap((one) =>
    one.marks.map((mark, place) => ({ ...mark, queue: nameOf(one), key: `${seriesKey(one)}/${place}` })),
  );
  if (marks.length === 0) return null;
  return (
    <section className="card stack">
      <h2>{t("forecast.marks")}</h2>
      <p className="quiet">{t("forecast.marks_hint")}</p>
      <Table
        size="small"
        rowKey="key"
        pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: true }}
        dataSource={marks}
        columns={[
          { title: t("forecast.day"), render: (_, row) => <span className="digits">{row.day}</span> },
          { title: t("floor.queue"), dataIndex: "queue" },
          { title: t("forecast.mark"), render: (_, row) => t(`forecast.mark_${kindOf(row.kind)}`) },
          { title: t("forecast.treatment"), render: (_, row) => t(`forecast.treated_${row.treatment}`) },
          { title: t("forecast.interval"), render: (_, row) => row.intervals.join(", ") || t("forecast.whole_day") },
        ]}
      />
    </section>
  );
}

const KINDS = ["gap", "outage", "spike", "outlier", "closed", "partial", "told", "clocks"] as const;

function kindOf(kind: string): (typeof KINDS)[number] {
  return KINDS.find((one) => one === kind) ?? "told";
}

/** Queues without a history, and those that borrow another's. */
export function ForecastLeftOut({ forecast }: { forecast: Forecast }) {
  const { t, text } = useWords();
  const nameOf = useSeriesName();
  const names = new Map(forecast.series.map((one) => [one.queue_id, text(one.queue_name)]));
  const lines = forecast.series
    .filter((one) => one.borrowed_from)
    .map((one) =>
      t("forecast.borrowed", {
        queue: nameOf(one),
        other: names.get(one.borrowed_from ?? "") ?? "–",
        share: shareText(one.share),
      }),
    );
  if (forecast.left_out.length > 0) lines.push(t("forecast.left_out", { n: forecast.left_out.length }));
  return lines.map((line) => <Alert key={line} type="info" showIcon title={line} />);
}
