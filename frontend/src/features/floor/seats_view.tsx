/** The floor by seats: who sits where, what is free and what is out of order; a supervisor marks it here (row JS-03). */
import { CheckCircleOutlined, ToolFilled, UserOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { useMemo, useState } from "react";
import type { AgentDocument, SeatDocument, SeatFault, SiteDocument } from "@/live/documents";
import { useDocuments } from "@/live/hooks";
import { useAct } from "@/shared/act";
import { Elapsed } from "@/shared/clocks";
import { countText } from "@/shared/figures";
import { timeText } from "@/shared/moments";
import { useMay } from "@/shared/session";
import { StateTag } from "@/shared/state_tag";
import { EmptyState } from "@/shared/views";
import { useWords } from "@/words";
import { TileGrid } from "./tile_grid";

const CONDITIONS = ["free", "in_use", "broken"] as const;
type Condition = (typeof CONDITIONS)[number];
const FAULTS: readonly SeatFault[] = ["computer", "headset", "network", "power", "furniture", "other"];
const ICONS = {
  free: <CheckCircleOutlined aria-hidden />,
  in_use: <UserOutlined aria-hidden />,
  broken: <ToolFilled aria-hidden />,
};

function conditionOf(seat: SeatDocument): Condition {
  if (seat.fault !== null) return "broken";
  return seat.agent_id === null ? "free" : "in_use";
}

/** What is out of order stands out, unless there is none of it. */
function ConditionTag({ condition, isLoud = true }: { condition: Condition; isLoud?: boolean }) {
  const { t } = useWords();
  const words = (
    <>
      {ICONS[condition]} {t(`seats.${condition}`)}
    </>
  );
  return condition === "broken" && isLoud ? (
    <strong className="marked" data-condition={condition}>
      {words}
    </strong>
  ) : (
    <span data-condition={condition}>{words}</span>
  );
}

/** `free 12 · in use 27 · out of order 1`, of one site. */
export function SeatCounts({ site }: { site: SiteDocument }) {
  const { t } = useWords();
  const seats = site.seats;
  if (!seats || seats.free + seats.in_use + seats.broken === 0) return null;
  return (
    <div className="row" data-testid="seat-counts">
      <span className="quiet">{t("seats.seats")}</span>
      {CONDITIONS.map((condition) => (
        <span key={condition} data-seats={condition}>
          <ConditionTag condition={condition} isLoud={seats[condition] > 0} />{" "}
          <span className="digits">{countText(seats[condition])}</span>
        </span>
      ))}
    </div>
  );
}

function useSiteNames(): ReadonlyMap<string, string> {
  const { text } = useWords();
  const sites = useDocuments<SiteDocument>("site/");
  return useMemo(
    () => new Map(sites.map((site) => [site.site_id, site.name ? text(site.name) : site.site_id])),
    [sites, text],
  );
}

interface Filters {
  get: (name: string) => string | undefined;
  set: (name: string, value: string | undefined) => void;
}

export function SeatFilters({ filters }: { filters: Filters }) {
  const { t } = useWords();
  const names = useSiteNames();
  return (
    <>
      <Select
        allowClear
        value={filters.get("site")}
        placeholder={t("seats.all_sites")}
        aria-label={t("seats.site")}
        style={{ minWidth: "10em" }}
        options={[...names].map(([value, label]) => ({ value, label }))}
        onChange={(value?: string) => filters.set("site", value)}
      />
      <Select
        allowClear
        value={filters.get("condition")}
        placeholder={t("seats.all_conditions")}
        aria-label={t("seats.condition")}
        style={{ minWidth: "10em" }}
        options={CONDITIONS.map((value) => ({ value, label: t(`seats.${value}`) }))}
        onChange={(value?: string) => filters.set("condition", value)}
      />
    </>
  );
}

const IN_ORDER = new Intl.Collator(undefined, { numeric: true });

/** The seats that the filters let through, by site and label; none while they are not shown. */
export function useSeats(filters: Filters, isShown: boolean): SeatDocument[] {
  const seats = useDocuments<SeatDocument>("seat/");
  const names = useSiteNames();
  const site = filters.get("site");
  const condition = filters.get("condition");
  return useMemo(() => {
    const siteOf = (seat: SeatDocument) => names.get(seat.site_id) ?? "";
    const fits = (seat: SeatDocument) =>
      (!site || seat.site_id === site) && (!condition || conditionOf(seat) === condition);
    if (!isShown) return [];
    return seats
      .filter(fits)
      .toSorted((a, b) => IN_ORDER.compare(siteOf(a), siteOf(b)) || IN_ORDER.compare(a.label, b.label));
  }, [seats, names, site, condition, isShown]);
}

interface TilesProps {
  seats: readonly SeatDocument[];
  agents: readonly AgentDocument[];
  openId?: string;
  onOpen: (seat: SeatDocument) => void;
}

export function SeatTiles({ seats, agents, openId, onOpen }: TilesProps) {
  const { t } = useWords();
  const sites = useSiteNames();
  const byId = useMemo(() => new Map(agents.map((agent) => [agent.agent_id, agent])), [agents]);
  if (seats.length === 0) return <EmptyState hint={t("seats.none")} />;
  return (
    <TileGrid
      label={t("seats.seats")}
      items={seats}
      keyOf={(seat) => seat.seat_id}
      openKey={openId}
      onOpen={onOpen}
      tile={(seat) => (
        <SeatTile
          seat={seat}
          agent={seat.agent_id ? byId.get(seat.agent_id) : undefined}
          site={sites.size > 1 ? sites.get(seat.site_id) : undefined}
        />
      )}
    />
  );
}

function SeatTile({ seat, agent, site }: { seat: SeatDocument; agent?: AgentDocument; site?: string }) {
  const { t } = useWords();
  const under =
    agent?.name ?? (seat.fault ? t(`seats.fault_${seat.fault}`) : seat.is_reserve ? t("seats.reserve") : site);
  return (
    <>
      <div className="row" style={{ gap: 6, flexWrap: "nowrap" }}>
        <strong className="tile-name grow" title={site}>
          {seat.label}
        </strong>
        {agent && seat.fault ? <ConditionTag condition="broken" /> : null}
      </div>
      {agent ? <StateTag state={agent.state} /> : <ConditionTag condition={conditionOf(seat)} />}
      <div className={agent ? "tile-name" : "quiet tile-name"} title={under}>
        {under}
      </div>
    </>
  );
}

function MarkBroken({ seat }: { seat: SeatDocument }) {
  const { t } = useWords();
  const act = useAct();
  const [reason, setReason] = useState<SeatFault | undefined>();
  return (
    <div className="stack">
      <label className="field">
        <span>{t("seats.reason")}</span>
        <Select
          value={reason}
          onChange={setReason}
          data-testid="fault"
          options={FAULTS.map((value) => ({ value, label: t(`seats.fault_${value}`) }))}
        />
      </label>
      <Button
        danger
        disabled={!reason}
        onClick={() => void act("MarkSeat", { seat_id: seat.seat_id, is_broken: true, reason })}
        data-testid="mark-broken"
      >
        {t("seats.mark_broken")}
      </Button>
      <span className="quiet">{t("seats.mark_means")}</span>
    </div>
  );
}

function Fault({ seat }: { seat: SeatDocument }) {
  const { t } = useWords();
  const may = useMay();
  const act = useAct();
  if (seat.fault === null) return null;
  return (
    <>
      <div role="status">
        {t(`seats.fault_${seat.fault}`)}
        {seat.fault_since_ms === null ? null : (
          <>
            {" · "}
            {t("steering.since", { at: timeText(seat.fault_since_ms) })} (<Elapsed sinceMs={seat.fault_since_ms} />)
          </>
        )}
        {seat.fault_by_name ? ` ${t("steering.by", { name: seat.fault_by_name })}` : null}
      </div>
      {may("floor.steer") ? (
        <Button
          onClick={() => void act("MarkSeat", { seat_id: seat.seat_id, is_broken: false })}
          data-testid="mark-usable"
        >
          {t("seats.mark_usable")}
        </Button>
      ) : null}
    </>
  );
}

interface PaneProps {
  seat: SeatDocument;
  agents: readonly AgentDocument[];
  onClose: () => void;
}

export function SeatPane({ seat, agents, onClose }: PaneProps) {
  const { t } = useWords();
  const may = useMay();
  const sites = useSiteNames();
  const agent = agents.find((one) => one.agent_id === seat.agent_id);
  return (
    <section className="card stack" aria-label={seat.label} data-testid="seat-pane">
      <div className="card-head">
        <strong style={{ fontSize: "1.15em" }}>{seat.label}</strong>
        <Button size="small" onClick={onClose}>
          {t("general.close")}
        </Button>
      </div>
      <div className="row">
        <ConditionTag condition={conditionOf(seat)} />
        <span className="quiet">{sites.get(seat.site_id)}</span>
        {seat.is_reserve ? <span className="quiet">{t("seats.reserve")}</span> : null}
      </div>
      {agent ? (
        <div className="row">
          <strong>{agent.name}</strong> <StateTag state={agent.state} /> <Elapsed sinceMs={agent.since_ms} />
        </div>
      ) : null}
      <Fault seat={seat} />
      {seat.fault === null && may("floor.steer") ? <MarkBroken key={seat.seat_id} seat={seat} /> : null}
      <span className="quiet">{t("floor.audited")}</span>
    </section>
  );
}
