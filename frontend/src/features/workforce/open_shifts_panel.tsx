/** The planner's open shifts: who bids, in the order in which the rule would grant, and who gets it. */
import { Button, Drawer, Popconfirm, Segmented, Table, Tag, type TableColumnsType } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  awardOpenShift,
  closeOpenShift,
  fetchBids,
  fetchOpenShifts,
  type Bid,
  type OpenShift,
} from "@/api/shift_requests";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { PagedList } from "@/shared/paged_list";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { OpenShiftMarks } from "./my_open_shifts";
import { OpenShiftDrawer } from "./open_shift_form";
import { STATE_COLOURS, useSpanWords } from "./request_words";

const OPEN_SHIFTS = ["open-shifts"];

function BidTable({ bids, chosen, onChoose }: { bids: Bid[]; chosen: string[]; onChoose: (ids: string[]) => void }) {
  const { t } = useWords();
  const columns: TableColumnsType<Bid> = [
    { title: t("workforce.agent"), render: (_, bid) => bid.request.agent_name },
    {
      title: t("workforce.state"),
      render: (_, { request }) => (
        <Tag color={STATE_COLOURS[request.state]}>
          {t(`requests.kind_${request.kind}`)}: {t(`my_roster.state_${request.state}`)}
        </Tag>
      ),
    },
    { title: t("requests.granted_this_year"), dataIndex: "granted_this_year" },
    { title: t("requests.employed_from"), render: (_, bid) => bid.employed_from ?? "–" },
    {
      title: t("requests.rules_say"),
      render: (_, bid) => bid.objections.map(({ sentence }) => <div key={sentence}>{sentence}</div>),
    },
  ];
  return (
    <Table<Bid>
      size="small"
      rowKey={(bid) => bid.request.id}
      pagination={{ pageSize: 20, hideOnSinglePage: true }}
      columns={columns}
      dataSource={bids}
      scroll={{ x: true }}
      locale={{ emptyText: <EmptyState hint={t("requests.no_bids")} /> }}
      rowSelection={{
        selectedRowKeys: chosen,
        onChange: (keys) => onChoose(keys.map(String)),
        getCheckboxProps: ({ request, objections }) => ({
          disabled: request.kind !== "bid" || request.state !== "open" || objections.length > 0,
          "aria-label": request.agent_name,
        }),
        getTitleCheckboxProps: () => ({ "aria-label": t("requests.choose_all") }),
      }}
    />
  );
}

function BidsDrawer({ shift, onClose }: { shift: OpenShift; onClose: () => void }) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<string[]>([]);
  const bids = useQuery({ queryKey: [...OPEN_SHIFTS, "bids", shift.id], queryFn: () => fetchBids(shift.id) });
  const done = (sending: Promise<unknown>) =>
    sending
      .then(() => {
        good(t("requests.decided"));
        onClose();
      })
      .catch(bad)
      .finally(() => void queries.invalidateQueries({ queryKey: OPEN_SHIFTS }));
  return (
    <Drawer
      open
      size={720}
      title={`${shift.day} ${text(shift.shift_kind?.name) || t("requests.hours_beside")}`}
      onClose={onClose}
    >
      <div className="stack">
        <p className="quiet">{t("requests.order_hint")}</p>
        <QueryView query={bids}>{(found) => <BidTable bids={found} chosen={chosen} onChoose={setChosen} />}</QueryView>
        {shift.closed_at === null ? (
          <div className="row">
            <Button
              type="primary"
              disabled={!chosen.length}
              onClick={() => void done(awardOpenShift(shift, chosen))}
              data-testid="award-chosen"
            >
              {t("requests.award_chosen")}
            </Button>
            <Button onClick={() => void done(awardOpenShift(shift, []))} data-testid="award-by-rule">
              {t("requests.award_by_rule")}
            </Button>
            <Popconfirm title={t("requests.close_sure")} onConfirm={() => void done(closeOpenShift(shift))}>
              <Button danger>{t("requests.close_do")}</Button>
            </Popconfirm>
          </div>
        ) : null}
      </div>
    </Drawer>
  );
}

export function OpenShiftsPanel() {
  const { t, text } = useWords();
  const span = useSpanWords();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(true);
  const [isNew, setNew] = useState(false);
  const [shift, setShift] = useState<OpenShift | null>(null);
  const columns: TableColumnsType<OpenShift> = [
    { title: t("my_roster.day"), dataIndex: "day" },
    {
      title: t("my_roster.shift"),
      render: (_, row) => (
        <>
          {text(row.shift_kind?.name) || t("requests.hours_beside")} {span(row)} <OpenShiftMarks shift={row} />
        </>
      ),
    },
    { title: t("my_roster.skill"), render: (_, row) => text(row.skill_name) || "–" },
    { title: t("my_roster.places"), render: (_, row) => `${row.places_left}/${row.people}` },
    { title: t("my_roster.closes"), render: (_, row) => momentText(row.closes_at) },
    {
      title: t("general.actions"),
      render: (_, row) => (
        <Button size="small" onClick={() => setShift(row)} data-testid="see-bids">
          {t("requests.see_bids")}
        </Button>
      ),
    },
  ];
  return (
    <div className="stack">
      <div className="row">
        <Segmented
          value={isOpen}
          onChange={setOpen}
          options={[
            { value: true, label: t("requests.still_open") },
            { value: false, label: t("requests.closed") },
          ]}
        />
        <Button type="primary" onClick={() => setNew(true)} data-testid="open-shift">
          {t("requests.open_do")}
        </Button>
      </div>
      <PagedList<OpenShift>
        queryKey={[...OPEN_SHIFTS, isOpen]}
        fetchPage={(cursor) => fetchOpenShifts(isOpen, cursor)}
        columns={columns}
        emptyHint={t("requests.none_open")}
        isRenewed
      />
      {shift ? <BidsDrawer shift={shift} onClose={() => setShift(null)} /> : null}
      {isNew ? (
        <OpenShiftDrawer
          onClose={() => setNew(false)}
          onOpened={() => void queries.invalidateQueries({ queryKey: OPEN_SHIFTS })}
        />
      ) : null}
    </div>
  );
}
