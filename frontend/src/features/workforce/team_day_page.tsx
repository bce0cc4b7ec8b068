/** The team's day: who should do what, who does what, and what can be done about the difference. */
import { DatePicker, Input, Segmented, Select, Tag } from "antd";
import { useQuery } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { fetchTeamDay, type TeamDay } from "@/api/day";
import type { AgentDocument } from "@/live/documents";
import { useBoard, useDocuments, useServerNow } from "@/live/hooks";
import { Elapsed } from "@/shared/clocks";
import { LiveAge, LiveArea } from "@/shared/live_age";
import { LiveGrid, type Column } from "@/shared/live_grid";
import { timeText } from "@/shared/moments";
import { StateTag } from "@/shared/state_tag";
import { useTenantChoice } from "@/shared/tenant_choice";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { DayBar } from "./day_bar";
import { hundredthsText } from "./day_words";
import { PersonDayPane } from "./person_day_pane";
import { BADGES, drawnPart, matches, rowsOf, type Badge, type DayRow } from "./team_day_rows";

const RENEWED_MS = 30_000;

/** Filters live in the address, so that a view can be kept and handed on. */
function useFilters() {
  const [search, setSearch] = useSearchParams();
  const get = (name: string) => search.get(name) ?? undefined;
  const set = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  return { get, set };
}

type Filters = ReturnType<typeof useFilters>;

export function DayBadges({ badges }: { badges: readonly Badge[] }) {
  const { t } = useWords();
  return (
    <span className="row tight">
      {badges.map((badge) => (
        <Tag key={badge} variant="outlined" className={`day-badge ${badge}`} data-testid={`badge-${badge}`}>
          {t(`team_day.is_${badge}`)}
        </Tag>
      ))}
    </span>
  );
}

/** What the pane of a person tells too, so that the list beside it keeps its room. */
const IN_THE_PANE: ReadonlySet<string> = new Set(["planned", "day"]);

function useColumns(day: TeamDay, nowMs: number): Column<DayRow>[] {
  const { t } = useWords();
  const part = useMemo(() => drawnPart(day), [day]);
  return useMemo(
    () => [
      { key: "name", title: t("team_day.agent"), width: "minmax(7em, 1.2fr)", cell: (row) => row.name },
      {
        key: "state",
        title: t("team_day.does"),
        width: "minmax(9em, 1fr)",
        cell: (row) => (row.state ? <StateTag state={row.state} /> : "–"),
      },
      {
        key: "planned",
        title: t("team_day.planned"),
        width: "minmax(11em, 1.2fr)",
        cell: (row) =>
          row.planned
            ? t("team_day.until", { what: t(`team_day.plan_${row.planned}`), time: timeText(row.plannedUntilMs) })
            : "–",
      },
      {
        key: "out",
        title: t("team_day.out_of_plan"),
        width: "minmax(7.5em, 0.7fr)",
        cell: (row) => (row.outOfPlanMs === null ? "–" : <Elapsed sinceMs={row.outOfPlanMs} />),
      },
      {
        key: "day",
        title: `${timeText(part.beginsMs)}–${timeText(part.endsMs)}`,
        width: "minmax(220px, 3fr)",
        cell: (row) => (row.person ? <DayBar person={row.person} part={part} nowMs={nowMs} /> : null),
      },
      {
        key: "adherence",
        title: t("team_day.adherence"),
        width: "minmax(7em, 0.7fr)",
        cell: (row) => <span className="digits">{hundredthsText(row.person?.figures.adherence)}</span>,
      },
      {
        key: "badges",
        title: t("team_day.signs"),
        width: "minmax(14em, 1.6fr)",
        cell: (row) => <DayBadges badges={row.badges} />,
      },
    ],
    [t, part, nowMs],
  );
}

function teamsOf(day: TeamDay | undefined, text: (name: { zh: string; en: string }) => string) {
  const teams = new Map<string, string>();
  for (const one of day?.people ?? []) {
    if (one.team_id && one.team_name) teams.set(one.team_id, text(one.team_name));
  }
  return [...teams].map(([value, label]) => ({ value, label })).toSorted((a, b) => a.label.localeCompare(b.label));
}

