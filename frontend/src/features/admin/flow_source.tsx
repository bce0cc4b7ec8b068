import { Alert, Input } from "antd";
import { useState } from "react";
import type { Definition } from "@/api/flows";
import { useWords } from "@/words";

interface Props<T> {
  definition: T;
  onChange: (definition: T) => void;
  rows?: number;
}

/** JSON as text: what can be read is taken over, what cannot is said and kept as typed. */
export function FlowSource<T extends Definition | Record<string, unknown>>({
  definition,
  onChange,
  rows = 26,
}: Props<T>) {
  const { t } = useWords();
  const [text, setText] = useState(() => JSON.stringify(definition, null, 2));
  const [problem, setProblem] = useState("");
  const change = (next: string) => {
    setText(next);
    try {
      onChange(JSON.parse(next) as T);
      setProblem("");
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <div className="stack">
      {problem ? <Alert type="error" showIcon title={t("admin.bad_json", { cause: problem })} /> : null}
      <Input.TextArea
        className="source"
        rows={rows}
        spellCheck={false}
        value={text}
        aria-label={t("admin.source")}
        onChange={(event) => change(event.target.value)}
      />
    </div>
  );
}
