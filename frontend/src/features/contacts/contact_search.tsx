import { Button, DatePicker, Input, Select, type TableColumnsType } from "antd";
import { DownloadOutlined } from "@ant-design/icons";
import dayjs from "dayjs";
import { useMemo } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { exportAddress, fetchContacts, type ContactBrief, type ContactFilter } from "@/api/contacts";
import { useBoard } from "@/live/hooks";
import { SimulatedBadge } from "@/shared/badges";
import { clockText } from "@/shared/figures";
import { useNames } from "@/shared/live_names";
import { momentPanel } from "@/shared/moment_panel";
import { momentText } from "@/shared/moments";
import { useMay } from "@/shared/session";
import { PagedList } from "@/shared/paged_list";
import { isWord, useWords } from "@/words";

const OUTCOMES = [
  "handled",
  "abandoned",
  "transferred_out",
  "platform_failure",
  "contained",
  "failed",
  "callback_failed",
  "own_call",
] as const;

/** The filter is the address, so that a search can be kept, handed on and exported. */
function useFilter(): [ContactFilter, (changes: ContactFilter) => void] {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => Object.fromEntries(search) as ContactFilter, [search]);
  const change = (changes: ContactFilter) => {
    const wanted = Object.entries({ ...filter, ...changes }).filter(([, value]) => value);
    setSearch(wanted as [string, string][], { replace: true });
  };
  return [filter, change];
}

function FilterRow({ filter, change }: { filter: ContactFilter; change: (changes: ContactFilter) => void }) {
  const { t } = useWords();
  const may = useMay();
  const { queues, agents } = useNames();
  const options = (names: ReadonlyMap<string, string>) => [...names].map(([value, label]) => ({ value, label }));
  return (
    <>
      <Input.Search
        allowClear
        style={{ width: "18em" }}
        defaultValue={filter.number ?? ""}
        placeholder={t("contacts.number_hint")}
        aria-label={t("contacts.number")}
        onSearch={(number) => change({ number: number.trim() })}
      />
      <Select
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        style={{ minWidth: "10em" }}
        placeholder={t("contacts.queue")}
        aria-label={t("contacts.queue")}
        value={filter.queue_id ?? undefined}
        options={options(queues)}
        onChange={(queue_id?: string) => change({ queue_id })}
      />
      {may("contacts.view_all") ? (
        <Select
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          style={{ minWidth: "10em" }}
          placeholder={t("contacts.agent")}
          aria-label={t("contacts.agent")}
          value={filter.agent_id ?? undefined}
          options={options(agents)}
          onChange={(agent_id?: string) => change({ agent_id })}
        />
      ) : null}
      <Select
        allowClear
        style={{ minWidth: "9em" }}
        placeholder={t("contacts.outcome")}
        aria-label={t("contacts.outcome")}
        value={filter.outcome ?? undefined}
        options={OUTCOMES.map((value) => ({ value, label: t(`contacts.outcome_${value}`) }))}
        onChange={(outcome?: string) => change({ outcome })}
      />
      <DatePicker.RangePicker
        showTime={{ format: "HH:mm" }}
        panelRender={momentPanel}
        format="YYYY-MM-DD HH:mm"
        allowEmpty={[true, true]}
        value={[filter.since ? dayjs(filter.since) : null, filter.until ? dayjs(filter.until) : null]}
        onChange={(range) => change({ since: range?.[0]?.toISOString(), until: range?.[1]?.toISOString() })}
      />
      {filter.customer_id ? (
        <Button onClick={() => change({ customer_id: undefined })}>{t("contacts.customer_only")} ×</Button>
      ) : null}
      <span className="grow" />
      {may("contacts.export") ? (
        <Button icon={<DownloadOutlined aria-hidden />} href={exportAddress(filter)} download>
          {t("contacts.export")}
        </Button>
      ) : null}
    </>
  );
}

export function outcomeKey(outcome: string): string {
  return `contacts.outcome_${outcome || "open"}`;
}

function useColumns(): TableColumnsType<ContactBrief> {
  const { t, text } = useWords();
  const { queues, agents } = useNames();
  const clock = (ms: number | null) => (ms === null ? "–" : clockText(ms));
  return [
    {
      title: t("contacts.arrived"),
      render: (_, row) => (
        <Link to={`/contacts/${row.id}`} className="digits">
          {momentText(row.arrived_at)}
        </Link>
      ),
    },
    {
      title: t("contacts.caller"),
      render: (_, row) => (
        <span className="digits">
          {row.caller || t("general.unknown")} <SimulatedBadge isShown={row.is_simulated} isSmall />
        </span>
      ),
    },
    { title: t("contacts.queue"), render: (_, row) => (row.queue_id ? (queues.get(row.queue_id) ?? "–") : "–") },
    {
      title: t("contacts.agent"),
      render: (_, row) => (row.last_agent_id ? (agents.get(row.last_agent_id) ?? "–") : "–"),
    },
    {
      title: t("contacts.outcome"),
      render: (_, row) => {
        const key = outcomeKey(row.outcome);
        return isWord(key) ? t(key) : row.outcome;
      },
    },
    { title: t("contacts.wait"), align: "right", render: (_, row) => clock(row.wait_ms) },
    { title: t("contacts.talk"), align: "right", render: (_, row) => clock(row.talk_ms) },
    { title: t("contacts.hold"), align: "right", render: (_, row) => clock(row.hold_ms) },
    { title: t("contacts.wrap_up"), align: "right", render: (_, row) => clock(row.wrap_up_ms) },
    { title: t("contacts.matters"), render: (_, row) => row.matters.map(text).join("; ") },
    { title: t("contacts.recording"), render: (_, row) => (row.has_recording ? t("general.yes") : "") },
  ];
}

export function ContactSearch() {
  const { t } = useWords();
  const navigate = useNavigate();
  useBoard("floor");
  const [filter, change] = useFilter();
  const columns = useColumns();
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("contacts.title")}</h1>
        <FilterRow filter={filter} change={change} />
      </div>
      <PagedList<ContactBrief>
        queryKey={["contacts", filter]}
        fetchPage={(cursor) => fetchContacts({ ...filter, cursor })}
        columns={columns}
        emptyHint={t("contacts.none")}
        rows={{ onRow: (row) => ({ onDoubleClick: () => void navigate(`/contacts/${row.id}`) }) }}
      />
    </div>
  );
}
