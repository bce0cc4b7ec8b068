/** Alarms wherever a leader is: how many, with a sound until somebody has seen them. The bell is the sound's visible
 * twin. */
import { BellFilled, BellOutlined } from "@ant-design/icons";
import { Button, Drawer } from "antd";
import { useEffect, useState } from "react";
import type { ContactDocument } from "@/live/documents";
import { useBoard, useDocuments } from "@/live/hooks";
import { AlarmList, useAlarms } from "@/shared/alarm_list";
import { LiveArea } from "@/shared/live_age";
import { alarmOnce } from "@/shared/sounds";
import { BAND_COLOURS } from "@/shared/theme";
import { useThemeName } from "@/shared/theme_context";
import { useWords } from "@/words";

const SOUND_EVERY_MS = 10_000;
const LOCK = "hotline.alarm-sound";

/** Of a person's windows one makes the sound. */
function useIsLoudWindow(): boolean {
  const [isLoud, setLoud] = useState(false);
  useEffect(() => {
    const end = new AbortController();
    const held = async () => {
      setLoud(true);
      await new Promise((release) => end.signal.addEventListener("abort", release, { once: true }));
    };
    navigator.locks.request(LOCK, { signal: end.signal }, held).catch(() => undefined); // left before its turn came
    return () => end.abort();
  }, []);
  return isLoud;
}

/** Sounds at once and then each ten seconds. */
function useSound(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return;
    alarmOnce();
    const timer = setInterval(alarmOnce, SOUND_EVERY_MS);
    return () => clearInterval(timer);
  }, [isWanted]);
}

export function AlarmBell() {
  const { t } = useWords();
  useBoard("alarms");
  const theme = useThemeName();
  const [isOpen, setOpen] = useState(false);
  const alarms = useAlarms();
  const unseen = alarms.filter((alarm) => alarm.acknowledged_ms === null).length;
  const isInConversation = useDocuments<ContactDocument>("contact/").some((contact) => contact.state !== "wrap_up");
  const isLoud = useIsLoudWindow();
  useSound(unseen > 0 && isLoud && !isInConversation);
  const colour = unseen > 0 ? BAND_COLOURS.missed?.[theme] : undefined;
  const words = unseen > 0 ? t("alarms.unseen_count", { n: unseen }) : t("alarms.count", { n: alarms.length });
  return (
    <>
      <Button
        type={unseen > 0 ? "default" : "text"}
        style={unseen > 0 ? { color: colour, borderColor: colour, fontWeight: 700 } : undefined}
        icon={unseen > 0 ? <BellFilled aria-hidden /> : <BellOutlined aria-hidden />}
        aria-label={words}
        onClick={() => setOpen(true)}
        data-testid="alarm-bell"
        data-unseen={unseen}
      >
        {unseen > 0 ? words : alarms.length}
      </Button>
      <Drawer open={isOpen} onClose={() => setOpen(false)} size={360} title={t("alarms.title")} mask={false}>
        <LiveArea>
          <AlarmList />
        </LiveArea>
      </Drawer>
    </>
  );
}
