/** Wireframe 2: everybody's state as tiles or as a table, the figures above, one agent at the right. */
import { Input, Segmented, Select } from "antd";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { BarChartOutlined, TableOutlined } from "@ant-design/icons";
import type { AgentDocument, AgentState, BoardDocument } from "@/live/documents";
import { useBoard, useDocuments } from "@/live/hooks";
import { AlarmList } from "@/shared/alarm_list";
import { SimulatedBadge } from "@/shared/badges";
import {
  AbandonedFigure,
  BlockedFigure,
  DayLevel,
  IntervalLevel,
  LongestFigure,
  WaitingFigure,
} from "@/shared/board_figures";
import { countText } from "@/shared/figures";
import { LiveAge, LiveArea } from "@/shared/live_age";
import { useNames } from "@/shared/live_names";
import { StateTag } from "@/shared/state_tag";
import { useTenants } from "@/shared/session";
import { EmptyState, Loading } from "@/shared/views";
import { useWords } from "@/words";
import { AgentGrid } from "./agent_grid";
import { AgentPane } from "./agent_pane";
import { AgentTiles } from "./agent_tiles";
import { CallbacksCard, DisasterCard, SitesCard, TiersCard } from "./steering";
import { WaitingList } from "./waiting_list";

const STATES: readonly AgentState[] = ["available", "offered", "busy", "wrap_up", "away", "signed_out"];

/** Filters live in the address, so that a view can be kept and handed on. */
function useFilters() {
  const [search, setSearch] = useSearchParams();
  const set = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const get = (name: string) => search.get(name) ?? undefined;
  return { get, set };
}

function matches(agent: AgentDocument, filters: ReturnType<typeof useFilters>): boolean {
  const state = filters.get("state");
  const queue = filters.get("queue");
  const name = filters.get("name")?.toLowerCase();
  if (state ? agent.state !== state : agent.state === "signed_out") return false;
  if (queue && agent.queue_id !== queue) return false;
  return !name || agent.name.toLowerCase().includes(name);
}

function Totals() {
  const { t, text } = useWords();
  const totals = useDocuments<BoardDocument>("total/");
  const tenants = useTenants();
  return (
    <>
      {totals.map((total) => (
        <div key={total.tenant_id} className="row figures">
          {totals.length > 1 ? (
            <strong>{text(tenants.find((tenant) => tenant.tenant_id === total.tenant_id)?.name)}</strong>
          ) : null}
          <SimulatedBadge isShown={total.is_simulated} />
          <span>
            {t("metrics.service_level")} ({t("metrics.interval")}) <IntervalLevel board={total} />
          </span>
          <span>
            {t("metrics.today")} <DayLevel board={total} />
          </span>
          <span>
            {t("metrics.waiting")} <WaitingFigure board={total} />, {t("metrics.longest")}{" "}
            <LongestFigure board={total} />
          </span>
          <span>
            {t("metrics.abandoned")} <AbandonedFigure board={total} />
          </span>
          <span>
            {t("alarms.blocked")} <BlockedFigure board={total} />
          </span>
          {(["available", "busy", "wrap_up", "away"] as const).map((state) => (
            <span key={state}>
              <StateTag state={state} /> <span className="digits">{countText(total.agents[state])}</span>
            </span>
          ))}
        </div>
      ))}
    </>
  );
}

export function FloorPage() {
  const { t } = useWords();
  useBoard("floor");
  const agents = useDocuments<AgentDocument>("agent/");
  const { queues } = useNames();
  const filters = useFilters();
  const hasBoard = useDocuments<BoardDocument>("total/").length > 0;
  const isFiltered = ["queue", "state", "name"].some((name) => filters.get(name));
  const view = filters.get("view") ?? "tiles";
  const sort = filters.get("sort") ?? "longest";
  const shown = agents.filter((agent) => matches(agent, filters));
  const rows = shown.toSorted((a, b) => (sort === "name" ? a.name.localeCompare(b.name) : a.since_ms - b.since_ms));
  const openId = filters.get("agent");
  const open = agents.find((agent) => agent.agent_id === openId);
  const choose = (agent: AgentDocument) => filters.set("agent", agent.agent_id);
  const queueOptions = useMemo(() => [...queues].map(([value, label]) => ({ value, label })), [queues]);

  return (
    <div className="page floor">
      <div className="page-head">
        <h1>{t("floor.title")}</h1>
        <Select
          allowClear
          value={filters.get("queue")}
          placeholder={t("floor.all_queues")}
          aria-label={t("floor.queue")}
          style={{ minWidth: "10em" }}
          options={queueOptions}
          onChange={(value?: string) => filters.set("queue", value)}
        />
        <Select
          allowClear
          value={filters.get("state")}
          placeholder={t("floor.all_states")}
          aria-label={t("floor.state")}
          style={{ minWidth: "10em" }}
          options={STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
          onChange={(value?: string) => filters.set("state", value)}
        />
        <Input
          allowClear
          style={{ width: "11em" }}
          defaultValue={filters.get("name")}
          placeholder={t("floor.find")}
          aria-label={t("floor.find")}
          onChange={(event) => filters.set("name", event.target.value)}
        />
        <Select
          value={sort}
          aria-label={t("floor.sort")}
          options={[
            { value: "longest", label: t("floor.sort_longest") },
            { value: "name", label: t("floor.sort_name") },
          ]}
          onChange={(value: string) => filters.set("sort", value)}
        />
        <Segmented
          value={view}
          onChange={(value) => filters.set("view", value)}
          options={[
            { value: "tiles", label: t("floor.tiles"), icon: <BarChartOutlined aria-hidden /> },
            { value: "table", label: t("floor.table"), icon: <TableOutlined aria-hidden /> },
          ]}
        />
        <span className="grow" />
        <span className="quiet">{t("floor.shown", { n: rows.length })}</span>
        <LiveAge />
      </div>
      <LiveArea>
        <Totals />
        <div className="floor-body">
          <div>
            {rows.length === 0 && hasBoard ? (
              <EmptyState hint={t(isFiltered ? "floor.nobody" : "floor.nobody_signed_in")} />
            ) : null}
            {hasBoard ? null : <Loading />}
            {rows.length > 0 && view === "tiles" ? (
              <AgentTiles agents={rows} queues={queues} openId={openId} onOpen={choose} />
            ) : null}
            {rows.length > 0 && view === "table" ? (
              <AgentGrid agents={rows} queues={queues} openId={openId} onOpen={choose} />
            ) : null}
          </div>
          <div className="stack">
            {open ? (
              <AgentPane agent={open} queues={queues} onClose={() => filters.set("agent", undefined)} />
            ) : (
              <section className="card quiet">{t("floor.choose")}</section>
            )}
            <AlarmList />
            <SitesCard />
            <DisasterCard />
            <TiersCard />
            <WaitingList queues={queues} />
            <CallbacksCard queues={queues} />
          </div>
        </div>
      </LiveArea>
    </div>
  );
}
