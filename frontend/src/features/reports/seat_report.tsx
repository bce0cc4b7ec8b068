/** Seats per site: free, in use and out of order now, and the most in use at once on each day (row JS-03). */
import { DownloadOutlined } from "@ant-design/icons";
import { Button, Table } from "antd";
import { useQuery } from "@tanstack/react-query";
import { fetchSeatReport, seatFileAddress, type SeatPeak, type SiteSeats } from "@/api/contacts";
import { countText } from "@/shared/figures";
import { timeText } from "@/shared/moments";
import { EmptyState, QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { useAddress, useToday } from "./address";
import { DaysChoice, spanOf } from "./days_choice";

const COUNTS = ["seats", "free", "reserve", "in_use", "broken"] as const;

function Peaks({ peaks }: { peaks: readonly SeatPeak[] }) {
  const { t } = useWords();
  return (
    <Table<SeatPeak>
      size="small"
      pagination={false}
      rowKey="day"
      dataSource={[...peaks]}
      columns={[
        { key: "day", title: t("reports.day"), dataIndex: "day" },
        {
          key: "in_use",
          title: t("reports.seats_peak"),
          align: "right",
          render: (_, peak) => <span className="digits">{countText(peak.in_use)}</span>,
        },
        { key: "at", title: t("reports.seats_peak_at"), render: (_, peak) => (peak.at ? timeText(peak.at) : "–") },
      ]}
    />
  );
}

function SitePart({ site }: { site: SiteSeats }) {
  const { t, text } = useWords();
  return (
    <section className="card stack" aria-label={text(site.site_name)}>
      <h2>{text(site.site_name)}</h2>
      <div className="row figures">
        {COUNTS.map((name) => (
          <span key={name}>
            {t(`seats.${name}`)} <strong className="digits">{countText(site[name])}</strong>
          </span>
        ))}
      </div>
      <Peaks peaks={site.peaks} />
    </section>
  );
}

export function SeatReportPage() {
  const { t } = useWords();
  const [address, change] = useAddress();
  const today = useToday();
  const first = address.first ?? today;
  const last = address.last ?? first;
  const days = { first_day: first, last_day: last };
  const report = useQuery({ queryKey: ["seat-report", first, last], queryFn: () => fetchSeatReport(days) });
  return (
    <>
      <div className="page-head">
        <h1>{t("reports.seats_title")}</h1>
        <DaysChoice span={spanOf(address.span)} first={first} last={last} change={change} />
        <span className="grow" />
        <Button icon={<DownloadOutlined aria-hidden />} href={seatFileAddress(days)} download>
          {t("reports.seats_file")}
        </Button>
      </div>
      <p className="quiet" style={{ margin: 0 }}>
        {t("reports.seats_definition")}
      </p>
      <QueryView
        query={report}
        isEmpty={(data) => data.sites.length === 0}
        empty={<EmptyState hint={t("reports.seats_none")} />}
      >
        {(data) => (
          <>
            {data.sites.map((site) => (
              <SitePart key={site.site_id} site={site} />
            ))}
          </>
        )}
      </QueryView>
    </>
  );
}
