/** Clocks that go by the server's time. */
import type { CSSProperties } from "react";
import { useServerNow } from "@/live/hooks";
import { clockText } from "./figures";

const DIGITS: CSSProperties = { fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" };

/** Time since a moment of the server's clock; `lessMs` is taken off, for example what was held. */
export function Elapsed({ sinceMs, lessMs = 0 }: { sinceMs: number | null | undefined; lessMs?: number }) {
  const now = useServerNow();
  return <span style={DIGITS}>{sinceMs ? clockText(now - sinceMs - lessMs) : "–"}</span>;
}

/** Time until a moment, 0:00 once it has passed. */
export function Remaining({ untilMs }: { untilMs: number }) {
  const now = useServerNow();
  return <span style={DIGITS}>{clockText(Math.max(0, untilMs - now))}</span>;
}
