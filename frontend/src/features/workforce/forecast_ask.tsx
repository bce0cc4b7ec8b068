/** What to forecast: the days, the interval, a file of older history, the calendar of bills and campaigns. */
import { DatePicker, Input, Modal, Segmented, Upload, Button } from "antd";
import { UploadOutlined } from "@ant-design/icons";
import dayjs, { type Dayjs } from "dayjs";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { askForecast, askForecastFromFile, type ForecastQuestion } from "@/api/planning";
import { uuid7 } from "@/live/uuid7";
import { dateText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";

const FORMAT = "YYYY-MM-DD";
const INTERVALS = [15, 30, 60] as const;
const LONGEST_DAYS = 400;

/** The next whole month: what planners plan. */
function nextMonth(): [Dayjs, Dayjs] {
  const first = dayjs(dateText(Date.now())).startOf("month").add(1, "month");
  return [first, first.endOf("month")];
}

export function AskForecast({ tenantId, onClose }: { tenantId: string | undefined; onClose: () => void }) {
  const { t } = useWords();
  const { bad } = useNotices();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [days, setDays] = useState(nextMonth);
  const [name, setName] = useState(() => days[0].format("YYYY-MM"));
  const [interval, setInterval] = useState<(typeof INTERVALS)[number]>(15);
  const [calendar, setCalendar] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [key] = useState(() => uuid7());
  const question: ForecastQuestion = {
    tenant_id: tenantId,
    name: name.trim(),
    first_day: days[0].format(FORMAT),
    last_day: days[1].format(FORMAT),
    interval_min: interval,
    country: "",
    calendar,
    likes: [],
  };
  const ask = useMutation({
    mutationFn: () => (file ? askForecastFromFile(question, file) : askForecast(question, key)),
    onError: bad,
    onSuccess: (forecast) => {
      void queries.invalidateQueries({ queryKey: ["forecasts"] });
      void navigate(`/forecast/${forecast.id}`);
    },
  });
  return (
    <Modal
      open
      title={t("forecast.new")}
      okText={t("forecast.start")}
      cancelText={t("general.cancel")}
      okButtonProps={{ loading: ask.isPending, disabled: name.trim() === "" }}
      onOk={() => ask.mutate()}
      onCancel={onClose}
    >
      <div className="stack">
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
            disabledDate={(day, { from }) => Boolean(from) && Math.abs(day.diff(from, "day")) >= LONGEST_DAYS}
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
        <label className="field">
          <span>{t("forecast.calendar")}</span>
          <Input.TextArea
            autoSize={{ minRows: 2, maxRows: 8 }}
            maxLength={50_000}
            placeholder={"date,kind,name\n2026-12-10,billing,bills"}
            value={calendar}
            onChange={(event) => setCalendar(event.target.value)}
          />
        </label>
        <div className="field">
          <span>{t("forecast.file")}</span>
          <Upload
            accept=".csv,text/csv"
            maxCount={1}
            beforeUpload={(chosen) => {
              setFile(chosen);
              return false;
            }}
            onRemove={() => setFile(null)}
          >
            <Button icon={<UploadOutlined aria-hidden />}>{t("forecast.choose_file")}</Button>
          </Upload>
        </div>
        <p className="quiet">{t("forecast.ask_hint")}</p>
      </div>
    </Modal>
  );
}
