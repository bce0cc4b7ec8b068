/** How parts of a staffing plan read. */
import { useCallback } from "react";
import type { StaffingQueue } from "@/api/planning";
import { useWords } from "@/words";

/** A queue, and the skill that answers it where that is named otherwise. */
export function usePartName(): (part: StaffingQueue) => string {
  const { text } = useWords();
  return useCallback(
    (part) => {
      const queue = text(part.queue_name);
      const skill = text(part.skill_name);
      return part.brands.length > 0 && skill !== queue ? `${queue} · ${skill}` : queue;
    },
    [text],
  );
}

/** `85 %` of hundredths of a per cent. */
export function percentOf(hundredths: number): string {
  return `${Number((hundredths / 100).toFixed(2))}%`;
}
