/** Wireframe 3: every queue's present and day, and one queue's day by 15 minutes as chart or table. */
import { Segmented, Table, type TableColumnsType } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { fetchDayReport, type DayReport, type QueueDay } from "@/api/contacts";
import type { BoardDocument, QueueDocument } from "@/live/documents";
import { useBoard, useDocuments } from "@/live/hooks";
import { AlarmList } from "@/shared/alarm_list";
import { SimulatedBadge } from "@/shared/badges";
import {
  AbandonedFigure,
  BlockedFigure,
  DayLevel,
  ExpectedWaitFigure,
  IntervalLevel,
  LongestFigure,
  WaitingFigure,
} from "@/shared/board_figures";
import { Figure } from "@/shared/figure";
import { IntervalChart } from "@/shared/interval_chart";
import { IntervalTable } from "@/shared/interval_table";
import { LiveAge, LiveArea } from "@/shared/live_age";
import { figuresOfDay } from "@/shared/queue_figures";
import { useMay } from "@/shared/session";
import { EmptyState, Loading, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { AlarmsOfToday } from "./alarms_of_today";

function AgentsFigure({ queue }: { queue: QueueDocument }) {
  const { t } = useWords();
  const { available, busy, wrap_up, away } = queue.agents;
  const source = t("metrics.routing_log");
  return (
    <Figure about={{ name: t("queues.agents"), definition: t("metrics.agents_def"), source }}>
      <span className="digits">{[available, busy, wrap_up, away].join("/")}</span>
    </Figure>
  );
}

function useColumns(): TableColumnsType<QueueDocument> {
  const { t, text } = useWords();
  return [
    {
      title: t("queues.queue"),
      render: (_, queue) => (
        <>
          {text(queue.name)} <SimulatedBadge isShown={queue.is_simulated} isSmall />
        </>
      ),
    },
    { title: t("metrics.waiting"), align: "right", render: (_, queue) => <WaitingFigure board={queue} /> },
    { title: t("metrics.longest"), align: "right", render: (_, queue) => <LongestFigure board={queue} /> },
    { title: t("metrics.expected_wait"), align: "right", render: (_, queue) => <ExpectedWaitFigure queue={queue} /> },
    { title: t("queues.sl_15"), align: "right", render: (_, queue) => <IntervalLevel board={queue} /> },
    { title: t("queues.sl_day"), align: "right", render: (_, queue) => <DayLevel board={queue} /> },
    { title: t("metrics.abandoned"), align: "right", render: (_, queue) => <AbandonedFigure board={queue} /> },
    { title: t("alarms.blocked"), align: "right", render: (_, queue) => <BlockedFigure board={queue} /> },
    { title: t("queues.agents"), align: "right", render: (_, queue) => <AgentsFigure queue={queue} /> },
  ];
}

type View = "chart" | "table";

function DayShown({ day, report, view }: { day: QueueDay; report: DayReport; view: View }) {
  const figures = useMemo(() => figuresOfDay(day, report), [day, report]);
  return view === "chart" ? <IntervalChart figures={figures} /> : <IntervalTable figures={figures} />;
}

function DayOf({ queue }: { queue: QueueDocument }) {
  const { t, text } = useWords();
  const [view, setView] = useState<View>("chart");
  const report = useQuery({
    queryKey: ["day-report", "today"],
    queryFn: () => fetchDayReport(),
    refetchInterval: 30_000,
  });
  return (
    <section className="card" aria-label={text(queue.name)}>
      <div className="card-head">
        <h2>{t("queues.today_by_15", { name: text(queue.name) })}</h2>
        <Segmented<View>
          value={view}
          onChange={setView}
          options={[
            { value: "chart", label: t("general.chart") },
            { value: "table", label: t("general.table") },
          ]}
        />
      </div>
      <QueryView query={report}>
        {(data) => {
          const day = data.queues.find((one) => one.queue_id === queue.queue_id);
          if (!day || day.intervals.length === 0) return <EmptyState hint={t("queues.no_figures")} />;
          return <DayShown day={day} report={data} view={view} />;
        }}
      </QueryView>
    </section>
  );
}

export function QueuesPage() {
  const { t } = useWords();
  useBoard("wallboard");
  const may = useMay();
  const columns = useColumns();
  const queues = useDocuments<QueueDocument>("queue/");
  const hasBoard = useDocuments<BoardDocument>("total/").length > 0;
  const [search, setSearch] = useSearchParams();
  const chosenId = search.get("queue");
  const chosen = queues.find((queue) => queue.queue_id === chosenId) ?? queues[0];
  const choose = (queue: QueueDocument) => setSearch({ queue: queue.queue_id }, { replace: true });
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("queues.title")}</h1>
        <span className="grow" />
        <LiveAge />
      </div>
      <LiveArea className="stack dense">
        <Table<QueueDocument>
          size="small"
          pagination={false}
          columns={columns}
          dataSource={queues}
          rowKey={(queue) => queue.queue_id}
          locale={{ emptyText: hasBoard ? <EmptyState hint={t("queues.none")} /> : <Loading rows={3} /> }}
          rowClassName={(queue) => (queue.queue_id === chosen?.queue_id ? "chosen-row" : "")}
          onRow={(queue) => ({
            onClick: () => choose(queue),
            onKeyDown: (event) => {
              if (event.key === "Enter") choose(queue);
            },
            tabIndex: 0,
            style: { cursor: "pointer" },
          })}
          scroll={{ x: true }}
        />
        {chosen ? (
          <div className="floor-body">
            <div className="stack">
              {may("reports.view") ? <DayOf queue={chosen} /> : null}
              <AlarmsOfToday queue={chosen} />
            </div>
            <AlarmList />
          </div>
        ) : null}
      </LiveArea>
    </div>
  );
}
