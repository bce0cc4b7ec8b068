/** Staffing plans that were made, newest first, and the way to a new one. */
import { Button } from "antd";
import { useState } from "react";
import { Link, Route, Routes } from "react-router";
import { fetchStaffings, type StaffingBrief } from "@/api/planning";
import { momentText } from "@/shared/moments";
import { PagedList } from "@/shared/paged_list";
import { useTenantChoice } from "@/shared/tenant_choice";
import { useWords } from "@/words";
import { AskStaffing } from "./staffing_ask";
import { StaffingPage } from "./staffing_page";

export function StaffingArea() {
  return (
    <Routes>
      <Route index element={<StaffingsPage />} />
      <Route path=":id" element={<StaffingPage />} />
    </Routes>
  );
}

function StaffingsPage() {
  const { t } = useWords();
  const { tenantId, choice } = useTenantChoice();
  const [isAsking, setAsking] = useState(false);
  return (
    <div className="page stack">
      <div className="page-head">
        <h1>{t("staffing.title")}</h1>
        {choice}
        <Button type="primary" onClick={() => setAsking(true)} data-testid="ask-staffing">
          {t("staffing.new")}
        </Button>
      </div>
      <p className="quiet">{t("staffing.hint")}</p>
      <PagedList<StaffingBrief>
        queryKey={["staffings", tenantId]}
        fetchPage={(cursor) => fetchStaffings(tenantId, cursor)}
        emptyHint={t("staffing.none")}
        isRenewed
        columns={[
          { title: t("forecast.name"), render: (_, row) => <Link to={`/staffing/${row.id}`}>{row.name}</Link> },
          {
            title: t("forecast.days"),
            render: (_, row) => (
              <span className="digits">
                {row.first_day} – {row.last_day}
              </span>
            ),
          },
          {
            title: t("forecast.state"),
            render: (_, row) =>
              row.is_ready ? t("forecast.ready") : row.run ? t(`planrun.state_${row.run.state}`) : "–",
          },
          {
            title: t("staffing.of_forecast"),
            render: (_, row) => <Link to={`/forecast/${row.forecast_id}`}>{row.forecast_name}</Link>,
          },
          { title: t("staffing.most_people"), align: "right", render: (_, row) => row.figures?.most_people ?? "–" },
          { title: t("staffing.paid_hours"), align: "right", render: (_, row) => hoursText(row.figures?.paid_hours) },
          { title: t("forecast.asked_at"), render: (_, row) => momentText(row.run?.asked_at) },
        ]}
      />
      {isAsking ? <AskStaffing tenantId={tenantId} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}

function hoursText(hours: number | undefined): string {
  return hours === undefined ? "–" : hours.toFixed(0);
}
