/** The work at hand: my state, the offer or the contact before me, and what may be done with it. */
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Matter } from "@/api/desk";
import type { ContactDocument, MeDocument, OfferDocument } from "@/live/documents";
import { useDocument, useDocuments, useLive } from "@/live/hooks";
import type { Draft } from "@/shared/drafts";
import { useHotkey } from "@/shared/hotkeys";
import { useNotices } from "@/shared/notices";
import { usePhone } from "@/softphone/hooks";
import { useWords } from "@/words";
import { inOrder, selected, useChosen } from "./selection";

export interface Work {
  me: MeDocument | undefined;
  /** What rings, the one that rings shortest first. */
  offers: readonly OfferDocument[];
  /** All that is in hand, in the order in which it came. */
  contacts: readonly ContactDocument[];
  /** The one before the agent. */
  contact: ContactDocument | undefined;
  /** The contact whose record is on screen: the one in hand, else the one that is offered. */
  contactId: string | undefined;
}

export function useWork(): Work {
  const me = useDocument<MeDocument>("me");
  const ringing = useDocuments<OfferDocument>("offer/");
  const inHand = useDocuments<ContactDocument>("contact/");
  const offers = useMemo(() => ringing.toSorted((a, b) => a.expires_ms - b.expires_ms), [ringing]);
  const contacts = useMemo(() => inOrder(inHand), [inHand]);
  const contact = selected(contacts, useChosen());
  return { me, offers, contacts, contact, contactId: contact?.contact_id ?? offers[0]?.contact_id };
}

/** The key that does what comes next. While something rings it answers that, whatever else is on the screen. */
export function useMainKey(handler: (() => void) | null): void {
  const isRinging = useDocuments<OfferDocument>("offer/").length > 0;
  useHotkey("main", isRinging ? null : handler);
}

export interface WrapUpText {
  matters: Matter[];
  note: string;
}

export const EMPTY_MATTER: Matter = { disposition_id: "", outcome_id: null, note: "" };
export const EMPTY_WRAP_UP: WrapUpText = { matters: [EMPTY_MATTER], note: "" };

export const EMPTY_TICKET = { ticket_type_id: "", text: "", department_id: "", due_at: "" };

/** An action of the switch, with its refusal shown in words. */
export function useAct(): (name: string, args?: Record<string, unknown>, lifeMs?: number) => Promise<boolean> {
  const live = useLive();
  const { bad } = useNotices();
  return useCallback(
    async (name, args = {}, lifeMs) => {
      try {
        await live.act(name, args, lifeMs);
        return true;
      } catch (error) {
        bad(error);
        return false;
      }
    },
    [live, bad],
  );
}

/** Answer the ringing leg, or, before it rings, as soon as it does; what is written has no leg. */
export function useAnswer(offer: OfferDocument | undefined): { answer: () => void; isAnswering: boolean } {
  const { phone, state } = usePhone();
  const act = useAct();
  const [wanted, setWanted] = useState<string | null>(null);
  const isWanted = offer !== undefined && wanted === offer.offer_id;
  const isCall = offer?.channel === "voice";
  useEffect(() => {
    if (isWanted && isCall && state.call === "ringing") phone.answer();
  }, [isWanted, isCall, state.call, phone]);
  const accept = async (offerId: string) => {
    if (!(await act("AcceptOffer", { offer_id: offerId }))) setWanted(null);
  };
  const answer = () => {
    if (!offer || isWanted) return;
    setWanted(offer.offer_id);
    // Without a phone in this page the agent's own device answers.
    if (!isCall || state.registration === "off") void accept(offer.offer_id);
  };
  return { answer, isAnswering: isWanted };
}

export type FileWrapUp = (contact: string, matters: Matter[], note: string) => Promise<unknown>;

/** File the wrap-up, then free the agent; what was typed stays a draft until both are done. Without `file` there is
 * nothing to file. */
export function useFinish(
  contact: ContactDocument | undefined,
  file: FileWrapUp | null,
): {
  finish: (draft: Draft) => void;
  isFinishing: boolean;
} {
  const act = useAct();
  const { bad, warn } = useNotices();
  const { t } = useWords();
  const [isFinishing, setFinishing] = useState(false);
  const finish = async (draft: Draft) => {
    if (contact?.state !== "wrap_up" || isFinishing) return;
    if (!file) return void (await act("FinishWrapUp", { contact_id: contact.contact_id }, 60_000));
    const wrapUp = { ...EMPTY_WRAP_UP, ...(draft.text ? (JSON.parse(draft.text) as Partial<WrapUpText>) : {}) };
    if (wrapUp.matters.some((matter) => !matter.disposition_id)) return warn(t("desk.need_reason"));
    setFinishing(true);
    try {
      await file(contact.contact_id, wrapUp.matters, wrapUp.note);
      if (await act("FinishWrapUp", { contact_id: contact.contact_id }, 60_000)) draft.clear();
    } catch (error) {
      bad(error);
    } finally {
      setFinishing(false);
    }
  };
  return { finish: (draft) => void finish(draft), isFinishing };
}
