"""Tones that prove audio: made for callers and microphones, found again in recordings."""

import io
import itertools
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

CALLER_HZ = 440
AGENT_HZ = 880
SECOND_AGENT_HZ = 1320
AUDIBLE = 0.02  # amplitude of a tone that a listener would hear, full scale is 1
WINDOW_S = 0.1
_CLEARLY_THERE = 0.05

Samples = npt.NDArray[np.float64]


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


def read_channels(wav: Path | bytes) -> tuple[int, list[Samples]]:
    """Rate and the samples of each channel, -1 to 1, of a file or of its bytes."""
    with wave.open(io.BytesIO(wav) if isinstance(wav, bytes) else str(wav)) as file:
        frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64) / 32768
        return file.getframerate(), list(frames.reshape(-1, file.getnchannels()).T)


def levels(samples: Samples, rate_hz: int, frequency_hz: int) -> Samples:
    """Amplitude of the tone in each whole window of 100 ms."""
    size = round(rate_hz * WINDOW_S)
    count = len(samples) // size
    turns = np.exp(-2j * np.pi * frequency_hz * np.arange(size) / rate_hz)
    found: Samples = np.abs(samples[: count * size].reshape(count, size) @ turns) * 2 / size
    return found


def loudnesses(samples: Samples, rate_hz: int) -> Samples:
    """Root mean square of each whole window of 100 ms, whatever sounds in it."""
    size = round(rate_hz * WINDOW_S)
    count = len(samples) // size
    found: Samples = np.sqrt(np.mean(samples[: count * size].reshape(count, size) ** 2, axis=1))
    return found


def level(samples: Samples, rate_hz: int, frequency_hz: int) -> float:
    """Amplitude of a tone that is there for a part of the time: the 90th percentile over windows, so that gaps do not
    hide it and clicks do not make it."""
    found = levels(samples, rate_hz, frequency_hz)
    return float(np.percentile(found, 90)) if len(found) else 0.0


def steady_level(samples: Samples, rate_hz: int, frequency_hz: int) -> float:
    """Amplitude of a tone that should be there, or not, all the time: the median; starved moments do not count."""
    found = levels(samples, rate_hz, frequency_hz)
    return float(np.median(found)) if len(found) else 0.0


def seconds_of_tone(samples: Samples, rate_hz: int, frequency_hz: int, least: float = _CLEARLY_THERE) -> float:
    """For how long the frequency is there with at least this amplitude, to 100 ms."""
    return float(np.count_nonzero(levels(samples, rate_hz, frequency_hz) >= least)) * WINDOW_S


def longest_gap(
    samples: Samples, rate_hz: int, frequency_hz: int, least: float = _CLEARLY_THERE
) -> tuple[float, float]:
    """Beginning and end, in seconds, of the longest time without the frequency."""
    heard = np.flatnonzero(levels(samples, rate_hz, frequency_hz) >= least)
    bounds = [-1, *heard.tolist(), len(samples) // round(rate_hz * WINDOW_S)]
    before, after = max(itertools.pairwise(bounds), key=lambda pair: pair[1] - pair[0])
    return (before + 1) * WINDOW_S, after * WINDOW_S
