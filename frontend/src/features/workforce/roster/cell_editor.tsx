/** What a cell becomes: a kind by its short code or name, at one of its starts, or a day off. */
import { AutoComplete } from "antd";
import { useState } from "react";
import { useWords } from "@/words";
import { cellOf, clockText, laidOut, type Cell } from "./board";
import type { RosterStore } from "./store";

interface Props {
  store: RosterStore;
  typed: string;
  left: number;
  top: number;
  onChosen: (cell: Cell) => void;
  onClose: () => void;
}

const OFF = "-";
const MOST = 12; // all of them in sight; typing on finds the others

export function CellEditor({ store, typed, left, top, onChosen, onClose }: Props) {
  const { t, text } = useWords();
  const [value, setValue] = useState(typed);
  const { kinds } = store.document;
  const wanted = value.trim().toLowerCase();
  const [code = ""] = wanted.split("@");
  const options: { value: string; label: string }[] = [];
  kinds.forEach((kind, place) => {
    if (!kind.is_active) return;
    const isNamed = kind.short.toLowerCase() === code;
    const isLike = kind.short.toLowerCase().startsWith(wanted) || text(kind.name).toLowerCase().includes(wanted);
    if (!isNamed && !isLike) return;
    for (const start of isNamed ? kind.starts : kind.starts.slice(0, 1)) {
      const shift = laidOut(kinds, place, start);
      const key = start === kind.starts[0] ? kind.short : `${kind.short}@${clockText(start)}`;
      if (!shift || (isNamed && !key.toLowerCase().startsWith(wanted))) continue;
      options.push({
        value: key,
        label: `${kind.short} ${clockText(start)}–${clockText(shift.end)} ${text(kind.name)}`,
      });
    }
  });
  // What begins as it was typed comes before what only has it in its name: Enter takes the first.
  const rank = (code: string) => (code === wanted ? 0 : code.startsWith(wanted) ? 1 : 2);
  options.sort((one, other) => rank(one.value.toLowerCase()) - rank(other.value.toLowerCase()));
  if (OFF.startsWith(wanted) || t("roster.off").toLowerCase().includes(wanted))
    options.push({ value: OFF, label: t("roster.off") });
  return (
    <div className="roster-editor" style={{ left, top }}>
      <AutoComplete
        aria-label={t("roster.edit_cell")}
        autoFocus
        open
        defaultActiveFirstOption
        value={value}
        options={options.slice(0, MOST)}
        virtual={false}
        listHeight={480}
        popupMatchSelectWidth={false}
        style={{ width: "9em" }}
        onChange={(next: string) => setValue(next)}
        onSelect={(chosen: string) => {
          const cell = cellOf(chosen, kinds);
          if (cell !== undefined) onChosen(cell);
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape" || event.key === "Tab") {
            event.preventDefault();
            onClose();
          }
        }}
        onBlur={onClose}
      />
    </div>
  );
}
