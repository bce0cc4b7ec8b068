/** What to staff: which accepted forecast and days, which targets, how many seats. */
import { DatePicker, InputNumber, Input, Modal, Segmented, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { askStaffing, fetchForecasts, fetchStaffingBasis, type ForecastBrief } from "@/api/planning";
import { uuid7 } from "@/live/uuid7";
import { useNotices } from "@/shared/notices";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords, type WordKey } from "@/words";
import { askedBasis, isPooledOf, NOTHING_OWN, type OwnBasis, SharedPeople, WorkKinds } from "./staffing_work";

const FORMAT = "YYYY-MM-DD";
const INTERVALS = [15, 30] as const;
const USUAL_CPU_S = 300;

/** Numbers that may be left out: then each queue's own, or the settings', count. */
const NUMBERS = [
  "service_level",
  "within_s",
  "abandoned",
  "occupancy",
  "average_wait_s",
  "patience_s",
  "seats",
] as const;
type Field = (typeof NUMBERS)[number];
const PERCENT: readonly Field[] = ["service_level", "abandoned", "occupancy"];
const NAMES: Record<Field, WordKey> = {
  service_level: "staffing.service_level",
  within_s: "staffing.within_s",
  abandoned: "staffing.abandoned",
  occupancy: "staffing.occupancy",
  average_wait_s: "staffing.average_wait_s",
  patience_s: "staffing.patience_s",
  seats: "staffing.seats",
};

interface Props {
  tenantId: string | undefined;
  onClose: () => void;
}

export function AskStaffing({ tenantId, onClose }: Props) {
  const { t } = useWords();
  const forecasts = useQuery({ queryKey: ["forecasts", tenantId, "first"], queryFn: () => fetchForecasts(tenantId) });
  return (
    <QueryView query={forecasts}>
      {(page) => {
        const accepted = page.items.filter((one) => one.accepted_at);
        const first = accepted[0];
        if (first) return <Question accepted={accepted} first={first} onClose={onClose} />;
        return (
          <Modal open title={t("staffing.new")} onCancel={onClose} footer={null}>
            <EmptyState hint={t("staffing.no_forecast")} />
          </Modal>
        );
      }}
    </QueryView>
  );
}

interface QuestionProps {
  accepted: ForecastBrief[];
  first: ForecastBrief;
  onClose: () => void;
}

