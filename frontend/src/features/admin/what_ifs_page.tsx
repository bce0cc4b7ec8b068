/** What-ifs that were asked, newest first. */
import { Select } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { fetchWhatIfs, type WhatIfRun } from "@/api/what_if";
import { momentText } from "@/shared/moments";
import { PagedList } from "@/shared/paged_list";
import { useTenants } from "@/shared/session";
import { useWords } from "@/words";
import { Changes } from "./changes";

export function WhatIfsPage() {
  const { t, text } = useWords();
  const tenants = useTenants();
  const [tenantId, setTenantId] = useState(tenants.length > 1 ? tenants[0]?.tenant_id : undefined);
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("admin.what-ifs")}</h1>
        {tenants.length > 1 ? (
          <Select
            aria-label={t("admin.tenant")}
            value={tenantId}
            onChange={setTenantId}
            options={tenants.map((tenant) => ({ value: tenant.tenant_id, label: text(tenant.name) }))}
          />
        ) : null}
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
