/** Where I get messages about my work, which ones, and when not. */
import { CheckOutlined, ExclamationOutlined } from "@ant-design/icons";
import { Alert, Button, Checkbox, Form, Input, Popconfirm, Tag, TimePicker } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import {
  confirmMyAddress,
  fetchMyMessages,
  keepMyAddress,
  keepMyChoices,
  removeMyAddress,
  type OwnAddress,
  type OwnMessages,
  type Way,
} from "@/api/messages";
import { timeText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";

const KEY = ["my-messages"];
const TOPICS = ["roster", "requests", "urgent"] as const;
const CLOCK = "HH:mm";

function useAgain(): () => void {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: KEY });
}

function CodeForm({ way, until }: { way: Way; until: string }) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const again = useAgain();
  const [problem, setProblem] = useState("");
  const confirm = async ({ code }: { code: string }) => {
    try {
      const { result, tries_left } = await confirmMyAddress(way, code.trim());
      if (result === "confirmed") good(t("messages.confirmed"));
      else setProblem(t(`messages.code_${result}`, { n: tries_left }));
    } catch (error) {
      bad(error);
    }
    again();
  };
  return (
    <Form<{ code: string }> name={`code-${way}`} layout="vertical" onFinish={(values) => void confirm(values)}>
      <Form.Item
        name="code"
        label={t("messages.code_label", { time: timeText(until) })}
        validateStatus={problem ? "error" : undefined}
        help={problem || undefined}
        rules={[{ required: true, pattern: /^\s*\d{6}\s*$/, message: t("messages.code_six") }]}
      >
        <Input inputMode="numeric" autoComplete="one-time-code" style={{ maxWidth: 160 }} data-testid={`code-${way}`} />
      </Form.Item>
      <Button htmlType="submit" type="primary" data-testid={`confirm-${way}`}>
        {t("messages.confirm")}
      </Button>
    </Form>
  );
}

function AddressCard({ kept }: { kept: OwnAddress }) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const again = useAgain();
  const [isBusy, setBusy] = useState(false);
  const run = async (action: Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await action;
      good(done);
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
      again();
    }
  };
  const send = ({ address }: { address: string }) =>
    run(keepMyAddress(kept.way, address), t("messages.code_sent", { address }));
  return (
    <section className="card stack" aria-label={t(`messages.way_${kept.way}`)}>
      <div className="card-head">
        <h2>{t(`messages.way_${kept.way}`)}</h2>
        {kept.address ? (
          <Tag
            icon={kept.is_confirmed ? <CheckOutlined aria-hidden /> : <ExclamationOutlined aria-hidden />}
            data-testid={`state-${kept.way}`}
          >
            {t(kept.is_confirmed ? "messages.is_confirmed" : "messages.not_confirmed")}
          </Tag>
        ) : null}
      </div>
      {kept.is_offered ? null : <Alert type="info" showIcon title={t("messages.not_offered")} />}
      <Form<{ address: string }>
        name={`address-${kept.way}`}
        layout="vertical"
        initialValues={{ address: kept.address }}
        onFinish={(values) => void send(values)}
      >
        <Form.Item
          name="address"
          label={t(`messages.address_${kept.way}`)}
          rules={[{ required: true, message: t("general.required") }]}
        >
          <Input
            type={kept.way === "email" ? "email" : "tel"}
            autoComplete={kept.way === "email" ? "email" : "tel"}
            disabled={!kept.is_offered}
            style={{ maxWidth: 360 }}
            data-testid={`address-${kept.way}`}
          />
        </Form.Item>
        <div className="row">
          <Button htmlType="submit" loading={isBusy} disabled={!kept.is_offered} data-testid={`send-code-${kept.way}`}>
            {t("messages.send_code")}
          </Button>
          {kept.address ? (
            <Popconfirm
              title={t("messages.remove_sure")}
              onConfirm={() => void run(removeMyAddress(kept.way), t("messages.removed"))}
            >
              <Button danger>{t("general.remove")}</Button>
            </Popconfirm>
          ) : null}
        </div>
      </Form>
      {kept.code_until && kept.is_offered ? <CodeForm way={kept.way} until={kept.code_until} /> : null}
    </section>
  );
}

interface ChoiceValues {
  roster: Way[];
  requests: Way[];
  urgent: Way[];
  quiet: [Dayjs, Dayjs] | null;
  urgent_breaks_quiet: boolean;
}

function valuesOf(own: OwnMessages): ChoiceValues {
  const { quiet_from, quiet_to } = own;
  return {
    ...own.ways,
    quiet: quiet_from && quiet_to ? [dayjs(quiet_from, CLOCK), dayjs(quiet_to, CLOCK)] : null,
    urgent_breaks_quiet: own.urgent_breaks_quiet,
  };
}

function Choices({ own }: { own: OwnMessages }) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const again = useAgain();
  const ways = own.addresses.map((one) => one.way);
  const keep = async ({ quiet, urgent_breaks_quiet, ...topics }: ChoiceValues) => {
    try {
      await keepMyChoices(own.version, {
        ways: topics,
        quiet_from: quiet?.[0].format(CLOCK) ?? "",
        quiet_to: quiet?.[1].format(CLOCK) ?? "",
        urgent_breaks_quiet,
      });
      good(t("messages.kept"));
    } catch (error) {
      bad(error);
    }
    again();
  };
  return (
    <section className="card stack" aria-label={t("messages.which")}>
      <h2>{t("messages.which")}</h2>
      <Form<ChoiceValues>
        name="choices"
        layout="vertical"
        initialValues={valuesOf(own)}
        onFinish={(values) => void keep(values)}
      >
        {TOPICS.map((topic) => (
          <Form.Item key={topic} name={topic} label={t(`messages.topic_${topic}`)}>
            <Checkbox.Group options={ways.map((value) => ({ value, label: t(`messages.way_${value}`) }))} />
          </Form.Item>
        ))}
        <Form.Item name="quiet" label={t("messages.quiet")} extra={t("messages.quiet_hint")}>
          <TimePicker.RangePicker format={CLOCK} minuteStep={15} order={false} allowClear />
        </Form.Item>
        <Form.Item name="urgent_breaks_quiet" valuePropName="checked">
          <Checkbox>{t("messages.urgent_breaks_quiet")}</Checkbox>
        </Form.Item>
        <Button htmlType="submit" type="primary" data-testid="keep-choices">
          {t("general.save")}
        </Button>
      </Form>
    </section>
  );
}

export function MyMessages() {
  const { t } = useWords();
  const own = useQuery({ queryKey: KEY, queryFn: fetchMyMessages });
  return (
    <QueryView query={own}>
      {(found) => (
        <div className="stack" style={{ maxWidth: 720 }}>
          <p className="quiet">{t("messages.own_hint")}</p>
          {found.addresses.map((one) => (
            <AddressCard key={`${one.way}${one.address}`} kept={one} />
          ))}
          <Choices key={found.version} own={found} />
        </div>
      )}
    </QueryView>
  );
}
