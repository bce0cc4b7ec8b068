/** The call in hand: timers and the call's keys. */
import {
  AudioMutedOutlined,
  AudioOutlined,
  PauseCircleOutlined,
  PhoneOutlined,
  PlayCircleOutlined,
  SwapOutlined,
} from "@ant-design/icons";
import { Alert, Button, Popover } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import type { ContactDocument } from "@/live/documents";
import { useDocument, useServerNow } from "@/live/hooks";
import type { MeDocument } from "@/live/documents";
import { SimulatedBadge } from "@/shared/badges";
import { Elapsed } from "@/shared/clocks";
import { clockText } from "@/shared/figures";
import { isComposing, useHotkey, useKeyMap } from "@/shared/hotkeys";
import { usePhone } from "@/softphone/hooks";
import { useWords } from "@/words";
import { Keypad } from "./keypad";
import { LineQualityText } from "./line_quality";
import { popQuery } from "./pop";
import { TransferDrawer } from "./transfer_drawer";
import { useAct } from "./work";

function HeldTime({ contact }: { contact: ContactDocument }) {
  const now = useServerNow();
  const running = contact.held_since_ms === null ? 0 : now - contact.held_since_ms;
  return <span className="digits">{clockText(contact.hold_ms + Math.max(0, running))}</span>;
}

/** Talk excludes hold; while held it stands still. */
function TalkTime({ contact }: { contact: ContactDocument }) {
  const now = useServerNow();
  const until = contact.held_since_ms ?? now;
  return <span className="digits">{clockText(until - contact.connected_ms - contact.hold_ms)}</span>;
}

function EndButton({ contact, isOff }: { contact: ContactDocument; isOff: boolean }) {
  const { t } = useWords();
  const keys = useKeyMap();
  const act = useAct();
  const { phone } = usePhone();
  const [isAsking, setAsking] = useState(false);
  const end = () => {
    setAsking(false);
    // Somebody who was only asked for advice lets go of their own leg; the customer stays with the colleague.
    if (contact.transfer?.is_target) return phone.hangUp();
    void act("HangUpContact", { contact_id: contact.contact_id });
  };
  useHotkey("main", isOff ? null : () => setAsking(true));
  useEffect(() => {
    if (!isAsking) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (isComposing(event) || (event.key !== "Enter" && event.key !== "Escape")) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Enter") end();
      else setAsking(false);
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  });
  return (
    <Popover open={isAsking} onOpenChange={setAsking} trigger="click" content={<EndQuestion onEnd={end} />}>
      <Button danger type="primary" disabled={isOff} icon={<PhoneOutlined aria-hidden />} data-testid="end">
        {t("desk.end")} <kbd>{keys.main}</kbd>
      </Button>
    </Popover>
  );
}

function EndQuestion({ onEnd }: { onEnd: () => void }) {
  const { t } = useWords();
  return (
    <div className="row" role="alert">
      {t("desk.end_sure")}
      <Button danger type="primary" size="small" onClick={onEnd} data-testid="end-sure">
        {t("desk.end")}
      </Button>
    </div>
  );
}

function HoldButton({ contact, isOff }: { contact: ContactDocument; isOff: boolean }) {
  const { t } = useWords();
  const keys = useKeyMap();
  const act = useAct();
  const isHeld = contact.state === "held";
  const isPossible = !isOff && (isHeld || contact.state === "talking");
  const change = () => void act(isHeld ? "RetrieveContact" : "HoldContact", { contact_id: contact.contact_id });
  useHotkey("hold", isPossible ? change : null);
  const icon = isHeld ? <PlayCircleOutlined aria-hidden /> : <PauseCircleOutlined aria-hidden />;
  return (
    <Button disabled={!isPossible} onClick={change} icon={icon} aria-pressed={isHeld} data-testid="hold">
      {isHeld ? t("desk.retrieve") : t("desk.hold")} <kbd>{keys.hold}</kbd>
    </Button>
  );
}

function MuteButton({ isOff }: { isOff: boolean }) {
  const { t } = useWords();
  const keys = useKeyMap();
  const { phone, state } = usePhone();
  const isPossible = !isOff && state.call === "talking";
  const change = () => phone.setMuted(!phone.state.isMuted);
  useHotkey("mute", isPossible ? change : null);
  const icon = state.isMuted ? <AudioMutedOutlined aria-hidden /> : <AudioOutlined aria-hidden />;
  return (
    <Button disabled={!isPossible} onClick={change} icon={icon} aria-pressed={state.isMuted} data-testid="mute">
      {state.isMuted ? t("desk.unmute") : t("desk.mute")} <kbd>{keys.mute}</kbd>
    </Button>
  );
}

