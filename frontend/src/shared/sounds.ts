/** Sounds made in the browser: nothing is fetched. Each has a visible twin on screen. */
import { audioSettings } from "@/softphone/audio";

let context: AudioContext | undefined;

function tone(frequency: number, startS: number, durationS: number, volume: number): void {
  context ??= new AudioContext();
  const oscillator = new OscillatorNode(context, { frequency });
  const gain = new GainNode(context, { gain: 0 });
  const at = context.currentTime + startS;
  gain.gain.setTargetAtTime(volume, at, 0.01);
  gain.gain.setTargetAtTime(0, at + durationS, 0.03);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + durationS + 0.3);
}

function ringOnce(): void {
  const volume = audioSettings().ringVolume * 0.3;
  tone(660, 0, 0.22, volume);
  tone(880, 0.28, 0.22, volume);
}

/** Ring until the returned function is called. */
export function startRinging(): () => void {
  ringOnce();
  const timer = setInterval(ringOnce, 1800);
  return () => clearInterval(timer);
}

/** One short warning, for example when wrap-up time runs out or somebody joins the call. */
export function chime(): void {
  tone(520, 0, 0.18, audioSettings().ringVolume * 0.25);
}

/** A customer has written: two short tones, softer than a ring. */
export function messageTone(): void {
  const volume = audioSettings().ringVolume * 0.2;
  tone(784, 0, 0.08, volume);
  tone(1047, 0.12, 0.1, volume);
}

/** The leader's alarm: three falling tones, told apart from a ring. */
export function alarmOnce(): void {
  const volume = audioSettings().alarmVolume * 0.3;
  if (volume === 0) return;
  tone(988, 0, 0.16, volume);
  tone(784, 0.22, 0.16, volume);
  tone(587, 0.44, 0.3, volume);
}

export { ringOnce };
