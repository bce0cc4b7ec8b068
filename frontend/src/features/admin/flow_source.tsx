import { Alert, Input } from "antd";
import { useState } from "react";
import type { Definition } from "@/api/flows";
import { useWords } from "@/words";

interface Props<T> {
  definition: T;
  onChange: (definition: T) => void;
  rows?: number;
}

function isObject(value: unknown): boolean {
  return Boolean(value) && typeof value === "object" && !Array.isArray(value);
}

/** JSON as text: an object that can be read is taken over; anything else is said and kept as typed. */
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
      const read: unknown = JSON.parse(next);
      if (isObject(read)) onChange(read as T);
      setProblem(isObject(read) ? "" : t("admin.json_no_object"));
    } catch (error) {
      setProblem(t("admin.bad_json", { cause: (error as Error).message }));
    }
  };
  return (
    <div className="stack">
      {problem ? <Alert type="error" showIcon title={problem} /> : null}
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
