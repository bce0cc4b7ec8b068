/** How values of set-up records are shown in tables, and read from records into forms. */
import { useQueries } from "@tanstack/react-query";
import { fetchUsers } from "@/api/people";
import { fetchAllRecords, type SetupRecord } from "@/api/setup";
import { useWords, type Bilingual } from "@/words";
import type { Field, Resource } from "./resources";

/** Users are not set-up records, but are picked like them. */
async function usersAsRecords(): Promise<SetupRecord[]> {
  const found: SetupRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchUsers("", cursor);
    found.push(...page.items.map((user) => ({ ...user, id: user.user_id })));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return found;
}

export function recordsQuery(path: string) {
  const queryFn = path === "users" ? usersAsRecords : () => fetchAllRecords(path);
  return { queryKey: ["setup-all", path], queryFn, staleTime: 30_000 };
}

/** What to call a record in a picker. */
export function labelOf(record: SetupRecord, label: "name" | "username" | "number", text: (b: Bilingual) => string) {
  const named = record.name;
  const name = typeof named === "string" ? named : text((named ?? {}) as Bilingual);
  if (label === "username") return `${name} (${String(record.username)})`;
  return name || String(record.code ?? record.id);
}

/** A function that shows any field of any record of this kind; references are shown by name. */
export function useShown(resource: Resource): (field: Field, record: SetupRecord) => string {
  const { t, text } = useWords();
  const references = resource.fields.filter((field) => field.type.kind === "reference");
  const paths = [...new Set(references.map(({ type }) => (type.kind === "reference" ? type.resource : "")))];
  const answers = useQueries({ queries: paths.map(recordsQuery) });
  const byPath = new Map(paths.map((path, index) => [path, answers[index]?.data ?? []]));
  return (field, record) => {
    const value = record[field.name];
    if (value === null || value === undefined || value === "" || field.adapt?.(record) === null) return "–";
    const type = field.type;
    if (type.kind === "names") return text(value as Bilingual);
    if (type.kind === "hours") return String(Math.round((Number(value) / 60) * 100) / 100);
    if (type.kind === "switch") return t(value ? "general.yes" : "general.no");
    if (type.kind === "choice") {
      const option = type.options.find((one) => one.value === value);
      return option ? t(option.label) : String(value);
    }
    if (type.kind === "reference") {
      const found = byPath.get(type.resource)?.find((one) => one.id === value);
      return found ? labelOf(found, type.label, text) : "–";
    }
    if (type.kind === "references" || type.kind === "tenant_ids" || type.kind === "tiers")
      return String((value as unknown[]).length);
    if (type.kind === "attribute_values" && Array.isArray(value)) return value.length > 0 ? value.join(", ") : "–";
    return String(value);
  };
}

/** The value of a field as the form starts with it. */
export function formValue(field: Field, record: SetupRecord | null): unknown {
  if (!record) return field.initial;
  // Calendars keep their hours in versions: the newest one is edited.
  const versions = record.versions as Record<string, unknown>[] | undefined;
  const newest = versions?.at(-1);
  return record[field.name] ?? newest?.[field.name] ?? field.initial;
}
