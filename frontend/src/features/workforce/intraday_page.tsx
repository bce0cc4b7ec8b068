/** The running day: what was expected, what came, who is needed and there, and what can be done about the rest. */
import { Button, Segmented, Select, Table, type TableColumnsType } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { fetchIntraday, moveActivity, moveBreak, type Intraday, type IntradayQueue, type Proposal } from "@/api/day";
import type { TierDocument } from "@/live/documents";
import { useBoard, useDocument } from "@/live/hooks";
import { timeText } from "@/shared/moments";
import { useMay } from "@/shared/session";
import { TierButton } from "@/shared/steer";
import { useTenantChoice } from "@/shared/tenant_choice";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useDayChange } from "./day_change";
import { hundredthsText } from "./day_words";
import { DayWhatIfCard } from "./day_what_if_card";
import { IntradayChart } from "./intraday_chart";
import { LeaveOffers, OfferLeave } from "./leave_offers";

const RENEWED_MS = 60_000;
const AHEAD = 4; // quarters: the next hour

function nowAtOf(day: Intraday): number {
  const next = day.begins_at.findIndex((moment) => Date.parse(moment) > Date.parse(day.as_of));
  return next < 0 ? day.begins_at.length - 1 : Math.max(0, next - 1);
}

/** Whether any queue has too few people in the next four hours. */
function isShort(day: Intraday): boolean {
  const at = nowAtOf(day) + 1;
  return day.queues.some((queue) =>
    queue.required.slice(at, at + 4 * AHEAD).some((need, k) => need - (queue.present[at + k] ?? 0) >= 0.5),
  );
}

interface QuarterRow {
  at: number;
  time: string;
}

function QuarterTable({ day, queue }: { day: Intraday; queue: IntradayQueue }) {
  const { t } = useWords();
  const rows = useMemo(() => day.begins_at.map((moment, at) => ({ at, time: timeText(moment) })), [day.begins_at]);
  const columns: TableColumnsType<QuarterRow> = [
    { title: t("intraday.quarter"), dataIndex: "time" },
    { title: t("intraday.planned"), render: (_, { at }) => Math.round(queue.planned[at] ?? 0) },
    { title: t("intraday.calls"), render: (_, { at }) => Math.round(queue.calls[at] ?? 0) },
    { title: t("intraday.actual"), render: (_, { at }) => queue.actual[at] ?? "–" },
    { title: t("intraday.required"), render: (_, { at }) => queue.required[at] },
    { title: t("intraday.present"), render: (_, { at }) => queue.present[at] },
  ];
  return (
    <Table<QuarterRow>
      size="small"
      rowKey="at"
      columns={columns}
      dataSource={rows}
      pagination={false}
      scroll={{ x: "max-content" }}
    />
  );
}

/** Reserve teams live on the floor's board. */
function WatchFloor() {
  useBoard("floor");
  return null;
}

/** The reserve team as the switch has it now, with what may be done about it. */
function CallTier({ tierId, until }: { tierId: string; until: string }) {
  const { t } = useWords();
  const tier = useDocument<TierDocument>(`tier/${tierId}`);
  if (!tier) return null;
  return (
    <div className="row">
      {tier.step ? <strong>{t(`steering.${tier.step}`)}</strong> : null}
      <TierButton tier={tier} keepUntil={() => Date.parse(until)} />
    </div>
  );
}

function ProposalItem({ one, day }: { one: Proposal; day: Intraday }) {
  const { t, text } = useWords();
  const may = useMay();
  const { isBusy, change } = useDayChange();
  const move = async () => {
    for (const item of one.moves) {
      const isBreak = item.index !== null;
      await (isBreak
        ? moveBreak(item.object_id, { version: item.version, index: item.index ?? 0 })
        : moveActivity(item.object_id, { version: item.version }));
    }
  };
  const who = one.tier_name ? text(one.tier_name) : [...one.agent_names, ...one.moves.map((item) => item.agent_name)];
  return (
    <li className="stack" data-testid={`proposal-${one.kind}`}>
      <strong>{t(`intraday.do_${one.kind}`, { n: one.people })}</strong>
      <span>
        {t("intraday.for", {
          queue: text(one.queue_name),
          begins: timeText(one.begins_at),
          ends: timeText(one.ends_at),
        })}
      </span>
      <span className="quiet">{Array.isArray(who) ? who.join(", ") : who}</span>
      <span>
        {t("intraday.effect", { before: hundredthsText(one.level_before), after: hundredthsText(one.level_after) })}
        {one.hours ? ` · ${t("intraday.hours", { n: one.hours })}` : null}
      </span>
      {one.moves.length > 0 ? (
        <Button size="small" loading={isBusy} onClick={() => void change(t("team_day.moved"), move)}>
          {t("intraday.move_do")}
        </Button>
      ) : null}
      {one.kind === "leave_early" ? <OfferLeave day={day} proposal={one} /> : null}
      {one.tier_id && may("floor.steer") ? <CallTier tierId={one.tier_id} until={one.ends_at} /> : null}
      {one.kind === "overtime" && may("planning.edit") ? (
        <Link to="/requests?tab=open">{t("intraday.open_shift")}</Link>
      ) : null}
    </li>
  );
}

