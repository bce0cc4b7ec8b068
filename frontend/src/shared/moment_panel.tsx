/** The panel of a picker with hours and minutes. */
import { useEffect, useRef, type ReactNode } from "react";

/** Ant's columns of hours and minutes scroll but take no focus (antd 6.6.8): here they do, so that they can be scrolled
 * without a mouse; typing into the field works besides. May go when Ant's columns can be focused. */
function FocusableColumns({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    for (const column of place.current?.querySelectorAll<HTMLElement>("ul[data-type]") ?? []) column.tabIndex = 0;
  });
  return <div ref={place}>{children}</div>;
}

export const momentPanel = (panel: ReactNode) => <FocusableColumns>{panel}</FocusableColumns>;
