/** Whether the contact is kept past its time, and what was erased of it by the tenant's rule. */
import { Alert, Button, Form, Input, Modal, Popconfirm } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { liftPreservation, preserveContact, type ContactDetail } from "@/api/contacts";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { useMay } from "@/shared/session";
import { useWords } from "@/words";

export function PreserveButton({ contact }: { contact: ContactDetail }) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  if (!may("contacts.preserve")) return null;
  const done = async (work: Promise<unknown>, notice: string) => {
    setBusy(true);
    try {
      await work;
      good(notice);
      setOpen(false);
      await client.invalidateQueries({ queryKey: ["contact", contact.id] });
    } catch (error) {
      bad(error);
    } finally {
      setBusy(false);
    }
  };
  if (contact.preserved_at !== null)
    return (
      <Popconfirm
        title={t("contacts.preserve_lift_sure")}
        onConfirm={() => void done(liftPreservation(contact.id), t("contacts.preserve_lifted"))}
      >
        <Button loading={isBusy}>{t("contacts.preserve_lift")}</Button>
      </Popconfirm>
    );
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("contacts.preserve")}</Button>
      <Modal open={isOpen} title={t("contacts.preserve_title")} footer={null} onCancel={() => setOpen(false)}>
        <p className="quiet">{t("contacts.preserve_hint")}</p>
        <Form<{ reason: string }>
          layout="vertical"
          onFinish={({ reason }) => void done(preserveContact(contact.id, reason), t("contacts.preserved_done"))}
        >
          <Form.Item
            name="reason"
            label={t("contacts.preserve_reason")}
            rules={[{ required: true, whitespace: true, min: 3, message: t("general.required") }]}
          >
            <Input maxLength={200} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={isBusy}>
            {t("general.save")}
          </Button>
        </Form>
      </Modal>
    </>
  );
}

export function RetentionNotices({ contact }: { contact: ContactDetail }) {
  const { t } = useWords();
  const preserved = { at: momentText(contact.preserved_at), reason: contact.preserved_reason };
  const anonymised = { at: momentText(contact.anonymised_at), count: contact.anonymised_after ?? 0 };
  return (
    <>
      {contact.preserved_at ? <Alert type="info" showIcon title={t("contacts.preserved", preserved)} /> : null}
      {contact.anonymised_at ? <Alert type="info" showIcon title={t("contacts.anonymised", anonymised)} /> : null}
    </>
  );
}
