/** Changes that were not saved yet survive reload, crash and another page: kept on this computer, under person and flow. */
import { useEffect } from "react";
import type { Draft } from "./flow_edits";

/** `version` is the flow's record on which the changes were made. */
export interface KeptDraft {
  version: number;
  draft: Draft;
}

const DELAY_MS = 200;

function keyOf(person: string, flowId: string): string {
  return ["hotline.flow", person, flowId].join("|");
}

export function keptDraft(person: string, flowId: string): KeptDraft | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(person, flowId)) ?? "null") as KeptDraft | null;
  } catch {
    return null;
  }
}

export function keepDraft(person: string, flowId: string, kept: KeptDraft | null): void {
  if (kept) localStorage.setItem(keyOf(person, flowId), JSON.stringify(kept));
  else localStorage.removeItem(keyOf(person, flowId));
}

/** Keeps the draft while it differs from what is saved. */
export function useKeeping(person: string, flowId: string, version: number, draft: Draft, isChanged: boolean): void {
  useEffect(() => {
    const timer = setTimeout(() => keepDraft(person, flowId, isChanged ? { version, draft } : null), DELAY_MS);
    return () => clearTimeout(timer);
  }, [person, flowId, version, draft, isChanged]);
}
