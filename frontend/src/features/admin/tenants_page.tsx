/** Tenants of the installation: made, changed, switched off; never removed. */
import { PlusOutlined } from "@ant-design/icons";
import { Button, ColorPicker, Drawer, Form, Input, InputNumber, Switch, Table, type TableColumnsType } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeTenant, createTenant, fetchTenants, type Tenant } from "@/api/people";
import { uuid7 } from "@/live/uuid7";
import { useNotices } from "@/shared/notices";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";

interface Values {
  code: string;
  name: { zh: string; en: string };
  brand_colour: string;
  time_zone: string;
  is_simulated: boolean;
  is_active: boolean;
  recording_days: number;
  contact_months: number;
  blocked_limit: number;
  abandoned_limit: number;
  last_agent_days: number;
}

/** What the server gives a new tenant too. */
const USUAL = {
  recording_days: 180,
  contact_months: 0,
  blocked_limit: 10,
  abandoned_limit: 500,
  last_agent_days: 30,
};

function TenantDrawer({ tenant, onClose }: { tenant: Tenant | null; onClose: () => void }) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const [key] = useState(() => uuid7());
  const [isBusy, setBusy] = useState(false);
  const needed = [{ required: true, message: t("general.required") }];
  const save = async ({ code, is_active, ...values }: Values) => {
    setBusy(true);
    try {
      if (tenant) await changeTenant(tenant.tenant_id, { version: tenant.version, is_active, ...values });
      else await createTenant({ code, ...values }, key);
      good(t(tenant ? "admin.changed" : "admin.created"));
      await client.invalidateQueries({ queryKey: ["tenants"] });
      onClose();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };
  const initial = tenant ?? { brand_colour: "#1668dc", time_zone: "Asia/Shanghai", is_simulated: false, ...USUAL };
  return (
    <Drawer open size={460} onClose={onClose} title={tenant ? text(tenant.name) : t("admin.tenants")}>
      <Form<Values> layout="vertical" initialValues={initial} onFinish={(values) => void save(values)}>
        {tenant ? null : (
          <Form.Item name="code" label={t("admin.code")} rules={needed}>
            <Input />
          </Form.Item>
        )}
        <Form.Item name={["name", "zh"]} label={t("general.name_zh")} rules={needed}>
          <Input lang="zh" maxLength={100} />
        </Form.Item>
        <Form.Item name={["name", "en"]} label={t("general.name_en")} rules={needed}>
          <Input lang="en" maxLength={100} />
        </Form.Item>
        <Form.Item
          name="brand_colour"
          label={t("admin.brand_colour")}
          getValueFromEvent={(colour: { toHexString: () => string }) => colour.toHexString().slice(0, 7)}
        >
          <ColorPicker disabledAlpha showText />
        </Form.Item>
        <Form.Item name="time_zone" label={t("admin.time_zone")} rules={needed}>
          <Input />
        </Form.Item>
        <Form.Item name="recording_days" label={t("admin.recording_days")} rules={needed}>
          <InputNumber min={0} max={36_500} precision={0} />
        </Form.Item>
        <Form.Item
          name="contact_months"
          label={t("admin.contact_months")}
          rules={needed}
          extra={t("admin.kept_for_ever_hint")}
        >
          <InputNumber min={0} max={1_200} precision={0} />
        </Form.Item>
        <Form.Item name="blocked_limit" label={t("admin.tenant_blocked_limit")} rules={needed}>
          <InputNumber min={0} max={10_000} precision={0} />
        </Form.Item>
        <Form.Item
          name="abandoned_limit"
          label={t("admin.tenant_abandoned_limit")}
          rules={needed}
          extra={t("admin.tenant_limits_hint")}
        >
          <InputNumber min={0} max={10_000} precision={0} />
        </Form.Item>
        <Form.Item name="last_agent_days" label={t("admin.last_agent_days")} rules={needed}>
          <InputNumber min={0} max={3_650} precision={0} />
        </Form.Item>
        <Form.Item name="is_simulated" label={t("admin.is_simulated")} valuePropName="checked">
          <Switch />
        </Form.Item>
        {tenant ? (
          <Form.Item name="is_active" label={t("admin.is_active")} valuePropName="checked">
            <Switch />
          </Form.Item>
        ) : null}
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t("general.save")}
        </Button>
      </Form>
    </Drawer>
  );
}

export function TenantsPage() {
  const { t, text } = useWords();
  const [open, setOpen] = useState<Tenant | "new" | null>(null);
  const tenants = useQuery({ queryKey: ["tenants"], queryFn: fetchTenants });
  const kept = (count: number) => (count === 0 ? t("admin.kept_for_ever") : count);
  const columns: TableColumnsType<Tenant> = [
    { title: t("admin.code"), dataIndex: "code" },
    { title: t("admin.name"), render: (_, tenant) => text(tenant.name) },
    { title: t("admin.time_zone"), dataIndex: "time_zone" },
    { title: t("admin.recording_days"), align: "right", render: (_, tenant) => kept(tenant.recording_days) },
    { title: t("admin.contact_months"), align: "right", render: (_, tenant) => kept(tenant.contact_months) },
    { title: t("admin.is_simulated"), render: (_, tenant) => t(tenant.is_simulated ? "general.yes" : "general.no") },
    { title: t("admin.is_active"), render: (_, tenant) => t(tenant.is_active ? "general.yes" : "general.no") },
    {
      title: t("general.actions"),
      render: (_, tenant) => (
        <Button size="small" onClick={() => setOpen(tenant)}>
          {t("general.edit")}
        </Button>
      ),
    },
  ];
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("admin.tenants")}</h1>
        <span className="grow" />
        <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setOpen("new")}>
          {t("general.add")}
        </Button>
      </div>
      <QueryView query={tenants} isEmpty={(rows) => rows.length === 0} empty={<EmptyState hint={t("admin.none")} />}>
        {(rows) => (
          <Table<Tenant>
            size="small"
            rowKey="tenant_id"
            pagination={false}
            columns={columns}
            dataSource={rows}
            scroll={{ x: true }}
          />
        )}
      </QueryView>
      {open ? <TenantDrawer tenant={open === "new" ? null : open} onClose={() => setOpen(null)} /> : null}
    </div>
  );
}
