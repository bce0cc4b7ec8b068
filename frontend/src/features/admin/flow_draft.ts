/** The draft on the page: one definition behind canvas, outline and JSON, with every change undoable. */
import { useCallback, useReducer, useState } from "react";
import type { Draft } from "./flow_edits";

interface History {
  past: readonly Draft[];
  now: Draft;
  future: readonly Draft[];
  /** What the last change was about: typing in one field is one step back, not one per letter. */
  about: string;
}

type Move = { kind: "change"; draft: Draft; about: string } | { kind: "undo" } | { kind: "redo" };

const LONGEST_PAST = 200;

export function historyOf(now: Draft): History {
  return { past: [], now, future: [], about: "" };
}

export function moved(history: History, move: Move): History {
  const { past, now, future, about } = history;
  if (move.kind === "change") {
    const isSame = move.about !== "" && move.about === about;
    const kept = isSame ? past : [...past, now].slice(-LONGEST_PAST);
    return { past: kept, now: move.draft, future: [], about: move.about };
  }
  if (move.kind === "undo") {
    const before = past.at(-1);
    return before ? { past: past.slice(0, -1), now: before, future: [now, ...future], about: "" } : history;
  }
  const [after, ...rest] = future;
  return after ? { past: [...past, now], now: after, future: rest, about: "" } : history;
}

export interface FlowDraft {
  draft: Draft;
  isChanged: boolean;
  canUndo: boolean;
  canRedo: boolean;
  /** Changes with the same `about` in a row are undone together. */
  change: (next: Partial<Draft>, about?: string) => void;
  undo: () => void;
  redo: () => void;
  markSaved: (draft: Draft) => void;
}

/** The saved draft as the page begins with it; changes that were kept come on top, so that they can be undone. */
function begun({ first, kept }: { first: Draft; kept: Draft | null }): History {
  const saved = historyOf(first);
  return kept ? moved(saved, { kind: "change", draft: kept, about: "" }) : saved;
}

export function useFlowDraft(first: Draft, kept: Draft | null): FlowDraft {
  const [history, move] = useReducer(moved, { first, kept }, begun);
  const [saved, markSaved] = useState(first);
  const { now } = history;
  const change = useCallback(
    (next: Partial<Draft>, about = "") => move({ kind: "change", draft: { ...now, ...next }, about }),
    [now],
  );
  const undo = useCallback(() => move({ kind: "undo" }), []);
  const redo = useCallback(() => move({ kind: "redo" }), []);
  return {
    draft: now,
    isChanged: now !== saved,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    change,
    undo,
    redo,
    markSaved,
  };
}
