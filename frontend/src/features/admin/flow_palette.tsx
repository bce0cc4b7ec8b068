/** The kinds of step at the left: drag one onto the drawing, or press Enter to add it behind the chosen step. */
import { Input } from "antd";
import { useState, type KeyboardEvent } from "react";
import { useWords } from "@/words";
import { useFlowWords } from "./flow_words";
import { STEP_KINDS } from "./step_fields";

export const DRAGGED_KIND = "application/x-flow-step";

export function FlowPalette({ onAdd }: { onAdd: (kind: string) => void }) {
  const { t } = useWords();
  const words = useFlowWords();
  const [search, setSearch] = useState("");
  const found = STEP_KINDS.filter((kind) => words.kind(kind).toLowerCase().includes(search.trim().toLowerCase()));
  const press = (event: KeyboardEvent, kind: string) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onAdd(kind);
  };
  return (
    <section className="card flow-palette" aria-label={t("admin.steps")}>
      <Input
        size="small"
        allowClear
        value={search}
        placeholder={t("admin.find_step")}
        aria-label={t("admin.find_step")}
        onChange={(event) => setSearch(event.target.value)}
        onPressEnter={() => {
          const [first] = found;
          if (search && first && found.length === 1) onAdd(first);
        }}
      />
      <ul className="plain">
        {found.map((kind) => (
          <li key={kind}>
            {/* Not a button element: Firefox does not let buttons be dragged. */}
            <div
              role="button"
              tabIndex={0}
              draggable
              className="flow-kind"
              data-testid={`add-${kind}`}
              onClick={() => onAdd(kind)}
              onKeyDown={(event) => press(event, kind)}
              onDragStart={(event) => event.dataTransfer.setData(DRAGGED_KIND, kind)}
            >
              {words.kind(kind)}
            </div>
          </li>
        ))}
      </ul>
      <p className="quiet">{t("admin.palette_hint")}</p>
    </section>
  );
}
