/** Entry points; those of chats and web forms with the address of their public page, those of SMS with a secret. */
import { CopyOutlined } from "@ant-design/icons";
import { App, Button, Descriptions, Modal, Tooltip, Typography } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { makeEntryPointSecret, type SetupRecord } from "@/api/setup";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
import { ResourcePage } from "./resource_page";
import { RESOURCES } from "./resources";

const PAGES: Readonly<Record<string, string>> = { chat: "/chat/", form: "/form/" };

function PublicPage({ path }: { path: string }) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const copy = () => {
    navigator.clipboard.writeText(location.origin + path).then(() => good(t("admin.copied")), bad);
  };
  return (
    <>
      <Typography.Link href={path} target="_blank" rel="noopener" data-testid="public-page">
        {t("admin.public_page")}
      </Typography.Link>
      <Tooltip title={t("admin.copy_link")}>
        <Button
          size="small"
          icon={<CopyOutlined aria-hidden />}
          onClick={copy}
          aria-label={t("admin.copy_link")}
          data-testid="copy-page"
        />
      </Tooltip>
    </>
  );
}

interface Shown {
  address: string;
  secret: string;
}

function SecretButton({ record, onMade }: { record: SetupRecord; onMade: (shown: Shown) => void }) {
  const { t } = useWords();
  const { modal } = App.useApp();
  const { bad } = useNotices();
  const client = useQueryClient();
  const make = async () => {
    try {
      const { secret } = await makeEntryPointSecret(record.id);
      onMade({ address: `${location.origin}/api/v1/public/sms/${String(record.address)}`, secret });
      await client.invalidateQueries({ queryKey: ["setup", "entry-points"] });
    } catch (error) {
      bad(error);
    }
  };
  const ask = () =>
    modal.confirm({
      title: t("admin.secret_sure"),
      okText: t("admin.secret_make"),
      cancelText: t("general.cancel"),
      onOk: make,
    });
  return (
    <Button size="small" onClick={record.has_secret ? ask : () => void make()} data-testid="make-secret">
      {t("admin.secret_make")}
    </Button>
  );
}

/** It is told once: closed, it is gone. */
function SecretDialog({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  const { t } = useWords();
  const items = [
    { key: "address", label: t("admin.secret_address"), children: shown.address },
    { key: "secret", label: t("admin.secret"), children: shown.secret },
  ].map((item) => ({
    ...item,
    children: (
      <Typography.Text copyable className="anywhere" data-testid={`sms-${item.key}`}>
        {item.children}
      </Typography.Text>
    ),
  }));
  return (
    <Modal
      open
      title={t("admin.secret")}
      onCancel={onClose}
      mask={{ closable: false }}
      footer={<Button onClick={onClose}>{t("general.close")}</Button>}
    >
      <div className="stack">
        <p>{t("admin.secret_once")}</p>
        <Descriptions size="small" bordered column={1} items={items} />
      </div>
    </Modal>
  );
}

export function EntryPointsPage() {
  const resource = RESOURCES["entry-points"];
  const [shown, setShown] = useState<Shown | null>(null);
  if (!resource) return null;
  const extra = (record: SetupRecord) => {
    const page = PAGES[String(record.channel)];
    if (page) return <PublicPage path={page + encodeURIComponent(String(record.address))} />;
    return record.channel === "sms" ? <SecretButton record={record} onMade={setShown} /> : null;
  };
  return (
    <>
      <ResourcePage resource={resource} extra={extra} />
      {shown ? <SecretDialog shown={shown} onClose={() => setShown(null)} /> : null}
    </>
  );
}
