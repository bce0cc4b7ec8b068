/** One staffing plan: how far its run is, people by skill and brand, the day's curve, what the people there are serve. */
import { Alert, Button, Descriptions, Table } from "antd";
import { DownloadOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import {
  fetchStaffing,
  staffingFile,
  type Staffing,
  type StaffingFigures,
  type StaffingGroupOut,
  type StaffingHeadcount,
  type StaffingQueue,
  type StaffingSkill,
} from "@/api/planning";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { isRunOpen, PlanningRunView, RUN_AGAIN_MS } from "./planning_run";
import { StaffingCurves } from "./staffing_chart";
import { percentOf, useGroupName, useKindText, usePartName } from "./staffing_words";
import { Ways } from "./staffing_work";

const REASONS = ["leave", "sick", "training", "meeting", "breaks", "other"] as const;

function Basis({ plan }: { plan: Staffing }) {
  const { t } = useWords();
  const { targets } = plan;
  const own = t("staffing.own");
  const items = [
    {
      key: "level",
      label: t("staffing.service_level"),
      children: targets.service_level === null ? own : percentOf(targets.service_level),
    },
    { key: "within", label: t("staffing.within_s"), children: targets.within_s ?? own },
    {
      key: "abandoned",
      label: t("staffing.abandoned"),
      children: targets.abandoned === null ? own : percentOf(targets.abandoned),
    },
    {
      key: "occupancy",
      label: t("staffing.occupancy"),
      children: targets.occupancy === null ? own : percentOf(targets.occupancy),
    },
    { key: "patience", label: t("staffing.patience_s"), children: targets.patience_s ?? t("staffing.no_limit") },
    { key: "seats", label: t("staffing.seats"), children: targets.seats ?? t("staffing.no_limit") },
    ...REASONS.filter((reason) => plan.shrinkage[reason]).map((reason) => ({
      key: reason,
      label: t(`staffing.absent_${reason}`),
      children: percentOf(plan.shrinkage[reason] ?? 0),
    })),
  ];
  return (
    <section className="card stack">
      <h2>{t("staffing.basis")}</h2>
      <Descriptions size="small" column={{ xs: 1, sm: 2, lg: 3 }} items={items} />
    </section>
  );
}

function Figures({ plan }: { plan: Staffing }) {
  const { t } = useWords();
  const { figures } = plan;
  if (!figures) return null;
  const item = (key: "agent_hours" | "paid_hours" | "most_agents" | "most_people" | "most_seats") => ({
    key,
    label: t(`staffing.${key}`),
    children: <span className="digits">{Math.round(figures[key]).toLocaleString("en-US")}</span>,
  });
  return (
    <>
      <Descriptions
        size="small"
        column={{ xs: 1, sm: 2, lg: 5 }}
        items={[item("most_agents"), item("most_people"), item("most_seats"), item("agent_hours"), item("paid_hours")]}
      />
      {figures.seats_short > 0 ? (
        <Alert type="warning" showIcon title={t("staffing.seats_short", { n: figures.seats_short })} />
      ) : null}
      {figures.carried_over > 0 ? (
        <p className="quiet">{t("staffing.carried_over", { n: figures.carried_over })}</p>
      ) : null}
      {figures.late_h > 0 ? (
        <Alert type="warning" showIcon title={t("staffing.late", { hours: figures.late_h.toFixed(1) })} />
      ) : null}
      {figures.left_h > 0 ? <p className="quiet">{t("staffing.left", { hours: figures.left_h.toFixed(1) })}</p> : null}
    </>
  );
}

function Skills({ plan }: { plan: Staffing }) {
  const { t, text } = useWords();
  const nameOf = usePartName();
  const kindOf = useKindText();
  return (
    <section className="card stack">
      <h2>{t("staffing.by_skill")}</h2>
      <p className="quiet">{t("staffing.by_skill_hint")}</p>
      <Table<StaffingSkill>
        size="small"
        rowKey="skill_id"
        pagination={false}
        scroll={{ x: true }}
        dataSource={plan.skills}
        columns={[
          { title: t("staffing.skill"), render: (_, row) => text(row.skill_name) },
          { title: t("staffing.brand"), render: (_, row) => row.brands.join(", ") || "–" },
          { title: t("staffing.most_people"), dataIndex: "most_people", align: "right" },
          { title: t("staffing.people_hours"), align: "right", render: (_, row) => Math.round(row.people_hours) },
        ]}
      />
      <h2>{t("staffing.by_queue")}</h2>
      <Table<StaffingQueue>
        size="small"
        rowKey="id"
        pagination={false}
        scroll={{ x: true }}
        dataSource={plan.queues}
        columns={[
          { title: t("floor.queue"), render: (_, row) => nameOf(row) },
          { title: t("staffing.skill"), render: (_, row) => text(row.skill_name) },
          { title: t("staffing.kind"), render: (_, row) => kindOf(row) },
          { title: t("forecast.contacts_n"), align: "right", render: (_, row) => Math.round(row.calls) },
          { title: t("staffing.most_agents"), dataIndex: "most_agents", align: "right" },
          { title: t("staffing.agent_hours"), align: "right", render: (_, row) => Math.round(row.agent_hours) },
          ...(plan.is_pooled
            ? [
                {
                  title: t("staffing.separate_hours"),
                  align: "right" as const,
                  render: (_: unknown, row: StaffingQueue) =>
                    row.separate_hours === null ? "–" : Math.round(row.separate_hours),
                },
              ]
            : []),
        ]}
      />
    </section>
  );
}

function PoolFigures({ figures }: { figures: StaffingFigures }) {
  const { t } = useWords();
  const saved = figures.saved ?? 0;
  const values = {
    saved: percentOf(saved),
    separate: Math.round(figures.separate_hours ?? 0).toLocaleString("en-US"),
    n: figures.trials ?? 0,
  };
  return (
    <>
      <Alert
        type={saved > 0 ? "success" : "info"}
        showIcon
        data-testid="pool-saves"
        title={t(saved > 0 ? "staffing.saved" : "staffing.saved_nothing", values)}
      />
      <p className="quiet">{t("staffing.simulated", values)}</p>
      {figures.is_finished === false ? <p className="quiet">{t("staffing.search_stopped")}</p> : null}
      {figures.missed ? <Alert type="warning" showIcon title={t("staffing.missed", { n: figures.missed })} /> : null}
    </>
  );
}

function Groups({ plan }: { plan: Staffing }) {
  const { t } = useWords();
  const nameOf = usePartName();
  const groupNameOf = useGroupName();
  const names = new Map(plan.queues.map((part) => [part.id, nameOf(part)]));
  return (
    <section className="card stack">
      <h2>{t("staffing.groups")}</h2>
      {plan.figures ? <PoolFigures figures={plan.figures} /> : null}
      <Table<StaffingGroupOut>
        size="small"
        rowKey="id"
        pagination={false}
        scroll={{ x: true }}
        dataSource={plan.groups}
        columns={[
          { title: t("staffing.group"), render: (_, row) => t("staffing.group_n", { n: Number(row.id) + 1 }) },
          { title: t("staffing.serves"), render: (_, row) => groupNameOf(row, names) },
          { title: t("staffing.people_there"), dataIndex: "people", align: "right" },
          { title: t("staffing.most"), align: "right", render: (_, row) => row.most ?? t("staffing.as_needed") },
          { title: t("staffing.most_agents"), dataIndex: "most_agents", align: "right" },
          { title: t("staffing.agent_hours"), align: "right", render: (_, row) => Math.round(row.agent_hours) },
        ]}
      />
      {plan.ways.length > 0 ? (
        <>
          <p>{t("staffing.ways_played")}</p>
          <Ways ways={plan.ways} names={names} />
        </>
      ) : null}
      <p className="quiet">{t("staffing.groups_hint")}</p>
    </section>
  );
}

function Headcount({ told, plan }: { told: StaffingHeadcount; plan: Staffing }) {
  const { t } = useWords();
  const nameOf = usePartName();
  const letters = plan.queues.flatMap((part) => {
    const one = told.letters[part.id];
    return one ? [{ id: part.id, queue: nameOf(part), ...one }] : [];
  });
  const isLate = letters.some((one) => one.undone_h > 0 || one.late_h > 0);
  const values = {
    day: told.day,
    people: told.people,
    hours: told.hours,
    at_work: told.at_work_h.toFixed(0),
    needed: told.needed_h.toFixed(1),
    missing: told.missing_h.toFixed(1),
    factor: told.factor.toFixed(2),
  };
  return (
    <section className="card stack">
      <h2>{t("staffing.headcount")}</h2>
      <p>{t("staffing.headcount_factor", values)}</p>
      <Alert
        type={told.missing_h > 0 ? "warning" : "success"}
        showIcon
        title={t(told.missing_h > 0 ? "staffing.headcount_missing" : "staffing.headcount_fits", values)}
      />
      {letters.length > 0 ? (
        <Alert
          type={isLate ? "warning" : "success"}
          showIcon
          data-testid="headcount-letters"
          title={t("staffing.headcount_in_time", { factor: told.factor_in_time.toFixed(2) })}
          description={
            <ul>
              {letters.map((one) => (
                <li key={one.id}>{t(letterWords(one), letterValues(one))}</li>
              ))}
            </ul>
          }
        />
      ) : null}
      <p className="quiet">{t("staffing.headcount_hint")}</p>
    </section>
  );
}

type Letters = StaffingHeadcount["letters"][string] & { queue: string };

function letterWords({ undone_h, late_h }: Letters) {
  if (undone_h > 0) return "staffing.letters_undone" as const;
  return late_h > 0 ? ("staffing.letters_late" as const) : ("staffing.letters_in_time" as const);
}

function letterValues(one: Letters) {
  return {
    queue: one.queue,
    needed: one.needed_h.toFixed(1),
    done: one.done_h.toFixed(1),
    letters: Math.ceil(one.undone),
    undone: one.undone_h.toFixed(1),
    late: one.late_h.toFixed(1),
  };
}

function Whole({ plan }: { plan: Staffing }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const { trials, missed } = (plan.run?.figures ?? {}) as { trials?: number; missed?: number };
  const renew = () => void queries.invalidateQueries({ queryKey: ["staffing", plan.id] });
  return (
    <>
      <div className="row">
        <span className="quiet digits">
          {plan.first_day} – {plan.last_day}
        </span>
        <Link to={`/forecast/${plan.forecast_id}`}>{t("forecast.of", { name: plan.forecast_name })}</Link>
      </div>
      {plan.run ? (
        <PlanningRunView run={plan.run} onChanged={renew} canStop={plan.is_pooled}>
          {trials === undefined ? null : (
            <span className="quiet">{t("staffing.trials_so_far", { n: trials, missed: missed ?? 0 })}</span>
          )}
        </PlanningRunView>
      ) : null}
      {plan.is_ready ? (
        <>
          <div className="row">
            <Button icon={<DownloadOutlined aria-hidden />} href={staffingFile(plan.id)} download>
              {t("forecast.export")}
            </Button>
          </div>
          <Figures plan={plan} />
          <StaffingCurves plan={plan} />
          {plan.is_pooled ? <Groups plan={plan} /> : null}
          <Skills plan={plan} />
          {plan.headcount ? <Headcount told={plan.headcount} plan={plan} /> : null}
        </>
      ) : null}
      <Basis plan={plan} />
    </>
  );
}

export function StaffingPage() {
  const { t } = useWords();
  const { id = "" } = useParams();
  const plan = useQuery({
    queryKey: ["staffing", id],
    queryFn: () => fetchStaffing(id),
    refetchInterval: ({ state }) => (isRunOpen(state.data?.run) ? RUN_AGAIN_MS : false),
  });
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{plan.data ? t("staffing.of", { name: plan.data.name }) : t("staffing.title")}</h1>
        <Link to="/staffing">{t("staffing.all")}</Link>
      </div>
      <QueryView query={plan}>{(data) => <Whole plan={data} />}</QueryView>
    </div>
  );
}
