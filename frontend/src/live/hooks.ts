/** What screens use of the live store. */
import { createContext, use, useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { Board, LinkStatus, LiveConnection, PendingAction } from "./connection";
import type { SystemDocument } from "./documents";

export const LiveContext = createContext<LiveConnection | null>(null);

export function useLive(): LiveConnection {
  const live = use(LiveContext);
  if (!live) throw new Error("useLive outside of LiveContext");
  return live;
}

/** One document; drawn again only when it changes. */
export function useDocument<T>(key: string): T | undefined {
  const { store } = useLive();
  return useSyncExternalStore(
    useCallback((listener) => store.subscribe(key, listener), [store, key]),
    () => store.get(key) as T | undefined,
  );
}

/** All documents of a group such as `agent/`. */
export function useDocuments<T>(group: string): readonly T[] {
  const { store } = useLive();
  return useSyncExternalStore(
    useCallback((listener) => store.subscribe(group, listener), [store, group]),
    () => store.list(group) as readonly T[],
  );
}

export function useLinkStatus(): LinkStatus {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, () => live.status);
}

export function usePendingActions(): readonly PendingAction[] {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, live.pending);
}

export function useSystem(): SystemDocument | undefined {
  return useDocument<SystemDocument>("system");
}

/** Ask the gateway for a board while the screen is shown. */
export function useBoard(board: Board): void {
  const live = useLive();
  useEffect(() => {
    live.watch(board, true);
    return () => live.watch(board, false);
  }, [live, board]);
}

const tickers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** One shared ticker for every clock on the page. */
function onTick(listener: () => void): () => void {
  tickers.add(listener);
  ticking ??= setInterval(() => tickers.forEach((tick) => tick()), 250);
  return () => {
    tickers.delete(listener);
    if (tickers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The server's time, whole seconds, going on by itself. */
export function useServerNow(): number {
  const { clock } = useLive();
  return useSyncExternalStore(onTick, () => Math.floor(clock.now() / 1000) * 1000);
}

/** Milliseconds since the last frame, by the second, while the link is not live. */
export function useSilence(): number {
  const live = useLive();
  const status = useLinkStatus();
  const [silence, setSilence] = useState(0);
  useEffect(() => {
    if (status === "live") return;
    const measure = () => setSilence(Math.max(0, Date.now() - live.lastHeardMs));
    const timer = setInterval(measure, 1000);
    return () => clearInterval(timer);
  }, [live, status]);
  return silence;
}
