/** The work at hand: my state, the offer or the contact before me, and what may be done with it. */
import { useCallback, useEffect, useState } from "react";
import type { Matter } from "@/api/desk";
import type { ContactDocument, MeDocument, OfferDocument } from "@/live/documents";
import { useDocument, useDocuments, useLive } from "@/live/hooks";
import type { Draft } from "@/shared/drafts";
import { useNotices } from "@/shared/notices";
import { usePhone } from "@/softphone/hooks";
import { useWords } from "@/words";

export interface Work {
  me: MeDocument | undefined;
  offer: OfferDocument | undefined;
  contact: ContactDocument | undefined;
  /** The contact whose record is on screen: the one in hand, else the one that is offered. */
  contactId: string | undefined;
}

export function useWork(): Work {
  const me = useDocument<MeDocument>("me");
  const offers = useDocuments<OfferDocument>("offer/");
  const contacts = useDocuments<ContactDocument>("contact/");
  // What is being talked about comes before what is wrapped up.
  const contact = contacts.find((one) => one.state !== "wrap_up") ?? contacts[0];
  const offer = offers[0];
  return { me, offer, contact, contactId: contact?.contact_id ?? offer?.contact_id };
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

/** Answer the ringing leg, or, before it rings, as soon as it does. */
export function useAnswer(offer: OfferDocument | undefined): { answer: () => void; isAnswering: boolean } {
  const { phone, state } = usePhone();
  const act = useAct();
  const [wanted, setWanted] = useState<string | null>(null);
  const isWanted = offer !== undefined && wanted === offer.offer_id;
  useEffect(() => {
    if (isWanted && state.call === "ringing") phone.answer();
  }, [isWanted, state.call, phone]);
  const answer = () => {
    if (!offer) return;
    setWanted(offer.offer_id);
    // Without a phone in this page the agent's own device answers.
    if (state.registration === "off") void act("AcceptOffer", { offer_id: offer.offer_id });
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
