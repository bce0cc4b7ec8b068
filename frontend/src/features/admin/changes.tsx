/** What changed between two set-ups, in words. */
import type { RoutingChange } from "@/api/routing";
import { isWord, useWords } from "@/words";

export function Changes({ changes }: { changes: readonly RoutingChange[] }) {
  const { t, text } = useWords();
  const word = (key: string, otherwise: string) => (isWord(key) ? t(key) : otherwise);
  return (
    <ul className="changes">
      {changes.map((change) => (
        <li key={change.object_type + change.object_id}>
          <strong>
            {word(`admin.version_${change.object_type}`, change.object_type)} {text(change.name)}
          </strong>{" "}
          {t(`admin.version_${change.what}`)}
          {change.fields.map((field) => (
            <div key={field.field}>
              {word(`admin.version_field_${field.field}`, word(`admin.${field.field}`, field.field))}:{" "}
              {text(field.before)} → {text(field.after)}
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}
