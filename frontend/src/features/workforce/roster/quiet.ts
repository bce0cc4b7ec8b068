/** What need not follow each key: told of changes once these have been quiet for a moment. */
import { useEffect, useState } from "react";
import type { RosterStore } from "./store";

const QUIET_MS = 150;

/** The store's revision as of the last quiet moment. */
export function useQuietRevision(store: RosterStore): number {
  const [revision, setRevision] = useState(store.getRevision());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setRevision(store.getRevision()), QUIET_MS);
    };
    const stop = store.subscribe(later);
    later(); // what came between drawing and listening
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [store]);
  return revision;
}
