/** Another company's contact, served by a shared pool: in whose name to answer, and who calls. Its records stay there. */
import { Button, Descriptions } from "antd";
import { useQuery } from "@tanstack/react-query";
import { fetchLentContact } from "@/api/desk";
import { ApiError } from "@/api/http";
import type { ContactDocument } from "@/live/documents";
import { Failure, Loading } from "@/shared/views";
import { useWords } from "@/words";
import { useAct } from "./work";

/** Whether the contact has no desk of its own here because another company only lends it. */
export function isLent(error: unknown): boolean {
  return error instanceof ApiError && error.code === "desk.lent_contact";
}

export function LentBench({ contactId, contact }: { contactId: string; contact: ContactDocument | undefined }) {
  const { t, text } = useWords();
  const act = useAct();
  const lent = useQuery({ queryKey: ["lent", contactId], queryFn: () => fetchLentContact(contactId), retry: 2 });
  if (!lent.data && lent.isError) return <Failure error={lent.error} retry={() => void lent.refetch()} />;
  if (!lent.data) return <Loading />;
  const facts = [
    { key: "company", label: t("desk.lent_company"), children: text(lent.data.tenant_name) },
    { key: "queue", label: t("contacts.queue"), children: lent.data.queue_name ? text(lent.data.queue_name) : "–" },
    { key: "customer", label: t("desk.lent_customer"), children: lent.data.customer_name ?? "–" },
  ];
  return (
    <section className="card stack" data-testid="lent-contact">
      <h2>{t("desk.lent_title")}</h2>
      <Descriptions size="small" bordered column={{ xs: 1, md: 3 }} items={facts} />
      <span className="quiet">{t("desk.lent_do")}</span>
      <Button
        type="primary"
        disabled={contact?.state !== "wrap_up"}
        onClick={() => void act("FinishWrapUp", { contact_id: contactId })}
      >
        {t("desk.finish")}
      </Button>
    </section>
  );
}
