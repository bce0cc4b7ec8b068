/** A figure that explains itself on hover, focus or tap: definition, numerator, denominator, period, source. */
import { Descriptions, Popover, type DescriptionsProps } from "antd";
import type { ReactNode } from "react";
import { useWords } from "@/words";

export interface Explanation {
  name: string;
  definition: string;
  numerator?: string;
  denominator?: string;
  period?: string;
  source: string;
  target?: string;
  asOf?: string;
}

function Explained({ about }: { about: Explanation }) {
  const { t } = useWords();
  const rows: [string, string | undefined][] = [
    [t("metrics.definition"), about.definition],
    [t("metrics.numerator"), about.numerator],
    [t("metrics.denominator"), about.denominator],
    [t("metrics.target"), about.target],
    [t("metrics.period"), about.period],
    [t("metrics.source"), about.source],
    [t("metrics.as_of"), about.asOf],
  ];
  const items: DescriptionsProps["items"] = rows
    .filter(([, value]) => value)
    .map(([label, value]) => ({ key: label, label, children: value }));
  return <Descriptions size="small" column={1} items={items} style={{ maxWidth: 420 }} />;
}

export function Figure({ about, children }: { about: Explanation; children: ReactNode }) {
  return (
    <Popover title={about.name} content={<Explained about={about} />} trigger={["hover", "focus", "click"]}>
      <button type="button" className="figure">
        <span className="only-read">{about.name}: </span>
        {children}
      </button>
    </Popover>
  );
}
