/** Which of the contacts in hand is before the agent: the one chosen last that is still there. */
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { ContactDocument } from "@/live/documents";

const KEPT = 20;
const KEY = "hotline.chosen-contacts";
let chosen: readonly string[] = load();
let turn = 0;
const listeners = new Set<() => void>();

/** Over a reload the same contact stays before the agent. */
function load(): string[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as string[];
  } catch {
    return [];
  }
}

export function selectContact(contactId: string): void {
  turn += 1;
  if (chosen[0] !== contactId) keep(contactId);
  for (const listener of listeners) listener();
}

function keep(contactId: string): void {
  chosen = [contactId, ...chosen.filter((id) => id !== contactId)].slice(0, KEPT);
  sessionStorage.setItem(KEY, JSON.stringify(chosen));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The ids that were chosen, the latest first. */
export function useChosen(): readonly string[] {
  return useSyncExternalStore(subscribe, () => chosen);
}

/** Grows with each choice, also of the one that is before the agent already: it is to be written to. */
export function useTurn(): number {
  return useSyncExternalStore(subscribe, () => turn);
}

/** Where nothing was chosen, what is being talked about comes before what is wrapped up. */
export function selected(
  contacts: readonly ContactDocument[],
  chosenIds: readonly string[],
): ContactDocument | undefined {
  const byId = new Map(contacts.map((contact) => [contact.contact_id, contact]));
  const found = chosenIds.map((id) => byId.get(id)).find((contact) => contact !== undefined);
  return found ?? contacts.find((contact) => contact.state !== "wrap_up") ?? contacts[0];
}

/** In the order in which they came to hand; who is only consulted has no time of their own and stands last. */
export function inOrder(contacts: readonly ContactDocument[]): ContactDocument[] {
  return contacts.toSorted((a, b) => (a.connected_ms ?? Infinity) - (b.connected_ms ?? Infinity));
}

/** The contact `steps` further in the list, around its end. */
export function neighbour(
  contacts: readonly ContactDocument[],
  from: string | undefined,
  steps: number,
): ContactDocument | undefined {
  const at = contacts.findIndex((contact) => contact.contact_id === from);
  return contacts[(at + steps + contacts.length) % contacts.length];
}

/** How many contacts an agent can have in hand, those of now included: what is left of their attention counts for the
 * channel that takes least of it. */
export function mostInHand(capacity: Readonly<Record<string, number>>, contacts: readonly ContactDocument[]): number {
  const share = (channel: string) => 1 / Math.max(1, capacity[channel] ?? 1);
  const left = contacts.reduce((rest, contact) => rest - share(contact.channel), 1);
  const finest = Math.max(1, ...Object.values(capacity));
  return contacts.length + Math.max(0, Math.floor(left * finest + 1e-9));
}

/** Whatever comes to hand while this page watches comes before the agent: they have just answered it. */
export function useSelectNew(contacts: readonly ContactDocument[], isKnown: boolean): void {
  const known = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    if (!isKnown) return;
    const ids = contacts.map((contact) => contact.contact_id);
    const added = known.current ? ids.filter((id) => !known.current?.has(id)) : [];
    known.current = new Set(ids);
    for (const id of added) selectContact(id);
  }, [contacts, isKnown]);
}
