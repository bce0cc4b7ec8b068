/** Which microphone, which loudspeaker, how loud it rings; and whether they work. */
import { Alert, Button, Progress, Select, Slider, Switch } from "antd";
import { useEffect, useState } from "react";
import { audioSettings, keepAudioSettings, microphoneConstraints, type AudioSettings } from "@/softphone/audio";
import { useWords } from "@/words";
import { useMay } from "./session";
import { alarmOnce, ringOnce } from "./sounds";

function useDevices(kind: MediaDeviceKind, isTesting: boolean): MediaDeviceInfo[] {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  useEffect(() => {
    // Absent on pages that are not secure.
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media) return;
    const look = () =>
      void media.enumerateDevices().then((all) => {
        setDevices(all.filter((device) => device.kind === kind && device.deviceId !== ""));
      });
    look();
    media.addEventListener("devicechange", look);
    return () => media.removeEventListener("devicechange", look);
  }, [kind, isTesting]);
  return devices;
}

/** Loudness 0–100 of the microphone while it is tested. */
function useLevel(isTesting: boolean, onRefused: () => void): number {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    if (!isTesting) return;
    const stop = new AbortController();
    void measureLevel(setLevel, stop.signal).catch(onRefused);
    return () => stop.abort();
  }, [isTesting, onRefused]);
  return isTesting ? level : 0;
}

async function measureLevel(show: (level: number) => void, stop: AbortSignal): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: microphoneConstraints() });
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    show(Math.min(100, Math.round(Math.sqrt(power) * 300)));
  }, 100);
  const end = () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  if (stop.aborted) end();
  else stop.addEventListener("abort", end, { once: true });
}

export function SoundCheck() {
  const { t } = useWords();
  const may = useMay();
  const [settings, setSettings] = useState<AudioSettings>(audioSettings);
  const [isTesting, setTesting] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const [refuse] = useState(() => () => {
    setRefused(true);
    setTesting(false);
  });
  const microphones = useDevices("audioinput", isTesting);
  const speakers = useDevices("audiooutput", isTesting);
  const level = useLevel(isTesting, refuse);
  const change = (part: Partial<AudioSettings>) => {
    const next = { ...settings, ...part };
    setSettings(next);
    keepAudioSettings(next);
  };
  const options = (devices: MediaDeviceInfo[]) => [
    { value: "", label: t("account.default_device") },
    ...devices.map((device) => ({ value: device.deviceId, label: device.label || device.deviceId.slice(0, 8) })),
  ];
  return (
    <div className="stack">
      {isRefused ? <Alert type="error" showIcon title={t("account.microphone_denied")} /> : null}
      <label className="field">
        <span>{t("account.microphone")}</span>
        <Select
          value={settings.microphoneId}
          options={options(microphones)}
          onChange={(microphoneId) => change({ microphoneId })}
        />
      </label>
      <div className="row">
        <Button
          onClick={() => {
            setRefused(false);
            setTesting(!isTesting);
          }}
        >
          {isTesting ? t("account.stop_test") : t("account.test_microphone")}
        </Button>
        {isTesting ? (
          <Progress percent={level} showInfo={false} style={{ width: 200 }} aria-label={t("account.level")} />
        ) : null}
      </div>
      <label className="field">
        <span>{t("account.speaker")}</span>
        <Select
          value={settings.speakerId}
          options={options(speakers)}
          onChange={(speakerId) => change({ speakerId })}
        />
      </label>
      <label className="field">
        <span>{t("account.ring_volume")}</span>
        <Slider
          min={0}
          max={100}
          value={Math.round(settings.ringVolume * 100)}
          onChange={(volume) => change({ ringVolume: volume / 100 })}
          ariaLabelForHandle={t("account.ring_volume")}
        />
      </label>
      {may("floor.handle_alarms") ? (
        <label className="field">
          <span>{t("account.alarm_volume")}</span>
          <Slider
            min={0}
            max={100}
            value={Math.round(settings.alarmVolume * 100)}
            onChange={(volume) => change({ alarmVolume: volume / 100 })}
            ariaLabelForHandle={t("account.alarm_volume")}
          />
        </label>
      ) : null}
      <div className="row">
        <Button onClick={ringOnce}>{t("account.test_ring")}</Button>
        {may("floor.handle_alarms") ? <Button onClick={alarmOnce}>{t("account.test_alarm")}</Button> : null}
        <label className="row">
          <Switch checked={settings.isProcessed} onChange={(isProcessed) => change({ isProcessed })} />
          {t("account.processing")}
        </label>
      </div>
    </div>
  );
}
