/** The recording, opened with a reason: each side can be heard alone, left channel customer, right channel agent. */
import { BackwardOutlined, CaretRightOutlined, ForwardOutlined, PauseOutlined } from "@ant-design/icons";
import { Alert, Button, Segmented, Select, Slider } from "antd";
import { useEffect, useRef, useState } from "react";
import { audioAddress, type ContactDetail } from "@/api/contacts";
import { clockText } from "@/shared/figures";
import { momentText } from "@/shared/moments";
import { useWords } from "@/words";

type Side = "both" | "customer" | "agent";
const REASONS = ["quality", "complaint", "training"] as const;
const SPEEDS = [1, 1.25, 1.5, 2];

/** Put each wanted channel on both ears; both sides together stay as they were recorded. */
function routed(context: AudioContext, element: HTMLAudioElement): (side: Side) => void {
  const source = context.createMediaElementSource(element);
  const splitter = context.createChannelSplitter(2);
  const merger = context.createChannelMerger(2);
  source.connect(splitter);
  merger.connect(context.destination);
  return (side) => {
    splitter.disconnect();
    const [left, right] = side === "both" ? [0, 1] : side === "customer" ? [0, 0] : [1, 1];
    splitter.connect(merger, left, 0);
    splitter.connect(merger, right, 1);
  };
}

function Player({ address, durationMs }: { address: string; durationMs: number }) {
  const { t } = useWords();
  const element = useRef<HTMLAudioElement>(null);
  const route = useRef<((side: Side) => void) | null>(null);
  const [position, setPosition] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const [side, setSide] = useState<Side>("both");
  const [speed, setSpeed] = useState(1);
  const [hasFailed, setFailed] = useState(false);

  useEffect(() => {
    route.current?.(side);
  }, [side]);

  const play = async () => {
    const audio = element.current;
    if (!audio) return;
    // The sound path is made by the first click: browsers refuse to make one before.
    if (!route.current) {
      route.current = routed(new AudioContext(), audio);
      route.current(side);
    }
    audio.playbackRate = speed;
    if (audio.paused) await audio.play().catch(() => setFailed(true));
    else audio.pause();
  };
  const seek = (seconds: number) => {
    if (element.current) element.current.currentTime = Math.max(0, seconds);
  };

  return (
    <div className="stack">
      {hasFailed ? <Alert type="error" showIcon title={t("contacts.audio_failed")} /> : null}
      <audio
        ref={element}
        src={address}
        preload="metadata"
        onTimeUpdate={(event) => setPosition(event.currentTarget.currentTime)}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onError={() => setFailed(true)}
        data-testid="recording"
      />
      <div className="row">
        <Button
          type="primary"
          icon={isPlaying ? <PauseOutlined aria-hidden /> : <CaretRightOutlined aria-hidden />}
          onClick={() => void play()}
        >
          {isPlaying ? t("contacts.pause") : t("contacts.play")}
        </Button>
        <Button
          icon={<BackwardOutlined />}
          aria-label={t("contacts.back_5")}
          title={t("contacts.back_5")}
          onClick={() => seek(position - 5)}
        />
        <Button
          icon={<ForwardOutlined />}
          aria-label={t("contacts.on_5")}
          title={t("contacts.on_5")}
          onClick={() => seek(position + 5)}
        />
        <span className="digits">
          {clockText(position * 1000)} / {clockText(durationMs)}
        </span>
        <Segmented<Side>
          aria-label={t("contacts.channel")}
          value={side}
          onChange={setSide}
          options={(["both", "customer", "agent"] as const).map((value) => ({
            value,
            label: t(`contacts.channel_${value}`),
          }))}
        />
        <Select
          aria-label={t("contacts.speed")}
          value={speed}
          onChange={(value) => {
            setSpeed(value);
            if (element.current) element.current.playbackRate = value;
          }}
          options={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
        />
      </div>
      <Slider
        min={0}
        max={Math.max(1, Math.round(durationMs / 1000))}
        value={Math.round(position)}
        onChange={seek}
        ariaLabelForHandle={t("contacts.position")}
        tooltip={{ formatter: (value) => clockText((value ?? 0) * 1000) }}
      />
    </div>
  );
}

function incompleteWord(cause: string): "disk_full" | "short" {
  return cause === "disk_full" ? cause : "short";
}

type Recording = ContactDetail["recordings"][number];

/** In place of the player: when it was erased, and by which rule. */
function Erased({ recording }: { recording: Recording }) {
  const { t } = useWords();
  const word = recording.erased_unit === "months" ? "contacts.erased_months" : "contacts.erased_days";
  return (
    <div className="row" data-testid="erased-recording">
      <span className="quiet">{momentText(recording.started_at)}</span>
      <span>{t(word, { at: momentText(recording.erased_at), count: recording.erased_after ?? 0 })}</span>
    </div>
  );
}

export function RecordingCard({ contact }: { contact: ContactDetail }) {
  const { t } = useWords();
  const kept = contact.recordings.filter((recording) => recording.erased_at === null);
  const erased = contact.recordings.filter((recording) => recording.erased_at !== null);
  const [reason, setReason] = useState<(typeof REASONS)[number] | undefined>();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="card stack" aria-label={t("contacts.recordings")}>
      <h2>{t("contacts.recordings")}</h2>
      {contact.recordings.length === 0 ? <span className="quiet">{t("contacts.no_recordings")}</span> : null}
      {[...new Set(kept.map((recording) => recording.incomplete).filter(Boolean))].map((cause) => (
        <Alert key={cause} type="warning" showIcon title={t(`contacts.incomplete_${incompleteWord(cause)}`)} />
      ))}
      {erased.map((recording) => (
        <Erased key={recording.id} recording={recording} />
      ))}
      {kept.length > 0 && !isOpen ? (
        <div className="row">
          <Select
            style={{ minWidth: 240 }}
            placeholder={t("contacts.listen_reason")}
            aria-label={t("contacts.listen_reason")}
            value={reason}
            onChange={setReason}
            options={REASONS.map((value) => ({ value, label: t(`contacts.listen_${value}`) }))}
          />
          <Button disabled={!reason} onClick={() => setOpen(true)} data-testid="open-recording">
            {t("contacts.listen_open")}
          </Button>
        </div>
      ) : null}
      {isOpen && reason
        ? kept.map((recording) => (
            <div key={recording.id}>
              <span className="quiet">{momentText(recording.started_at)}</span>
              <Player
                address={audioAddress(contact.id, recording.id, t(`contacts.listen_${reason}`))}
                durationMs={recording.duration_ms}
              />
            </div>
          ))
        : null}
    </section>
  );
}
