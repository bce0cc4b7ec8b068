import { createContext, use, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useWords } from "@/words";
import type { Draft, DraftBox, DraftServer } from "./drafts";

export const DraftContext = createContext<DraftBox | null>(null);
/** Where the texts below are kept, if not at the box's own server. */
export const DraftServerContext = createContext<DraftServer | undefined>(undefined);

/** The draft of this contact and field; the component follows its text and its status. */
export function useDraft(contact: string, field: string): Draft {
  const box = use(DraftContext);
  if (!box) throw new Error("useDraft outside of DraftContext");
  const server = use(DraftServerContext);
  const draft = useMemo(() => box.draft(contact, field, server), [box, contact, field, server]);
  useSyncExternalStore(draft.subscribe, () => `${draft.status}|${draft.text}`);
  useEffect(() => () => draft.keepNow(), [draft]);
  return draft;
}

/** A draft that holds a small structure instead of plain text. */
export function useStructuredDraft<T>(contact: string, field: string, empty: T): [T, (value: T) => void, Draft] {
  const draft = useDraft(contact, field);
  const value = useMemo(() => parsed(draft.text, empty), [draft.text, empty]);
  const change = useCallback((next: T) => draft.change(JSON.stringify(next)), [draft]);
  return [value, change, draft];
}

function parsed<T>(text: string, empty: T): T {
  if (!text) return empty;
  try {
    return { ...empty, ...(JSON.parse(text) as Partial<T>) };
  } catch {
    return empty;
  }
}

export function DraftStatusText({ draft }: { draft: Draft }) {
  const { t } = useWords();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.round((now - draft.sentAtMs) / 1000));
  const words = {
    empty: "",
    typing: t("general.keeping"),
    local: t("general.kept_here"),
    sent: draft.sentAtMs ? t("general.kept_server", { n: seconds }) : t("general.saved"),
  };
  return (
    <span className="quiet" role="status" aria-live="off" data-draft={draft.status}>
      {words[draft.status]}
    </span>
  );
}
