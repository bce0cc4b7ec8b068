/** The page's link to the centre: live store, telephone and drafts, made once per log-in. */
import { useEffect, useState, type ReactNode } from "react";
import { fetchLiveToken } from "@/api/account";
import { draftServer } from "@/api/desk";
import { ApiError } from "@/api/http";
import { LiveConnection } from "@/live/connection";
import { LiveContext } from "@/live/hooks";
import { DraftContext } from "@/shared/draft_hooks";
import { DraftBox } from "@/shared/drafts";
import { useMe } from "@/shared/session";
import { exposeToTests } from "@/shared/test_window";
import { PhoneContext } from "@/softphone/hooks";
import { JsSipPhone } from "@/softphone/jssip_phone";

function everyHalfSecond(tick: () => void): () => void {
  const worker = new Worker(new URL("../live/heartbeat.worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = tick;
  return () => worker.terminate();
}

function openSocket(): WebSocket {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${location.host}/live`);
}

const WINDOW_KEY = "hotline.window";

const windowName = {
  get: () => sessionStorage.getItem(WINDOW_KEY),
  set: (name: string | null) => {
    if (name === null) sessionStorage.removeItem(WINDOW_KEY);
    else sessionStorage.setItem(WINDOW_KEY, name);
  },
};

function newLink(): LiveConnection {
  return new LiveConnection({
    openSocket,
    everyHalfSecond,
    fetchToken: fetchLiveToken,
    windowName,
    takesOver: () => !location.pathname.startsWith("/wallboard"),
    isLoggedOut: (error) => error instanceof ApiError && error.status === 401,
  });
}

export function Centre({ children }: { children: ReactNode }) {
  const me = useMe();
  const [live] = useState(newLink);
  const [phone] = useState(() => new JsSipPhone());
  const [drafts] = useState(() => new DraftBox(me.user_id, draftServer));
  useEffect(() => {
    live.start();
    exposeToTests({ live, phone, drafts });
    return () => live.stop();
  }, [live, phone, drafts]);
  return (
    <LiveContext value={live}>
      <PhoneContext value={phone}>
        <DraftContext value={drafts}>{children}</DraftContext>
      </PhoneContext>
    </LiveContext>
  );
}
