/** The road of a test call through the flow. */
import type { TrialLine } from "@/api/flows";

/** Steps that were met, and ways that were taken by their edges' ids. */
export interface Walked {
  steps: ReadonlySet<string>;
  ways: ReadonlySet<string>;
}

export const NOTHING_WALKED: Walked = { steps: new Set(), ways: new Set() };

export function edgeId(step: string, field: string): string {
  return `${step} ${field}`;
}

/** The field by which the call left a step, from the last that was told of it. */
function wayOut({ kind, detail }: TrialLine): string {
  const isFailed = detail === "invalid" || detail === "no_input";
  switch (kind) {
    case "opening_hours":
      return detail === "closed" ? "if_closed" : "if_open";
    case "condition":
      return detail === "otherwise" ? "otherwise" : `rules[${Number(detail.replace(/\D/g, "")) - 1}].next`;
    case "menu":
      return isFailed ? `if_${detail}` : `choices[${detail}]`;
    case "collect":
      return isFailed ? "if_failed" : "next";
    default:
      return kind === "transfer_failed" ? "if_failed" : "next";
  }
}

/** The steps and the ways that a call has taken. */
export function walkedBy(lines: readonly TrialLine[]): Walked {
  const isLeft = (line: TrialLine, place: number) => {
    const next = lines[place + 1];
    return next !== undefined && next.step_id !== line.step_id;
  };
  return {
    steps: new Set(lines.map((line) => line.step_id)),
    ways: new Set(lines.filter(isLeft).map((line) => edgeId(line.step_id, wayOut(line)))),
  };
}
