/** What is wrong with the routing set-up as a whole: errors keep it from the switch. */
import { Alert } from "antd";
import { useQuery } from "@tanstack/react-query";
import { answer, client } from "@/api/client";
import { useWords } from "@/words";

export function Findings() {
  const { t, text } = useWords();
  const findings = useQuery({
    queryKey: ["setup", "queues", "findings"],
    queryFn: () => answer(client.GET("/api/v1/admin/routing/findings")),
  });
  if (!findings.data) return null;
  if (findings.data.length === 0) return <Alert type="success" showIcon title={t("admin.no_findings")} />;
  return (
    <div className="stack">
      {findings.data.map((finding) => (
        <Alert
          key={finding.code + finding.object_id + finding.sentence.en}
          type={finding.severity}
          showIcon
          title={`${t(`admin.finding_${finding.severity}`)}: ${text(finding.sentence)}`}
        />
      ))}
    </div>
  );
}
