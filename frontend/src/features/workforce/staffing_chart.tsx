/** People needed: by day, and by interval of a day, of a queue or brand or of all. */
import { DatePicker, Segmented, Select, Table } from "antd";
import dayjs from "dayjs";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { fetchStaffingCurve, type Staffing, type StaffingCurve } from "@/api/planning";
import { Chart } from "@/shared/chart";
import { clockAxis } from "@/shared/clock_axis";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { shareText } from "./forecast_words";
import { usePartName } from "./staffing_words";

const ALL = "*";
const FORMAT = "YYYY-MM-DD";

function Days({ curve, name }: { curve: StaffingCurve; name: string }) {
  const { t } = useWords();
  const option = useMemo(
    () => ({
      grid: { left: 52, right: 44, top: 34, bottom: 26 },
      legend: { top: 0, type: "scroll" },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: curve.days.map((one) => one.day) },
      yAxis: [
        { type: "value", min: 0 },
        { type: "value", min: 0, minInterval: 1, splitLine: { show: false } },
      ],
      series: [
        {
          type: "bar",
          name: t("staffing.agent_hours"),
          data: curve.days.map((one) => one.agent_hours),
          barMaxWidth: 28,
        },
        {
          type: "line",
          yAxisIndex: 1,
          name: t("staffing.most_agents"),
          data: curve.days.map((one) => one.most_agents),
          showSymbol: false,
        },
      ],
    }),
    [curve, t],
  );
  const period = `${curve.days[0]?.day ?? ""} – ${curve.days.at(-1)?.day ?? ""}`;
  return <Chart option={option} height={240} label={t("staffing.chart_label", { name, period })} />;
}

function Intervals({ curve, seats, name }: { curve: StaffingCurve; seats: number | null; name: string }) {
  const { t } = useWords();
  const option = useMemo(() => {
    const line = (key: "required" | "agents" | "people", type: "solid" | "dashed", width: number) => ({
      type: "line",
      step: "end",
      name: t(`staffing.${key}`),
      data: curve[key],
      showSymbol: false,
      lineStyle: { type, width },
    });
    const isShort = curve.required.some((value, place) => value > (curve.agents[place] ?? 0));
    const limit =
      seats === null
        ? undefined
        : { symbol: "none", data: [{ yAxis: seats }], label: { formatter: t("staffing.seats_n", { n: seats }) } };
    return {
      grid: { left: 52, right: 84, top: 34, bottom: 26 },
      legend: { top: 0, type: "scroll" },
      tooltip: { trigger: "axis" },
      xAxis: clockAxis(curve.begins.map((begin) => begin.slice(11))),
      yAxis: [
        { type: "value", min: 0, minInterval: 1 },
        { type: "value", min: 0, splitLine: { show: false }, show: false },
      ],
      series: [
        { type: "bar", yAxisIndex: 1, name: t("forecast.contacts_n"), data: curve.calls, itemStyle: { opacity: 0.35 } },
        line("agents", "solid", 3),
        ...(isShort ? [line("required", "dashed", 2)] : []),
        { ...line("people", "dashed", 1), markLine: limit },
      ],
    };
  }, [curve, seats, t]);
  return <Chart option={option} height={300} label={t("staffing.chart_label", { name, period: curve.day })} />;
}

/** What comes of the people planned: service level, and the share of those who give up. */
function Levels({ curve, name }: { curve: StaffingCurve; name: string }) {
  const { t } = useWords();
  const option = useMemo(() => {
    const percent = (values: readonly (number | null)[]) =>
      values.map((value) => (value === null ? null : Math.round(1000 * value) / 10));
    const line = (label: string, values: readonly (number | null)[], type: "solid" | "dashed" | "dotted") => ({
      type: "line",
      name: label,
      data: percent(values),
      showSymbol: false,
      lineStyle: { type, width: type === "dotted" ? 1 : 2 },
    });
    const hasBounds = curve.low.some((value) => value !== null);
    return {
      grid: { left: 52, right: 84, top: 34, bottom: 26 },
      legend: { top: 0, type: "scroll" },
      tooltip: { trigger: "axis" },
      xAxis: clockAxis(curve.begins.map((begin) => begin.slice(11))),
      yAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" } },
      series: [
        line(t("staffing.level"), curve.service_level, "solid"),
        ...(hasBounds
          ? [line(t("staffing.low"), curve.low, "dotted"), line(t("staffing.high"), curve.high, "dotted")]
          : []),
        line(t("staffing.gave_up"), curve.abandoned, "dashed"),
      ],
    };
  }, [curve, t]);
  return <Chart option={option} height={220} label={t("staffing.levels_label", { name, period: curve.day })} />;
}

