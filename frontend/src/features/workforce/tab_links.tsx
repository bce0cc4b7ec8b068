/** The parts of a page as links, which wrap where there is little room; each part has an address. */
import type { ReactNode } from "react";
import { Link } from "react-router";

interface Props {
  /** What screen readers call the links. */
  label: string;
  tabs: readonly { key: string; label: ReactNode }[];
  chosen: string;
}

export function TabLinks({ label, tabs, chosen }: Props) {
  return (
    <nav className="report-links" aria-label={label} style={{ marginBottom: 12 }}>
      {tabs.map((tab) => (
        <Link
          key={tab.key}
          to={{ search: `?tab=${tab.key}` }}
          className={tab.key === chosen ? "report-link here" : "report-link"}
          aria-current={tab.key === chosen ? "page" : undefined}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