/** What the next hour needs and has, of each queue. */
function NextHour({ day, chosen, onChoose }: { day: Intraday; chosen: string; onChoose: (id: string) => void }) {
  const { t, text } = useWords();
  const at = nowAtOf(day) + 1;
  const columns: TableColumnsType<IntradayQueue> = [
    {
      title: t("intraday.queue"),
      render: (_, queue) => (
        <Button
          type={queue.queue_id === chosen ? "primary" : "link"}
          size="small"
          onClick={() => onChoose(queue.queue_id)}
        >
          {text(queue.name)}
        </Button>
      ),
    },
    {
      title: t("intraday.level"),
      render: (_, queue) => `${queue.level >= 1 ? "+" : ""}${Math.round((queue.level - 1) * 100)}%`,
    },
    { title: t("intraday.required"), render: (_, queue) => Math.max(0, ...queue.required.slice(at, at + AHEAD)) },
    { title: t("intraday.present"), render: (_, queue) => Math.min(...queue.present.slice(at, at + AHEAD), Infinity) },
    {
      title: t("intraday.gap"),
      render: (_, queue) => {
        const gaps = queue.required.slice(at, at + AHEAD).map((need, k) => (queue.present[at + k] ?? 0) - need);
        const worst = Math.min(...gaps, Infinity);
        if (!Number.isFinite(worst)) return "–";
        const said = worst < 0 ? t("intraday.short") : t("intraday.enough");
        return `${worst > 0 ? "+" : ""}${Math.round(worst * 10) / 10} ${said}`;
      },
    },
  ];
  return (
    <Table<IntradayQueue>
      size="small"
      rowKey="queue_id"
      columns={columns}
      dataSource={day.queues}
      pagination={false}
      scroll={{ x: "max-content" }}
      title={() => t("intraday.next_hour")}
    />
  );
}

function Shown({ day }: { day: Intraday }) {
  const { t, text } = useWords();
  const may = useMay();
  const [search, setSearch] = useSearchParams();
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    next.set(name, value);
    setSearch(next, { replace: true });
  };
  const queue = day.queues.find((one) => one.queue_id === search.get("queue")) ?? day.queues[0];
  const ticks = useMemo(() => day.begins_at.map((moment) => timeText(moment)), [day.begins_at]);
  if (!queue) return <EmptyState hint={t("intraday.nothing")} />;
  return (
    <div className="floor-body">
      <div className="stack">
        <NextHour day={day} chosen={queue.queue_id} onChoose={(id) => set("queue", id)} />
        <div className="row">
          <Select
            aria-label={t("intraday.queue")}
            value={queue.queue_id}
            style={{ minWidth: "10em" }}
            options={day.queues.map((one) => ({ value: one.queue_id, label: text(one.name) }))}
            onChange={(id) => set("queue", id)}
          />
          <Segmented
            aria-label={t("intraday.view")}
            value={search.get("view") ?? "chart"}
            onChange={(view) => set("view", view)}
            options={[
              { value: "chart", label: t("intraday.chart") },
              { value: "table", label: t("intraday.table") },
            ]}
          />
        </div>
        {search.get("view") === "table" ? (
          <QuarterTable day={day} queue={queue} />
        ) : (
          <IntradayChart queue={queue} ticks={ticks} nowAt={nowAtOf(day)} />
        )}
      </div>
      <div className="stack">
        <section className="card stack" aria-label={t("intraday.proposals")}>
          <h2>{t("intraday.proposals")}</h2>
          {may("floor.steer") ? <WatchFloor /> : null}
          {day.proposals.length === 0 ? (
            <p className="quiet">{t(isShort(day) ? "intraday.no_means" : "intraday.no_proposals")}</p>
          ) : null}
          <ul className="plain-list stack">
            {day.proposals.map((one) => (
              <ProposalItem key={`${one.kind} ${one.queue_id} ${one.tier_id ?? ""}`} one={one} day={day} />
            ))}
          </ul>
        </section>
        <LeaveOffers tenantId={day.tenant_id} />
        {may("planning.edit") ? <DayWhatIfCard day={day} queueId={queue.queue_id} /> : null}
      </div>
    </div>
  );
}

export function IntradayPage() {
  const { t } = useWords();
  const { tenantId, choice } = useTenantChoice();
  const query = useQuery({
    queryKey: ["intraday", tenantId],
    queryFn: () => fetchIntraday(tenantId),
    refetchInterval: RENEWED_MS,
  });
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("intraday.title")}</h1>
        {choice}
        <span className="grow" />
        {query.data ? (
          <span className="quiet">
            {t("intraday.made", {
              time: timeText(query.data.made_at),
              source: t(`intraday.from_${query.data.source}`),
            })}
          </span>
        ) : null}
      </div>
      <QueryView query={query}>{(day) => <Shown day={day} />}</QueryView>
    </div>
  );
}
