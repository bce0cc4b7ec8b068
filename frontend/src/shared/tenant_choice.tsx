/** Whose records are shown, for those who serve several tenants; for all others it is nothing. */
import { Select } from "antd";
import { useState, type ReactNode } from "react";
import { useTenants } from "./session";
import { useWords } from "@/words";

/** The chosen tenant, undefined where there is only one, and the control to choose it. */
export function useTenantChoice(): { tenantId: string | undefined; choice: ReactNode } {
  const { t, text } = useWords();
  const tenants = useTenants();
  const isSeveral = tenants.length > 1;
  const [tenantId, setTenantId] = useState(isSeveral ? tenants[0]?.tenant_id : undefined);
  const choice = isSeveral ? (
    <Select
      aria-label={t("admin.tenant")}
      value={tenantId}
      onChange={setTenantId}
      options={tenants.map((tenant) => ({ value: tenant.tenant_id, label: text(tenant.name) }))}
    />
  ) : null;
  return { tenantId, choice };
}
