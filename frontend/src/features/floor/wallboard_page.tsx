/** The wallboard: dark, no hover needed, figures that scale with the screen; smallest text 2 % of its height. What each
 * figure means stands at the foot, since nobody can point at a wall. */
import { ExclamationCircleFilled } from "@ant-design/icons";
import { Button, ConfigProvider } from "antd";
import { useNavigate } from "react-router";
import type { AgentState, BoardDocument, QueueDocument } from "@/live/documents";
import { useBoard, useDocuments, useServerNow, useSystem } from "@/live/hooks";
import { AlarmLevel, useAlarms, useAlarmState, useAlarmSubject } from "@/shared/alarm_list";
import { bandOf, clockText, countText, percentText } from "@/shared/figures";
import { SimulatedBadge } from "@/shared/badges";
import { LiveAge, LiveArea } from "@/shared/live_age";
import { dateText, preciseTimeText, timeText } from "@/shared/moments";
import { DEFAULT_TARGET, DEFAULT_THRESHOLD_S, quarterElapsed } from "@/shared/service_level";
import { useTenants } from "@/shared/session";
import { BandTag, StateTag } from "@/shared/state_tag";
import { themeConfig } from "@/shared/theme";
import { ThemeContext } from "@/shared/theme_context";
import { Loading } from "@/shared/views";
import { useWords } from "@/words";

type CountedState = keyof BoardDocument["agents"] & AgentState;
const STATES: readonly CountedState[] = ["available", "offered", "busy", "wrap_up", "away"];
const QUEUES_SHOWN = 6;
const ALARMS_SHOWN = 3;

function ServiceLevelCell({ total }: { total: BoardDocument }) {
  const { t } = useWords();
  const now = useServerNow();
  const { answered_in_time: answered, asked } = total.service_level_interval;
  const target = total.target ?? DEFAULT_TARGET;
  const threshold = total.threshold_s ?? DEFAULT_THRESHOLD_S;
  return (
    <section className="wall-cell">
      <h2>
        {t("metrics.service_level")}, {t("metrics.interval")}
      </h2>
      <div className="wall-figure" data-testid="wall-level">
        <LevelText board={total} period="interval" />
      </div>
      <div className="wall-note">
        <BandTag band={bandOf(answered, asked, target, quarterElapsed(now))} />{" "}
        {t("floor.target", { target: `${target / 100}%` })} {t("floor.in_s", { s: threshold })}
      </div>
    </section>
  );
}

function LongestText({ board }: { board: BoardDocument }) {
  const { t } = useWords();
  const now = useServerNow();
  return board.longest_asked_ms === null ? t("general.none") : clockText(now - board.longest_asked_ms);
}

function WaitingCell({ total }: { total: BoardDocument }) {
  const { t } = useWords();
  return (
    <section className="wall-cell narrow">
      <h2>{t("metrics.waiting")}</h2>
      <div className="wall-figure" data-testid="wall-waiting">
        {countText(total.waiting)}
      </div>
      <div className="wall-note">
        {t("metrics.longest")}{" "}
        <strong className="digits" data-testid="wall-longest">
          <LongestText board={total} />
        </strong>
      </div>
    </section>
  );
}

function LevelText({ board, period }: { board: BoardDocument; period: "interval" | "today" }) {
  const { t } = useWords();
  const { answered_in_time: answered, asked } = board[`service_level_${period}`];
  return percentText(answered, asked, board.target ?? DEFAULT_TARGET) ?? t("general.none");
}

function QueueRow({ queue }: { queue: QueueDocument }) {
  const { text } = useWords();
  return (
    <tr data-queue={queue.queue_id}>
      <th scope="row">{text(queue.name)}</th>
      <td>{countText(queue.waiting)}</td>
      <td>
        <LongestText board={queue} />
      </td>
      <td>
        <LevelText board={queue} period="interval" />
      </td>
      <td>
        <LevelText board={queue} period="today" />
      </td>
      <td>
        {queue.agents.available} / {queue.agents.busy}
      </td>
    </tr>
  );
}

