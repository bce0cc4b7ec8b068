/** Where the planner is in the grid, and how keys move there. Pure but for the hook's own state. */
import { useCallback, useState } from "react";
import { areaOf, type Area, type Place } from "./board";

export interface Cursor {
  active: Place;
  anchor: Place;
  area: Area;
  /** Go there; with `isWider` the area grows from where it began. */
  go: (place: Place, isWider?: boolean) => void;
}

const PAGE = 15;

/** Where a key leads; null when it leads nowhere. */
export function moved(key: string, isControl: boolean, { row, day }: Place, rows: number, days: number): Place | null {
  const targets: Record<string, Place> = {
    ArrowDown: { row: row + 1, day },
    ArrowUp: { row: row - 1, day },
    ArrowRight: { row, day: day + 1 },
    ArrowLeft: { row, day: day - 1 },
    PageDown: { row: row + PAGE, day },
    PageUp: { row: row - PAGE, day },
    Home: { row: isControl ? 0 : row, day: 0 },
    End: { row: isControl ? rows - 1 : row, day: days - 1 },
  };
  const target = targets[key];
  return target ? within(target, rows, days) : null;
}

function within({ row, day }: Place, rows: number, days: number): Place {
  return { row: Math.max(0, Math.min(row, rows - 1)), day: Math.max(0, Math.min(day, days - 1)) };
}

export function useCursor(rows: number, days: number): Cursor {
  const [state, setState] = useState({ active: { row: 0, day: 0 }, anchor: { row: 0, day: 0 } });
  const go = useCallback((place: Place, isWider = false) => {
    setState((before) => ({ active: place, anchor: isWider ? before.anchor : place }));
  }, []);
  const active = within(state.active, rows, days);
  const anchor = within(state.anchor, rows, days);
  return { active, anchor, area: areaOf(active, anchor), go };
}
