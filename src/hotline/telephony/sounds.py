"""Tones and silence as WAV files: made once, named by what they hold, played by their path."""

import array
import math
import os
import wave
from collections.abc import Sequence
from pathlib import Path

from hotline.telephony.contract import Media, Silence, SoundFile, Tone

RATE = 8000
_AMPLITUDE = 6000  # of 32767: loud enough to be heard and measured, soft enough for an ear


def sound_path(media: Media, cache: Path) -> Path:
    """The WAV of one piece of media; tones and silence are written below `cache` when they are not there yet."""
    match media:
        case SoundFile(path):
            return path
        case Silence(duration_ms):
            return _written(cache / f"silence-{duration_ms}.wav", (), duration_ms)
        case Tone(frequencies, duration_ms):
            name = "-".join(str(frequency) for frequency in frequencies)
            return _written(cache / f"tone-{name}-{duration_ms}.wav", frequencies, duration_ms)


def write_tone(path: Path, frequencies: Sequence[int], duration_ms: int) -> None:
    """A mono 16-bit WAV of the frequencies together; silence when there are none."""
    share = _AMPLITUDE / max(1, len(frequencies))
    turns = [2 * math.pi * frequency / RATE for frequency in frequencies]
    samples = array.array(
        "h", (round(share * sum(math.sin(turn * i) for turn in turns)) for i in range(RATE * duration_ms // 1000))
    )
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())


def _written(path: Path, frequencies: Sequence[int], duration_ms: int) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        write_tone(draft, frequencies, duration_ms)
        draft.rename(path)
    return path
