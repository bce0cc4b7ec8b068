/** The strip under the top bar, on every screen: offer, call, wrap-up clock. F2 does what comes next. */
import { Alert, Button } from "antd";
import { useLocation, useNavigate } from "react-router";
import { useEffect, useRef } from "react";
import type { OfferDocument } from "@/live/documents";
import { useMay } from "@/shared/session";
import { useWords } from "@/words";
import { CallBar } from "./call_bar";
import { OfferBanner } from "./offer_banner";
import { useAct, useWork } from "./work";

/** The customer comes on screen by itself when it rings; other screens keep their state in their addresses. */
function usePop(offer: OfferDocument | undefined): void {
  const navigate = useNavigate();
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (!offer || shown.current === offer.offer_id) return;
    shown.current = offer.offer_id;
    void navigate("/desk");
  }, [offer, navigate]);
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

export function DeskStrip() {
  const may = useMay();
  return may("desk.use") ? <Strip /> : null;
}

function Strip() {
  const { t } = useWords();
  const { me, offer, contact } = useWork();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const isAtDesk = pathname.startsWith("/desk");
  usePop(me?.is_mirror ? undefined : offer);
  const toDesk = isAtDesk ? null : (
    <Button size="small" onClick={() => void navigate("/desk")}>
      {t("desk.back_to_desk")}
    </Button>
  );
  return (
    <>
      {me?.is_mirror ? <MirrorNotice /> : null}
      {offer ? <OfferBanner offer={offer} isMirror={me?.is_mirror ?? false} /> : null}
      {contact && contact.state !== "wrap_up" ? <CallBar contact={contact} extra={toDesk} /> : null}
    </>
  );
}
