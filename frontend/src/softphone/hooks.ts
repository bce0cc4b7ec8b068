/** The page's one telephone. It lives outside React: a call outlives every screen. */
import { createContext, use, useSyncExternalStore } from "react";
import type { PhoneState, Softphone } from "./phone";

export const PhoneContext = createContext<Softphone | null>(null);

export function usePhone(): { phone: Softphone; state: PhoneState } {
  const phone = use(PhoneContext);
  if (!phone) throw new Error("usePhone outside of PhoneContext");
  const state = useSyncExternalStore(
    (listener) => phone.subscribe(listener),
    () => phone.state,
  );
  return { phone, state };
}
