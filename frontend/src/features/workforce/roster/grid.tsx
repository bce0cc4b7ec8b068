/** The roster as a grid that only draws what is in sight, for people with a mouse, a keyboard or a screen reader. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ClipboardEvent, KeyboardEvent, PointerEvent } from "react";
import { isComposing } from "@/shared/hotkeys";
import { useNotices } from "@/shared/notices";
import { useDisplay } from "@/shared/display";
import { useWords } from "@/words";
import { pasted, rowsOf, textOf, type Place } from "./board";
import { CellEditor } from "./cell_editor";
import { moved, type Cursor } from "./cursor";
import { GridHead } from "./grid_head";
import { cellId, GridRow } from "./row";
import { fixedWidth, LEADING, sizesFor } from "./sizes";
import type { RosterStore } from "./store";

interface Props {
  store: RosterStore;
  /** The people who are shown, in order. */
  people: readonly number[];
  cursor: Cursor;
  onUndo: () => void;
  onRedo: () => void;
}

const MORE = 4; // rows and days drawn beyond what is in sight
interface Sight {
  firstRow: number;
  untilRow: number;
  firstDay: number;
  untilDay: number;
}

export function RosterGrid({ store, people, cursor, onUndo, onRedo }: Props) {
  const { t } = useWords();
  const { warn } = useNotices();
  const { textSize } = useDisplay();
  const sizes = useMemo(() => sizesFor(textSize), [textSize]);
  const scroller = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  // Where the grid was scrolled to when the cell was opened: the editor lies over it, not in it.
  const [place, setPlace] = useState<{ scrollLeft: number; scrollTop: number } | null>(null);
  const [drag, setDrag] = useState<{ from: Place; to: Place } | null>(null);
  const { days } = store.document;
  const { active, area, go } = cursor;

  const [sight, setSight] = useState<Sight>({ firstRow: 0, untilRow: 24, firstDay: 0, untilDay: Math.min(days, 24) });
  const look = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    const width = box.clientWidth - fixedWidth(sizes);
    const next = {
      firstRow: Math.max(0, Math.floor(box.scrollTop / sizes.row) - MORE),
      untilRow: Math.ceil((box.scrollTop + box.clientHeight - sizes.head) / sizes.row) + MORE,
      firstDay: Math.max(0, Math.floor(box.scrollLeft / sizes.day) - 1),
      untilDay: Math.min(days, Math.ceil((box.scrollLeft + Math.max(width, sizes.day)) / sizes.day) + 1),
    };
    setSight((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
  }, [days, sizes]);
  useLayoutEffect(look, [look]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const watcher = new ResizeObserver(look);
    watcher.observe(box);
    return () => watcher.disconnect();
  }, [look]);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const top = active.row * sizes.row;
    const bottom = top + sizes.row + sizes.head;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
    const left = active.day * sizes.day;
    const right = left + sizes.day + fixedWidth(sizes);
    if (left < box.scrollLeft) box.scrollLeft = left;
    else if (right > box.scrollLeft + box.clientWidth) box.scrollLeft = right - box.clientWidth;
  }, [active.row, active.day, sizes]);

  const open = (text: string) => {
    const box = scroller.current;
    setPlace(box && { scrollLeft: box.scrollLeft, scrollTop: box.scrollTop });
    setTyped(text);
  };
  const close = useCallback(() => {
    setTyped(null);
    scroller.current?.focus();
  }, []);

  const fill = (cell: ReturnType<RosterStore["cell"]>) => {
    const wanted = [];
    for (let row = area.top; row <= area.bottom; row += 1)
      for (let day = area.left; day <= area.right; day += 1) {
        const person = people[row];
        if (person !== undefined) wanted.push({ person, day, cell });
      }
    store.edit(wanted);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (typed !== null || isComposing(event)) return;
    const isControl = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const act =
      isControl && !event.shiftKey && key === "z"
        ? onUndo
        : isControl && !event.shiftKey && key === "y"
          ? onRedo
          : event.key === "Enter"
            ? () => open("")
            : event.key === "Delete" || event.key === "Backspace"
              ? () => fill(null)
              : event.key.length === 1 && !isControl && !event.altKey && event.key !== " "
                ? () => open(event.key)
                : null;
    const target = act ? null : moved(event.key, isControl, active, people.length, days);
    if (!act && !target) return;
    event.preventDefault();
    if (target) go(target, event.shiftKey);
    else act?.();
  };

  const onCopy = (event: ClipboardEvent) => {
    if (typed !== null) return;
    const rows = [];
    for (let row = area.top; row <= area.bottom; row += 1) {
      const person = people[row];
      if (person === undefined) continue;
      const cells = [];
      for (let day = area.left; day <= area.right; day += 1) cells.push(store.cell(person, day));
      rows.push(cells);
    }
    event.clipboardData.setData("text/plain", textOf(rows, store.document.kinds));
    event.preventDefault();
  };

  const onPaste = (event: ClipboardEvent) => {
    if (typed !== null) return;
    event.preventDefault();
    const rows = rowsOf(event.clipboardData.getData("text/plain"), store.document.kinds);
    if (!rows) return warn(t("roster.not_shifts"));
    const found = pasted(rows, area, people.length, days);
    store.edit(found.map(({ row, day, cell }) => ({ person: people[row] ?? 0, day, cell })));
  };

  const placeOf = (event: PointerEvent): Place | null => {
    const element = window.document.elementFromPoint(event.clientX, event.clientY);
    const cell = element?.closest<HTMLElement>("[data-day]");
    return cell ? { row: Number(cell.dataset.row), day: Number(cell.dataset.day) } : null;
  };
  const onPointerDown = (event: PointerEvent) => {
    const place = placeOf(event);
    if (!place || event.button !== 0) return;
    if (typed !== null) setTyped(null);
    go(place, event.shiftKey);
    if (!event.shiftKey) setDrag({ from: place, to: place });
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!drag || event.buttons !== 1) return;
    const place = placeOf(event);
    if (!place || (place.row === drag.to.row && place.day === drag.to.day)) return;
    if (isEmpty(drag.from)) go(place, true);
    setDrag({ ...drag, to: place });
  };
  const isEmpty = ({ row, day }: Place) => store.cell(people[row] ?? -1, day) === null;
  const onPointerUp = () => {
    setDrag(null);
    if (!drag) return;
    const { from, to } = drag;
    const [source, target] = [people[from.row], people[to.row]];
    if (isEmpty(from) || source === undefined || target === undefined) return;
    if (from.row === to.row && from.day === to.day) return;
    store.edit([
      { person: source, day: from.day, cell: null },
      { person: target, day: to.day, cell: store.cell(source, from.day) },
    ]);
    go(to);
  };

  const isMoving =
    drag !== null && !isEmpty(drag.from) && (drag.from.row !== drag.to.row || drag.from.day !== drag.to.day);
  const shown = [];
  for (let row = sight.firstRow; row < Math.min(sight.untilRow, people.length); row += 1) shown.push(row);
  return (
    <div className="roster-frame">
      <div
        ref={scroller}
        role="grid"
        aria-label={t("roster.grid")}
        aria-rowcount={people.length + 1}
        aria-colcount={days + LEADING}
        aria-multiselectable
        aria-activedescendant={people.length > 0 ? cellId(active.row, active.day) : undefined}
        tabIndex={0}
        className={isMoving ? "roster-grid moving" : "roster-grid"}
        data-testid="roster-grid"
        onScroll={look}
        onKeyDown={onKeyDown}
        onCopy={onCopy}
        onCut={(event) => {
          onCopy(event);
          fill(null);
        }}
        onPaste={onPaste}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onDoubleClick={() => open("")}
      >
        <GridHead
          store={store}
          sizes={sizes}
          firstDay={sight.firstDay}
          untilDay={sight.untilDay}
          activeDay={active.day}
        />
        <div role="rowgroup" style={{ width: fixedWidth(sizes) + days * sizes.day, height: people.length * sizes.row }}>
          {shown.map((row) => {
            const person = people[row];
            if (person === undefined) return null;
            return (
              <GridRow
                key={person}
                store={store}
                person={person}
                row={row}
                firstDay={sight.firstDay}
                untilDay={sight.untilDay}
                sizes={sizes}
                activeDay={row === active.row ? active.day : null}
                area={row >= area.top && row <= area.bottom ? area : null}
                dropDay={isMoving && row === drag.to.row ? drag.to.day : null}
              />
            );
          })}
        </div>
      </div>
      {typed !== null ? (
        <CellEditor
          store={store}
          typed={typed}
          left={fixedWidth(sizes) + active.day * sizes.day - (place?.scrollLeft ?? 0)}
          top={sizes.head + active.row * sizes.row - (place?.scrollTop ?? 0)}
          onChosen={(cell) => {
            fill(cell);
            close();
          }}
          onClose={close}
        />
      ) : null}
    </div>
  );
}
