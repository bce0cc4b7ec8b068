/** What came of the last solve: who was not planned and why, what could not be filled, and what the shifts cost. */
import { Alert, Button, Drawer, Table, Tag } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchShiftCosts, type Roster, type RosterDocument } from "@/api/rosters";
import { countText } from "@/shared/figures";
import { Failure, Loading } from "@/shared/views";
import { useWords, type Bilingual } from "@/words";

type Code = "held" | "no_skill" | "no_shift_kind" | "not_employed" | "no_legal_line";

interface LeftOut {
  agent_id: string;
  name: string;
  code: Code;
  reason?: Bilingual;
}

interface Gap {
  start: string;
  minutes: number;
  skill_id: string;
  missing: number;
  where: { able: number; on_duty: number; at_break: number; barred: number; resting: number };
}

/** As `roster_storing.figures_of` keeps them; a roster that was never solved has none. */
interface Figures {
  coverage: number;
  gap_count: number;
  gaps: Gap[];
  left_out: LeftOut[];
  wishes_broken: number;
  /** The people wanted were changed since. */
  is_demand_older?: boolean;
}

export function figuresOf(roster: Roster | undefined): Figures | null {
  const figures = roster?.figures as Partial<Figures> | undefined;
  return figures && typeof figures.coverage === "number" ? (figures as Figures) : null;
}

const hours = (minutes: number): string => countText(Math.round(minutes / 60));

function Costs({ rosterId }: { rosterId: string }) {
  const { t } = useWords();
  const costs = useQuery({ queryKey: ["shift-costs", rosterId], queryFn: () => fetchShiftCosts(rosterId) });
  if (costs.isError) return <Failure error={costs.error} retry={() => void costs.refetch()} />;
  if (!costs.data) return <Loading rows={1} />;
  const { fixed_min, flexible_min, saving, share, days } = costs.data;
  if (fixed_min === null || flexible_min === null || saving === null)
    return <p className="quiet">{t("solved.no_costs")}</p>;
  return (
    <p>
      {t("solved.costs", {
        share: (share / 100).toFixed(0),
        days,
        fixed: hours(fixed_min),
        flexible: hours(flexible_min),
        saving: (saving / 100).toFixed(1),
      })}
    </p>
  );
}

function LeftOutList({ people }: { people: readonly LeftOut[] }) {
  const { t, text } = useWords();
  if (people.length === 0) return <p className="quiet">{t("solved.nobody_left_out")}</p>;
  return (
    <ul data-testid="left-out">
      {people.map((one) => (
        <li key={one.agent_id}>
          {one.name} <Tag>{t(`solved.${one.code}`)}</Tag> {one.reason ? text(one.reason) : null}
        </li>
      ))}
    </ul>
  );
}

function Gaps({ figures, document }: { figures: Figures; document: RosterDocument }) {
  const { t, text } = useWords();
  const names = new Map(document.skills.map(({ id, name }) => [id, name]));
  const name = (id: string) => {
    const found = names.get(id);
    return found ? text(found) : "–";
  };
  return (
    <Table<Gap>
      size="small"
      rowKey={(gap) => `${gap.start} ${gap.skill_id}`}
      dataSource={figures.gaps}
      pagination={figures.gaps.length > 10 ? { pageSize: 10, showSizeChanger: false, size: "small" } : false}
      columns={[
        {
          key: "start",
          title: t("solved.from"),
          render: (_, gap) => <span className="digits">{gap.start.replace("T", " ")}</span>,
        },
        { key: "minutes", title: t("solved.minutes"), align: "right", dataIndex: "minutes" },
        { key: "skill", title: t("solved.skill"), render: (_, gap) => name(gap.skill_id) },
        { key: "missing", title: t("solved.missing"), align: "right", dataIndex: "missing" },
        { key: "why", title: t("solved.why"), render: (_, gap) => t("solved.where", { ...gap.where }) },
      ]}
    />
  );
}

export function SolvedFigures({ roster, document }: { roster: Roster | undefined; document: RosterDocument }) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const figures = figuresOf(roster);
  if (!figures) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)} data-testid="solved">
        {t("solved.open", { n: figures.left_out.length })}
      </Button>
      <Drawer open={isOpen} onClose={() => setOpen(false)} size="large" title={t("solved.title")}>
        <div className="stack">
          {figures.is_demand_older ? <Alert type="info" showIcon title={t("solved.demand_older")} /> : null}
          <p>
            {t("solved.summary", {
              coverage: (figures.coverage / 100).toFixed(2),
              gaps: countText(figures.gap_count),
              wishes: countText(figures.wishes_broken),
            })}
          </p>
          <Costs rosterId={document.id} />
          <h3>{t("solved.left_out")}</h3>
          <LeftOutList people={figures.left_out} />
          <h3>{t("solved.gaps")}</h3>
          <Gaps figures={figures} document={document} />
        </div>
      </Drawer>
    </>
  );
}
