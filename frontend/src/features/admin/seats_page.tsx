/** The seat registry, with rows of seats made at once. */
import { Button, Drawer, Form, Input, Select } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createSeatRow, type SeatRow } from "@/api/setup";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { labelOf, recordsQuery } from "./field_values";
import { ResourcePage } from "./resource_page";
import { RESOURCES } from "./resources";

function RowDrawer({ onClose }: { onClose: () => void }) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const sites = useQuery(recordsQuery("sites"));
  const [isBusy, setBusy] = useState(false);
  const save = async (row: SeatRow) => {
    setBusy(true);
    try {
      const { created, existing } = await createSeatRow(row);
      good(t("admin.seat_row_made", { created, existing }));
      void client.invalidateQueries({ queryKey: ["setup", "seats"] });
      onClose();
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };
  const rules = [{ required: true, message: t("general.required") }];
  return (
    <Drawer open size={520} title={t("admin.seat_row")} onClose={onClose}>
      <Form<SeatRow> layout="vertical" initialValues={{ state: "usable" }} onFinish={(row) => void save(row)}>
        <Form.Item name="site_id" label={t("admin.site_id")} rules={rules}>
          <Select
            showSearch={{ optionFilterProp: "label" }}
            options={(sites.data ?? []).map((site) => ({ value: site.id, label: labelOf(site, "name", text) }))}
          />
        </Form.Item>
        <Form.Item name="first" label={t("admin.seat_first")} rules={rules}>
          <Input maxLength={32} placeholder="A001" />
        </Form.Item>
        <Form.Item name="last" label={t("admin.seat_last")} rules={rules}>
          <Input maxLength={32} placeholder="A040" />
        </Form.Item>
        <Form.Item name="state" label={t("admin.state")}>
          <Select
            options={[
              { value: "usable", label: t("admin.state_usable") },
              { value: "reserve", label: t("admin.state_reserve") },
            ]}
          />
        </Form.Item>
        <p className="quiet">{t("admin.seat_row_hint")}</p>
        <div className="row">
          <Button type="primary" htmlType="submit" loading={isBusy}>
            {t("general.save")}
          </Button>
          <Button onClick={onClose}>{t("general.cancel")}</Button>
        </div>
      </Form>
    </Drawer>
  );
}

export function SeatsPage() {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const resource = RESOURCES.seats;
  if (!resource) return null;
  return (
    <>
      <ResourcePage
        resource={resource}
        actions={
          <Button onClick={() => setOpen(true)} data-testid="add-row">
            {t("admin.seat_row")}
          </Button>
        }
      />
      {isOpen ? <RowDrawer onClose={() => setOpen(false)} /> : null}
    </>
  );
}
