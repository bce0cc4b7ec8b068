/** What-ifs that were asked, newest first. */
import { Link } from "react-router";
import { fetchWhatIfs, type WhatIfRun } from "@/api/what_if";
import { momentText } from "@/shared/moments";
import { PagedList } from "@/shared/paged_list";
import { useTenantChoice } from "@/shared/tenant_choice";
import { useWords } from "@/words";
import { Changes } from "./changes";

export function WhatIfsPage() {
  const { t } = useWords();
  const { tenantId, choice } = useTenantChoice();
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("admin.what-ifs")}</h1>
        {choice}
      </div>
      <p className="quiet">{t("whatif.list_hint")}</p>
      <PagedList<WhatIfRun>
        queryKey={["what-ifs", tenantId]}
        fetchPage={(cursor) => fetchWhatIfs(tenantId, cursor)}
        emptyHint={t("whatif.none")}
        isRenewed
        columns={[
          {
            key: "day",
            title: t("whatif.day"),
            render: (_, row) => <Link to={`/admin/what-ifs/${row.id}`}>{row.day}</Link>,
          },
          { key: "state", title: t("whatif.state"), render: (_, row) => t(`whatif.state_${row.state}`) },
          {
            key: "what",
            title: t("whatif.what"),
            render: (_, row) => (
              <>
                {row.number === null ? null : <div>{t("admin.version_n", { n: row.number })}</div>}
                <Changes changes={row.changes} />
              </>
            ),
          },
          { key: "asked_at", title: t("admin.at"), render: (_, row) => momentText(row.asked_at) },
          { key: "asked_by", title: t("admin.actor"), render: (_, row) => row.asked_by },
          {
            key: "applied_at",
            title: t("whatif.applied"),
            render: (_, row) => (row.applied_at ? momentText(row.applied_at) : "–"),
          },
        ]}
      />
    </div>
  );
}
