/** Live alarms: what is wrong, since when, who sees to it, and what to do about it now. */
import { ExclamationCircleFilled } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import type { AlarmDocument } from "@/live/documents";
import { useDocuments } from "@/live/hooks";
import { useWords } from "@/words";
import { useAct } from "./act";
import { SimulatedBadge } from "./badges";
import { Elapsed } from "./clocks";
import { countText, percentText } from "./figures";
import { Figure } from "./figure";
import { timeText } from "./moments";
import { useServiceLevelAbout } from "./service_level";
import { useMay, useMe } from "./session";
import { BAND_COLOURS } from "./theme";
import { useThemeName } from "./theme_context";

const REASONS = ["known_cause", "planned_work", "false_alarm"] as const;

/** In the order in which they began. */
export function useAlarms(): AlarmDocument[] {
  const alarms = useDocuments<AlarmDocument>("alarm/");
  return alarms.toSorted((a, b) => a.since_ms - b.since_ms);
}

/** `61.5% < 85%`; of who gave up `7.1% > 5%`; of who found no agent how many. */
export function AlarmLevel({ alarm }: { alarm: AlarmDocument }) {
  const { t } = useWords();
  const { answered_in_time: counted, asked } = alarm.level;
  if (alarm.kind === "blocked") return <span className="digits">{countText(counted)}</span>;
  const sign = alarm.kind === "abandoned" ? ">" : "<";
  return (
    <span className="digits">
      {percentText(counted, asked, alarm.target) ?? t("general.none")} {sign} {alarm.target / 100}%
    </span>
  );
}

/** What the alarm is about, in a word or two. */
export function useAlarmSubject(): (kind: AlarmDocument["kind"]) => string {
  const { t } = useWords();
  return (kind) => t(kind === "service_level" ? "metrics.service_level" : `alarms.${kind}`);
}

function LevelOf({ alarm }: { alarm: AlarmDocument }) {
  const { t } = useWords();
  const explain = useServiceLevelAbout();
  const period = t("alarms.period");
  const source = t("metrics.routing_log");
  if (alarm.kind !== "service_level") {
    const about = { name: t(`alarms.${alarm.kind}`), definition: t(`alarms.${alarm.kind}_def`), period, source };
    return (
      <Figure about={about}>
        <AlarmLevel alarm={alarm} />
      </Figure>
    );
  }
  const { level: count, target, threshold_s: thresholdS } = alarm;
  return (
    <Figure about={explain({ count, target, thresholdS, period, elapsedRatio: 1, source })}>
      <AlarmLevel alarm={alarm} />
    </Figure>
  );
}

export function useAlarmState(): (alarm: AlarmDocument) => string {
  const { t } = useWords();
  return (alarm) => {
    if (alarm.silence_reason) return t("alarms.silenced", { reason: t(`alarms.${alarm.silence_reason}`) });
    if (alarm.owner_id) return t("alarms.owner", { name: alarm.owner_name ?? t("alarms.somebody") });
    return alarm.acknowledged_ms === null ? t("alarms.unseen") : t("alarms.seen");
  };
}

function Deeds({ alarm }: { alarm: AlarmDocument }) {
  const { t } = useWords();
  const act = useAct();
  const me = useMe();
  const { alarm_id } = alarm;
  const reasons = REASONS.map((reason) => ({
    key: reason,
    label: t(`alarms.${reason}`),
    disabled: alarm.silence_reason === reason,
    onClick: () => void act("SilenceAlarm", { alarm_id, reason }),
  }));
  return (
    <div className="row">
      <Button
        size="small"
        type={alarm.owner_id ? "default" : "primary"}
        disabled={alarm.owner_id === me.user_id && !alarm.silence_reason}
        onClick={() => void act("TakeAlarm", { alarm_id })}
        data-testid="take-alarm"
      >
        {t("alarms.take")}
      </Button>
      {alarm.acknowledged_ms === null ? (
        <Button size="small" onClick={() => void act("AcknowledgeAlarm", { alarm_id })} data-testid="see-alarm">
          {t("alarms.acknowledge")}
        </Button>
      ) : null}
      <Dropdown menu={{ items: reasons }} trigger={["click"]}>
        <Button size="small" data-testid="silence-alarm">
          {t("alarms.silence")}
        </Button>
      </Dropdown>
    </div>
  );
}

function AlarmItem({ alarm }: { alarm: AlarmDocument }) {
  const { t, text } = useWords();
  const may = useMay();
  const theme = useThemeName();
  const stateOf = useAlarmState();
  const subjectOf = useAlarmSubject();
  const colour = alarm.silence_reason ? undefined : BAND_COLOURS.missed?.[theme];
  return (
    <li className="alarm" data-alarm={alarm.alarm_id}>
      <div className="row">
        <ExclamationCircleFilled style={{ color: colour }} aria-hidden />
        <strong className="grow">{text(alarm.queue_name)}</strong>
        <SimulatedBadge isShown={alarm.is_simulated} isSmall />
      </div>
      <div>
        {subjectOf(alarm.kind)} <LevelOf alarm={alarm} />
      </div>
      <div className="quiet">
        {t("alarms.since", { at: timeText(alarm.since_ms) })} (<Elapsed sinceMs={alarm.since_ms} />)
      </div>
      <div data-testid="alarm-state">{stateOf(alarm)}</div>
      {may("floor.handle_alarms") ? <Deeds alarm={alarm} /> : null}
    </li>
  );
}

/** A screen that shows this must watch a board that brings alarms. */
export function AlarmList() {
  const { t } = useWords();
  const alarms = useAlarms();
  return (
    <section className="card" aria-label={t("alarms.title")} data-testid="alarms">
      <h2>
        {t("alarms.title")} <span className="digits">{alarms.length}</span>
      </h2>
      {alarms.length === 0 ? <span className="quiet">{t("alarms.none")}</span> : null}
      <ul className="plain stack">
        {alarms.map((alarm) => (
          <AlarmItem key={alarm.alarm_id} alarm={alarm} />
        ))}
      </ul>
    </section>
  );
}
