/** The strip under the top bar, on every screen: offer, call, wrap-up clock. F2 does what comes next. */
import { Alert, Button } from "antd";
import { useEffect, useRef, type ReactNode } from "react";
import { useLocation, useNavigate } from "react-router";
import type { ContactDocument, OfferDocument } from "@/live/documents";
import { useHotkey } from "@/shared/hotkeys";
import { useMay } from "@/shared/session";
import { useWords } from "@/words";
import { CallBar } from "./call_bar";
import { OfferBanner } from "./offer_banner";
import { neighbour, selectContact, useSelectNew } from "./selection";
import { TextBar } from "./text_bar";
import { TextWatch } from "./text_watch";
import { useAct, useWork, type Work } from "./work";

const NOTHING: readonly OfferDocument[] = [];

/** The customer comes on screen by itself when it rings; other screens keep their state in their addresses. */
function usePop(offers: readonly OfferDocument[]): void {
  const navigate = useNavigate();
  const shown = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const isNew = offers.some((offer) => !shown.current.has(offer.offer_id));
    shown.current = new Set(offers.map((offer) => offer.offer_id));
    if (isNew) void navigate("/desk");
  }, [offers, navigate]);
}

function MirrorNotice() {
  const { t } = useWords();
  const act = useAct();
  const button = (
    <Button size="small" type="primary" onClick={() => void act("SignIn")}>
      {t("shell.take_over")}
    </Button>
  );
  return <Alert type="warning" showIcon title={t("shell.mirror")} action={button} banner />;
}

/** One's keys go from contact to contact, from wherever one is. */
function useContactKeys({ contacts, contact }: Work): void {
  const navigate = useNavigate();
  const go = (steps: number) => () => {
    const next = neighbour(contacts, contact?.contact_id, steps);
    if (next) selectContact(next.contact_id);
    void navigate("/desk");
  };
  const isPossible = contacts.length > 0;
  useHotkey("next_contact", isPossible ? go(1) : null);
  useHotkey("former_contact", isPossible ? go(-1) : null);
}

/** A call is at hand always, also while something else is before the agent. */
function Bars({
  contacts,
  contact,
  extra,
}: {
  contacts: Work["contacts"];
  contact?: ContactDocument;
  extra: ReactNode;
}) {
  const call = contacts.find((one) => one.channel === "voice" && one.state !== "wrap_up");
  const isAside = call !== undefined && call !== contact;
  const written = contact && contact.channel !== "voice" && contact.state !== "wrap_up" ? contact : null;
  return (
    <>
      {call ? <CallBar contact={call} isAside={isAside} extra={written ? null : extra} /> : null}
      {written ? <TextBar key={written.contact_id} contact={written} extra={extra} /> : null}
    </>
  );
}

export function DeskStrip() {
  const may = useMay();
  return may("desk.use") ? <Strip /> : null;
}

function Strip() {
  const { t } = useWords();
  const work = useWork();
  const { me, offers, contacts, contact } = work;
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const isAtDesk = pathname.startsWith("/desk");
  usePop(me?.is_mirror ? NOTHING : offers);
  useSelectNew(contacts, me !== undefined);
  useContactKeys(work);
  const toDesk = isAtDesk ? null : (
    <Button size="small" onClick={() => void navigate("/desk")}>
      {t("desk.back_to_desk")}
    </Button>
  );
  return (
    <>
      {me?.is_mirror ? <MirrorNotice /> : null}
      {offers.map((offer, index) => (
        <OfferBanner key={offer.offer_id} offer={offer} isMirror={me?.is_mirror ?? false} hasKey={index === 0} />
      ))}
      <Bars contacts={contacts} contact={contact} extra={toDesk} />
      {contacts.map((one) =>
        one.channel === "voice" ? null : (
          <TextWatch
            key={one.contact_id}
            contact={one}
            isShown={isAtDesk && one === contact}
            isMirror={me?.is_mirror ?? false}
          />
        ),
      )}
    </>
  );
}
