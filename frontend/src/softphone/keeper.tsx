/** Keeps the telephone where it belongs: with the window that owns the post. It rings, resumes a call after a reload,
 * and picks up what the person at the screen has just asked for (monitoring). */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { fetchSoftphone } from "@/api/desk";
import { useDocument, useDocuments } from "@/live/hooks";
import type { ContactDocument, MeDocument, OfferDocument } from "@/live/documents";
import { useMay } from "@/shared/session";
import { startRinging } from "@/shared/sounds";
import { takeExpectedCall } from "./expectation";
import { usePhone } from "./hooks";

const WITH_AUDIO = new Set(["talking", "held", "consulting", "conference", "leg_lost"]);

function usePhoneNeeded(): boolean {
  const may = useMay();
  const me = useDocument<MeDocument>("me");
  if (!me || !may("desk.use") || me.is_mirror) return false;
  const hasPost = me.agent_id !== null && me.state !== "signed_out";
  return hasPost || may("floor.monitor");
}

/** After a reload the conversation is still there and this page has no leg of it: dial in once registered. */
function useResume(isRegistered: boolean): void {
  const { phone } = usePhone();
  const contacts = useDocuments<ContactDocument>("contact/");
  const wasResumed = useRef(false);
  const hasLostLeg = contacts.some((contact) => contact.channel === "voice" && WITH_AUDIO.has(contact.state));
  useEffect(() => {
    if (!isRegistered) {
      wasResumed.current = false;
      return;
    }
    if (wasResumed.current) return;
    wasResumed.current = true;
    if (hasLostLeg && phone.state.call === "none") phone.resume();
  }, [isRegistered, hasLostLeg, phone]);
}

function useRinging(): void {
  const { state } = usePhone();
  const me = useDocument<MeDocument>("me");
  const offers = useDocuments<OfferDocument>("offer/");
  const isRinging = state.call === "ringing" || (offers.length > 0 && me?.is_mirror === false);
  useEffect(() => (isRinging ? startRinging() : undefined), [isRinging]);
}

export function PhoneKeeper() {
  const { phone, state } = usePhone();
  const isNeeded = usePhoneNeeded();
  const softphone = useQuery({
    queryKey: ["softphone"],
    queryFn: fetchSoftphone,
    enabled: isNeeded,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const credentials = softphone.data;
  const hasPhone = isNeeded && credentials?.kind === "browser" && credentials.has_voice;
  useEffect(() => {
    if (!hasPhone || !credentials) return;
    phone.start(credentials);
    return () => phone.stop();
  }, [hasPhone, credentials, phone]);
  useEffect(() => {
    if (state.call === "ringing" && takeExpectedCall()) phone.answer();
  }, [state.call, phone]);
  useResume(state.registration === "registered");
  useRinging();
  return null;
}
