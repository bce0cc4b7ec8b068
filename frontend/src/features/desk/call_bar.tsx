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
import { NextLevelButton } from "./funnel";
import { Keypad } from "./keypad";
import { LineQualityText } from "./line_quality";
import { popQuery } from "./pop";
import { PromisedCallBacks } from "./promised_call_back";
import { TransferDrawer } from "./transfer_drawer";
import { Returned, TransferInHand } from "./transfer_in_hand";
import { useAct } from "./work";

/** Talk excludes hold; while held it stands still. Who is only consulted has neither. */
function Times({ contact }: { contact: ContactDocument }) {
  const { t } = useWords();
  const now = useServerNow();
  if (contact.connected_ms === null || contact.hold_ms === null) return null;
  const until = contact.held_since_ms ?? now;
  const running = contact.held_since_ms === null ? 0 : now - contact.held_since_ms;
  return (
    <>
      <span role="timer">
        {t("desk.talk")} <span className="digits">{clockText(until - contact.connected_ms - contact.hold_ms)}</span>
      </span>
      <span>
        {t("desk.held_for")} <span className="digits">{clockText(contact.hold_ms + Math.max(0, running))}</span>
      </span>
    </>
  );
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
    if (contact.transfer?.is_target && contact.state === "consulting") return phone.hangUp();
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
    <Popover
      open={isAsking}
      onOpenChange={setAsking}
      trigger="click"
      content={<EndQuestion contact={contact} onEnd={end} />}
    >
      <Button danger type="primary" disabled={isOff} icon={<PhoneOutlined aria-hidden />} data-testid="end">
        {contact.state === "conference" ? t("desk.leave_conference") : t("desk.end")} <kbd>{keys.main}</kbd>
      </Button>
    </Popover>
  );
}

function EndQuestion({ contact, onEnd }: { contact: ContactDocument; onEnd: () => void }) {
  const { t } = useWords();
  const isConference = contact.state === "conference";
  return (
    <div className="row" role="alert">
      {isConference ? t("desk.leave_sure") : t("desk.end_sure")}
      <Button danger type="primary" size="small" onClick={onEnd} data-testid="end-sure">
        {isConference ? t("desk.leave_conference") : t("desk.end")}
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

/** What the customer chose on the way here stays in sight: nobody has to ask it again. */
function MenuPath({ path }: { path: string[] }) {
  const { t } = useWords();
  return path.length > 0 ? <span data-testid="menu-path">{t("desk.menu", { path: path.join(" › ") })}</span> : null;
}

export function CallBar({ contact, extra }: { contact: ContactDocument; extra: ReactNode }) {
  const { t } = useWords();
  const me = useDocument<MeDocument>("me");
  const pop = useQuery(popQuery(contact.contact_id));
  const isOff = me?.is_mirror ?? false;
  return (
    <section aria-label={t("states.busy")} data-testid="call" data-contact-state={contact.state}>
      {contact.state === "leg_lost" ? <LegLost /> : null}
      {contact.is_node_away && contact.state !== "wrap_up" ? (
        <Alert type="error" showIcon banner title={t("desk.node_away")} data-testid="node-away" />
      ) : null}
      <Returned contact={contact} />
      <PromisedCallBacks contact={contact} isOff={isOff} />
      <div className="strip stack">
        <div className="row">
          <strong>{t(`states.${contact.state}`)}</strong>
          <Times contact={contact} />
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
          <MenuPath path={pop.data?.contact.menu_path ?? []} />
          {contact.monitored ? <strong role="status">{t("desk.monitored")}</strong> : null}
          <span className="grow" />
          <LineQualityText />
        </div>
        <div className="row">
          <EndButton contact={contact} isOff={isOff} />
          <HoldButton contact={contact} isOff={isOff} />
          <MuteButton isOff={isOff} />
          <TransferButton contact={contact} tenantId={pop.data?.contact.tenant_id ?? ""} isOff={isOff} />
          <NextLevelButton contact={contact} isOff={isOff} />
          <Keypad isOff={isOff} />
          <TransferInHand contact={contact} isOff={isOff} />
          <span className="grow" />
          {extra}
        </div>
      </div>
    </section>
  );
}
