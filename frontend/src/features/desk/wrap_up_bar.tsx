/** After the conversation: the clock warns at zero and never punishes; F2 finishes. */
import { CheckOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useRef } from "react";
import { fileWrapUp } from "@/api/desk";
import type { ContactDocument, MeDocument } from "@/live/documents";
import { useDocument, useServerNow } from "@/live/hooks";
import { useDraft } from "@/shared/draft_hooks";
import { clockText } from "@/shared/figures";
import { useHotkey, useKeyMap } from "@/shared/hotkeys";
import { chime } from "@/shared/sounds";
import { useWords } from "@/words";
import { useAct, useFinish, type FileWrapUp } from "./work";

function useChimeAtZero(leftMs: number | null): void {
  const wasPositive = useRef(false);
  useEffect(() => {
    if (leftMs === null) return;
    if (leftMs <= 0 && wasPositive.current) chime();
    wasPositive.current = leftMs > 0;
  }, [leftMs]);
}

interface Props {
  contact: ContactDocument;
  /** How the wrap-up is filed; null where none may be. */
  file?: FileWrapUp | null;
}

export function WrapUpBar({ contact, file = fileWrapUp }: Props) {
  const { t } = useWords();
  const keys = useKeyMap();
  const act = useAct();
  const now = useServerNow();
  const me = useDocument<MeDocument>("me");
  const draft = useDraft(contact.contact_id, "wrap_up");
  const { finish, isFinishing } = useFinish(contact, file);
  const isWrapUp = contact.state === "wrap_up";
  const isOff = me?.is_mirror ?? false;
  const leftMs = isWrapUp && contact.wrap_until_ms !== null ? contact.wrap_until_ms - now : null;
  const isLate = leftMs !== null && leftMs <= 0;
  useHotkey("main", isWrapUp && !isOff ? () => finish(draft) : null);
  useChimeAtZero(leftMs);
  const words = () => {
    if (leftMs === null) return t("desk.wrap_up_waits");
    if (isLate) return t("desk.wrap_up_over", { clock: clockText(-leftMs) });
    return t("desk.wrap_up_left", { clock: clockText(leftMs) });
  };
  return (
    <section
      className={isLate ? "card wrap-up-bar late row" : "card wrap-up-bar row"}
      aria-label={t("desk.wrap_up")}
      data-testid="wrap-up"
      data-contact-state={isWrapUp ? "wrap_up" : undefined}
    >
      <strong>{t("desk.wrap_up")}</strong>
      <span role={isLate ? "alert" : "timer"} className="grow digits">
        {words()}
      </span>
      <Button
        disabled={!isWrapUp || isOff}
        onClick={() => void act("ExtendWrapUp", { contact_id: contact.contact_id, extend_s: 30 })}
      >
        {t("desk.extend")}
      </Button>
      <Button
        type="primary"
        icon={<CheckOutlined aria-hidden />}
        disabled={!isWrapUp || isOff}
        loading={isFinishing}
        onClick={() => finish(draft)}
        data-testid="finish"
      >
        {t("desk.finish")} <kbd>{keys.main}</kbd>
      </Button>
    </section>
  );
}
