/** Live alarms: what is wrong, since when, who sees to it, and what to do about it now. */
import { ExclamationCircleFilled } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import type { AlarmDocument } from "@/live/documents";
import { useDocuments } from "@/live/hooks";
import { useWords } from "@/words";
import { useAct } from "./act";
import { SimulatedBadge } from "./badges";
import { Elapsed } from "./clocks";
import { percentText } from "./figures";
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

/** `61.5% < 85%`. */
export function AlarmLevel({ alarm }: { alarm: AlarmDocument }) {
  const { t } = useWords();
  const { answered_in_time: answered, asked } = alarm.level;
  return (
    <span className="digits">
      {percentText(answered, asked, alarm.target) ?? t("general.none")} {"<"} {alarm.target / 100}%
    </span>
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
  const about = useServiceLevelAbout()({
    count: alarm.level,
    target: alarm.target,
    thresholdS: alarm.threshold_s,
    period: t("alarms.period"),
    elapsedRatio: 1,
    source: t("metrics.routing_log"),
  });
  const colour = alarm.silence_reason ? undefined : BAND_COLOURS.missed?.[theme];
  return (
    <li className="alarm" data-alarm={alarm.alarm_id}>
      <div className="row">
        <ExclamationCircleFilled style={{ color: colour }} aria-hidden />
        <strong className="grow">{text(alarm.queue_name)}</strong>
        <SimulatedBadge isShown={alarm.is_simulated} isSmall />
      </div>
      <div>
        {t("metrics.service_level")}{" "}
        <Figure about={about}>
          <AlarmLevel alarm={alarm} />
        </Figure>
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
