/** What ends a contact or hands it on, whatever its channel. */
import { CloseCircleOutlined, PhoneOutlined, SwapOutlined } from "@ant-design/icons";
import { Button, Popover } from "antd";
import { useEffect, useState } from "react";
import type { ContactDocument } from "@/live/documents";
import { chordOf, isComposing, useHotkey, useKeyMap } from "@/shared/hotkeys";
import { usePhone } from "@/softphone/hooks";
import { useWords } from "@/words";
import { TransferDrawer } from "./transfer_drawer";
import { useAct, useMainKey } from "./work";

interface Props {
  contact: ContactDocument;
  isOff: boolean;
  /** Whether the key means this contact: it is the one before the agent. */
  hasKey: boolean;
}

export function EndButton({ contact, isOff, hasKey }: Props) {
  const { t } = useWords();
  const keys = useKeyMap();
  const act = useAct();
  const { phone } = usePhone();
  const [isAsking, setAsking] = useState(false);
  const end = () => {
    setAsking(false);
    // Somebody who was only asked for advice lets go of their own leg; the customer stays with the colleague.
    if (contact.transfer?.is_target && contact.state === "consulting") return phone.hangUp();
    void act("HangUpContact", { contact_id: contact.contact_id });
  };
  useMainKey(isOff || !hasKey ? null : () => setAsking(true));
  // Whoever goes on writing to the customer means the next Enter for the message.
  const writesOn = (event: KeyboardEvent) => {
    const isTyped = isComposing(event) || chordOf(event).length === 1;
    if (isTyped && event.target instanceof HTMLTextAreaElement) setAsking(false);
  };
  useEffect(() => {
    if (!isAsking) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (isComposing(event) || (event.key !== "Enter" && event.key !== "Escape")) return writesOn(event);
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Enter") end();
      else setAsking(false);
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  });
  const isCall = contact.channel === "voice";
  const icon = isCall ? <PhoneOutlined aria-hidden /> : <CloseCircleOutlined aria-hidden />;
  const word = isCall ? t("desk.end") : t("desk.end_text");
  return (
    <Popover
      open={isAsking}
      onOpenChange={setAsking}
      trigger="click"
      content={<EndQuestion contact={contact} onEnd={end} />}
    >
      <Button danger type="primary" disabled={isOff} icon={icon} data-testid="end">
        {contact.state === "conference" ? t("desk.leave_conference") : word} {hasKey ? <kbd>{keys.main}</kbd> : null}
      </Button>
    </Popover>
  );
}

function EndQuestion({ contact, onEnd }: { contact: ContactDocument; onEnd: () => void }) {
  const { t } = useWords();
  const isConference = contact.state === "conference";
  const isCall = contact.channel === "voice";
  const sure = isCall ? t("desk.end_sure") : t("desk.end_text_sure");
  const word = isCall ? t("desk.end") : t("desk.end_text");
  return (
    <div className="row" role="alert">
      {isConference ? t("desk.leave_sure") : sure}
      <Button danger type="primary" size="small" onClick={onEnd} data-testid="end-sure">
        {isConference ? t("desk.leave_conference") : word}
      </Button>
    </div>
  );
}

export function TransferButton({ contact, tenantId, isOff, hasKey }: Props & { tenantId: string }) {
  const { t } = useWords();
  const keys = useKeyMap();
  const [isOpen, setOpen] = useState(false);
  const isPossible =
    !isOff && tenantId !== "" && contact.transfer === null && ["talking", "held"].includes(contact.state);
  useHotkey("transfer", isPossible && hasKey ? () => setOpen(true) : null);
  return (
    <>
      <Button
        disabled={!isPossible}
        onClick={() => setOpen(true)}
        icon={<SwapOutlined aria-hidden />}
        data-testid="transfer"
      >
        {t("desk.transfer")} {hasKey ? <kbd>{keys.transfer}</kbd> : null}
      </Button>
      <TransferDrawer
        contactId={contact.contact_id}
        tenantId={tenantId}
        isWritten={contact.channel !== "voice"}
        isOpen={isOpen && isPossible}
        onClose={() => setOpen(false)}
      />
    </>
  );
}
