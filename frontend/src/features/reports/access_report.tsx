/** How reachable the centre was: blocked, abandoned and answered against the limits, by quarter of an hour or day. */
import { DownloadOutlined } from "@ant-design/icons";
import { Button, Segmented, Table, type TableColumnsType } from "antd";
import { useQuery } from "@tanstack/react-query";
import { accessFile, fetchAccessReport, type AccessQuery, type AccessReport, type AccessRow } from "@/api/contacts";
import { SimulatedBadge } from "@/shared/badges";
import { Figure } from "@/shared/figure";
import { countText } from "@/shared/figures";
import { momentText, timeText } from "@/shared/moments";
import { BandTag } from "@/shared/state_tag";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords, type WordKey } from "@/words";
import { useAddress, useToday } from "./address";
import { DaysChoice, spanOf } from "./days_choice";

type Count = "wanted" | "asked" | "answered" | "abandoned" | "turned_away" | "refused" | "closed" | "blocked";
/** Which counts the table shows, with their names and what they count. */
const COUNTS: readonly (readonly [Count, WordKey, WordKey])[] = [
  ["wanted", "reports.wanted", "reports.wanted_def"],
  ["asked", "reports.asked", "reports.asked_def"],
  ["answered", "reports.answered", "reports.answered_def"],
  ["abandoned", "reports.abandoned_n", "reports.abandoned_def"],
  ["turned_away", "reports.turned_away", "reports.turned_away_def"],
  ["refused", "reports.refused", "reports.refused_def"],
  ["closed", "reports.closed", "reports.closed_def"],
  ["blocked", "reports.blocked_n", "reports.blocked_sum_def"],
];

function Share({ share, isWithin }: { share: string; isWithin: boolean | null }) {
  const { t } = useWords();
  if (isWithin === null) return <span>{t("general.none")}</span>;
  return (
    <span className="digits" style={{ whiteSpace: "nowrap" }}>
      {share}% <BandTag band={isWithin ? "met" : "missed"} hasWord={false} />
    </span>
  );
}

function useColumns(report: AccessReport): TableColumnsType<AccessRow> {
  const { t } = useWords();
  const { total } = report;
  const period = report.first_day === report.last_day ? report.first_day : `${report.first_day} – ${report.last_day}`;
  const about = (name: string, definition: string) => ({
    name,
    definition,
    period,
    source: t("metrics.routing_log"),
    asOf: momentText(report.as_of),
  });
  const explained = (row: AccessRow, name: string, definition: string, shown: React.ReactNode) =>
    row === total ? <Figure about={about(name, definition)}>{shown}</Figure> : shown;
  const label = (row: AccessRow) => {
    if (row === total) return t("reports.sum");
    const time = row.starts_at ? timeText(row.starts_at) : "";
    return report.first_day === report.last_day && time ? time : `${row.day} ${time}`.trim();
  };
  const limit = (hundredths: number) => hundredths / 100;
  return [
    {
      key: "when",
      title: t(report.by === "day" ? "reports.row_month" : "reports.row_day"),
      render: (_, row) => <span className="digits">{label(row)}</span>,
    },
    ...COUNTS.map(([name, word, definition]) => ({
      key: name,
      title: t(word),
      align: "right" as const,
      render: (_: unknown, row: AccessRow) => explained(row, t(word), t(definition), countText(row[name])),
    })),
    {
      key: "blocked_share",
      title: t("reports.blocked_share", { limit: limit(report.blocked_limit) }),
      align: "right",
      render: (_, row) =>
        explained(
          row,
          t("reports.blocked_share", { limit: limit(report.blocked_limit) }),
          t("reports.blocked_share_def"),
          <Share share={row.blocked_share} isWithin={row.is_blocked_within} />,
        ),
    },
    {
      key: "abandoned_share",
      title: t("reports.abandoned_share", { limit: limit(report.abandoned_limit) }),
      align: "right",
      render: (_, row) =>
        explained(
          row,
          t("reports.abandoned_share", { limit: limit(report.abandoned_limit) }),
          t("reports.abandoned_share_def"),
          <Share share={row.abandoned_share} isWithin={row.is_abandoned_within} />,
        ),
    },
  ];
}

function AccessTable({ report }: { report: AccessReport }) {
  const { t } = useWords();
  return (
    <section className="card stack" aria-label={t("reports.access_title")}>
      <Table<AccessRow>
        size="small"
        pagination={false}
        columns={useColumns(report)}
        rowKey={(row) => (row === report.total ? "total" : (row.starts_at ?? row.day))}
        dataSource={[...report.rows, report.total]}
        rowClassName={(row) => (row === report.total ? "sum-row" : "")}
        scroll={{ x: true }}
      />
    </section>
  );
}

export function AccessReportPage() {
  const { t } = useWords();
  const [address, change] = useAddress();
  const today = useToday();
  const first = address.first ?? today;
  const last = address.last ?? first;
  const query: AccessQuery = { by: address.by === "day" ? "day" : "interval", first_day: first, last_day: last };
  const report = useQuery({ queryKey: ["access-report", query], queryFn: () => fetchAccessReport(query) });
  return (
    <>
      <div className="page-head">
        <h1>{t("reports.access_title")}</h1>
        <SimulatedBadge isShown={report.data?.is_simulated} />
        <Segmented<AccessQuery["by"]>
          aria-label={t("reports.rows")}
          value={query.by}
          onChange={(by) => change({ by: by === "day" ? by : undefined })}
          options={[
            { value: "interval", label: t("reports.rows_interval") },
            { value: "day", label: t("reports.rows_day") },
          ]}
        />
        <DaysChoice span={spanOf(address.span)} first={first} last={last} change={change} />
        <span className="grow" />
        <Button icon={<DownloadOutlined aria-hidden />} href={accessFile(query)} download data-testid="csv">
          {t("contacts.export")}
        </Button>
      </div>
      <p className="quiet" style={{ margin: 0 }}>
        {t("reports.access_definition")}
      </p>
      <QueryView
        query={report}
        isEmpty={(data) => data.rows.length === 0}
        empty={<EmptyState hint={t("reports.no_figures")} />}
      >
        {(data) => <AccessTable report={data} />}
      </QueryView>
    </>
  );
}
