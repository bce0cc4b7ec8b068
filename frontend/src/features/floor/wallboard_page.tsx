/** The wallboard: dark, no hover needed, six figures that scale with the screen; smallest text 2 % of its height. */
import { Button, ConfigProvider } from "antd";
import { useNavigate } from "react-router";
import type { AgentState, BoardDocument, QueueDocument } from "@/live/documents";
import { useBoard, useDocuments, useServerNow, useSystem } from "@/live/hooks";
import { bandOf, clockText, countText, percentText } from "@/shared/figures";
import { SimulatedBadge } from "@/shared/badges";
import { LiveAge, LiveArea } from "@/shared/live_age";
import { dateText, preciseTimeText } from "@/shared/moments";
import { DEFAULT_TARGET, DEFAULT_THRESHOLD_S, quarterElapsed } from "@/shared/service_level";
import { useTenants } from "@/shared/session";
import { BandTag, StateTag } from "@/shared/state_tag";
import { themeConfig } from "@/shared/theme";
import { ThemeContext } from "@/shared/theme_context";
import { Loading } from "@/shared/views";
import { useWords } from "@/words";

const STATES: readonly (keyof BoardDocument["agents"] & AgentState)[] = ["available", "busy", "wrap_up", "away"];

function ServiceLevelCell({ total }: { total: BoardDocument }) {
  const { t } = useWords();
  const now = useServerNow();
  const { answered_in_time: answered, asked } = total.service_level_interval;
  const target = total.target ?? DEFAULT_TARGET;
  const threshold = total.threshold_s ?? DEFAULT_THRESHOLD_S;
  return (
    <section className="wall-cell wide">
      <h2>
        {t("metrics.service_level")}, {t("metrics.interval")}
      </h2>
      <div className="wall-figure">{percentText(answered, asked, target) ?? t("general.none")}</div>
      <div className="wall-note">
        <BandTag band={bandOf(answered, asked, target, quarterElapsed(now))} />{" "}
        {t("floor.target", { target: `${target / 100}%` })} {t("floor.in_s", { s: threshold })}
      </div>
    </section>
  );
}

function WaitingCell({ total, queues }: { total: BoardDocument; queues: readonly QueueDocument[] }) {
  const { t, text } = useWords();
  const now = useServerNow();
  const busiest = queues.filter((queue) => queue.waiting > 0).toSorted((a, b) => b.waiting - a.waiting);
  return (
    <section className="wall-cell">
      <h2>{t("metrics.waiting")}</h2>
      <div className="wall-figure">{countText(total.waiting)}</div>
      <div className="wall-note">
        {t("metrics.longest")}{" "}
        <strong>{total.longest_asked_ms === null ? t("general.none") : clockText(now - total.longest_asked_ms)}</strong>
        <div>
          {busiest
            .slice(0, 3)
            .map((queue) => `${text(queue.name)} ${queue.waiting}`)
            .join(", ")}
        </div>
      </div>
    </section>
  );
}

function AgentsCell({ total }: { total: BoardDocument }) {
  return (
    <section className="wall-cell">
      <div className="wall-states">
        {STATES.map((state) => (
          <div key={state}>
            <StateTag state={state} />
            <div className="wall-state-count">{countText(total.agents[state])}</div>
          </div>
        ))}
      </div>
    </section>
  );
}

function TodayCells({ total }: { total: BoardDocument }) {
  const { t } = useWords();
  const target = total.target ?? DEFAULT_TARGET;
  const { answered_in_time: answered, asked } = total.service_level_today;
  return (
    <>
      <section className="wall-cell">
        <h2>{t("floor.today_sl")}</h2>
        <div className="wall-figure small">{percentText(answered, asked, target) ?? t("general.none")}</div>
        <div className="wall-note">
          {countText(answered)} / {countText(asked)}
        </div>
      </section>
      <section className="wall-cell">
        <h2>{t("floor.abandoned_today")}</h2>
        <div className="wall-figure small">
          {percentText(total.abandoned_today, total.asked_today) ?? t("general.none")}
        </div>
        <div className="wall-note">
          {countText(total.abandoned_today)} / {countText(total.asked_today)}
        </div>
      </section>
    </>
  );
}

function Board({ total }: { total: BoardDocument }) {
  const { t } = useWords();
  const all = useDocuments<QueueDocument>("queue/");
  const queues = all.filter((queue) => queue.tenant_id === total.tenant_id);
  return (
    <>
      <div className="wall-grid">
        <ServiceLevelCell total={total} />
        <WaitingCell total={total} queues={queues} />
        <AgentsCell total={total} />
        <TodayCells total={total} />
      </div>
      <footer className="wall-foot">{t("floor.sl_footer", { s: total.threshold_s ?? DEFAULT_THRESHOLD_S })}</footer>
    </>
  );
}

function Head({ isSimulated }: { isSimulated: boolean }) {
  const { t, text } = useWords();
  const tenants = useTenants();
  const now = useServerNow();
  const navigate = useNavigate();
  return (
    <header className="wall-head">
      <strong>{text(tenants[0]?.name)}</strong>
      <span>{t("floor.wallboard")}</span>
      <SimulatedBadge isShown={isSimulated} />
      <span className="grow" />
      <LiveAge />
      <span className="digits">
        {dateText(now)} {preciseTimeText(now)}
      </span>
      <Button size="small" onClick={() => void document.documentElement.requestFullscreen()}>
        {t("floor.full_screen")}
      </Button>
      <Button size="small" onClick={() => void navigate("/floor")}>
        {t("floor.leave")}
      </Button>
    </header>
  );
}

export function WallboardPage() {
  useBoard("wallboard");
  const totals = useDocuments<BoardDocument>("total/");
  const system = useSystem();
  const tenants = useTenants();
  const total = totals[0];
  const isSimulated =
    (system?.is_simulated ?? false) || (total?.is_simulated ?? false) || tenants.some((one) => one.is_simulated);
  return (
    <ThemeContext value="dark">
      <ConfigProvider theme={themeConfig("dark", 14, false)}>
        <main className="wall">
          <Head isSimulated={isSimulated} />
          <LiveArea className="wall-body">{total ? <Board total={total} /> : <Loading />}</LiveArea>
        </main>
      </ConfigProvider>
    </ThemeContext>
  );
}