function Question({ accepted, first, onClose }: QuestionProps) {
  const { t } = useWords();
  const { bad } = useNotices();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [forecast, setForecast] = useState(first);
  const [name, setName] = useState(first.name);
  const [days, setDays] = useState<[Dayjs, Dayjs]>([dayjs(first.first_day), dayjs(first.last_day)]);
  const [interval, setInterval] = useState<(typeof INTERVALS)[number]>(30);
  const [numbers, setNumbers] = useState<Partial<Record<Field, number>>>({});
  const [growth, setGrowth] = useState<number | null>(0);
  const [own, setOwn] = useState<OwnBasis>(NOTHING_OWN);
  const [cpu, setCpu] = useState<number | null>(null);
  const span = {
    forecast_id: forecast.id,
    first_day: days[0].format(FORMAT),
    last_day: days[1].format(FORMAT),
    interval_min: interval,
  };
  const basis = useQuery({
    queryKey: ["staffing-basis", span.forecast_id, span.first_day, span.last_day, span.interval_min],
    queryFn: () => fetchStaffingBasis(span),
  });
  const [key] = useState(() => uuid7());
  const number = (field: Field) => {
    const value = numbers[field];
    return value === undefined ? null : PERCENT.includes(field) ? Math.round(value * 100) : Math.round(value);
  };
  const ask = useMutation({
    mutationFn: () =>
      askStaffing(
        {
          name: name.trim(),
          ...span,
          ...(basis.data ? askedBasis(basis.data, own) : { queues: [], is_pooled: false, groups: null }),
          cpu_limit_s: cpu ?? USUAL_CPU_S,
          service_level: number("service_level"),
          within_s: number("within_s"),
          abandoned: number("abandoned"),
          occupancy: number("occupancy"),
          average_wait_s: number("average_wait_s"),
          patience_s: number("patience_s"),
          seats: number("seats"),
          hours: 8,
          growth: Math.round((growth ?? 0) * 100),
        },
        key,
      ),
    onError: bad,
    onSuccess: (plan) => {
      void queries.invalidateQueries({ queryKey: ["staffings"] });
      void navigate(`/staffing/${plan.id}`);
    },
  });
  const choose = (id: string) => {
    const chosen = accepted.find((one) => one.id === id);
    if (!chosen) return;
    setForecast(chosen);
    setName(chosen.name);
    setDays([dayjs(chosen.first_day), dayjs(chosen.last_day)]);
    setOwn(NOTHING_OWN);
  };
  return (
    <Modal
      open
      width={720}
      title={t("staffing.new")}
      okText={t("staffing.start")}
      cancelText={t("general.cancel")}
      okButtonProps={{ loading: ask.isPending, disabled: name.trim() === "" || !basis.data }}
      onOk={() => ask.mutate()}
      onCancel={onClose}
    >
      <div className="stack">
        <label className="field">
          <span>{t("staffing.of_forecast")}</span>
          <Select
            aria-label={t("staffing.of_forecast")}
            value={forecast.id}
            onChange={choose}
            options={accepted.map((one) => ({
              value: one.id,
              label: `${one.name} (${one.first_day} – ${one.last_day})`,
            }))}
          />
        </label>
        <label className="field">
          <span>{t("forecast.name")}</span>
          <Input maxLength={120} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <div className="field">
          <span>{t("forecast.days")}</span>
          <DatePicker.RangePicker
            value={days}
            allowClear={false}
            format={FORMAT}
            disabledDate={(day) => day.format(FORMAT) < forecast.first_day || day.format(FORMAT) > forecast.last_day}
            onChange={(chosen) => {
              if (chosen?.[0] && chosen[1]) setDays([chosen[0], chosen[1]]);
            }}
          />
        </div>
        <div className="field">
          <span>{t("forecast.interval")}</span>
          <Segmented
            value={interval}
            onChange={setInterval}
            options={INTERVALS.map((value) => ({ value, label: t("forecast.minutes", { n: value }) }))}
          />
        </div>
        {NUMBERS.map((field) => (
          <label className="field" key={field}>
            <span>{t(NAMES[field])}</span>
            <InputNumber
              min={field === "seats" || field === "patience_s" || field === "average_wait_s" ? 1 : 0}
              max={PERCENT.includes(field) ? 100 : 86_400}
              suffix={PERCENT.includes(field) ? "%" : undefined}
              placeholder={t(field === "seats" || field === "patience_s" ? "staffing.no_limit" : "staffing.own")}
              value={numbers[field] ?? null}
              onChange={(value) => setNumbers({ ...numbers, [field]: value ?? undefined })}
              style={{ width: "100%" }}
            />
          </label>
        ))}
        <label className="field">
          <span>{t("staffing.growth")}</span>
          <InputNumber min={-99} max={1000} suffix="%" value={growth} onChange={setGrowth} style={{ width: "100%" }} />
        </label>
        <p className="quiet">{t("staffing.ask_hint")}</p>
        <h3>{t("staffing.work")}</h3>
        <p className="quiet">{t("staffing.work_hint")}</p>
        <QueryView query={basis}>
          {(data) => (
            <>
              <WorkKinds basis={data} own={own} onChange={setOwn} />
              <SharedPeople basis={data} own={own} onChange={setOwn} />
              {isPooledOf(data, own) ? (
                <label className="field">
                  <span>{t("staffing.cpu_limit")}</span>
                  <InputNumber
                    min={10}
                    max={3600}
                    precision={0}
                    placeholder={String(USUAL_CPU_S)}
                    value={cpu}
                    onChange={setCpu}
                    style={{ width: "100%" }}
                  />
                </label>
              ) : null}
            </>
          )}
        </QueryView>
      </div>
    </Modal>
  );
}
