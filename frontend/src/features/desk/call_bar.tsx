/** The call in hand: timers and the call's keys. */
import { AudioMutedOutlined, AudioOutlined, PauseCircleOutlined, PlayCircleOutlined } from "@ant-design/icons";
import { Alert, Button } from "antd";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ContactDocument } from "@/live/documents";
import { useDocument, useServerNow } from "@/live/hooks";
import type { MeDocument } from "@/live/documents";
import { SimulatedBadge } from "@/shared/badges";
import { Elapsed } from "@/shared/clocks";
import { clockText } from "@/shared/figures";
import { useHotkey, useKeyMap } from "@/shared/hotkeys";
import { usePhone } from "@/softphone/hooks";
import { useWords } from "@/words";
import { EndButton, TransferButton } from "./contact_keys";
import { NextLevelButton } from "./funnel";
import { Keypad } from "./keypad";
import { LineQualityText } from "./line_quality";
import { popQuery } from "./pop";
import { PromisedCallBacks } from "./promised_call_back";
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

interface Props {
  contact: ContactDocument;
  /** Another contact is before the agent: then the keys for ending and handing on are that one's. */
  isAside: boolean;
  extra: ReactNode;
}

export function CallBar({ contact, isAside, extra }: Props) {
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
          <EndButton contact={contact} isOff={isOff} hasKey={!isAside} />
          <HoldButton contact={contact} isOff={isOff} />
          <MuteButton isOff={isOff} />
          <TransferButton
            contact={contact}
            tenantId={pop.data?.contact.tenant_id ?? ""}
            isOff={isOff}
            hasKey={!isAside}
          />
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
