/** The tenant's tree as a list that can be chosen from, and the reasons this person used last. */
import type { DispositionNode } from "@/api/desk";
import type { Bilingual } from "@/words";

export interface Leaf {
  id: string;
  label: string;
}

/** What can be chosen of one kind, each with its whole path, in the tree's order. */
export function leavesOf(
  nodes: readonly DispositionNode[],
  kind: "reason" | "outcome",
  text: (name: Bilingual) => string,
): Leaf[] {
  const ofKind = nodes.filter((node) => node.kind === kind);
  const children = new Map<string | null, DispositionNode[]>();
  for (const node of ofKind) children.set(node.parent_id, [...(children.get(node.parent_id) ?? []), node]);
  const walk = (parent: string | null, path: string): Leaf[] =>
    (children.get(parent) ?? [])
      .toSorted((a, b) => a.position - b.position)
      .flatMap((node) => {
        const label = path ? `${path} › ${text(node.name)}` : text(node.name);
        const below = walk(node.disposition_id, label);
        return node.is_choosable ? [{ id: node.disposition_id, label }, ...below] : below;
      });
  return walk(null, "");
}

const KEY = "hotline.recent-reasons";
const KEPT = 5;

export function recentReasons(): string[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]") as string[];
  } catch {
    return [];
  }
}

export function noteReason(id: string): void {
  const others = recentReasons().filter((other) => other !== id);
  localStorage.setItem(KEY, JSON.stringify([id, ...others].slice(0, KEPT)));
}

/** A few reasons that one click chooses: those used last, filled up with the tenant's first ones. */
export function suggestedReasons(reasons: readonly Leaf[], recent: readonly string[], count: number): Leaf[] {
  const used = recent.map((id) => reasons.find((leaf) => leaf.id === id)).filter((leaf) => leaf !== undefined);
  return [...new Set([...used, ...reasons])].slice(0, count);
}
