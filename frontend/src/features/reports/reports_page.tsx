/** Reports: service level by queue, and handle time by agent and reason. */
import { Navigate, NavLink, Route, Routes, useLocation, useNavigate } from "react-router";
import { useWords } from "@/words";
import { AccessReportPage } from "./access_report";
import { AttributeReportPage } from "./attribute_report";
import { FunnelReportPage } from "./funnel_report";
import { HandleTimeReportPage } from "./handle_time_report";
import { KeyAccountReportPage } from "./key_account_report";
import { PoolReportPage } from "./pool_report";
import { ReserveReportPage } from "./reserve_report";
import { SeatReportPage } from "./seat_report";
import { ServiceLevelReport } from "./service_level_report";

function ReportLinks() {
  const { t } = useWords();
  const reports = [
    { path: "/reports", name: t("reports.link_service_level") },
    { path: "/reports/access", name: t("reports.link_access") },
    { path: "/reports/handle-time", name: t("reports.link_handle_time") },
    { path: "/reports/key-accounts", name: t("reports.link_key_accounts") },
    { path: "/reports/funnel", name: t("reports.link_funnel") },
    { path: "/reports/attributes", name: t("reports.link_attributes") },
    { path: "/reports/reserve-teams", name: t("reports.link_reserves") },
    { path: "/reports/pools", name: t("reports.link_pools") },
    { path: "/reports/seats", name: t("reports.link_seats") },
  ];
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (
    <nav aria-label={t("shell.reports")}>
      <select
        className="report-choice"
        aria-label={t("shell.reports")}
        value={pathname}
        onChange={(event) => void navigate(event.target.value)}
      >
        {reports.map(({ path, name }) => (
          <option key={path} value={path}>
            {name}
          </option>
        ))}
      </select>
      <div className="report-links">
        {reports.map(({ path, name }) => (
          <NavLink key={path} to={path} end className={({ isActive }) => `report-link ${isActive ? "here" : ""}`}>
            {name}
          </NavLink>
        ))}
      </div>
    </nav>
  );
}

export function ReportsPage() {
  return (
    <div className="page stack">
      <ReportLinks />
      <Routes>
        <Route index element={<ServiceLevelReport />} />
        <Route path="access" element={<AccessReportPage />} />
        <Route path="handle-time" element={<HandleTimeReportPage />} />
        <Route path="key-accounts" element={<KeyAccountReportPage />} />
        <Route path="funnel" element={<FunnelReportPage />} />
        <Route path="attributes" element={<AttributeReportPage />} />
        <Route path="pools" element={<PoolReportPage />} />
        <Route path="seats" element={<SeatReportPage />} />
        <Route path="reserve-teams" element={<ReserveReportPage />} />
        <Route path="*" element={<Navigate to="/reports" replace />} />
      </Routes>
    </div>
  );
}
