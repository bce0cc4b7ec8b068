/** Handle time row by row, sortable, with the total below; the total's figures and each handle time explain themselves. */
import { Table, type TableColumnsType } from "antd";
import type { HandleTime, HandleTimeReport } from "@/api/contacts";
import { SimulatedBadge } from "@/shared/badges";
import { Figure, type Explanation } from "@/shared/figure";
import { clockText, countText, secondsClock } from "@/shared/figures";
import { momentText } from "@/shared/moments";
import { useWords, type WordKey } from "@/words";

interface Measure {
  name: WordKey;
  definition: WordKey;
  valueOf: (row: HandleTime) => number | null;
  /** What is divided by the number of interactions, in milliseconds; none for what is no average. */
  sumOf?: (row: HandleTime) => number;
}

const HANDLE: Measure = {
  name: "reports.handle",
  definition: "reports.handle_def",
  valueOf: (row) => row.average_handle_s,
  sumOf: (row) => row.talk_ms + row.hold_ms + row.wrap_up_ms,
};
const MEASURES: readonly Measure[] = [
  { name: "reports.handled", definition: "reports.handled_def", valueOf: (row) => row.interactions },
  {
    name: "reports.talk",
    definition: "reports.talk_def",
    valueOf: (row) => row.average_talk_s,
    sumOf: (row) => row.talk_ms + row.hold_ms,
  },
  {
    name: "reports.hold",
    definition: "reports.hold_def",
    valueOf: (row) => row.average_hold_s,
    sumOf: (row) => row.hold_ms,
  },
  {
    name: "reports.wrap_up",
    definition: "reports.wrap_up_def",
    valueOf: (row) => row.average_wrap_up_s,
    sumOf: (row) => row.wrap_up_ms,
  },
  HANDLE,
  { name: "reports.longest", definition: "reports.longest_def", valueOf: (row) => row.longest_s },
];

interface Props {
  report: HandleTimeReport;
  subject: string;
  nameOf: (row: HandleTime) => string;
}

function useAbout(report: HandleTimeReport): (measure: Measure, row: HandleTime) => Explanation {
  const { t } = useWords();
  const period = report.first_day === report.last_day ? report.first_day : `${report.first_day} – ${report.last_day}`;
  return ({ name, definition, sumOf }, row) => ({
    name: t(name),
    definition: t(definition),
    numerator: sumOf && clockText(sumOf(row)),
    denominator: sumOf && t("reports.interactions_n", { n: countText(row.interactions) }),
    period,
    source: t("metrics.routing_log"),
    asOf: momentText(report.as_of),
  });
}

export function HandleTimeTable({ report, subject, nameOf }: Props) {
  const { t } = useWords();
  const about = useAbout(report);
  const show = (measure: Measure, row: HandleTime) => {
    const value = measure.valueOf(row);
    const isCount = measure.name === "reports.handled";
    return (isCount ? countText(value ?? 0) : secondsClock(value)) ?? t("general.none");
  };
  const explained = (measure: Measure, row: HandleTime) => (
    <Figure about={about(measure, row)}>
      <span className="digits">{show(measure, row)}</span>
    </Figure>
  );
  const columns: TableColumnsType<HandleTime> = [
    {
      title: subject,
      minWidth: 140,
      sorter: (one, other) => nameOf(one).localeCompare(nameOf(other)),
      render: (_, row) => (
        <>
          {nameOf(row)} <SimulatedBadge isShown={row.is_simulated} isSmall />
        </>
      ),
    },
    ...MEASURES.map((measure) => ({
      title: t(measure.name),
      align: "right" as const,
      sorter: (one: HandleTime, other: HandleTime) => (measure.valueOf(one) ?? 0) - (measure.valueOf(other) ?? 0),
      render: (_: unknown, row: HandleTime) => (measure === HANDLE ? explained(measure, row) : show(measure, row)),
    })),
  ];
  return (
    <Table<HandleTime>
      size="small"
      columns={columns}
      dataSource={report.rows}
      rowKey={(row) => row.subject_id ?? "none"}
      pagination={{ pageSize: 100, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: true }}
      summary={() => (
        <Table.Summary.Row className="sum-row">
          <Table.Summary.Cell index={0}>{t("reports.total_all")}</Table.Summary.Cell>
          {MEASURES.map((measure, index) => (
            <Table.Summary.Cell key={measure.name} index={index + 1} align="right">
              {explained(measure, report.total)}
            </Table.Summary.Cell>
          ))}
        </Table.Summary.Row>
      )}
    />
  );
}