function TransferButton({ contact, tenantId, isOff }: { contact: ContactDocument; tenantId: string; isOff: boolean }) {
  const { t } = useWords();
  const keys = useKeyMap();
  const [isOpen, setOpen] = useState(false);
  const isPossible =
    !isOff && tenantId !== "" && contact.transfer === null && ["talking", "held"].includes(contact.state);
  useHotkey("transfer", isPossible ? () => setOpen(true) : null);
  return (
    <>
      <Button
        disabled={!isPossible}
        onClick={() => setOpen(true)}
        icon={<SwapOutlined aria-hidden />}
        data-testid="transfer"
      >
        {t("desk.transfer")} <kbd>{keys.transfer}</kbd>
      </Button>
      <TransferDrawer
        contactId={contact.contact_id}
        tenantId={tenantId}
        isOpen={isOpen && isPossible}
        onClose={() => setOpen(false)}
      />
    </>
  );
}

function TransferInHand({ contact }: { contact: ContactDocument }) {
  const { t } = useWords();
  const act = useAct();
  const transfer = contact.transfer;
  if (!transfer || transfer.is_target) return null;
  return (
    <span className="row" role="status">
      <strong>{t("states.consulting")}</strong>
      <Button
        type="primary"
        disabled={!transfer.is_answered}
        onClick={() => void act("CompleteTransfer", { transfer_id: transfer.transfer_id })}
        data-testid="complete-transfer"
      >
        {t("desk.complete")}
      </Button>
      <Button
        onClick={() => void act("CancelTransfer", { transfer_id: transfer.transfer_id })}
        data-testid="cancel-transfer"
      >
        {t("desk.cancel_transfer")}
      </Button>
    </span>
  );
}

function LegLost() {
  const { t } = useWords();
  const { phone, state } = usePhone();
  const button = (
    <Button size="small" disabled={state.call !== "none"} onClick={() => phone.resume()} data-testid="resume">
      {t("desk.resume")}
    </Button>
  );
  return <Alert type="error" showIcon banner title={t("desk.leg_lost")} action={button} />;
}

export function CallBar({ contact, extra }: { contact: ContactDocument; extra: ReactNode }) {
  const { t } = useWords();
  const me = useDocument<MeDocument>("me");
  const pop = useQuery(popQuery(contact.contact_id));
  const isOff = me?.is_mirror ?? false;
  return (
    <section aria-label={t("states.busy")} data-testid="call" data-contact-state={contact.state}>
      {contact.state === "leg_lost" ? <LegLost /> : null}
      <div className="strip stack">
        <div className="row">
          <strong>{t(`states.${contact.state}`)}</strong>
          <span role="timer">
            {t("desk.talk")} <TalkTime contact={contact} />
          </span>
          <span>
            {t("desk.held_for")} <HeldTime contact={contact} />
          </span>
          {contact.state === "held" && contact.held_since_ms ? (
            <strong>
              <Elapsed sinceMs={contact.held_since_ms} />
            </strong>
          ) : null}
          <strong>{pop.data?.customer?.name ?? t("desk.unknown_customer")}</strong>
          <span className="digits">{pop.data?.contact.caller}</span>
          <SimulatedBadge isShown={contact.is_simulated} />
          <span className="quiet">
            {t("desk.waited")} {clockText(contact.wait_ms)}
          </span>
          {contact.monitored ? <strong role="status">{t("desk.monitored")}</strong> : null}
          <span className="grow" />
          <LineQualityText />
        </div>
        <div className="row">
          <EndButton contact={contact} isOff={isOff} />
          <HoldButton contact={contact} isOff={isOff} />
          <MuteButton isOff={isOff} />
          <TransferButton contact={contact} tenantId={pop.data?.contact.tenant_id ?? ""} isOff={isOff} />
          <Keypad isOff={isOff} />
          <TransferInHand contact={contact} />
          <span className="grow" />
          {extra}
        </div>
      </div>
    </section>
  );
}
