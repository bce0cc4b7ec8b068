/** 15-minute figures of a day, queue by queue: chart and table twin. */
import { DatePicker, Select } from "antd";
import dayjs from "dayjs";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { fetchDayReport, type QueueDay } from "@/api/contacts";
import { SimulatedBadge } from "@/shared/badges";
import { IntervalChart } from "@/shared/interval_chart";
import { IntervalTable } from "@/shared/interval_table";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";

function QueueReport({ day }: { day: QueueDay }) {
  const { text } = useWords();
  return (
    <section className="card stack" aria-label={text(day.queue_name)}>
      <div className="card-head">
        <strong>{text(day.queue_name)}</strong>
        <SimulatedBadge isShown={day.is_simulated} />
      </div>
      <IntervalChart day={day} height={200} />
      <IntervalTable day={day} />
    </section>
  );
}

export function ReportsPage() {
  const { t, text } = useWords();
  const [search, setSearch] = useSearchParams();
  const day = search.get("day") ?? undefined;
  const queueId = search.get("queue") ?? undefined;
  const report = useQuery({ queryKey: ["day-report", day], queryFn: () => fetchDayReport(day) });
  const change = (changes: Record<string, string | undefined>) => {
    const wanted = Object.entries({ day, queue: queueId, ...changes }).filter(([, value]) => value);
    setSearch(wanted as [string, string][], { replace: true });
  };
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("reports.title")}</h1>
        <DatePicker
          aria-label={t("reports.day")}
          value={dayjs(day ?? report.data?.day)}
          allowClear={false}
          onChange={(value) => change({ day: value?.format("YYYY-MM-DD") })}
        />
        <Select
          allowClear
          value={queueId}
          style={{ minWidth: "12em" }}
          placeholder={t("floor.all_queues")}
          aria-label={t("floor.queue")}
          onChange={(value?: string) => change({ queue: value })}
          options={(report.data?.queues ?? []).map((one) => ({ value: one.queue_id, label: text(one.queue_name) }))}
        />
      </div>
      <p className="quiet" style={{ margin: 0 }}>
        {t("reports.definition")}
      </p>
      <QueryView
        query={report}
        isEmpty={(data) => data.queues.length === 0}
        empty={<EmptyState hint={t("reports.no_figures")} />}
      >
        {(data) =>
          data.queues
            .filter((one) => !queueId || one.queue_id === queueId)
            .map((one) => <QueueReport key={one.queue_id} day={one} />)
        }
      </QueryView>
    </div>
  );
}
