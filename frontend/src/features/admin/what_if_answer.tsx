/** What came of a what-if: in words, by queue, and over the day. */
import { Alert, Select, Table } from "antd";
import { useMemo, useState } from "react";
import type { WhatIf, WhatIfCurve, WhatIfFigure, WhatIfResult } from "@/api/what_if";
import { SimulatedBadge } from "@/shared/badges";
import { Chart } from "@/shared/chart";
import { timeText } from "@/shared/moments";
import { isWord, useWords } from "@/words";
import {
  changeText,
  CURVED,
  figureOf,
  GLANCE,
  intervalText,
  scaled,
  sentences,
  valueText,
  verdictOf,
  type Curved,
} from "./what_if_figures";

const ALL = "*";
const QUARTER_MS = 900_000;

/** One figure at a glance: before, after, and whether it is more than chance. */
function Glance({ figure }: { figure: WhatIfFigure | undefined }) {
  const { t } = useWords();
  if (!figure) return "–";
  const { metric } = figure;
  const verdict = verdictOf(figure);
  return (
    <div className="digits">
      <div>
        {valueText(metric, figure.before.value)} → <strong>{valueText(metric, figure.after.value)}</strong>
      </div>
      <div>
        {changeText(metric, figure.difference)} {intervalText(metric, figure.difference)} {t(`whatif.is_${verdict}`)}
      </div>
    </div>
  );
}

interface Row {
  id: string | null;
  name: string;
}

function ByQueue({ result, rows }: { result: WhatIfResult; rows: readonly Row[] }) {
  const { t } = useWords();
  return (
    <Table<Row>
      size="small"
      rowKey={(row) => row.id ?? ALL}
      pagination={rows.length > 50 ? { pageSize: 50 } : false}
      dataSource={[...rows]}
      scroll={{ x: true }}
      columns={[
        { key: "queue", title: t("floor.queue"), render: (_, row) => <strong>{row.name}</strong> },
        ...GLANCE.map((metric) => ({
          key: metric,
          title: t(`whatif.${metric}`),
          render: (_: unknown, row: Row) => <Glance figure={figureOf(result, row.id, metric)} />,
        })),
      ]}
    />
  );
}

function AllFigures({ figures }: { figures: readonly WhatIfFigure[] }) {
  const { t } = useWords();
  const cell = (metric: string, value: number | null, interval = "") => (
    <span className="digits">
      {valueText(metric, value)} <span className="quiet">{interval}</span>
    </span>
  );
  return (
    <Table<WhatIfFigure>
      size="small"
      rowKey="metric"
      pagination={false}
      dataSource={[...figures]}
      scroll={{ x: true }}
      columns={[
        { key: "metric", title: t("whatif.figure"), render: (_, { metric }) => t(`whatif.${metric}`) },
        { key: "recorded", title: t("whatif.recorded"), render: (_, one) => cell(one.metric, one.recorded) },
        {
          key: "before",
          title: t("whatif.before"),
          render: (_, one) => cell(one.metric, one.before.value, intervalText(one.metric, one.before)),
        },
        {
          key: "after",
          title: t("whatif.after"),
          render: (_, one) => cell(one.metric, one.after.value, intervalText(one.metric, one.after)),
        },
        {
          key: "difference",
          title: t("whatif.difference"),
          render: (_, one) => (
            <span className="digits">
              {changeText(one.metric, one.difference)} {intervalText(one.metric, one.difference)}{" "}
              {t(`whatif.is_${verdictOf(one)}`)}
            </span>
          ),
        },
      ]}
    />
  );
}

interface OverTheDayProps {
  curve: WhatIfCurve;
  beginsAt: string;
  name: string;
}

