/** Average handle time of days by agent or by reason: a table, and a bar for those who handled most. */
import { Segmented } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { fetchHandleTimes, type HandleTime } from "@/api/contacts";
import { SimulatedBadge } from "@/shared/badges";
import { useMay } from "@/shared/session";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useAddress, useToday } from "./address";
import { DaysChoice, spanOf } from "./days_choice";
import { HandleTimeChart } from "./handle_time_chart";
import { HandleTimeTable } from "./handle_time_table";
import { QueueChoice } from "./queue_choice";

type Subject = "agent" | "reason";

/** By agent is for those who may see everybody's contacts; all others begin with the reasons. */
function useSubject(by: string | undefined): Subject {
  const mayAgents = useMay()("contacts.view_all");
  if (by === "agent" || by === "reason") return by;
  return mayAgents ? "agent" : "reason";
}

export function HandleTimeReportPage() {
  const { t, text } = useWords();
  const may = useMay();
  const [address, change] = useAddress();
  const today = useToday();
  const by = useSubject(address.by);
  const first = address.first ?? today;
  const last = address.last ?? first;
  const query = { first_day: first, last_day: last, queue_id: address.queue };
  const report = useQuery({
    queryKey: ["handle-times", by, query],
    queryFn: () => fetchHandleTimes(by, query),
  });
  const nameOf = useCallback((row: HandleTime) => (row.name ? text(row.name) : t("reports.no_reason")), [text, t]);
  return (
    <>
      <div className="page-head">
        <h1>{t("reports.handle_title")}</h1>
        <SimulatedBadge isShown={report.data?.total.is_simulated} />
        <Segmented<Subject>
          aria-label={t("reports.subject")}
          value={by}
          onChange={(value) => change({ by: value })}
          options={[
            { value: "agent", label: t("reports.by_agent"), disabled: !may("contacts.view_all") },
            { value: "reason", label: t("reports.by_reason") },
          ]}
        />
        <DaysChoice span={spanOf(address.span)} first={first} last={last} change={change} />
        <QueueChoice queues={report.data?.queues} value={address.queue} onChange={(queue) => change({ queue })} />
      </div>
      <p className="quiet" style={{ margin: 0 }}>
        {t("reports.handle_definition")} {by === "reason" ? t("reports.reason_definition") : t("reports.audited")}
      </p>
      <QueryView
        query={report}
        isEmpty={(data) => data.rows.length === 0}
        empty={<EmptyState hint={t("reports.no_figures")} />}
      >
        {(data) => (
          <section className="card stack" aria-label={t("reports.handle_title")}>
            <HandleTimeChart rows={data.rows} nameOf={nameOf} />
            <HandleTimeTable report={data} subject={t(`reports.${by}`)} nameOf={nameOf} />
          </section>
        )}
      </QueryView>
    </>
  );
}
