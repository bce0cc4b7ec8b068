/** Changes how many people a roster asks for: by lines for some of its days, or by another staffing plan. */
import { Modal, Segmented, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchStaffings } from "@/api/planning";
import { changeDemand, type DemandChange, type DemandChanged, type RosterDocument } from "@/api/rosters";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import type { DemandLine } from "./demand";
import { DemandLines } from "./demand_lines";

const WAYS = ["lines", "plan"] as const;
type Way = (typeof WAYS)[number];

interface Props {
  document: RosterDocument;
  version: number;
  onChanged: (told: DemandChanged) => void;
  onClose: () => void;
}

export function DemandEditor({ document, version, onChanged, onClose }: Props) {
  const { t } = useWords();
  const { bad } = useNotices();
  const [way, setWay] = useState<Way>("lines");
  const [lines, setLines] = useState<DemandLine[]>([]);
  const [planId, setPlanId] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const plans = useQuery({
    queryKey: ["staffings", document.tenant_id, "ready"],
    queryFn: () => fetchStaffings(document.tenant_id),
  });
  const fitting = (plans.data?.items ?? []).filter(
    (plan) => plan.is_ready && plan.first_day <= document.first_day && plan.last_day >= document.last_day,
  );
  const told = lines.filter((line) => line.skillId !== null);
  const send = async () => {
    const change =
      way === "plan" ? { staffing_plan_id: planId } : { lines: told.map((line) => asLine(line, document)) };
    setBusy(true);
    try {
      onChanged(await changeDemand(document.id, { version, ...change }));
    } catch (error) {
      bad(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t("roster.demand_title", { name: document.name })}
      okText={t("roster.demand_do")}
      cancelText={t("general.cancel")}
      okButtonProps={{ disabled: way === "plan" ? planId === null : told.length === 0, loading: isBusy }}
      onOk={() => void send()}
      onCancel={onClose}
      width={960}
    >
      <div className="stack">
        <p className="quiet">{t("roster.demand_hint")}</p>
        <Segmented
          value={way}
          onChange={setWay}
          options={WAYS.map((value) => ({ value, label: t(`roster.demand_by_${value}`) }))}
        />
        {way === "lines" ? (
          <DemandLines
            lines={lines}
            onChange={setLines}
            days={[document.first_day, document.last_day]}
            sets={document.skills.filter(({ id }) => id.includes("+"))}
          />
        ) : (
          <label className="field">
            <span>{t("roster.staffing_plan")}</span>
            <Select
              aria-label={t("roster.staffing_plan")}
              value={planId}
              onChange={setPlanId}
              notFoundContent={t("roster.no_plan_fits")}
              options={fitting.map((one) => ({ value: one.id, label: `${one.name} (${one.first_day})` }))}
            />
          </label>
        )}
      </div>
    </Modal>
  );
}

function asLine(line: DemandLine, { first_day, last_day }: RosterDocument): NonNullable<DemandChange["lines"]>[number] {
  const [first, last] = line.days ?? [first_day, last_day];
  return {
    skill_id: line.skillId ?? "",
    first_day: first,
    last_day: last,
    weekdays: line.weekdays,
    start: line.from,
    end: line.to,
    people: line.people,
  };
}

/** What a roster asks for now, as it is sent to take a later change back. */
export function demandNow({ demand, skills, interval_min }: RosterDocument): Omit<DemandChange, "version"> {
  const rows = demand.flatMap(({ skill, wanted }) => {
    const id = skills[skill]?.id;
    return id === undefined ? [] : [[id, wanted] as const];
  });
  return { demand: Object.fromEntries(rows), interval_min: interval_min as DemandChange["interval_min"] };
}
