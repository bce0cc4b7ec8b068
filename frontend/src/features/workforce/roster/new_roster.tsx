/** A new draft: for these days, empty or as a copy of another roster. */
import { DatePicker, Input, InputNumber, Modal, Select } from "antd";
import { useQuery } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { fetchStaffings } from "@/api/planning";
import { createRoster, type Roster } from "@/api/rosters";
import { useNotices } from "@/shared/notices";
import { useTenantChoice } from "@/shared/tenant_choice";
import { useWords } from "@/words";
import { type DemandLine, demandOf } from "./demand";
import { DemandLines } from "./demand_lines";

interface Props {
  rosters: readonly Roster[];
  copyOf: Roster | null;
  onMade: (id: string) => void;
  onClose: () => void;
}

function nextMonday(): Dayjs {
  const today = dayjs();
  return today.add((8 - today.day()) % 7 || 7, "day");
}

export function NewRoster({ rosters, copyOf, onMade, onClose }: Props) {
  const { t } = useWords();
  const { bad } = useNotices();
  const { tenantId, choice } = useTenantChoice();
  const [name, setName] = useState(copyOf ? t("roster.copy_name", { name: copyOf.name }) : "");
  const [source, setSource] = useState<string | null>(copyOf?.id ?? null);
  const [days, setDays] = useState<[Dayjs, Dayjs]>(
    copyOf ? [dayjs(copyOf.first_day), dayjs(copyOf.last_day)] : [nextMonday(), nextMonday().add(27, "day")],
  );
  const [seats, setSeats] = useState<number | null>(copyOf?.seats ?? null);
  const [planId, setPlanId] = useState<string | null>(null);
  const [lines, setLines] = useState<DemandLine[]>([]);
  const plans = useQuery({ queryKey: ["staffings", tenantId, "ready"], queryFn: () => fetchStaffings(tenantId) });
  const ready = (plans.data?.items ?? []).filter((plan) => plan.is_ready);
  const choosePlan = (id: string | undefined) => {
    setPlanId(id ?? null);
    const plan = ready.find((one) => one.id === id);
    if (plan) setDays([dayjs(plan.first_day), dayjs(plan.last_day)]);
  };
  const [isBusy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    const firstDay = days[0].format("YYYY-MM-DD");
    try {
      const made = await createRoster({
        tenant_id: tenantId,
        name: name.trim(),
        first_day: firstDay,
        last_day: days[1].format("YYYY-MM-DD"),
        seats,
        copy_of: source,
        staffing_plan_id: planId,
        demand:
          planId === null && lines.length > 0 ? demandOf(lines, firstDay, days[1].diff(days[0], "day") + 1) : null,
      });
      onMade(made.id);
    } catch (error) {
      bad(error);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t("roster.make")}
      okText={t("roster.make_do")}
      cancelText={t("general.cancel")}
      okButtonProps={{ disabled: name.trim() === "", loading: isBusy }}
      onOk={() => void make()}
      onCancel={onClose}
      width={640}
    >
      <div className="stack">
        {choice}
        <label className="field">
          <span>{t("general.name")}</span>
          <Input
            value={name}
            maxLength={120}
            onChange={(event) => setName(event.target.value)}
            data-testid="roster-name"
          />
        </label>
        <div className="field">
          <span>{t("roster.days")}</span>
          <DatePicker.RangePicker
            aria-label={t("roster.days")}
            allowClear={false}
            value={days}
            onChange={(chosen) => {
              if (chosen?.[0] && chosen[1]) setDays([chosen[0], chosen[1]]);
            }}
          />
        </div>
        <label className="field">
          <span>{t("roster.staffing_plan")}</span>
          <Select
            aria-label={t("roster.staffing_plan")}
            allowClear
            value={planId}
            onChange={choosePlan}
            options={ready.map((one) => ({ value: one.id, label: `${one.name} (${one.first_day})` }))}
          />
        </label>
        {planId === null ? (
          <fieldset className="field">
            <legend>{t("roster.people_wanted")}</legend>
            <DemandLines lines={lines} onChange={setLines} />
          </fieldset>
        ) : null}
        <label className="field">
          <span>{t("roster.seats")}</span>
          <InputNumber min={1} value={seats} onChange={setSeats} />
        </label>
        <label className="field">
          <span>{t("roster.copy_of")}</span>
          <Select
            aria-label={t("roster.copy_of")}
            allowClear
            value={source}
            onChange={(value: string | undefined) => setSource(value ?? null)}
            options={rosters.map((one) => ({ value: one.id, label: `${one.name} (${one.first_day})` }))}
          />
        </label>
      </div>
    </Modal>
  );
}
