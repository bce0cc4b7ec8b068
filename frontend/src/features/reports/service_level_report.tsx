/** Service level queue by queue: a day by 15 minutes, a month by days or a year by months; chart and table twin. */
import { DatePicker, Segmented } from "antd";
import dayjs from "dayjs";
import { useQuery } from "@tanstack/react-query";
import { fetchDayReport, fetchServiceLevels } from "@/api/contacts";
import { SimulatedBadge } from "@/shared/badges";
import { IntervalChart } from "@/shared/interval_chart";
import { IntervalTable, RowLevel } from "@/shared/interval_table";
import { figuresOfDay, figuresOfPeriod, type Grain, type QueueFigures } from "@/shared/queue_figures";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useAddress, useToday } from "./address";
import { QueueChoice } from "./queue_choice";

const GRAINS: readonly Grain[] = ["day", "month", "year"];
const FORMATS = { day: "YYYY-MM-DD", month: "YYYY-MM", year: "YYYY" } as const;
const PICKERS = { day: "date", month: "month", year: "year" } as const;

async function fetchFigures(grain: Grain, period: string): Promise<QueueFigures[]> {
  if (grain === "day") {
    const report = await fetchDayReport(period);
    return report.queues.map((queue) => figuresOfDay(queue, report));
  }
  const report = await fetchServiceLevels(grain === "month" ? { month: period } : { year: period });
  return report.queues.map((queue) => figuresOfPeriod(queue, grain, report.as_of));
}

function grainOf(by: string | undefined): Grain {
  return GRAINS.find((grain) => grain === by) ?? "day";
}

function QueueReport({ figures }: { figures: QueueFigures }) {
  const { t, text } = useWords();
  return (
    <section className="card stack" aria-label={text(figures.name)}>
      <div className="card-head">
        <strong>{text(figures.name)}</strong>
        <SimulatedBadge isShown={figures.isSimulated} />
        <span className="grow" />
        <span>{t(`reports.total_${figures.grain}`)}</span>
        <strong>
          <RowLevel row={figures.total} figures={figures} />
        </strong>
      </div>
      <IntervalChart figures={figures} height={200} />
      <IntervalTable figures={figures} />
    </section>
  );
}

export function ServiceLevelReport() {
  const { t } = useWords();
  const [address, change] = useAddress();
  const today = useToday();
  const grain = grainOf(address.by);
  const period = address[grain] ?? today.slice(0, FORMATS[grain].length);
  const report = useQuery({ queryKey: ["service-levels", grain, period], queryFn: () => fetchFigures(grain, period) });
  const choices = report.data?.map((one) => ({ queue_id: one.id, queue_name: one.name }));
  return (
    <>
      <div className="page-head">
        <h1>{t("reports.title")}</h1>
        <Segmented<Grain>
          aria-label={t("reports.period")}
          value={grain}
          onChange={(by) => change({ by: by === "day" ? undefined : by })}
          options={GRAINS.map((value) => ({ value, label: t(`reports.by_${value}`) }))}
        />
        <DatePicker
          key={grain}
          picker={PICKERS[grain]}
          aria-label={t(`reports.${grain}`)}
          value={dayjs(period)}
          allowClear={false}
          onChange={(value) => change({ [grain]: value?.format(FORMATS[grain]) })}
        />
        <QueueChoice queues={choices} value={address.queue} onChange={(queue) => change({ queue })} />
      </div>
      <p className="quiet" style={{ margin: 0 }}>
        {t("reports.definition")}
      </p>
      <QueryView
        query={report}
        isEmpty={(data) => data.length === 0}
        empty={<EmptyState hint={t("reports.no_figures")} />}
      >
        {(data) =>
          data
            .filter((one) => !address.queue || one.id === address.queue)
            .map((one) => <QueueReport key={one.id} figures={one} />)
        }
      </QueryView>
    </>
  );
}
