/** Whether the caller's identity was verified in this contact; said once, seen by everybody who gets it. */
import { SafetyCertificateOutlined } from "@ant-design/icons";
import { Button, Tag } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { verifyCustomer, type Pop } from "@/api/desk";
import type { ContactDocument } from "@/live/documents";
import { useDocument } from "@/live/hooks";
import { useNames } from "@/shared/live_names";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";

export function Verification({ contactId, pop }: { contactId: string; pop: Pop }) {
  const { t } = useWords();
  const { bad } = useNotices();
  const client = useQueryClient();
  const names = useNames().agents;
  const contact = useDocument<ContactDocument>(`contact/${contactId}`);
  if (!pop.customer) return null;
  if (pop.verified) {
    const name = names.get(pop.verified.agent_id) ?? "";
    return (
      <Tag color="success" icon={<SafetyCertificateOutlined aria-hidden />} data-testid="verified">
        {t("desk.verified", { name, moment: momentText(pop.verified.verified_at) })}
      </Tag>
    );
  }
  const verify = async () => {
    try {
      await verifyCustomer(contactId);
      await client.invalidateQueries({ queryKey: ["pop", contactId] });
    } catch (error) {
      bad(error);
    }
  };
  return (
    <span className="row">
      <Tag data-testid="not-verified">{t("desk.not_verified")}</Tag>
      <Button
        size="small"
        disabled={!contact?.interaction_id}
        icon={<SafetyCertificateOutlined aria-hidden />}
        onClick={() => void verify()}
        data-testid="verify"
      >
        {t("desk.verify")}
      </Button>
    </span>
  );
}
