/** The coverage calendar: whether somebody able is rostered in every open quarter of an hour of the year. */
import { DatePicker, Table, Tag } from "antd";
import { useQuery } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useSearchParams } from "react-router";
import { fetchCoverage, type Coverage, type CoverageGap, type QueueCoverage } from "@/api/coverage";
import { countText } from "@/shared/figures";
import { useTenantChoice } from "@/shared/tenant_choice";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { clockOf, dayCells, shareText } from "./coverage_days";
import { CoverageLegend, CoverageStrip } from "./coverage_strip";

function Gaps({ queue }: { queue: QueueCoverage }) {
  const { t } = useWords();
  const hidden = queue.gap_count - queue.gaps.length;
  return (
    <>
      <Table<CoverageGap>
        size="small"
        rowKey={(gap) => `${gap.day} ${gap.begins_min}`}
        dataSource={queue.gaps}
        pagination={queue.gaps.length > 10 ? { pageSize: 10, showSizeChanger: false, size: "small" } : false}
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
          {
            key: "time",
            title: t("coverage.time"),
            render: (_, gap) => <span className="digits">{`${clockOf(gap.begins_min)}–${clockOf(gap.ends_min)}`}</span>,
          },
        ]}
      />
      {hidden > 0 ? <span className="quiet">{t("coverage.more", { n: countText(hidden) })}</span> : null}
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
      {queue.gaps.length > 0 ? <Gaps queue={queue} /> : <span className="quiet">{t("coverage.no_gaps")}</span>}
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
