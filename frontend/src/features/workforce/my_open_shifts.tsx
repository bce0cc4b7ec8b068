/** Open shifts that I may bid for; where a rule stands against it, it is named. */
import { Button, Table, Tag, type TableColumnsType } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { bidForShift, fetchMyOpenShifts, type OwnOpenShift } from "@/api/shift_requests";
import { uuid7 } from "@/live/uuid7";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { MY_REQUESTS } from "./my_day_drawer";
import { useSpanWords } from "./request_words";

const MY_OPEN_SHIFTS = ["my-open-shifts"];

export function OpenShiftMarks({ shift }: { shift: Pick<OwnOpenShift, "is_overtime" | "is_holiday"> }) {
  const { t } = useWords();
  return (
    <>
      {shift.is_overtime ? <Tag>{t("my_roster.overtime")}</Tag> : null}
      {shift.is_holiday ? <Tag>{t("my_roster.holiday")}</Tag> : null}
    </>
  );
}

export function MyOpenShifts() {
  const { t, text } = useWords();
  const span = useSpanWords();
  const { good, bad } = useNotices();
  const queries = useQueryClient();
  const [key] = useState(() => uuid7());
  const open = useQuery({ queryKey: MY_OPEN_SHIFTS, queryFn: fetchMyOpenShifts });
  const bid = (shift: OwnOpenShift) =>
    bidForShift(shift.id, `${key}-${shift.id.slice(-12)}`)
      .then(() => good(t("my_roster.asked")))
      .catch(bad)
      .finally(() => {
        void queries.invalidateQueries({ queryKey: MY_OPEN_SHIFTS });
        void queries.invalidateQueries({ queryKey: MY_REQUESTS });
      });
  const columns: TableColumnsType<OwnOpenShift> = [
    { title: t("my_roster.day"), dataIndex: "day" },
    {
      title: t("my_roster.shift"),
      render: (_, shift) => (
        <>
          {text(shift.shift_kind?.name) || t("requests.hours_beside")} {span(shift)} <OpenShiftMarks shift={shift} />
        </>
      ),
    },
    { title: t("my_roster.skill"), render: (_, shift) => text(shift.skill_name) || "–" },
    { title: t("my_roster.places"), render: (_, shift) => `${shift.places_left}/${shift.people}` },
    { title: t("my_roster.closes"), render: (_, shift) => momentText(shift.closes_at) },
    {
      title: t("general.actions"),
      render: (_, shift) => {
        if (shift.has_bid) return t("my_roster.has_bid");
        if (shift.objections.length)
          return shift.objections.map(({ sentence }) => (
            <div key={sentence} className="quiet">
              {sentence}
            </div>
          ));
        return (
          <Button size="small" onClick={() => void bid(shift)} data-testid="bid">
            {t("my_roster.bid_do")}
          </Button>
        );
      },
    },
  ];
  return (
    <QueryView query={open}>
      {(rows) => (
        <Table<OwnOpenShift>
          size="small"
          rowKey="id"
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          columns={columns}
          dataSource={rows}
          scroll={{ x: true }}
          locale={{ emptyText: <EmptyState hint={t("my_roster.no_open_shifts")} /> }}
        />
      )}
    </QueryView>
  );
}
