/** Who works at this screen, and what they may do. */
import { createContext, use } from "react";
import type { Me, TenantSummary } from "@/api/account";

export const SessionContext = createContext<Me | null>(null);

export function useMe(): Me {
  const me = use(SessionContext);
  if (!me) throw new Error("useMe outside of SessionContext");
  return me;
}

export function useMay(): (permission: string) => boolean {
  const { permissions } = useMe();
  return (permission) => permissions.includes(permission);
}

export function useTenants(): readonly TenantSummary[] {
  return useMe().tenants;
}
