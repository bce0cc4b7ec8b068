/** The form of an application: asks for just what the rotation asks for. */
import { Button, DatePicker, Drawer, Form, Input, TimePicker } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { applyToRotation, type OpenRotation } from "@/api/workforce";
import { uuid7 } from "@/live/uuid7";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { usePromiseWords } from "./rotation_words";

interface Values {
  valid_from: Dayjs;
  valid_to: Dayjs;
  latest_end?: Dayjs | null;
  earliest_start?: Dayjs | null;
  evidence?: string;
  timetable?: string;
}

const DAY = "YYYY-MM-DD";

interface Props {
  rotation: OpenRotation;
  onClose: () => void;
  onSent: () => void;
}

export function ApplicationDrawer({ rotation, onClose, onSent }: Props) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const promiseWords = usePromiseWords();
  const [key] = useState(() => uuid7());
  const [isBusy, setBusy] = useState(false);
  const needed = [{ required: true, message: t("general.required") }];
  const send = async (values: Values) => {
    setBusy(true);
    try {
      await applyToRotation(
        {
          rotation_id: rotation.id,
          valid_from: values.valid_from.format(DAY),
          valid_to: values.valid_to.format(DAY),
          latest_end: values.latest_end?.format("HH:mm") ?? null,
          earliest_start: values.earliest_start?.format("HH:mm") ?? null,
          evidence: values.evidence ?? "",
          lessons: [],
          timetable: values.timetable ?? "",
        },
        key,
      );
      good(t("workforce.applied"));
      onSent();
      onClose();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer open size={480} title={t("workforce.apply_to", { name: text(rotation.name) })} onClose={onClose}>
      <ul>
        {promiseWords(rotation).map((word) => (
          <li key={word}>{word}</li>
        ))}
      </ul>
      <Form<Values> layout="vertical" onFinish={(values) => void send(values)}>
        <Form.Item name="valid_from" label={t("workforce.first_day")} rules={needed}>
          <DatePicker format={DAY} />
        </Form.Item>
        <Form.Item
          name="valid_to"
          label={t("workforce.last_day")}
          extra={t("workforce.longest", { months: rotation.longest_months })}
          rules={needed}
        >
          <DatePicker format={DAY} />
        </Form.Item>
        {rotation.asks_earliest_start ? (
          <Form.Item name="earliest_start" label={t("workforce.earliest_start")} rules={needed}>
            <TimePicker format="HH:mm" minuteStep={5} />
          </Form.Item>
        ) : null}
        {rotation.asks_latest_end ? (
          <Form.Item name="latest_end" label={t("workforce.latest_end")} rules={needed}>
            <TimePicker format="HH:mm" minuteStep={5} />
          </Form.Item>
        ) : null}
        {rotation.asks_timetable ? (
          <Form.Item
            name="timetable"
            label={t("workforce.timetable")}
            extra={t("workforce.timetable_hint")}
            rules={needed}
          >
            <Input.TextArea rows={5} maxLength={20_000} />
          </Form.Item>
        ) : null}
        <Form.Item
          name="evidence"
          label={t("workforce.evidence")}
          extra={t("workforce.evidence_hint")}
          rules={rotation.needs_evidence ? needed : []}
        >
          <Input.TextArea rows={3} maxLength={2000} />
        </Form.Item>
        <div className="row">
          <Button type="primary" htmlType="submit" loading={isBusy}>
            {t("workforce.apply_do")}
          </Button>
          <Button onClick={onClose}>{t("general.cancel")}</Button>
        </div>
      </Form>
    </Drawer>
  );
}
