/** What planners change in a forecast, why, and what came of it. */
import { Button, DatePicker, Input, InputNumber, Modal, Segmented, Select, Table } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeForecast, withdrawForecastChange, type Forecast, type ForecastChange } from "@/api/planning";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { partKey, usePartName } from "./forecast_words";

const ALL = "*";
/** Without a zone: the times are the tenant's. */
const LOCAL = "YYYY-MM-DDTHH:mm";
type How = "factor" | "calls";

export function useForecastRenewal(id: string) {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: ["forecast", id] });
    void queries.invalidateQueries({ queryKey: ["forecasts"] });
  };
}

function queuesOf(forecast: Forecast) {
  return [...new Map(forecast.series.map((one) => [one.queue_id, one.queue_name])).entries()];
}

function ChangeModal({ forecast, onClose }: { forecast: Forecast; onClose: () => void }) {
  const { t, text } = useWords();
  const { bad } = useNotices();
  const renew = useForecastRenewal(forecast.id);
  const [queue, setQueue] = useState(ALL);
  const [times, setTimes] = useState<[Dayjs, Dayjs]>(() => [
    dayjs(`${forecast.first_day}T00:00`),
    dayjs(`${forecast.first_day}T00:00`).add(1, "day"),
  ]);
  const [how, setHow] = useState<How>("factor");
  const [percent, setPercent] = useState<number | null>(110);
  const [calls, setCalls] = useState<number | null>(10);
  const [reason, setReason] = useState("");
  const change = useMutation({
    mutationFn: () =>
      changeForecast(forecast.id, {
        version: forecast.version,
        queue_id: queue === ALL ? null : queue,
        begins_at: times[0].format(LOCAL),
        ends_at: times[1].format(LOCAL),
        factor: how === "factor" ? (percent ?? 0) / 100 : null,
        calls: how === "calls" ? calls : null,
        reason: reason.trim(),
      }),
    onError: bad,
    onSuccess: onClose,
    onSettled: renew,
  });
  return (
    <Modal
      open
      title={t("forecast.change")}
      okText={t("forecast.change_do")}
      cancelText={t("general.cancel")}
      okButtonProps={{ loading: change.isPending, disabled: reason.trim() === "" }}
      onOk={() => change.mutate()}
      onCancel={onClose}
    >
      <div className="stack">
        <label className="field">
          <span>{t("floor.queue")}</span>
          <Select
            aria-label={t("floor.queue")}
            value={queue}
            onChange={setQueue}
            options={[
              { value: ALL, label: t("forecast.all_queues") },
              ...queuesOf(forecast).map(([value, name]) => ({ value, label: text(name) })),
            ]}
          />
        </label>
        <div className="field">
          <span>{t("forecast.times")}</span>
          <DatePicker.RangePicker
            showTime={{ format: "HH:mm", minuteStep: 15 }}
            format="YYYY-MM-DD HH:mm"
            allowClear={false}
            value={times}
            onChange={(range) => {
              if (range?.[0] && range[1]) setTimes([range[0], range[1]]);
            }}
          />
        </div>
        <div className="field">
          <span>{t("forecast.how")}</span>
          <div className="row">
            <Segmented<How>
              value={how}
              onChange={setHow}
              options={(["factor", "calls"] as const).map((value) => ({ value, label: t(`forecast.by_${value}`) }))}
            />
            {how === "factor" ? (
              <InputNumber
                aria-label={t("forecast.by_factor")}
                min={0}
                max={10_000}
                value={percent}
                onChange={setPercent}
                suffix="%"
              />
            ) : (
              <InputNumber
                aria-label={t("forecast.by_calls")}
                min={0}
                max={1_000_000}
                value={calls}
                onChange={setCalls}
              />
            )}
          </div>
        </div>
        <label className="field">
          <span>{t("forecast.reason")}</span>
          <Input.TextArea maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        </label>
        <p className="quiet">{t("forecast.change_hint")}</p>
      </div>
    </Modal>
  );
}

/** Contacts by which the change was nearer the truth, also by channel and site, or that it is not known yet. */
function Effect({ change }: { change: ForecastChange }) {
  const { t } = useWords();
  const nameOf = usePartName();
  if (!change.effect) return <span className="quiet">{t("forecast.effect_later")}</span>;
  const said = (one: { missed_before: number; missed_after: number; actual: number }) => {
    const saved = one.missed_before - one.missed_after;
    const key = saved >= 0 ? "forecast.effect_better" : "forecast.effect_worse";
    return t(key, { n: Math.round(Math.abs(saved)), of: Math.round(one.actual) });
  };
  const parts = change.effect.parts ?? [];
  return (
    <>
      {said(change.effect)}
      {parts.length > 0 ? (
        <ul className="quiet" aria-label={t("forecast.effect_parts")}>
          {parts.map((part) => (
            <li key={partKey(part)}>{`${nameOf(part)} · ${said(part)}`}</li>
          ))}
        </ul>
      ) : null}
    </>
  );
}

export function ForecastChanges({ forecast }: { forecast: Forecast }) {
  const { t, text } = useWords();
  const { bad } = useNotices();
  const renew = useForecastRenewal(forecast.id);
  const [isChanging, setChanging] = useState(false);
  const withdraw = useMutation({
    mutationFn: (id: string) => withdrawForecastChange(forecast, id),
    onError: bad,
    onSettled: renew,
  });
  const names = new Map(queuesOf(forecast));
  return (
    <section className="card stack">
      <div className="card-head">
        <h2>{t("forecast.changes")}</h2>
        <Button onClick={() => setChanging(true)} data-testid="change-forecast">
          {t("forecast.change")}
        </Button>
      </div>
      {forecast.changes.length === 0 ? (
        <p className="quiet">{t("forecast.no_changes")}</p>
      ) : (
        <Table<ForecastChange>
          size="small"
          rowKey="id"
          pagination={false}
          scroll={{ x: true }}
          dataSource={forecast.changes}
          columns={[
            {
              title: t("forecast.times"),
              render: (_, row) => (
                <span className="digits">
                  {momentText(row.begins_at)} – {momentText(row.ends_at)}
                </span>
              ),
            },
            {
              title: t("floor.queue"),
              render: (_, row) => (row.queue_id ? text(names.get(row.queue_id)) : t("forecast.all_queues")),
            },
            {
              title: t("forecast.how"),
              render: (_, row) =>
                row.factor === null
                  ? t("forecast.set_to", { n: row.calls ?? 0 })
                  : t("forecast.times_percent", { n: Math.round(100 * row.factor) }),
            },
            { title: t("forecast.reason"), dataIndex: "reason" },
            { title: t("forecast.made_by"), dataIndex: "made_by" },
            { title: t("forecast.effect"), render: (_, row) => <Effect change={row} /> },
            {
              title: t("general.actions"),
              render: (_, row) => (
                <Button size="small" loading={withdraw.isPending} onClick={() => withdraw.mutate(row.id)}>
                  {t("forecast.withdraw")}
                </Button>
              ),
            },
          ]}
        />
      )}
      {isChanging ? <ChangeModal forecast={forecast} onClose={() => setChanging(false)} /> : null}
    </section>
  );
}
