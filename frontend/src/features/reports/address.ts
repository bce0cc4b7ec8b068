/** What a report shows is its address, so that it can be kept and handed on. */
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useTenants } from "@/shared/session";

export type Address = Readonly<Record<string, string | undefined>>;

export function useAddress(): [Address, (changes: Address) => void] {
  const [search, setSearch] = useSearchParams();
  const address: Address = Object.fromEntries(search);
  const change = (changes: Address) => {
    const wanted = Object.entries({ ...address, ...changes }).filter(([, value]) => value);
    setSearch(wanted as [string, string][], { replace: true });
  };
  return [address, change];
}

/** The tenant's local day when the page was opened, such as 2026-03-05. */
export function useToday(): string {
  const timeZone = useTenants()[0]?.time_zone;
  const [now] = useState(() => new Date());
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(now);
}
