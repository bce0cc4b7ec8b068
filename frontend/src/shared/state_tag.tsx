/** Agent states and service bands: shape, word and colour, never colour alone. */
import {
  BellFilled,
  CustomerServiceOutlined,
  EditOutlined,
  MoonFilled,
  CheckOutlined,
  CloseOutlined,
  ExclamationOutlined,
  MinusOutlined,
} from "@ant-design/icons";
import type { CSSProperties, ReactNode } from "react";
import type { AgentState } from "@/live/documents";
import { useWords } from "@/words";
import { useCauseText } from "./cause_words";
import type { Band } from "./figures";
import { BAND_COLOURS, STATE_COLOURS } from "./theme";
import { useThemeName } from "./theme_context";

function Disc({ isFilled }: { isFilled: boolean }) {
  const fill = isFilled ? "currentColor" : "none";
  return (
    <svg viewBox="0 0 16 16" width="1em" height="1em" aria-hidden="true">
      <circle cx="8" cy="8" r="6" fill={fill} stroke="currentColor" strokeWidth="2" />
    </svg>
  );
}

const STATE_ICONS: Record<AgentState, ReactNode> = {
  available: <Disc isFilled />,
  offered: <BellFilled aria-hidden />,
  busy: <CustomerServiceOutlined aria-hidden />,
  wrap_up: <EditOutlined aria-hidden />,
  away: <MoonFilled aria-hidden />,
  signed_out: <Disc isFilled={false} />,
};

const BAND_ICONS: Record<Band, ReactNode> = {
  met: <CheckOutlined aria-hidden />,
  at_risk: <ExclamationOutlined aria-hidden />,
  missed: <CloseOutlined aria-hidden />,
  none: <MinusOutlined aria-hidden />,
};

const LINE: CSSProperties = {
  display: "inline-flex",
  alignItems: "center",
  gap: 4,
  fontWeight: 600,
  whiteSpace: "nowrap",
};

export function StateTag({ state, detail }: { state: AgentState; detail?: string }) {
  const { t } = useWords();
  const theme = useThemeName();
  return (
    <span style={{ ...LINE, color: STATE_COLOURS[state]?.[theme] }} data-state={state}>
      {STATE_ICONS[state]}
      <span>{t(`states.${state}`)}</span>
      {detail ? <span style={{ fontWeight: 400 }}>{detail}</span> : null}
    </span>
  );
}

export function BandTag({ band, hasWord = true }: { band: Band; hasWord?: boolean }) {
  const { t } = useWords();
  const theme = useThemeName();
  const word = t(`states.${band}`);
  return (
    <span style={{ ...LINE, color: BAND_COLOURS[band]?.[theme] }} data-band={band} title={word}>
      {BAND_ICONS[band]}
      {hasWord ? <span>{word}</span> : <span className="only-read">{word}</span>}
    </span>
  );
}

/** The away reason or the house's own code behind an agent's state, in words. */
export function useReasonText(): (reason: string | null | undefined, names?: ReadonlyMap<string, string>) => string {
  const { t } = useWords();
  const causeText = useCauseText();
  const own = ["offer_expired", "offer_refused", "offer_failed", "connection_lost", "signed_in"] as const;
  return (reason, names) => {
    if (!reason) return "";
    const code = own.find((known) => known === reason);
    return code ? t(`states.${code}`) : (names?.get(reason) ?? causeText(reason));
  };
}
