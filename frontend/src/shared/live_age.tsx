/** Live means live: after three seconds without a heartbeat figures turn grey and show their age. */
import type { ReactNode } from "react";
import { useLinkStatus, useSilence } from "@/live/hooks";
import { useWords } from "@/words";

export function LiveAge() {
  const { t } = useWords();
  const status = useLinkStatus();
  const silence = useSilence();
  return (
    <span className="quiet" role="status">
      {status === "live" ? t("floor.age") : t("floor.old", { n: Math.round(silence / 1000) })}
    </span>
  );
}

export function LiveArea({ children, className = "" }: { children: ReactNode; className?: string }) {
  const status = useLinkStatus();
  const isOld = status !== "live";
  return <div className={isOld ? `${className} old-figures` : className}>{children}</div>;
}
