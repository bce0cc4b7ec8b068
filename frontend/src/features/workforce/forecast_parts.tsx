/** What is expected by channel and by site: the parts of each queue. */
import { Button, Table } from "antd";
import { DownloadOutlined } from "@ant-design/icons";
import { forecastFile, type Forecast, type ForecastPart } from "@/api/planning";
import { useWords } from "@/words";
import { partKey, shareText, usePartName } from "./forecast_words";

export function ForecastParts({ forecast }: { forecast: Forecast }) {
  const { t, text } = useWords();
  const nameOf = usePartName();
  if (forecast.parts.length === 0) return null;
  return (
    <section className="card stack">
      <div className="row">
        <h2>{t("forecast.parts")}</h2>
        {(["channel", "site"] as const).map((by) =>
          forecast.parts.some((part) => part.by === by) ? (
            <Button key={by} icon={<DownloadOutlined aria-hidden />} href={forecastFile(forecast.id, by)} download>
              {t(`forecast.export_${by}`)}
            </Button>
          ) : null,
        )}
      </div>
      <p className="quiet">{t("forecast.parts_hint")}</p>
      <Table<ForecastPart>
        size="small"
        rowKey={(part) => `${part.queue_id}/${partKey(part)}`}
        pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: true }}
        dataSource={forecast.parts}
        columns={[
          { title: t("floor.queue"), render: (_, part) => text(part.queue_name) },
          { title: t("forecast.by"), render: (_, part) => t(`forecast.by_${part.by}`) },
          { title: t("forecast.part"), render: (_, part) => nameOf(part) },
          {
            title: t("forecast.expected"),
            align: "right",
            render: (_, part) => <span className="digits">{Math.round(part.calls)}</span>,
          },
          {
            title: t("forecast.share"),
            align: "right",
            render: (_, part) => <span className="digits">{shareText(part.share)}</span>,
          },
          {
            title: t("forecast.handle"),
            align: "right",
            render: (_, part) => (
              <span className="digits">{part.handle_s === null ? "–" : part.handle_s.toFixed(0)}</span>
            ),
          },
        ]}
      />
    </section>
  );
}
