/** Where an agent writes to the customer: Enter sends, Shift+Enter begins a new line; what is begun is a draft. */
import { SendOutlined } from "@ant-design/icons";
import { Button, Input, type GetRef } from "antd";
import { useEffect, useRef, type KeyboardEvent } from "react";
import { DraftStatusText } from "@/shared/draft_hooks";
import type { Draft } from "@/shared/drafts";
import { isComposing } from "@/shared/hotkeys";
import { useWords } from "@/words";
import { useTurn } from "./selection";

export const LONGEST = 4000;

interface Props {
  draft: Draft;
  isOff: boolean;
  onSend: (text: string) => void;
}

export function Composer({ draft, isOff, onSend }: Props) {
  const { t } = useWords();
  const place = useRef<GetRef<typeof Input.TextArea>>(null);
  const turn = useTurn();
  useEffect(() => {
    if (turn > 0) place.current?.focus();
  }, [turn]);
  const text = draft.text;
  const isReady = !isOff && text.trim() !== "";
  const send = () => {
    if (!isReady) return;
    draft.clear();
    onSend(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    send();
  };
  return (
    <div className="stack composer">
      <Input.TextArea
        ref={place}
        value={text}
        disabled={isOff}
        autoSize={{ minRows: 2, maxRows: 6 }}
        maxLength={LONGEST}
        placeholder={t("conversation.write")}
        aria-label={t("conversation.write")}
        onChange={(event) => draft.change(event.target.value)}
        onKeyDown={onKeyDown}
        data-testid="reply"
      />
      <div className="row">
        <DraftStatusText draft={draft} />
        <span className="grow" />
        <span className="quiet digits">{t("conversation.left", { n: LONGEST - text.length })}</span>
        <Button
          type="primary"
          icon={<SendOutlined aria-hidden />}
          disabled={!isReady}
          onClick={send}
          data-testid="send-reply"
        >
          {t("conversation.send")} <kbd>{t("conversation.enter")}</kbd>
        </Button>
      </div>
    </div>
  );
}
