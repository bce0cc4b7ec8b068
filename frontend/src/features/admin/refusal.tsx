/** Why nothing was saved. */
import { Alert } from "antd";
import { ApiError, sentenceOf } from "@/api/http";
import { useWords } from "@/words";

interface Finding {
  sentence: Record<string, string>;
}

/** Why nothing was saved, for as long as it takes to mend it; of several reasons the server's sentence tells the first. */
export function Refusal({ error }: { error: unknown }) {
  const { text } = useWords();
  const more = error instanceof ApiError ? ((error.data.findings ?? []) as Finding[]).slice(1) : [];
  return (
    <Alert
      type="error"
      showIcon
      data-testid="refusal"
      style={{ marginBottom: "1em" }}
      title={sentenceOf(error)}
      description={
        more.length > 0 ? (
          <ul>
            {more.map(({ sentence }) => (
              <li key={sentence.en}>{text(sentence)}</li>
            ))}
          </ul>
        ) : null
      }
    />
  );
}
