/** Sounds once when the wrap-up time of a contact runs out, whichever is before the agent. */
import { useEffect, useRef } from "react";
import type { ContactDocument } from "@/live/documents";
import { useServerNow } from "@/live/hooks";
import { chime } from "@/shared/sounds";

export function WrapUpChime({ contact }: { contact: ContactDocument }): null {
  const now = useServerNow();
  const wasPositive = useRef(false);
  const until = contact.state === "wrap_up" ? contact.wrap_until_ms : null;
  const leftMs = until === null ? null : until - now;
  useEffect(() => {
    if (leftMs === null) return;
    if (leftMs <= 0 && wasPositive.current) chime();
    wasPositive.current = leftMs > 0;
  }, [leftMs]);
  return null;
}