/** The queues with the most waiting first; the busiest of the day among the rest. */
function QueuesCell({ queues }: { queues: readonly QueueDocument[] }) {
  const { t } = useWords();
  const shown = queues.toSorted((a, b) => b.waiting - a.waiting || b.asked_today - a.asked_today);
  return (
    <section className="wall-cell wide">
      <table className="wall-queues">
        <thead>
          <tr>
            <th scope="col">{t("queues.queue")}</th>
            <th scope="col">{t("metrics.waiting")}</th>
            <th scope="col">{t("metrics.longest")}</th>
            <th scope="col">{t("queues.sl_15")}</th>
            <th scope="col">{t("queues.sl_day")}</th>
            <th scope="col">
              {t("states.available")} / {t("states.busy")}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, QUEUES_SHOWN).map((queue) => (
            <QueueRow key={queue.queue_id} queue={queue} />
          ))}
        </tbody>
      </table>
      {shown.length > QUEUES_SHOWN ? (
        <div className="quiet">{t("floor.more_queues", { n: shown.length - QUEUES_SHOWN })}</div>
      ) : null}
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
            <div className="wall-state-count" data-testid={`wall-${state}`}>
              {countText(total.agents[state])}
            </div>
          </div>
        ))}
      </div>
    </section>
  );
}

function TodayCells({ total }: { total: BoardDocument }) {
  const { t } = useWords();
  const { answered_in_time: answered, asked } = total.service_level_today;
  return (
    <>
      <section className="wall-cell">
        <h2>{t("floor.today_sl")}</h2>
        <div className="wall-figure small" data-testid="wall-level-today">
          <LevelText board={total} period="today" />
        </div>
        <div className="wall-note" data-testid="wall-count-today">
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

function Definitions({ thresholdS }: { thresholdS: number }) {
  const { t } = useWords();
  const definitions = [
    [t("metrics.service_level"), t("metrics.service_level_def", { s: thresholdS })],
    [t("metrics.waiting"), t("metrics.waiting_def")],
    [t("metrics.longest"), t("metrics.longest_def")],
    [t("metrics.abandoned"), t("metrics.abandoned_def")],
  ];
  return (
    <footer>
      <dl className="wall-foot">
        {definitions.map(([name, definition]) => (
          <div key={name}>
            <dt>{name}</dt> <dd>{definition}</dd>
          </div>
        ))}
      </dl>
    </footer>
  );
}

/** At most three, so that the figures keep their place; the screens of leaders have them all. */
function AlarmLines({ tenantId }: { tenantId: string }) {
  const { t, text } = useWords();
  const stateOf = useAlarmState();
  const subjectOf = useAlarmSubject();
  const alarms = useAlarms().filter((alarm) => alarm.tenant_id === tenantId);
  if (alarms.length === 0) return null;
  return (
    <section className="wall-alarms" aria-label={t("alarms.title")} data-testid="wall-alarms">
      {alarms.slice(0, ALARMS_SHOWN).map((alarm) => (
        <div key={alarm.alarm_id}>
          <ExclamationCircleFilled aria-hidden /> <strong>{text(alarm.queue_name)}</strong>: {subjectOf(alarm.kind)}{" "}
          <AlarmLevel alarm={alarm} />, {t("alarms.since", { at: timeText(alarm.since_ms) })}, {stateOf(alarm)}
        </div>
      ))}
      {alarms.length > ALARMS_SHOWN ? <div>{t("alarms.more", { n: alarms.length - ALARMS_SHOWN })}</div> : null}
    </section>
  );
}

function Board({ total }: { total: BoardDocument }) {
  const all = useDocuments<QueueDocument>("queue/");
  const queues = all.filter((queue) => queue.tenant_id === total.tenant_id);
  return (
    <>
      <div className="wall-grid">
        <ServiceLevelCell total={total} />
        <WaitingCell total={total} />
        <QueuesCell queues={queues} />
        <AgentsCell total={total} />
        <TodayCells total={total} />
      </div>
      <AlarmLines tenantId={total.tenant_id} />
      <Definitions thresholdS={total.threshold_s ?? DEFAULT_THRESHOLD_S} />
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
