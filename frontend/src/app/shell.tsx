/** One shell for everyone: top bar, rail of permitted areas, content. */
import { Alert, Drawer, Layout, Result } from "antd";
import { Suspense } from "react";
import { NavLink, Navigate, Route, Routes } from "react-router";
import { LogInPage } from "@/features/account/log_in_page";
import { DeskStrip } from "@/features/desk/desk_strip";
import type { MeDocument } from "@/live/documents";
import { useDocument, useLinkStatus, useLive } from "@/live/hooks";
import { useMay } from "@/shared/session";
import { Forbidden, Loading } from "@/shared/views";
import { PhoneKeeper } from "@/softphone/keeper";
import { useWords } from "@/words";
import { AccountPage, AREAS, type Area } from "./areas";
import { KeyList } from "./key_list";
import { TopBar } from "./top_bar";

/** The desk is for people with a post; until the live link has told, nobody is sent away from it. */
function useAllowedAreas(): readonly Area[] {
  const may = useMay();
  const me = useDocument<MeDocument>("me");
  const hasPost = me?.agent_id !== null;
  return AREAS.filter((area) => area.permissions.some(may) && (area.path !== "/desk" || hasPost));
}

/** A role lands on its first screen. Whether that is the desk is known with the first live frame. */
function Landing({ areas }: { areas: readonly Area[] }) {
  const me = useDocument<MeDocument>("me");
  const first = areas[0];
  if (!first) return <NoArea />;
  if (first.path === "/desk" && !me) return <Loading />;
  return <Navigate to={first.path} replace />;
}

function Rail({ areas }: { areas: readonly Area[] }) {
  const { t } = useWords();
  return (
    <nav className="rail" aria-label={t("shell.menu")}>
      {areas.map((area) => (
        <NavLink
          key={area.path}
          to={area.path}
          className={({ isActive }) => (isActive ? "rail-link here" : "rail-link")}
        >
          <span aria-hidden="true">{area.icon}</span>
          <span>{t(area.name)}</span>
          {area.Mark ? <area.Mark /> : null}
        </NavLink>
      ))}
    </nav>
  );
}

/** The log-in ended while somebody worked: log in again on top, nothing behind it is lost. */
function LogInAgain() {
  const { t } = useWords();
  const live = useLive();
  const status = useLinkStatus();
  const again = () => {
    live.stop();
    live.start();
  };
  return (
    <Drawer open={status === "logged_out"} closable={false} size={420} title={t("shell.logged_out")}>
      <Alert type="info" showIcon title={t("shell.logged_out_do")} />
      <LogInPage onLoggedIn={again} />
    </Drawer>
  );
}

function Page({ area }: { area: Area }) {
  const may = useMay();
  if (!area.permissions.some(may)) return <Forbidden permission={area.permissions[0]} />;
  return (
    <Suspense fallback={<Loading />}>
      <area.page />
    </Suspense>
  );
}

function NotFound() {
  const { t } = useWords();
  return <Result status="404" title={t("general.not_found_title")} subTitle={t("general.not_found_do")} />;
}

function NoArea() {
  const { t } = useWords();
  return <Result status="warning" title={t("shell.no_area")} subTitle={t("shell.no_area_do")} />;
}

function Framed() {
  const { t } = useWords();
  const areas = useAllowedAreas();
  return (
    <Layout style={{ height: "100%" }}>
      <a className="skip-link" href="#content">
        {t("shell.skip")}
      </a>
      <TopBar areas={areas} />
      <DeskStrip />
      <div className="frame">
        <Rail areas={areas} />
        <main id="content" tabIndex={0}>
          <Routes>
            <Route index element={<Landing areas={areas} />} />
            {AREAS.filter((area) => !area.isBare).map((area) => (
              <Route key={area.path} path={`${area.path}/*`} element={<Page area={area} />} />
            ))}
            <Route
              path="/account"
              element={
                <Suspense fallback={<Loading />}>
                  <AccountPage />
                </Suspense>
              }
            />
            <Route path="*" element={<NotFound />} />
          </Routes>
        </main>
      </div>
      <KeyList />
      <LogInAgain />
    </Layout>
  );
}

export function Shell() {
  return (
    <>
      <PhoneKeeper />
      <Routes>
        {AREAS.filter((area) => area.isBare).map((area) => (
          <Route key={area.path} path={area.path} element={<Page area={area} />} />
        ))}
        <Route path="*" element={<Framed />} />
      </Routes>
    </>
  );
}
