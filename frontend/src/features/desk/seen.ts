/** How far the agent has seen each conversation: what comes after is new. Kept over a reload. */
import { useCallback, useSyncExternalStore } from "react";
import type { Message } from "@/api/conversations";

const KEY = "hotline.seen-messages";
const seen: Map<string, number> = load();
const listeners = new Set<() => void>();

function load(): Map<string, number> {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as [string, number][]);
  } catch {
    return new Map();
  }
}

export function markSeen(contactId: string, seq: number): void {
  if ((seen.get(contactId) ?? 0) >= seq) return;
  seen.set(contactId, seq);
  sessionStorage.setItem(KEY, JSON.stringify([...seen]));
  for (const listener of listeners) listener();
}

export function useSeen(contactId: string): number {
  const subscribe = useCallback((listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
  return useSyncExternalStore(subscribe, () => seen.get(contactId) ?? 0);
}

/** The customer's messages after that one. */
export function newAfter(messages: readonly Message[], seq: number): number {
  return messages.filter((message) => message.side === "customer" && message.seq > seq).length;
}
