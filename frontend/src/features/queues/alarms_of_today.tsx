/** A queue's alarms of today, also those that have ended, and who saw to them. */
import { Table, type TableColumnsType } from "antd";
import { useQuery } from "@tanstack/react-query";
import { fetchAlarms, type Alarm } from "@/api/contacts";
import type { QueueDocument } from "@/live/documents";
import { SimulatedBadge } from "@/shared/badges";
import { useAlarmSubject } from "@/shared/alarm_list";
import { countText, percentText } from "@/shared/figures";
import { timeText } from "@/shared/moments";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";

function useColumns(): TableColumnsType<Alarm> {
  const { t } = useWords();
  const subjectOf = useAlarmSubject();
  const ended = (alarm: Alarm) => (alarm.cleared_cause ? t(`alarms.${alarm.cleared_cause}`) : t("alarms.still_on"));
  return [
    {
      title: t("alarms.began"),
      render: (_, alarm) => (
        <>
          {timeText(alarm.below_since_at)} <SimulatedBadge isShown={alarm.is_simulated} isSmall />
        </>
      ),
    },
    { title: t("alarms.subject"), render: (_, alarm) => subjectOf(alarm.kind) },
    { title: t("alarms.raised"), render: (_, alarm) => timeText(alarm.raised_at) },
    {
      title: t("alarms.level"),
      align: "right",
      render: (_, alarm) =>
        alarm.kind === "blocked"
          ? countText(alarm.answered_in_time)
          : percentText(alarm.answered_in_time, alarm.counted, alarm.target),
    },
    {
      title: t("alarms.who"),
      render: (_, alarm) =>
        alarm.silence_reason
          ? t("alarms.silenced", { reason: t(`alarms.${alarm.silence_reason}`) })
          : alarm.owner_name || alarm.acknowledged_by_name || "–",
    },
    {
      title: t("alarms.ended"),
      render: (_, alarm) => `${alarm.cleared_at ? timeText(alarm.cleared_at) : ""} ${ended(alarm)}`,
    },
  ];
}

export function AlarmsOfToday({ queue }: { queue: QueueDocument }) {
  const { t, text } = useWords();
  const columns = useColumns();
  const alarms = useQuery({ queryKey: ["alarms", "today"], queryFn: () => fetchAlarms(), refetchInterval: 30_000 });
  const title = t("alarms.today", { name: text(queue.name) });
  return (
    <section className="card" aria-label={title} data-testid="alarms-today">
      <h2>{title}</h2>
      <QueryView query={alarms} rows={2}>
        {(data) => (
          <Table<Alarm>
            size="small"
            pagination={false}
            columns={columns}
            dataSource={data.items.filter((alarm) => alarm.queue_id === queue.queue_id)}
            rowKey="id"
            locale={{ emptyText: t("alarms.nobody_today") }}
            scroll={{ x: true }}
          />
        )}
      </QueryView>
    </section>
  );
}
