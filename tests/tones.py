"""Tones that prove audio: made for callers and microphones, found again in recordings."""

import io
import wave
from pathlib import Path

import numpy as np

CALLER_HZ = 440
AGENT_HZ = 880
SECOND_AGENT_HZ = 1320
AUDIBLE = 0.02  # amplitude of a tone that a listener would hear, full scale is 1


def write_tone(path: Path, frequency_hz: int, seconds: float = 20.0, rate_hz: int = 48000) -> Path:
    """A mono 16-bit WAV of one steady tone."""
    times = np.arange(int(seconds * rate_hz)) / rate_hz
    samples = (0.5 * np.sin(2 * np.pi * frequency_hz * times) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.tobytes())
    return path


def channels(wav: bytes) -> tuple[np.ndarray, int]:
    """Samples as (frames, channels) between -1 and 1, and the rate."""
    with wave.open(io.BytesIO(wav)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float) / 32768
        return samples.reshape(-1, file.getnchannels()), file.getframerate()


def level(samples: np.ndarray, rate_hz: int, frequency_hz: int, window_s: float = 0.1) -> float:
    """Amplitude of a tone: the 90th percentile over windows, so that gaps do not hide it and clicks do not make it."""
    size = int(window_s * rate_hz)
    carrier = np.exp(-2j * np.pi * frequency_hz * np.arange(size) / rate_hz)
    windows = [samples[start : start + size] for start in range(0, len(samples) - size, size)]
    levels = [2 * abs(np.sum(window * carrier)) / size for window in windows]
    return float(np.percentile(levels, 90)) if levels else 0.0
