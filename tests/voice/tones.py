"""Which tones a recording holds, and when."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]


def read_channels(path: Path) -> tuple[int, list[Samples]]:
    """Rate and the samples of each channel, -1 to 1."""
    with wave.open(str(path), "rb") as file:
        frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64) / 32768
        return file.getframerate(), list(frames.reshape(-1, file.getnchannels()).T)


def tone_level(samples: Samples, rate: int, frequency: int) -> float:
    """Median amplitude of the frequency over windows of 100 ms; starved moments do not count against it."""
    window = rate // 10
    count = len(samples) // window
    if count == 0:
        return 0.0
    turns = np.exp(-2j * np.pi * frequency * np.arange(window) / rate)
    blocks = samples[: count * window].reshape(count, window)
    return float(np.median(np.abs(blocks @ turns) * 2 / window))


def seconds_of_tone(samples: Samples, rate: int, frequency: int, least: float = 0.05) -> float:
    """For how long the frequency is there with at least this amplitude, to 100 ms."""
    window = rate // 10
    levels = [tone_level(samples[start : start + window], rate, frequency) for start in range(0, len(samples), window)]
    return sum(level >= least for level in levels) / 10


def longest_gap(samples: Samples, rate: int, frequency: int, least: float = 0.05) -> tuple[float, float]:
    """Beginning and end, in seconds, of the longest time without the frequency."""
    window = rate // 10
    best, began = (0.0, 0.0), 0
    for number, start in enumerate(range(0, len(samples) + window, window)):
        piece = samples[start : start + window]
        if len(piece) == 0 or tone_level(piece, rate, frequency) >= least:
            if number - began > (best[1] - best[0]) * 10:
                best = (began / 10, number / 10)
            began = number + 1
    return best
