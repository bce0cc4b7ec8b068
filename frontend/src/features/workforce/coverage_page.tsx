/** The coverage calendar: whether somebody able is rostered in every open quarter of an hour of the year. */
import { DatePicker, Segmented, Table, Tag } from "antd";
import { useQuery } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { fetchCoverage, type Coverage, type CoverageGap, type CoverageRun, type QueueCoverage } from "@/api/coverage";
import { countText } from "@/shared/figures";
import { useTenantChoice } from "@/shared/tenant_choice";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { clockOf, dayCells, shareText, weekdayNames } from "./coverage_days";
import { CoverageLegend, CoverageStrip } from "./coverage_strip";

const SHOWN = 10;
const DAY_MIN = 1440;

/** Equal gaps of many days in one line. */
function Runs({ queue }: { queue: QueueCoverage }) {
  const { t } = useWords();
  const onDays = useWeekdays();
  const hidden = queue.run_count - queue.runs.length;
  return (
    <>
      <Table<CoverageRun>
        size="small"
        rowKey={(run) => `${run.first_day} ${run.begins_min} ${run.ends_min} ${run.weekdays.join()}`}
        dataSource={queue.runs}
        pagination={queue.runs.length > SHOWN ? { pageSize: SHOWN, showSizeChanger: false, size: "small" } : false}
        scroll={{ x: "max-content" }}
        columns={[
          {
            key: "days",
            title: t("coverage.from_to"),
            render: (_, run) => (
              <span className="digits">
                {run.first_day === run.last_day ? run.first_day : `${run.first_day} – ${run.last_day}`}
              </span>
            ),
          },
          { key: "weekdays", title: t("coverage.on"), render: (_, run) => onDays(run) },
          { key: "time", title: t("coverage.time"), render: (_, run) => <Times {...run} /> },
          {
            key: "number",
            title: t("coverage.days"),
            render: (_, run) => (
              <span className="row">
                <span className="digits">{countText(run.days)}</span>
                {run.holidays ? <Tag>{t("coverage.holidays", { n: run.holidays })}</Tag> : null}
              </span>
            ),
          },
        ]}
      />
      {hidden > 0 ? <span className="quiet">{t("coverage.more", { n: countText(hidden) })}</span> : null}
    </>
  );
}

const LIST_COMMA = { en: ", ", zh: "、" };

/** `22:00–06:00 next day`. */
function Times({ begins_min, ends_min }: { begins_min: number; ends_min: number }) {
  const { t } = useWords();
  const span = `${clockOf(begins_min)}–${clockOf(ends_min > DAY_MIN ? ends_min - DAY_MIN : ends_min)}`;
  return <span className="digits">{ends_min > DAY_MIN ? t("coverage.next_day", { span }) : span}</span>;
}

/** `every day`, or the weekdays by name; nothing of a single day. */
function useWeekdays(): (run: CoverageRun) => string {
  const { t, language } = useWords();
  const names = weekdayNames(language);
  return ({ weekdays, days }) => {
    if (weekdays.length === 0) return t("coverage.every_day");
    return days === 1 ? "" : weekdays.map((weekday) => names[weekday]).join(LIST_COMMA[language]);
  };
}

function Gaps({ queue }: { queue: QueueCoverage }) {
  const { t } = useWords();
  const hidden = queue.gap_count - queue.gaps.length;
  return (
    <>
      <Table<CoverageGap>
        size="small"
        rowKey={(gap) => `${gap.day} ${gap.begins_min}`}
        dataSource={queue.gaps}
        pagination={queue.gaps.length > SHOWN ? { pageSize: SHOWN, showSizeChanger: false, size: "small" } : false}
        columns={[
          {
            key: "day",
            title: t("coverage.day"),
            render: (_, gap) => (
              <span className="row">
                <span className="digits">{gap.day}</span>
                {gap.is_holiday ? <Tag>{t("coverage.holiday")}</Tag> : null}
              </span>
            ),
          },
          { key: "time", title: t("coverage.time"), render: (_, gap) => <Times {...gap} /> },
        ]}
      />
      {hidden > 0 ? <span className="quiet">{t("coverage.more", { n: countText(hidden) })}</span> : null}
    </>
  );
}