function DayFilters({ filters, day }: { filters: Filters; day: TeamDay | undefined }) {
  const { t, text } = useWords();
  return (
    <>
      <DatePicker
        aria-label={t("team_day.day")}
        value={filters.get("day") ? dayjs(filters.get("day")) : null}
        placeholder={t("team_day.today")}
        onChange={(value) => filters.set("day", value ? value.format("YYYY-MM-DD") : undefined)}
      />
      <Select
        allowClear
        aria-label={t("team_day.team")}
        placeholder={t("team_day.all_teams")}
        value={filters.get("team")}
        options={teamsOf(day, text)}
        style={{ minWidth: "9em" }}
        onChange={(value?: string) => filters.set("team", value)}
      />
      <Select
        allowClear
        aria-label={t("team_day.signs")}
        placeholder={t("team_day.all_signs")}
        value={filters.get("sign")}
        options={BADGES.map((value) => ({ value, label: t(`team_day.is_${value}`) }))}
        style={{ minWidth: "10em" }}
        onChange={(value?: string) => filters.set("sign", value)}
      />
      <Input
        style={{ width: "10em" }}
        defaultValue={filters.get("name")}
        placeholder={t("team_day.find")}
        aria-label={t("team_day.find")}
        onChange={(event) => filters.set("name", event.target.value)}
      />
    </>
  );
}

function Figures({ day, rows, filters }: { day: TeamDay; rows: readonly DayRow[]; filters: Filters }) {
  const { t } = useWords();
  const counted = BADGES.map((badge) => ({ badge, n: rows.filter((row) => row.badges.includes(badge)).length }));
  return (
    <div className="row figures">
      <span title={t("team_day.adherence_means")}>
        {t("team_day.adherence")} <strong className="digits">{hundredthsText(day.adherence)}</strong>
      </span>
      <span title={t("team_day.conformance_means")}>
        {t("team_day.conformance")} <strong className="digits">{hundredthsText(day.conformance)}</strong>
      </span>
      <Segmented
        aria-label={t("team_day.signs")}
        value={filters.get("sign") ?? ""}
        onChange={(value) => filters.set("sign", value)}
        options={[
          { value: "", label: t("team_day.everybody", { n: rows.length }) },
          ...counted
            .filter(({ n, badge }) => n > 0 || filters.get("sign") === badge)
            .map(({ badge, n }) => ({ value: badge, label: `${t(`team_day.is_${badge}`)} ${n}` })),
        ]}
      />
    </div>
  );
}

function Shown({ day, filters }: { day: TeamDay; filters: Filters }) {
  const { t } = useWords();
  const agents = useDocuments<AgentDocument>("agent/");
  const nowMs = useServerNow();
  const minuteMs = Math.floor(nowMs / 5_000) * 5_000; // bars move every five seconds, clocks each second
  const rows = useMemo(() => rowsOf(day, agents, minuteMs), [day, agents, minuteMs]);
  const columns = useColumns(day, minuteMs);
  const wanted = { badge: filters.get("sign"), name: filters.get("name"), teamId: filters.get("team") };
  const shown = rows.filter((row) => matches(row, wanted));
  const open = rows.find((row) => row.agentId === filters.get("agent"));
  return (
    <LiveArea className="stack">
      {day.is_published ? null : <p className="quiet">{t("team_day.nothing_published")}</p>}
      <Figures day={day} rows={rows} filters={filters} />
      <div className={open ? "floor-body" : undefined}>
        {shown.length === 0 ? (
          <EmptyState hint={t(rows.length === 0 ? "team_day.nobody" : "team_day.nobody_such")} />
        ) : (
          <LiveGrid
            label={t("team_day.title")}
            columns={open ? columns.filter(({ key }) => !IN_THE_PANE.has(key)) : columns}
            rows={shown}
            rowKey={(row) => row.agentId}
            onOpen={(row) => filters.set("agent", row.agentId)}
            openKey={open?.agentId ?? null}
            rowHeight={40}
            height="calc(100vh - 200px)"
          />
        )}
        {open ? (
          <PersonDayPane key={open.agentId} row={open} day={day} onClose={() => filters.set("agent", undefined)} />
        ) : null}
      </div>
    </LiveArea>
  );
}

export function TeamDayPage() {
  const { t } = useWords();
  useBoard("floor");
  const filters = useFilters();
  const { tenantId, choice } = useTenantChoice();
  const query = useQuery({
    queryKey: ["team-day", tenantId, filters.get("day")],
    queryFn: () => fetchTeamDay({ tenant_id: tenantId, day: filters.get("day") }),
    refetchInterval: RENEWED_MS,
  });
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("team_day.title")}</h1>
        {choice}
        <DayFilters filters={filters} day={query.data} />
        <span className="grow" />
        <LiveAge />
      </div>
      <QueryView query={query}>{(day) => <Shown day={day} filters={filters} />}</QueryView>
    </div>
  );
}
