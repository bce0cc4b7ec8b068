/** After the conversation: the clock warns at zero and never punishes; F2 finishes. */
import { CheckOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { fileWrapUp } from "@/api/desk";
import type { ContactDocument, MeDocument } from "@/live/documents";
import { useDocument, useServerNow } from "@/live/hooks";
import { useDraft } from "@/shared/draft_hooks";
import { clockText } from "@/shared/figures";
import { useKeyMap } from "@/shared/hotkeys";
import { useWords } from "@/words";
import { useAct, useFinish, useMainKey, type FileWrapUp } from "./work";

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
  useMainKey(isWrapUp && !isOff ? () => finish(draft) : null);
  const words = () => {
    if (leftMs === null) return contact.channel === "voice" ? t("desk.wrap_up_waits") : t("desk.wrap_up_waits_text");
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
