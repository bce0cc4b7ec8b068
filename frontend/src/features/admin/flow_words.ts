/** What steps, their ways out and their contents are called on screen. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Step } from "@/api/flows";
import type { SetupRecord } from "@/api/setup";
import { isWord, useWords, type Language, type Translate } from "@/words";
import { labelOf, recordsQuery } from "./field_values";
import { NEW_KEY, rulesOf } from "./flow_graph";
import type { Speech } from "./step_parts";

export interface FlowWords {
  /** JSON that a person types may hold anything, also in place of the kind. */
  kind: (kind: unknown) => string;
  /** A way out by its field: the key, "open", "rule 2". */
  exit: (field: string) => string;
  /** One line of what the step says or uses. */
  content: (step: Step) => string;
  queue: (id: string) => string;
}

type Records = readonly SetupRecord[] | undefined;

function exitName(t: Translate, field: string): string {
  if (field === NEW_KEY) return t("admin.exit_new_key");
  const [, list, place = ""] = /^(choices|rules)\[(.+?)\]/.exec(field) ?? [];
  if (list === "choices") return place;
  return list === "rules" ? t("admin.exit_rule", { n: Number(place) + 1 }) : wordOf(t, "exit", field);
}

function wordOf(t: Translate, beginning: "kind" | "exit" | "language" | "attribute", name: string): string {
  const key = `admin.${beginning}_${name}`;
  return isWord(key) ? t(key) : name;
}

function valueOf(step: Step): string {
  return typeof step.value === "string" ? step.value : "";
}

function saidBy(step: Step, language: Language): string {
  const [first] = Array.isArray(step.messages) ? (step.messages as Speech[]) : [];
  const said = first?.[language] ?? first?.prompt ?? first?.digits;
  return typeof said === "string" ? said : "";
}

export function useFlowWords(): FlowWords {
  const { t, text, language } = useWords();
  const { data: queues } = useQuery(recordsQuery("queues"));
  const { data: modules } = useQuery(recordsQuery("business-modules"));
  const { data: calendars } = useQuery(recordsQuery("calendars"));
  return useMemo(() => {
    const nameIn = (records: Records, id: unknown) => {
      const found = records?.find((record) => record.id === id);
      return found ? labelOf(found, "name", text) : "";
    };
    const contents: Record<string, (step: Step) => string> = {
      queue: (step) => nameIn(modules, step.business) || nameIn(queues, step.queue_id),
      opening_hours: (step) => nameIn(calendars, step.calendar_id),
      transfer: (step) => String(step.number ?? ""),
      hang_up: (step) => String(step.reason ?? ""),
      condition: (step) => t("admin.rule_count", { n: rulesOf(step).length }),
      look_up: (step) => String(step.name ?? ""),
      set_language: (step) => wordOf(t, "language", String(step.language ?? "")),
      set_attribute: (step) => [wordOf(t, "attribute", String(step.name ?? "")), valueOf(step)].join(" "),
    };
    return {
      kind: (kind) => (typeof kind === "string" ? wordOf(t, "kind", kind) : ""),
      exit: (field) => exitName(t, field),
      content: (step) => contents[step.kind]?.(step) ?? saidBy(step, language),
      queue: (id) => nameIn(queues, id),
    };
  }, [t, text, language, queues, modules, calendars]);
}
