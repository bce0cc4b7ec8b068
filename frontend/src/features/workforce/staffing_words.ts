/** How parts of a staffing plan read. */
import { useCallback } from "react";
import type { StaffingGroup, StaffingPart } from "@/api/planning";
import { useWords, type WordKey } from "@/words";

export type Kind = StaffingPart["kind"];
export const KINDS: readonly Kind[] = ["calls", "chats", "letters"];
export const KIND_WORDS: Record<Kind, WordKey> = {
  calls: "staffing.kind_calls",
  chats: "staffing.kind_chats",
  letters: "staffing.kind_letters",
};

/** A queue, and the skill that answers it where that is named otherwise. */
export function usePartName(): (part: StaffingPart) => string {
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

/** The queues that a group serves, and after what wait it serves further ones. */
export function useGroupName(): (group: StaffingGroup, names: ReadonlyMap<string, string>) => string {
  const { t } = useWords();
  return useCallback(
    (group, names) =>
      [
        ...group.parts.map((id) => names.get(id) ?? id),
        ...Object.entries(group.later).map(([id, seconds]) =>
          t("staffing.serves_later", { queue: names.get(id) ?? id, seconds }),
        ),
      ].join(", "),
    [t],
  );
}

/** `Chats, 3 at once`. */
export function useKindText(): (part: StaffingPart) => string {
  const { t } = useWords();
  return useCallback(
    (part) => {
      if (part.kind === "chats") return t("staffing.chats_n", { n: part.concurrency });
      if (part.kind === "letters") return t("staffing.letters_within", { hours: part.deadline_h ?? "–" });
      return t("staffing.kind_calls");
    },
    [t],
  );
}

/** `85 %` of hundredths of a per cent. */
export function percentOf(hundredths: number): string {
  return `${Number((hundredths / 100).toFixed(2))}%`;
}
