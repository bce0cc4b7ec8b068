/** Wireframe 7: tickets by their next clock at the left, one of them at the right. */
import { Input, Segmented, Select, type TableColumnsType } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useNavigate, useParams, useSearchParams, Route, Routes } from "react-router";
import { fetchTicketCounts, fetchTickets, type Ticket, type TicketFilter } from "@/api/tickets";
import { SimulatedBadge } from "@/shared/badges";
import { TicketClock } from "@/shared/ticket_clock";
import { PagedList } from "@/shared/paged_list";
import { isWord, useWords } from "@/words";
import { TicketDetailCard } from "./ticket_detail";

const STATES = ["new", "acknowledged", "in_progress", "answered", "closed"] as const;
type View = "open" | "mine" | "all";

function filterOf(search: URLSearchParams): TicketFilter {
  const view = (search.get("view") ?? "open") as View;
  return {
    mine: view === "mine" ? true : undefined,
    is_open: view === "all" ? undefined : true,
    state: (search.get("state") ?? undefined) as TicketFilter["state"],
    search: search.get("search") ?? undefined,
    customer_id: search.get("customer_id") ?? undefined,
  };
}

export function TicketState({ state }: { state: string }) {
  const { t } = useWords();
  const key = `tickets.state_${state}`;
  return isWord(key) ? t(key) : state;
}

function useColumns(): TableColumnsType<Ticket> {
  const { t, text } = useWords();
  return [
    { title: t("tickets.clock"), render: (_, row) => <TicketClock clock={row.clock} dueAt={row.due_at} /> },
    {
      title: t("tickets.number"),
      render: (_, row) => (
        <>
          {row.number} <SimulatedBadge isShown={row.is_simulated} isSmall />
        </>
      ),
    },
    {
      title: t("tickets.what"),
      render: (_, row) => (
        <>
          <div>{text(row.type_name)}</div>
          <div className="quiet clipped" title={row.text}>
            {row.text}
          </div>
        </>
      ),
    },
    { title: t("tickets.state"), render: (_, row) => <TicketState state={row.state} /> },
    {
      title: t("tickets.who"),
      render: (_, row) => row.handler_name || text(row.department_name) || t("tickets.nobody"),
    },
  ];
}

function Filters() {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const counts = useQuery({ queryKey: ["ticket-counts"], queryFn: fetchTicketCounts, refetchInterval: 30_000 });
  const set = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  return (
    <div className="page-head">
      <h1>{t("tickets.title")}</h1>
      <Segmented
        aria-label={t("tickets.view")}
        value={search.get("view") ?? "open"}
        onChange={(value) => set("view", value)}
        options={(["open", "mine", "all"] as const).map((value) => ({ value, label: t(`tickets.view_${value}`) }))}
      />
      <Select
        allowClear
        style={{ minWidth: "10em" }}
        placeholder={t("tickets.state")}
        aria-label={t("tickets.state")}
        value={search.get("state") ?? undefined}
        onChange={(value?: string) => set("state", value)}
        options={STATES.map((value) => ({ value, label: t(`tickets.state_${value}`) }))}
      />
      <Input.Search
        allowClear
        style={{ width: "18em" }}
        defaultValue={search.get("search") ?? ""}
        placeholder={t("tickets.find")}
        aria-label={t("tickets.find")}
        onSearch={(value) => set("search", value.trim())}
      />
      <span className="grow" />
      {counts.data ? <span className="quiet">{t("tickets.counts", { ...counts.data })}</span> : null}
    </div>
  );
}

function TicketList({ openId }: { openId?: string }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const filter = useMemo(() => filterOf(search), [search]);
  const columns = useColumns();
  const open = (ticket: Ticket) => void navigate({ pathname: `/tickets/${ticket.id}`, search: search.toString() });
  return (
    <div className="stack">
      <PagedList<Ticket>
        queryKey={["tickets", filter]}
        fetchPage={(cursor) => fetchTickets({ ...filter, cursor })}
        columns={columns}
        emptyHint={t("tickets.none")}
        rows={{
          rowClassName: (row) => (row.id === openId ? "chosen-row" : ""),
          onRow: (row) => ({
            tabIndex: 0,
            style: { cursor: "pointer" },
            onClick: () => open(row),
            onKeyDown: (event) => {
              if (event.key === "Enter") open(row);
            },
          }),
        }}
      />
    </div>
  );
}

function Both() {
  const { t } = useWords();
  const { ticketId } = useParams();
  return (
    <div className="page">
      <Filters />
      <div className="ticket-columns">
        <TicketList openId={ticketId} />
        {ticketId ? (
          <TicketDetailCard key={ticketId} id={ticketId} />
        ) : (
          <section className="card quiet">{t("tickets.choose")}</section>
        )}
      </div>
    </div>
  );
}

export function TicketsPage() {
  return (
    <Routes>
      <Route index element={<Both />} />
      <Route path=":ticketId" element={<Both />} />
    </Routes>
  );
}
