/** Two versions of a roster side by side: hours, cover, and each cell that differs. */
import { Modal, Select, Table } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { compareRosters, type LawfulShift, type Roster, type RosterDocument, type RosterFigures } from "@/api/rosters";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { clockText, hoursText } from "./board";

interface Props {
  document: RosterDocument;
  rosters: readonly Roster[];
  onClose: () => void;
}

export function Comparison({ document, rosters, onClose }: Props) {
  const { t } = useWords();
  const others = rosters.filter(({ id, tenant_id }) => id !== document.id && tenant_id === document.tenant_id);
  const [base, setBase] = useState(document.based_on_id ?? others[0]?.id ?? null);
  const found = useQuery({
    queryKey: ["roster-comparison", document.id, base],
    queryFn: () => compareRosters(document.id, base ?? ""),
    enabled: base !== null,
    gcTime: 0,
  });
  const shift = (one: LawfulShift | null) => {
    const kind = document.kinds.find(({ id }) => id === one?.shift_kind_id);
    return kind && one !== null && one.start !== null ? `${kind.short} ${clockText(one.start)}` : t("roster.off");
  };
  const cover = ({ coverage }: RosterFigures) => (coverage === null ? "–" : `${(coverage / 100).toFixed(1)} %`);
  return (
    <Modal open width={760} title={t("roster.compare_title", { name: document.name })} footer={null} onCancel={onClose}>
      <div className="stack">
        <label className="field">
          <span>{t("roster.compare_with")}</span>
          <Select
            aria-label={t("roster.compare_with")}
            value={base}
            onChange={setBase}
            options={others.map((one) => ({ value: one.id, label: `${one.name} (${one.first_day})` }))}
          />
        </label>
        {base === null ? (
          <p>{t("roster.nothing_to_compare")}</p>
        ) : (
          <QueryView query={found}>
            {({ before, after, people, cells, changed, is_same_demand }) => (
              <>
                <Table
                  size="small"
                  rowKey="name"
                  pagination={false}
                  columns={[
                    { title: t("roster.figure"), dataIndex: "name" },
                    { title: before.roster.name, dataIndex: "before", align: "right" },
                    { title: after.roster.name, dataIndex: "after", align: "right" },
                  ]}
                  dataSource={[
                    {
                      name: t("roster.paid_hours"),
                      before: hoursText(before.paid_min),
                      after: hoursText(after.paid_min),
                    },
                    {
                      name: t("roster.overtime_hours"),
                      before: hoursText(before.overtime_min),
                      after: hoursText(after.overtime_min),
                    },
                    {
                      name: t("roster.wanted_hours"),
                      before: hoursText(before.wanted_min),
                      after: hoursText(after.wanted_min),
                    },
                    { name: t("roster.shifts"), before: before.shifts, after: after.shifts },
                    { name: t("roster.people"), before: before.people, after: after.people },
                    { name: t("roster.covered"), before: cover(before), after: cover(after) },
                  ]}
                />
                {is_same_demand ? null : <p data-testid="other-demand">{t("roster.other_demand")}</p>}
                <p data-testid="cells-changed">{t("roster.cells_changed", { cells, people })}</p>
                {changed.length > 0 && (
                  <Table
                    size="small"
                    rowKey={(row) => `${row.agent_id}-${row.day}`}
                    pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
                    columns={[
                      { title: t("roster.day"), dataIndex: "day" },
                      { title: t("roster.name"), dataIndex: "name" },
                      { title: t("roster.before"), render: (_, row) => shift(row.before) },
                      { title: t("roster.after"), render: (_, row) => shift(row.after) },
                    ]}
                    dataSource={changed}
                  />
                )}
              </>
            )}
          </QueryView>
        )}
      </div>
    </Modal>
  );
}