/** People of each group, one upon the other. */
function GroupCurve({ curve }: { curve: StaffingCurve }) {
  const { t } = useWords();
  const option = useMemo(
    () => ({
      grid: { left: 52, right: 84, top: 34, bottom: 26 },
      legend: { top: 0, type: "scroll" },
      tooltip: { trigger: "axis" },
      xAxis: clockAxis(curve.begins.map((begin) => begin.slice(11))),
      yAxis: { type: "value", min: 0, minInterval: 1 },
      series: curve.groups.map((group) => ({
        type: "bar",
        stack: "groups",
        name: t("staffing.group_n", { n: Number(group.id) + 1 }),
        data: group.agents,
        barCategoryGap: "10%",
      })),
    }),
    [curve, t],
  );
  return <Chart option={option} height={220} label={t("staffing.groups_label", { period: curve.day })} />;
}

function Rows({ curve, isPooled }: { curve: StaffingCurve; isPooled: boolean }) {
  const { t } = useWords();
  const rows = curve.begins
    .map((begin, place) => ({ begin, place }))
    .filter(({ place }) => (curve.required[place] ?? 0) > 0);
  return (
    <Table
      size="small"
      rowKey="begin"
      pagination={false}
      scroll={{ x: true }}
      dataSource={rows}
      columns={[
        { title: t("forecast.interval"), render: (_, row) => <span className="digits">{row.begin.slice(11)}</span> },
        { title: t("forecast.contacts_n"), align: "right", render: (_, row) => curve.calls[row.place]?.toFixed(1) },
        { title: t("staffing.required"), align: "right", render: (_, row) => curve.required[row.place] },
        { title: t("staffing.agents"), align: "right", render: (_, row) => curve.agents[row.place] },
        { title: t("staffing.people"), align: "right", render: (_, row) => curve.people[row.place] },
        { title: t("staffing.seats_taken"), align: "right", render: (_, row) => curve.seats_taken[row.place] },
        { title: t("staffing.level"), align: "right", render: (_, row) => shareText(curve.service_level[row.place]) },
        ...(curve.low.some((value) => value !== null)
          ? [
              {
                title: t("staffing.bounds"),
                align: "right" as const,
                render: (_: unknown, row: { place: number }) =>
                  `${shareText(curve.low[row.place])} – ${shareText(curve.high[row.place])}`,
              },
            ]
          : []),
        { title: t("staffing.gave_up"), align: "right", render: (_, row) => shareText(curve.abandoned[row.place]) },
        ...(isPooled
          ? [
              {
                title: t("staffing.separate"),
                align: "right" as const,
                render: (_: unknown, row: { place: number }) => curve.separate[row.place],
              },
              ...curve.groups.map((group) => ({
                title: t("staffing.group_n", { n: Number(group.id) + 1 }),
                align: "right" as const,
                render: (_: unknown, row: { place: number }) => group.agents[row.place],
              })),
            ]
          : []),
      ]}
    />
  );
}

export function StaffingCurves({ plan }: { plan: Staffing }) {
  const { t } = useWords();
  const nameOf = usePartName();
  const [chosen, setChosen] = useState(ALL);
  const [day, setDay] = useState(plan.first_day);
  const [view, setView] = useState<"chart" | "table">("chart");
  const part = plan.queues.find((one) => one.id === chosen);
  const name = part ? nameOf(part) : t("forecast.all_queues");
  const curve = useQuery({
    queryKey: ["staffing-curve", plan.id, plan.version, chosen, day],
    queryFn: () => fetchStaffingCurve(plan.id, { queue: part?.id, day }),
    placeholderData: (before) => before,
  });
  return (
    <section className="card stack">
      <div className="card-head">
        <h2>{t("staffing.curve")}</h2>
        <Select
          aria-label={t("floor.queue")}
          style={{ minWidth: "12em" }}
          value={chosen}
          onChange={setChosen}
          options={[
            { value: ALL, label: t("forecast.all_queues") },
            ...plan.queues.map((one) => ({ value: one.id, label: nameOf(one) })),
          ]}
        />
        <Segmented
          aria-label={t("forecast.view")}
          value={view}
          onChange={setView}
          options={(["chart", "table"] as const).map((value) => ({ value, label: t(`forecast.view_${value}`) }))}
        />
        <DatePicker
          aria-label={t("forecast.day")}
          value={dayjs(day)}
          allowClear={false}
          format={FORMAT}
          disabledDate={(one) => one.format(FORMAT) < plan.first_day || one.format(FORMAT) > plan.last_day}
          onChange={(one: dayjs.Dayjs | null) => {
            if (one) setDay(one.format(FORMAT));
          }}
        />
      </div>
      <QueryView query={curve}>
        {(data) =>
          view === "table" ? (
            <Rows curve={data} isPooled={plan.is_pooled} />
          ) : (
            <>
              <Days curve={data} name={name} />
              <Intervals curve={data} seats={chosen === ALL ? plan.targets.seats : null} name={name} />
              <Levels curve={data} name={name} />
              {plan.is_pooled && chosen === ALL ? <GroupCurve curve={data} /> : null}
            </>
          )
        }
      </QueryView>
    </section>
  );
}
