/** Which microphone and loudspeaker this computer uses, and whether the browser cleans the sound. */

export interface AudioSettings {
  microphoneId: string;
  speakerId: string;
  isProcessed: boolean;
  ringVolume: number;
  /** Of the leader's alarm; 0 is off. */
  alarmVolume: number;
}

const KEY = "hotline.audio";
const DEFAULTS: AudioSettings = {
  microphoneId: "",
  speakerId: "",
  isProcessed: true,
  ringVolume: 0.6,
  alarmVolume: 0.6,
};

export function audioSettings(): AudioSettings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<AudioSettings>) };
  } catch {
    return DEFAULTS;
  }
}

export function keepAudioSettings(settings: AudioSettings): void {
  localStorage.setItem(KEY, JSON.stringify(settings));
}

export function microphoneConstraints(): MediaTrackConstraints {
  const { microphoneId, isProcessed } = audioSettings();
  return {
    ...(microphoneId ? { deviceId: { ideal: microphoneId } } : {}),
    echoCancellation: isProcessed,
    noiseSuppression: isProcessed,
    autoGainControl: isProcessed,
  };
}

/** The element that plays the far end. Ant's modals and route changes never touch it: it hangs on the body. */
export function remoteAudio(): HTMLAudioElement {
  const existing = document.getElementById("remote-audio");
  if (existing instanceof HTMLAudioElement) return existing;
  const element = document.createElement("audio");
  element.id = "remote-audio";
  element.autoplay = true;
  document.body.append(element);
  return element;
}

export async function playRemote(stream: MediaStream): Promise<void> {
  const element = remoteAudio();
  const { speakerId } = audioSettings();
  element.srcObject = stream;
  if (speakerId) await element.setSinkId(speakerId).catch(() => undefined);
  // Browsers refuse sound before the first click; the next click on the page starts it.
  await element.play().catch(() => {
    document.addEventListener("pointerdown", () => void element.play(), { once: true });
  });
}
