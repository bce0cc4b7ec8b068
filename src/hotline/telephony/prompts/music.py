"""Our own hold music: a slow pentatonic line over soft fifths. Computed, so that nobody's licence rests on it."""

import numpy

from hotline.telephony.prompts.sound import RATE, Samples, levelled

MUSIC_LEVEL_DB = -26.0  # below speech, so that announcements stand out
_BEAT_S = 0.6
_BEATS = 96
# Gong mode on C (C D E G A) as semitones above middle C, a beat each; a dot is a rest. Six bars of sixteen.
_MELODY = (
    "0 . 4 7 9 . 7 . 4 2 4 . 2 . . . "
    "4 . 7 9 12 . 9 . 7 4 2 . 0 . . . "
    "9 . 12 14 12 . 9 7 9 . 7 4 7 . . . "
    "4 7 9 . 7 . 4 2 4 . 2 . 0 . . . "
    "2 . 4 7 4 . 2 0 -3 . 0 2 4 . . . "
    "7 . 9 7 4 . 2 4 0 . -3 . 0 . . . "
)
_BASS = (-12, -17, -15, -12, -10, -12)


def hold_music() -> Samples:
    """Just under a minute of music whose end leads to its beginning."""
    total = numpy.zeros(int(_BEATS * _BEAT_S * RATE))
    for beat, note in enumerate(_MELODY.split()):
        if note != ".":
            _add(total, beat, _pluck(int(note), 2.4) * 0.6)
    for bar, semitone in enumerate(_BASS):
        for half in (0, 8):
            _add(total, bar * 16 + half, _swell(semitone, 8 * _BEAT_S) * 0.22)
            _add(total, bar * 16 + half, _swell(semitone + 7, 8 * _BEAT_S) * 0.14)
    return levelled(total, MUSIC_LEVEL_DB)


def _add(total: Samples, beat: int, sound: Samples) -> None:
    """Mix in at a beat; what reaches over the end sounds at the beginning, so that the loop has no seam."""
    start = int(beat * _BEAT_S * RATE)
    total[numpy.arange(start, start + sound.size) % total.size] += sound


def _pluck(semitone: int, length_s: float) -> Samples:
    moments = _moments(length_s)
    pitch = _frequency(semitone)
    wave = numpy.sin(2 * numpy.pi * pitch * moments) + 0.35 * numpy.sin(4 * numpy.pi * pitch * moments)
    sound: Samples = wave * numpy.exp(-2.2 * moments) * numpy.minimum(moments / 0.012, 1.0)
    return sound * numpy.minimum((length_s - moments) / 0.1, 1.0)


def _swell(semitone: int, length_s: float) -> Samples:
    moments = _moments(length_s)
    tone = numpy.sin(2 * numpy.pi * _frequency(semitone) * moments)
    sound: Samples = tone * numpy.sin(numpy.pi * moments / length_s) ** 2
    return sound


def _moments(length_s: float) -> Samples:
    moments: Samples = numpy.arange(int(length_s * RATE)) / RATE
    return moments


def _frequency(semitone: int) -> float:
    return float(261.63 * 2 ** (semitone / 12))
