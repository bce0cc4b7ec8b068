/** Tiles of a fixed size in a virtual list of rows; arrows move between them, Enter opens. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useDisplay } from "@/shared/display";
import { isComposing } from "@/shared/hotkeys";

const TILE_WIDTH_EM = 12;
/** Three lines of text, the gaps between them and the border. */
const TILE_HEIGHT_EM = 5.3;

interface Props<T> {
  label: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  openKey?: string;
  onOpen: (item: T) => void;
  tile: (item: T) => ReactNode;
}

function useColumns(place: React.RefObject<HTMLDivElement | null>, tileWidth: number): number {
  const [columns, setColumns] = useState(5);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = () => setColumns(Math.max(1, Math.floor(element.clientWidth / tileWidth)));
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [place, tileWidth]);
  return columns;
}

export function TileGrid<T>({ label, items, keyOf, openKey, onOpen, tile }: Props<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const { textSize } = useDisplay();
  const columns = useColumns(scroller, textSize * TILE_WIDTH_EM);
  const [active, setActive] = useState(0);
  const rowCount = Math.ceil(items.length / columns);
  const tileHeight = Math.round(textSize * TILE_HEIGHT_EM);
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer redraws by itself, memoised or not
  const virtual = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => tileHeight + 6,
    overscan: 4,
  });
  useEffect(() => virtual.measure(), [virtual, tileHeight]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
    const item = items[active];
    const step = steps[event.key];
    if (event.key === "Enter" && item) return onOpen(item);
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(active + step, 0), items.length - 1);
    setActive(next);
    virtual.scrollToIndex(Math.floor(next / columns));
  };
  const activeItem = items[active];

  return (
    <div
      ref={scroller}
      className="tiles"
      role="grid"
      aria-label={label}
      aria-rowcount={rowCount}
      aria-colcount={columns}
      aria-activedescendant={activeItem ? `tile-${keyOf(activeItem)}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map((row) => (
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 1}
            className="tile-row"
            style={{ transform: `translateY(${row.start}px)`, gridTemplateColumns: `repeat(${columns}, 1fr)` }}
          >
            {items.slice(row.index * columns, (row.index + 1) * columns).map((item, column) => {
              const position = row.index * columns + column;
              const isOpen = keyOf(item) === openKey;
              const classes = ["tile", isOpen && "open", position === active && "active"].filter(Boolean).join(" ");
              return (
                <div
                  key={keyOf(item)}
                  role="gridcell"
                  id={`tile-${keyOf(item)}`}
                  className={classes}
                  style={{ height: tileHeight }}
                  aria-selected={isOpen}
                  onClick={() => {
                    setActive(position);
                    onOpen(item);
                  }}
                >
                  {tile(item)}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