function OverTheDay({ curve, beginsAt, name }: OverTheDayProps) {
  const { t } = useWords();
  const option = useMemo(() => {
    const begin = new Date(beginsAt).getTime();
    const line = (side: "recorded" | "before" | "after", type: "solid" | "dashed" | "dotted", width: number) => ({
      type: "line",
      name: t(`whatif.${side}`),
      data: curve[side].map((value) => scaled(curve.metric, value)),
      showSymbol: false,
      connectNulls: false,
      lineStyle: { type, width },
    });
    return {
      grid: { left: 48, right: 16, top: 34, bottom: 26 },
      legend: { top: 0, type: "scroll" },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: curve.recorded.map((_, place) => timeText(begin + place * QUARTER_MS)) },
      yAxis: { type: "value", min: 0 },
      series: [line("recorded", "dotted", 1), line("before", "dashed", 2), line("after", "solid", 3)],
    };
  }, [curve, beginsAt, t]);
  return (
    <Chart
      option={option}
      height={280}
      label={t("whatif.chart_label", { name, figure: t(`whatif.${curve.metric}`) })}
    />
  );
}

/** What is not in the figures, or makes them speak of more than the change. */
function Notes({ run, result }: { run: WhatIf; result: WhatIfResult }) {
  const { t } = useWords();
  const counted = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([what, n]) => {
        const word = `whatif.left_${what}`;
        return `${isWord(word) ? t(word) : what} ${n}`;
      })
      .join(", ");
  return (
    <ul className="changes quiet">
      <li>{t("whatif.note_replay", { n: run.replays })}</li>
      {run.is_basis_recorded ? null : <li>{t("whatif.note_other_basis")}</li>}
      {result.recorded_versions > 1 ? <li>{t("whatif.note_versions", { n: result.recorded_versions })}</li> : null}
      {Object.keys(result.left_out).length > 0 ? (
        <li>{t("whatif.note_left_out", { what: counted(result.left_out) })}</li>
      ) : null}
      {Object.keys(result.refused).length > 0 ? (
        <li>{t("whatif.note_refused", { what: counted(result.refused) })}</li>
      ) : null}
    </ul>
  );
}

export function WhatIfAnswer({ run, result }: { run: WhatIf; result: WhatIfResult }) {
  const { t, text } = useWords();
  const [chosen, setChosen] = useState(ALL);
  const [metric, setMetric] = useState<Curved>("service_level");
  const queueId = chosen === ALL ? null : chosen;
  const rows: Row[] = [
    { id: null, name: t("floor.all_queues") },
    ...result.queues.map((queue) => ({ id: queue.queue_id, name: text(queue.name) })),
  ];
  const name = rows.find((row) => row.id === queueId)?.name ?? "";
  const curve = result.curves.find((one) => one.queue_id === queueId && one.metric === metric);
  return (
    <>
      <section className="card stack" data-testid="what-if-result">
        <div className="row">
          <h2>{t("whatif.in_words")}</h2>
          <SimulatedBadge isShown />
        </div>
        <ul className="changes">
          {sentences(result, null, t).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </section>
      <section className="card stack">
        <h2>{t("whatif.by_queue")}</h2>
        <ByQueue result={result} rows={rows} />
      </section>
      <section className="card stack">
        <div className="row">
          <h2>{t("whatif.over_the_day")}</h2>
          <Select
            aria-label={t("floor.queue")}
            value={chosen}
            onChange={setChosen}
            popupMatchSelectWidth={false}
            options={rows.map((row) => ({ value: row.id ?? ALL, label: row.name }))}
          />
          <Select<Curved>
            aria-label={t("whatif.figure")}
            value={metric}
            onChange={setMetric}
            popupMatchSelectWidth={false}
            options={CURVED.map((one) => ({ value: one, label: t(`whatif.${one}`) }))}
          />
        </div>
        {curve ? (
          <OverTheDay curve={curve} beginsAt={run.begins_at} name={name} />
        ) : (
          <Alert type="info" showIcon title={t("whatif.no_curve")} />
        )}
        <AllFigures figures={result.figures.filter((one) => one.queue_id === queueId)} />
        <Notes run={run} result={result} />
      </section>
    </>
  );
}
