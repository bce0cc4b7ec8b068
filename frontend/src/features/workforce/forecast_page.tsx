/** One forecast: how far its run is, what it expects, how good it is, and what planners change. */
import { Alert, Button } from "antd";
import { DownloadOutlined } from "@ant-design/icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { acceptForecast, fetchForecast, forecastFile, type Forecast } from "@/api/planning";
import { SimulatedBadge } from "@/shared/badges";
import { momentText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";
import { ForecastCurves } from "./forecast_chart";
import { ForecastChanges, useForecastRenewal } from "./forecast_changes";
import { ForecastErrors, ForecastLeftOut, ForecastMarks, ForecastPartsSoFar, ForecastSoFar } from "./forecast_errors";
import { ForecastParts } from "./forecast_parts";
import { isRunOpen, PlanningRunView, RUN_AGAIN_MS } from "./planning_run";

function Accept({ forecast }: { forecast: Forecast }) {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const renew = useForecastRenewal(forecast.id);
  const accept = useMutation({
    mutationFn: () => acceptForecast(forecast),
    onError: bad,
    onSuccess: () => good(t("forecast.accepted_now")),
    onSettled: renew,
  });
  return (
    <>
      <Button type="primary" loading={accept.isPending} onClick={() => accept.mutate()} data-testid="accept-forecast">
        {t("forecast.accept")}
      </Button>
      <Button icon={<DownloadOutlined aria-hidden />} href={forecastFile(forecast.id)} download>
        {t("forecast.export")}
      </Button>
    </>
  );
}

function Whole({ forecast }: { forecast: Forecast }) {
  const { t } = useWords();
  const renew = useForecastRenewal(forecast.id);
  return (
    <>
      {forecast.run ? <PlanningRunView run={forecast.run} onChanged={renew} /> : null}
      {forecast.is_ready ? (
        <>
          <p className="quiet">
            {t("forecast.learnt_from", { from: forecast.history_from ?? "–", to: forecast.history_to ?? "–" })}{" "}
            <SimulatedBadge isShown={forecast.is_simulated} />
          </p>
          <div className="row">
            <Accept forecast={forecast} />
          </div>
          {forecast.accepted_at ? (
            <Alert
              type="success"
              showIcon
              title={t("forecast.accepted_at", { at: momentText(forecast.accepted_at), by: forecast.accepted_by })}
            />
          ) : null}
          <ForecastLeftOut forecast={forecast} />
          <ForecastCurves forecast={forecast} />
          <ForecastParts forecast={forecast} />
          <ForecastErrors forecast={forecast} />
          <ForecastSoFar forecast={forecast} />
          <ForecastPartsSoFar forecast={forecast} />
          <ForecastChanges forecast={forecast} />
          <ForecastMarks forecast={forecast} />
        </>
      ) : null}
    </>
  );
}

export function ForecastPage() {
  const { t } = useWords();
  const { id = "" } = useParams();
  const forecast = useQuery({
    queryKey: ["forecast", id],
    queryFn: () => fetchForecast(id),
    refetchInterval: ({ state }) => (isRunOpen(state.data?.run) ? RUN_AGAIN_MS : false),
  });
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{forecast.data ? t("forecast.of", { name: forecast.data.name }) : t("forecast.title")}</h1>
        <Link to="/forecast">{t("forecast.all")}</Link>
      </div>
      <QueryView query={forecast}>{(data) => <Whole forecast={data} />}</QueryView>
    </div>
  );
}
