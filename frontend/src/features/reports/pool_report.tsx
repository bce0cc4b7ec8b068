/** Shared pools in figures: what own agents did for others, and what others' agents did for us. */
import { DownloadOutlined } from "@ant-design/icons";
import { Button, DatePicker, Segmented, Table, type TableColumnsType } from "antd";
import dayjs from "dayjs";
import { useQuery } from "@tanstack/react-query";
import { fetchPoolReport, poolFileAddress, type PoolFigures, type PoolPart } from "@/api/contacts";
import { SimulatedBadge } from "@/shared/badges";
import { clockText, countText } from "@/shared/figures";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useAddress, useToday } from "./address";

const GRAINS = ["month", "year"] as const;
type Grain = (typeof GRAINS)[number];
const FORMATS = { month: "YYYY-MM", year: "YYYY" } as const;
const ROWS = { month: "day", year: "month" } as const;

function useColumns(grain: Grain): TableColumnsType<PoolFigures> {
  const { t } = useWords();
  const figure = (key: string, title: string, shown: (row: PoolFigures) => string) => ({
    key,
    title,
    align: "right" as const,
    render: (_: unknown, row: PoolFigures) => <span className="digits">{shown(row)}</span>,
  });
  const length = grain === "month" ? FORMATS.month.length + 3 : FORMATS.month.length;
  return [
    { key: "first", title: t(`reports.${ROWS[grain]}`), render: (_, row) => row.first_day.slice(0, length) },
    figure("offered", t("reports.pool_offered"), (row) => countText(row.offered)),
    figure("served", t("reports.pool_served"), (row) => countText(row.served)),
    figure("talk", t("contacts.talk"), (row) => clockText(row.talk_ms)),
    figure("hold", t("contacts.hold"), (row) => clockText(row.hold_ms)),
    figure("wrap_up", t("contacts.wrap_up"), (row) => clockText(row.wrap_up_ms)),
    figure("handle", t("contacts.handle"), (row) => clockText(row.handle_ms)),
  ];
}

function Part({ part, grain }: { part: PoolPart; grain: Grain }) {
  const { t, text } = useWords();
  const columns = useColumns(grain);
  const partner = text(part.partner_name);
  const title = t(part.is_lent ? "reports.pool_lent" : "reports.pool_borrowed", { partner });
  return (
    <section className="card stack" aria-label={title} data-testid="pool-part">
      <div className="card-head">
        <h2>{title}</h2>
        <span className="quiet">{part.pool_name ? text(part.pool_name) : t("reports.pool_gone")}</span>
        <SimulatedBadge isShown={part.is_simulated} />
      </div>
      <Table<PoolFigures>
        size="small"
        pagination={false}
        rowKey="first_day"
        columns={columns}
        dataSource={part.rows}
        scroll={{ x: true }}
        summary={() => (
          <Table.Summary.Row className="sum-row">
            <Table.Summary.Cell index={0}>{t("reports.total_all")}</Table.Summary.Cell>
            {columns.slice(1).map((column, index) => (
              <Table.Summary.Cell key={column.key} index={index + 1} align="right">
                {column.render?.(undefined, part.total, 0) as React.ReactNode}
              </Table.Summary.Cell>
            ))}
          </Table.Summary.Row>
        )}
      />
    </section>
  );
}

export function PoolReportPage() {
  const { t } = useWords();
  const [address, change] = useAddress();
  const today = useToday();
  const grain: Grain = address.by === "year" ? "year" : "month";
  const wanted = address[grain] ?? today.slice(0, FORMATS[grain].length);
  const period = grain === "month" ? { month: wanted } : { year: wanted };
  const report = useQuery({ queryKey: ["pool-report", grain, wanted], queryFn: () => fetchPoolReport(period) });
  return (
    <>
      <div className="page-head">
        <h1>{t("reports.pools_title")}</h1>
        <Segmented<Grain>
          aria-label={t("reports.period")}
          value={grain}
          onChange={(by) => change({ by: by === "month" ? undefined : by })}
          options={GRAINS.map((value) => ({ value, label: t(`reports.by_${value}`) }))}
        />
        <DatePicker
          key={grain}
          picker={grain}
          aria-label={t(`reports.${grain}`)}
          value={dayjs(wanted)}
          allowClear={false}
          onChange={(value) => change({ [grain]: value?.format(FORMATS[grain]) })}
        />
        <span className="grow" />
        <Button icon={<DownloadOutlined aria-hidden />} href={poolFileAddress(period)} download>
          {t("reports.pools_file")}
        </Button>
      </div>
      <p className="quiet" style={{ margin: 0 }}>
        {t("reports.pools_definition")}
      </p>
      <QueryView
        query={report}
        isEmpty={(data) => data.parts.length === 0}
        empty={<EmptyState hint={t("reports.pools_none")} />}
      >
        {(data) => (
          <>
            {data.parts.map((part) => (
              <Part key={`${part.pool_id} ${part.partner_id} ${part.is_lent}`} part={part} grain={grain} />
            ))}
          </>
        )}
      </QueryView>
    </>
  );
}
