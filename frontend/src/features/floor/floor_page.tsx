/** Wireframe 2: everybody's state as tiles or as a table, the figures above, one agent at the right. */
import { Input, Segmented, Select } from "antd";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { BarChartOutlined, DesktopOutlined, TableOutlined } from "@ant-design/icons";
import type { AgentDocument, AgentState, BoardDocument, SeatDocument } from "@/live/documents";
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
import { useNames, type Names } from "@/shared/live_names";
import { StateTag } from "@/shared/state_tag";
import { useTenants } from "@/shared/session";
import { EmptyState, Loading } from "@/shared/views";
import { useWords } from "@/words";
import { AgentGrid } from "./agent_grid";
import { AgentPane } from "./agent_pane";
import { AgentTiles } from "./agent_tiles";
import { CallbacksCard, DisasterCard, SitesCard, TiersCard } from "./steering";
import { SeatFilters, SeatPane, SeatTiles, useSeats } from "./seats_view";
import { WaitingList } from "./waiting_list";
import { WhyWaitingCard } from "./why";

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

type Filters = ReturnType<typeof useFilters>;

function matches(agent: AgentDocument, filters: Filters): boolean {
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

function AgentFilters({ filters }: { filters: Filters }) {
  const { t } = useWords();
  const { queues } = useNames();
  const queueOptions = useMemo(() => [...queues].map(([value, label]) => ({ value, label })), [queues]);
  return (
    <>
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
        value={filters.get("sort") ?? "longest"}
        aria-label={t("floor.sort")}
        options={[
          { value: "longest", label: t("floor.sort_longest") },
          { value: "name", label: t("floor.sort_name") },
        ]}
        onChange={(value: string) => filters.set("sort", value)}
      />
    </>
  );
}

function Agents({ filters, rows }: { filters: Filters; rows: readonly AgentDocument[] }) {
  const { t } = useWords();
  const { queues } = useNames();
  const isFiltered = ["queue", "state", "name"].some((name) => filters.get(name));
  const Shown = filters.get("view") === "table" ? AgentGrid : AgentTiles;
  if (rows.length === 0) return <EmptyState hint={t(isFiltered ? "floor.nobody" : "floor.nobody_signed_in")} />;
  return (
    <Shown
      agents={rows}
      queues={queues}
      openId={filters.get("agent")}
      onOpen={(agent) => filters.set("agent", agent.agent_id)}
    />
  );
}

export function FloorPage() {
  const { t } = useWords();
  useBoard("floor");
  const agents = useDocuments<AgentDocument>("agent/");
  const { queues, agents: agentNames } = useNames();
  const filters = useFilters();
  const hasBoard = useDocuments<BoardDocument>("total/").length > 0;
  const isBySeat = filters.get("view") === "seats";
  const seats = useSeats(filters, isBySeat);
  const shown = agents.filter((agent) => matches(agent, filters));
  const rows = shown.toSorted((a, b) =>
    filters.get("sort") === "name" ? a.name.localeCompare(b.name) : a.since_ms - b.since_ms,
  );
  const explained = filters.get("waiting");

  return (
    <div className="page floor">
      <div className="page-head">
        <h1>{t("floor.title")}</h1>
        {isBySeat ? <SeatFilters filters={filters} /> : <AgentFilters filters={filters} />}
        <Segmented
          value={filters.get("view") ?? "tiles"}
          onChange={(value) => filters.set("view", value)}
          options={[
            { value: "tiles", label: t("floor.tiles"), icon: <BarChartOutlined aria-hidden /> },
            { value: "table", label: t("floor.table"), icon: <TableOutlined aria-hidden /> },
            { value: "seats", label: t("seats.seats"), icon: <DesktopOutlined aria-hidden /> },
          ]}
        />
        <span className="grow" />
        <span className="quiet">
          {isBySeat ? t("seats.shown", { n: seats.length }) : t("floor.shown", { n: rows.length })}
        </span>
        <LiveAge />
      </div>
      <LiveArea>
        <Totals />
        <div className="floor-body">
          <div>
            {hasBoard ? null : <Loading />}
            {hasBoard && isBySeat ? (
              <SeatTiles
                seats={seats}
                agents={agents}
                openId={filters.get("seat")}
                onOpen={(seat) => filters.set("seat", seat.seat_id)}
              />
            ) : null}
            {hasBoard && !isBySeat ? <Agents filters={filters} rows={rows} /> : null}
          </div>
          <div className="stack">
            <Chosen filters={filters} isBySeat={isBySeat} agents={agents} seats={seats} queues={queues} />
            <AlarmList />
            <SitesCard />
            <DisasterCard />
            <TiersCard />
            <WaitingList queues={queues} onExplain={(contactId) => filters.set("waiting", contactId)} />
            {explained ? (
              <WhyWaitingCard
                key={explained}
                contactId={explained}
                queues={queues}
                agents={agentNames}
                onClose={() => filters.set("waiting", undefined)}
              />
            ) : null}
            <CallbacksCard queues={queues} />
          </div>
        </div>
      </LiveArea>
    </div>
  );
}

interface ChosenProps {
  filters: Filters;
  isBySeat: boolean;
  agents: readonly AgentDocument[];
  seats: readonly SeatDocument[];
  queues: Names;
}

/** The agent or the seat that was opened. */
function Chosen({ filters, isBySeat, agents, seats, queues }: ChosenProps) {
  const { t } = useWords();
  const agent = agents.find((one) => one.agent_id === filters.get("agent"));
  const seat = seats.find((one) => one.seat_id === filters.get("seat"));
  if (isBySeat && seat) {
    return <SeatPane seat={seat} agents={agents} onClose={() => filters.set("seat", undefined)} />;
  }
  if (!isBySeat && agent) {
    return <AgentPane agent={agent} queues={queues} onClose={() => filters.set("agent", undefined)} />;
  }
  return <section className="card quiet">{t(isBySeat ? "seats.choose" : "floor.choose")}</section>;
}
