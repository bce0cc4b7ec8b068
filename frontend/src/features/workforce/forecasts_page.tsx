/** Forecasts that were made, newest first, and the way to a new one. */
import { Button, Tag } from "antd";
import { useState } from "react";
import { Link, Route, Routes } from "react-router";
import { fetchForecasts, type ForecastBrief } from "@/api/planning";
import { momentText } from "@/shared/moments";
import { PagedList } from "@/shared/paged_list";
import { useTenantChoice } from "@/shared/tenant_choice";
import { useWords } from "@/words";
import { AskForecast } from "./forecast_ask";
import { ForecastPage } from "./forecast_page";

export function ForecastArea() {
  return (
    <Routes>
      <Route index element={<ForecastsPage />} />
      <Route path=":id" element={<ForecastPage />} />
    </Routes>
  );
}

function State({ forecast }: { forecast: ForecastBrief }) {
  const { t } = useWords();
  if (forecast.accepted_at) return <Tag>{t("forecast.accepted")}</Tag>;
  if (forecast.is_ready) return t("forecast.ready");
  return forecast.run ? t(`planrun.state_${forecast.run.state}`) : "–";
}

function ForecastsPage() {
  const { t } = useWords();
  const { tenantId, choice } = useTenantChoice();
  const [isAsking, setAsking] = useState(false);
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("forecast.title")}</h1>
        {choice}
        <Button type="primary" onClick={() => setAsking(true)} data-testid="ask-forecast">
          {t("forecast.new")}
        </Button>
      </div>
      <p className="quiet">{t("forecast.hint")}</p>
      <PagedList<ForecastBrief>
        queryKey={["forecasts", tenantId]}
        fetchPage={(cursor) => fetchForecasts(tenantId, cursor)}
        emptyHint={t("forecast.none")}
        isRenewed
        columns={[
          { title: t("forecast.name"), render: (_, row) => <Link to={`/forecast/${row.id}`}>{row.name}</Link> },
          {
            title: t("forecast.days"),
            render: (_, row) => (
              <span className="digits">
                {row.first_day} – {row.last_day}
              </span>
            ),
          },
          { title: t("forecast.state"), render: (_, row) => <State forecast={row} /> },
          { title: t("forecast.learnt"), render: (_, row) => <Learnt forecast={row} /> },
          { title: t("forecast.asked_at"), render: (_, row) => momentText(row.run?.asked_at) },
          { title: t("forecast.asked_by"), render: (_, row) => row.run?.asked_by ?? "–" },
        ]}
      />
      {isAsking ? <AskForecast tenantId={tenantId} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}

function Learnt({ forecast }: { forecast: ForecastBrief }) {
  if (!forecast.history_from) return "–";
  return (
    <span className="digits">
      {forecast.history_from} – {forecast.history_to}
    </span>
  );
}