/** What is missing: equal gaps together, or day by day. */
function Missing({ queue }: { queue: QueueCoverage }) {
  const { t, text, language } = useWords();
  const [view, setView] = useState<"runs" | "days">("runs");
  return (
    <>
      <div className="row" style={{ flexWrap: "wrap" }}>
        <span className="grow">
          {queue.skills.length > 0
            ? t("coverage.nobody_with", {
                skills: queue.skills.map((name) => text(name)).join(LIST_COMMA[language]),
              })
            : t("coverage.nobody_able")}
        </span>
        <Segmented
          size="small"
          aria-label={t("coverage.view")}
          value={view}
          onChange={setView}
          options={[
            { value: "runs", label: t("coverage.together") },
            { value: "days", label: t("coverage.by_day") },
          ]}
        />
      </div>
      {view === "runs" ? <Runs queue={queue} /> : <Gaps queue={queue} />}
    </>
  );
}

function QueueCard({ queue, coverage }: { queue: QueueCoverage; coverage: Coverage }) {
  const { t, text } = useWords();
  const name = text(queue.name);
  const cells = dayCells(coverage.first_day, queue.days, coverage.holidays);
  return (
    <section className="card stack" aria-label={name} data-testid="queue-coverage">
      <h2>{name}</h2>
      <div className="row figures" style={{ flexWrap: "wrap" }}>
        <span>
          {t("coverage.share")} <strong className="digits">{shareText(queue.share) ?? t("general.none")}</strong>
        </span>
        <span>
          {t("coverage.intervals")}{" "}
          <strong className="digits">
            {`${countText(queue.covered_intervals)} / ${countText(queue.open_intervals)}`}
          </strong>
        </span>
        <span>
          {t("coverage.gaps")} <strong className="digits">{countText(queue.gap_count)}</strong>
        </span>
        {queue.is_always_open ? <span className="quiet">{t("coverage.always_open")}</span> : null}
      </div>
      <CoverageStrip name={name} cells={cells} />
      {queue.gaps.length > 0 ? <Missing queue={queue} /> : <span className="quiet">{t("coverage.no_gaps")}</span>}
    </section>
  );
}

export function CoveragePage() {
  const { t } = useWords();
  const { tenantId, choice } = useTenantChoice();
  const [address, setAddress] = useSearchParams();
  const asked = Number(address.get("year"));
  const year = Number.isInteger(asked) && asked >= 2000 && asked < 2100 ? asked : dayjs().year();
  const days = { first_day: `${year}-01-01`, last_day: `${year}-12-31`, tenant_id: tenantId };
  const coverage = useQuery({ queryKey: ["coverage", year, tenantId], queryFn: () => fetchCoverage(days) });
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("coverage.title")}</h1>
        <DatePicker
          picker="year"
          aria-label={t("coverage.year")}
          value={dayjs(`${year}-01-01`)}
          allowClear={false}
          onChange={(day) => {
            if (day) setAddress({ year: String(day.year()) });
          }}
        />
        {choice}
      </div>
      <p className="quiet" style={{ margin: 0 }}>
        {t("coverage.definition")}
      </p>
      <CoverageLegend />
      <QueryView
        query={coverage}
        isEmpty={(data) => data.queues.length === 0}
        empty={<EmptyState hint={t("coverage.no_queues")} />}
      >
        {(data) => (
          <>
            {data.queues.map((queue) => (
              <QueueCard key={queue.queue_id} queue={queue} coverage={data} />
            ))}
          </>
        )}
      </QueryView>
    </div>
  );
}
