/** The businesses, with what suggests another grade for them and one click that takes it. */
import { Button } from "antd";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeRecord, type SetupRecord } from "@/api/setup";
import { useNotices } from "@/shared/notices";
import { useWords, type Bilingual } from "@/words";
import { ResourcePage } from "./resource_page";
import { ROUTING_RESOURCES } from "./routing_resources";

/** In the list: the suggestion, its reason, and one click that makes it the grade. */
function Suggestion({ record }: { record: SetupRecord }) {
  const { t, text } = useWords();
  const { good, bad } = useNotices();
  const client = useQueryClient();
  const grade = record.suggested_grade as number | null;
  const accept = useMutation({
    mutationFn: () => changeRecord("business-modules", record, { grade }),
    onError: bad,
    onSuccess: () => good(t("admin.changed")),
    // Also after a refusal: somebody else has changed it, and their values are to be seen.
    onSettled: () => client.invalidateQueries({ queryKey: ["setup", "business-modules"] }),
  });
  if (grade === null) return <span className="quiet">{t("admin.grade_missing")}</span>;
  return (
    <div className="stack" style={{ gap: 4, minWidth: "17em" }}>
      <div className="row">
        <strong className="digits">{grade}</strong>
        {grade === record.grade ? (
          <span className="quiet">{t("admin.grade_same")}</span>
        ) : (
          <Button size="small" loading={accept.isPending} onClick={() => accept.mutate()} data-testid="accept-grade">
            {t("admin.grade_accept")}
          </Button>
        )}
      </div>
      <span className="quiet">{text(record.suggestion_reason as Bilingual)}</span>
    </div>
  );
}

export function ModulesPage() {
  const { t } = useWords();
  const resource = ROUTING_RESOURCES["business-modules"];
  if (!resource) return null;
  const column = {
    key: "suggested_grade",
    title: t("admin.suggested_grade"),
    render: (_: unknown, record: SetupRecord) => <Suggestion record={record} />,
  };
  return <ResourcePage resource={resource} more={[column]} />;
}
