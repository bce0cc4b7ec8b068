/** The planner's requests: what waits for a decision, everything that was asked, and open shifts. */
import { Button, Select, Tag, type TableColumnsType } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { fetchRequests, type RequestFilter, type ShiftRequest } from "@/api/shift_requests";
import { momentText } from "@/shared/moments";
import { PagedList } from "@/shared/paged_list";
import { useWords } from "@/words";
import { MessagesPanel } from "./messages_panel";
import { OpenShiftsPanel } from "./open_shifts_panel";
import { awaitsPlanner, RequestDrawer, REQUESTS } from "./request_decision";
import { TabLinks } from "./tab_links";
import { STATE_COLOURS, useRequestWords } from "./request_words";

const STATES = ["waiting", "open", "done", "refused", "expired", "all"] as const;
const TABS = ["requests", "open", "messages"] as const;
type State = (typeof STATES)[number];

function filterOf(state: State): RequestFilter {
  if (state === "waiting") return { awaits_planner: true };
  return state === "all" ? {} : { state };
}

function Requests() {
  const { t } = useWords();
  const say = useRequestWords();
  const [state, setState] = useState<State>("waiting");
  const [request, setRequest] = useState<ShiftRequest | null>(null);
  const columns: TableColumnsType<ShiftRequest> = [
    { title: t("my_roster.what"), render: (_, row) => say(row) },
    {
      title: t("workforce.state"),
      render: (_, row) => <Tag color={STATE_COLOURS[row.state]}>{t(`my_roster.state_${row.state}`)}</Tag>,
    },
    { title: t("workforce.applied_at"), render: (_, row) => momentText(row.asked_at) },
    { title: t("my_roster.until"), render: (_, row) => momentText(row.expires_at) },
    {
      title: t("general.actions"),
      render: (_, row) => (
        <Button
          size="small"
          type={awaitsPlanner(row) ? "primary" : "default"}
          onClick={() => setRequest(row)}
          data-testid="open-request"
        >
          {t(awaitsPlanner(row) ? "requests.decide" : "requests.look")}
        </Button>
      ),
    },
  ];
  return (
    <div className="stack">
      <div>
        <Select<State>
          aria-label={t("workforce.state")}
          style={{ minWidth: 200 }}
          value={state}
          onChange={setState}
          options={STATES.map((value) => ({ value, label: t(`requests.show_${value}`) }))}
        />
      </div>
      <PagedList<ShiftRequest>
        queryKey={[...REQUESTS, state]}
        fetchPage={(cursor) => fetchRequests({ ...filterOf(state), cursor })}
        columns={columns}
        emptyHint={t("workforce.none_in_state")}
        isRenewed
      />
      {request ? <RequestDrawer request={request} onClose={() => setRequest(null)} /> : null}
    </div>
  );
}

export function RequestsPage() {
  const { t } = useWords();
  const [search] = useSearchParams();
  const tab = TABS.find((one) => one === search.get("tab")) ?? "requests";
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("requests.title")}</h1>
      </div>
      <TabLinks
        label={t("requests.title")}
        chosen={tab}
        tabs={[
          { key: "requests", label: t("requests.title") },
          { key: "open", label: t("my_roster.open_shifts") },
          { key: "messages", label: t("messages.title") },
        ]}
      />
      {tab === "open" ? <OpenShiftsPanel /> : null}
      {tab === "messages" ? <MessagesPanel /> : null}
      {tab === "requests" ? <Requests /> : null}
    </div>
  );
}
