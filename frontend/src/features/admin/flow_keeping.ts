/** Changes that were not saved yet survive reload, crash and another page: kept on this computer, under person and flow. */
import { useEffect, useState } from "react";
import { useNotices } from "@/shared/notices";
import { useWords } from "@/words";
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

/** Whether it could be kept: the browser's store may be full. */
export function keepDraft(person: string, flowId: string, kept: KeptDraft | null): boolean {
  try {
    if (kept) localStorage.setItem(keyOf(person, flowId), JSON.stringify(kept));
    else localStorage.removeItem(keyOf(person, flowId));
    return true;
  } catch {
    return false;
  }
}

/** Does the last thing that it was told, a moment later or when it is asked to. */
class Later {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private deed: (() => void) | null = null;

  set(deed: () => void): void {
    clearTimeout(this.timer);
    this.deed = deed;
    this.timer = setTimeout(this.now, DELAY_MS);
  }

  now = (): void => {
    clearTimeout(this.timer);
    this.deed?.();
    this.deed = null;
  };
}

/** Keeps the draft while it differs from what is saved, at the latest when the page is left. */
export function useKeeping(person: string, flowId: string, version: number, draft: Draft, isChanged: boolean): void {
  const { t } = useWords();
  const { warn } = useNotices();
  const [later] = useState(() => new Later());
  const notKept = t("admin.not_kept");
  useEffect(() => {
    later.set(() => {
      if (!keepDraft(person, flowId, isChanged ? { version, draft } : null)) warn(notKept);
    });
  }, [later, person, flowId, version, draft, isChanged, warn, notKept]);
  useEffect(() => {
    window.addEventListener("pagehide", later.now);
    return () => {
      window.removeEventListener("pagehide", later.now);
      later.now();
    };
  }, [later]);
}
