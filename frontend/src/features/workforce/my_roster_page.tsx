/** My roster: own shifts as a month, a week or a list; wishes, swaps, open shifts, requests, calendar and mood. */
import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { Button, DatePicker, Drawer, Form, Input, Segmented } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { askForLeave, fetchMyRoster, type OwnRoster } from "@/api/shift_requests";
import { uuid7 } from "@/live/uuid7";
import { useNotices } from "@/shared/notices";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { MY_REQUESTS, MY_ROSTER, MyDayDrawer } from "./my_day_drawer";
import { MyFeed, MyMood } from "./my_feed";
import { MyOpenShifts } from "./my_open_shifts";
import { MyMessages } from "./my_messages";
import { MyNotices } from "./my_notices";
import { MyRequests, RequestsLabel } from "./my_requests";
import { TabLinks } from "./tab_links";
import { DAY, ListView, mondayOf, MonthView, WeekView } from "./my_roster_views";
import "./my_roster.css";

const VIEWS = ["month", "week", "list"] as const;
type View = (typeof VIEWS)[number];
const TABS = ["shifts", "requests", "open", "calendar", "messages", "mood"] as const;
const AGAIN_MS = 60_000;

/** View, day and tab live in the address, so that a place can be kept and handed on. */
function usePlace() {
  const [search, setSearch] = useSearchParams();
  const set = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    setSearch(next, { replace: true });
  };
  return { get: (name: string) => search.get(name), set };
}

type Place = ReturnType<typeof usePlace>;

interface LeaveValues {
  days: [Dayjs, Dayjs];
  words?: string;
}

function LeaveDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const queries = useQueryClient();
  const [key] = useState(() => uuid7());
  const [isBusy, setBusy] = useState(false);
  const send = async ({ days: [first, last], words }: LeaveValues) => {
    setBusy(true);
    try {
      await askForLeave({ first_day: first.format(DAY), last_day: last.format(DAY), words: words ?? "" }, key);
      good(t("my_roster.asked"));
      onClose();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: MY_REQUESTS });
    }
  };
  return (
    <Drawer open size={480} title={t("my_roster.leave")} onClose={onClose}>
      <p className="quiet">{t("my_roster.leave_hint")}</p>
      <Form<LeaveValues> layout="vertical" onFinish={(values) => void send(values)}>
        <Form.Item
          name="days"
          label={t("my_roster.leave_days")}
          rules={[{ required: true, message: t("general.required") }]}
        >
          <DatePicker.RangePicker format={DAY} />
        </Form.Item>
        <Form.Item name="words" label={t("my_roster.words")} extra={t("my_roster.leave_words_hint")}>
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
        <div className="row">
          <Button type="primary" htmlType="submit" loading={isBusy}>
            {t("my_roster.leave_do")}
          </Button>
          <Button onClick={onClose}>{t("general.cancel")}</Button>
        </div>
      </Form>
    </Drawer>
  );
}

function Steps({ around, view, onMove }: { around: Dayjs; view: "month" | "week"; onMove: (day: Dayjs) => void }) {
  const { t } = useWords();
  const monday = mondayOf(around);
  const shown =
    view === "month"
      ? around.format("YYYY-MM")
      : t("workforce.term_text", { first: monday.format(DAY), last: monday.add(6, "day").format(DAY) });
  return (
    <div className="row">
      <Button
        icon={<LeftOutlined />}
        aria-label={t(`my_roster.previous_${view}`)}
        onClick={() => onMove(around.subtract(1, view))}
      />
      <strong className="digits">{shown}</strong>
      <Button
        icon={<RightOutlined />}
        aria-label={t(`my_roster.next_${view}`)}
        onClick={() => onMove(around.add(1, view))}
      />
    </div>
  );
}

function Shifts({ roster, place }: { roster: OwnRoster; place: Place }) {
  const { t } = useWords();
  const view: View = VIEWS.find((one) => one === place.get("view")) ?? "month";
  const around = dayjs(place.get("around") ?? roster.today);
  const day = place.get("day");
  const open = (wanted: string) => place.set({ day: wanted });
  return (
    <div className="stack">
      <div className="row">
        <Segmented
          value={view}
          onChange={(wanted) => place.set({ view: wanted })}
          options={VIEWS.map((value) => ({ value, label: t(`my_roster.view_${value}`) }))}
        />
        {view === "list" ? null : (
          <Steps around={around} view={view} onMove={(wanted) => place.set({ around: wanted.format(DAY) })} />
        )}
      </div>
      {view === "month" ? <MonthView roster={roster} around={around} onOpen={open} /> : null}
      {view === "week" ? <WeekView roster={roster} around={around} onOpen={open} /> : null}
      {view === "list" ? <ListView roster={roster} onOpen={open} /> : null}
      {day ? <MyDayDrawer key={day} roster={roster} day={day} onClose={() => place.set({ day: null })} /> : null}
    </div>
  );
}

export function MyRosterPage() {
  const { t } = useWords();
  const place = usePlace();
  const [isAsking, setAsking] = useState(false);
  const tab = TABS.find((one) => one === place.get("tab")) ?? "shifts";
  const roster = useQuery({ queryKey: MY_ROSTER, queryFn: fetchMyRoster, refetchInterval: AGAIN_MS });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("my_roster.title")}</h1>
        <Button onClick={() => setAsking(true)} data-testid="leave">
          {t("my_roster.leave_do")}
        </Button>
      </div>
      <MyNotices />
      <TabLinks
        label={t("my_roster.title")}
        chosen={tab}
        tabs={[
          { key: "shifts", label: t("my_roster.shifts") },
          { key: "requests", label: <RequestsLabel /> },
          { key: "open", label: t("my_roster.open_shifts") },
          { key: "calendar", label: t("my_roster.calendar") },
          { key: "messages", label: t("messages.title") },
          { key: "mood", label: t("my_roster.mood") },
        ]}
      />
      {tab === "requests" ? <MyRequests /> : null}
      {tab === "open" ? <MyOpenShifts /> : null}
      {tab === "calendar" ? <MyFeed /> : null}
      {tab === "messages" ? <MyMessages /> : null}
      {tab === "mood" ? <MyMood /> : null}
      {tab === "shifts" ? (
        <QueryView query={roster}>{(found) => <Shifts roster={found} place={place} />}</QueryView>
      ) : null}
      {isAsking ? <LeaveDrawer onClose={() => setAsking(false)} /> : null}
    </div>
  );
}
