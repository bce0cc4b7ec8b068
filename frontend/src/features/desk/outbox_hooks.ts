import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { keepSent } from "@/api/conversations";
import { useMe } from "@/shared/session";
import { Outbox, type Unsent } from "./outbox";

/** One for each contact and page, so that what is on its way goes on while another contact is on the screen. */
const outboxes = new WeakMap<QueryClient, Map<string, Outbox>>();

function outboxOf(client: QueryClient, person: string, contact: string): Outbox {
  const ofPage = outboxes.get(client) ?? new Map<string, Outbox>();
  outboxes.set(client, ofPage);
  const id = `${person}|${contact}`;
  const outbox = ofPage.get(id) ?? new Outbox(person, contact, (message) => keepSent(client, contact, message));
  ofPage.set(id, outbox);
  return outbox;
}

export function useOutbox(contactId: string): { outbox: Outbox; unsent: readonly Unsent[] } {
  const client = useQueryClient();
  const { user_id: person } = useMe();
  const outbox = outboxOf(client, person, contactId);
  return { outbox, unsent: useSyncExternalStore(outbox.subscribe, outbox.list) };
}

/** Sends what a former page has left, and no longer once the contact is gone. */
export function useSending(contactId: string): void {
  const { outbox } = useOutbox(contactId);
  useEffect(() => {
    outbox.start();
    return () => outbox.stop();
  }, [outbox]);
}
