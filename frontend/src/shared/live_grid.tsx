/** A virtual grid that a screen reader can read: role=grid, true row count, arrows, Home, End, Enter. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { isComposing } from "./hotkeys";

export interface Column<T> {
  key: string;
  title: ReactNode;
  /** A CSS grid track, for example `minmax(120px, 1fr)`. */
  width: string;
  cell: (row: T) => ReactNode;
}

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  onOpen?: (row: T) => void;
  openKey?: string | null;
  rowHeight?: number;
  height: string;
}

function movedIndex(key: string, index: number, count: number): number | null {
  const page = 10;
  const targets: Record<string, number> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + page,
    PageUp: index - page,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined ? null : Math.min(Math.max(target, 0), count - 1);
}

export function LiveGrid<T>({ label, columns, rows, rowKey, onOpen, openKey, rowHeight = 28, height }: Props<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer redraws by itself, memoised or not
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialRect: { width: 800, height: 600 },
  });
  const template = columns.map(({ width }) => width).join(" ");

  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const row = rows[active];
    if ((event.key === "Enter" || event.key === " ") && row !== undefined && onOpen) {
      event.preventDefault();
      return onOpen(row);
    }
    const target = movedIndex(event.key, active, rows.length);
    if (target === null) return;
    event.preventDefault();
    setActive(target);
    virtual.scrollToIndex(target);
  };

  const activeRow = rows[active];
  const activeId = activeRow === undefined ? undefined : `${label}-${rowKey(activeRow)}`;
  return (
    <div
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={activeId}
      tabIndex={0}
      className="live-grid"
      style={{ height }}
      ref={scroller}
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} className="live-grid-head" style={{ gridTemplateColumns: template }}>
        {columns.map((column) => (
          <div role="columnheader" key={column.key}>
            {column.title}
          </div>
        ))}
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const key = rowKey(row);
          const classes = ["live-grid-row", item.index === active && "active", key === openKey && "open"];
          return (
            <div
              role="row"
              key={key}
              id={`${label}-${key}`}
              aria-rowindex={item.index + 2}
              aria-selected={key === openKey}
              className={classes.filter(Boolean).join(" ")}
              style={{ gridTemplateColumns: template, height: rowHeight, transform: `translateY(${item.start}px)` }}
              onClick={() => {
                setActive(item.index);
                onOpen?.(row);
              }}
            >
              {columns.map((column) => (
                <div role="gridcell" key={column.key}>
                  {column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
