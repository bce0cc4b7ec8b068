/** What routing decided about a contact, in the order in which it did, each with its moment. */
import { preciseTimeText } from "@/shared/moments";
import { useWords } from "@/words";

interface Decision {
  id: string;
  at: string;
  explanation?: Record<string, string> | null;
}

export function DecisionList({ steps }: { steps: readonly Decision[] }) {
  const { t, text } = useWords();
  const decided = steps.filter((step) => step.explanation);
  if (decided.length === 0) return <p className="quiet">{t("floor.why_nothing")}</p>;
  return (
    <ul className="changes">
      {decided.map((step) => (
        <li key={step.id}>
          <span className="digits quiet">{preciseTimeText(step.at)}</span> {text(step.explanation)}
        </li>
      ))}
    </ul>
  );
}
