"""Speech and music as 8 kHz WAV files of one loudness."""

import math
import wave
from pathlib import Path

import numpy
import soxr
from numpy.typing import NDArray

RATE = 8000
SPEECH_LEVEL_DB = -20.0  # RMS below full scale: as loud as people on telephone lines
_PEAK_LIMIT_DB = -3.0
_SILENCE_DB = -45.0
_EDGE_S = 0.06

Samples = NDArray[numpy.float64]


def to_line_rate(samples: Samples, rate: int) -> Samples:
    """The same sound at 8 kHz."""
    changed: Samples = soxr.resample(samples, rate, RATE)
    return changed


def trimmed(samples: Samples) -> Samples:
    """Without silence at both ends, but for 60 ms."""
    loud = numpy.flatnonzero(numpy.abs(samples) > _amplitude(_SILENCE_DB))
    if loud.size == 0:
        return samples[:0]
    edge = int(_EDGE_S * RATE)
    return samples[max(0, int(loud[0]) - edge) : int(loud[-1]) + edge]


def levelled(samples: Samples, level_db: float = SPEECH_LEVEL_DB) -> Samples:
    """At the wanted RMS level, unless peaks would pass -3 dB of full scale."""
    loudness, peak = rms(samples), float(numpy.max(numpy.abs(samples), initial=0.0))
    if loudness == 0.0:
        return samples
    return samples * min(_amplitude(level_db) / loudness, _amplitude(_PEAK_LIMIT_DB) / peak)


def rms(samples: Samples) -> float:
    """Root mean square, 1.0 at full scale; 0.0 of nothing."""
    return math.sqrt(float(numpy.mean(numpy.square(samples)))) if samples.size else 0.0


def write_wav(path: Path, samples: Samples) -> None:
    """Write a 16-bit mono WAV; the file is there as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".draft")
    with wave.open(str(draft), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((numpy.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes())
    draft.replace(path)


def read_wav(path: Path) -> Samples:
    """The samples of a 16-bit mono WAV."""
    with wave.open(str(path), "rb") as file:
        frames = numpy.frombuffer(file.readframes(file.getnframes()), "<i2")
    return frames.astype(numpy.float64) / 32768


def _amplitude(level_db: float) -> float:
    return float(10 ** (level_db / 20))
