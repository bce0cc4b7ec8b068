/** Several tenants by id: the own ones by name, others as their administrators tell them. */
import { Select } from "antd";
import { useTenants } from "@/shared/session";
import { useWords } from "@/words";

interface Props {
  value?: string[];
  onChange?: (value: string[]) => void;
  id?: string;
}

export function TenantIds({ value = [], onChange, id }: Props) {
  const { t, text } = useWords();
  const tenants = useTenants();
  return (
    <Select
      id={id}
      mode="tags"
      style={{ width: "100%" }}
      aria-label={t("admin.client_tenants")}
      value={value}
      tokenSeparators={[" ", ",", "，"]}
      onChange={(next: string[]) => onChange?.(next.map((one) => one.trim()))}
      options={tenants.map((tenant) => ({ value: tenant.tenant_id, label: text(tenant.name) }))}
    />
  );
}
