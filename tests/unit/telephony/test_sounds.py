"""Tones and silence as files."""

import wave
from pathlib import Path

from hotline.telephony.ari import stamp_ms
from hotline.telephony.causes import cause_of, code_of
from hotline.telephony.contract import Silence, SoundFile, Tone
from hotline.telephony.sounds import sound_path


def test_files_are_played_from_where_they_are(tmp_path: Path) -> None:
    assert sound_path(SoundFile(Path("/sounds/a.wav")), tmp_path) == Path("/sounds/a.wav")
    assert list(tmp_path.iterdir()) == []


def test_tone_is_written_once_with_its_length(tmp_path: Path) -> None:
    path = sound_path(Tone((440, 480), 250), tmp_path / "sounds")
    first = path.stat().st_mtime_ns
    assert sound_path(Tone((440, 480), 250), tmp_path / "sounds").stat().st_mtime_ns == first
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (1, 8000, 2000)
        assert any(file.readframes(2000))


def test_silence_is_silent(tmp_path: Path) -> None:
    with wave.open(str(sound_path(Silence(100), tmp_path)), "rb") as file:
        assert not any(file.readframes(800))


def test_asterisks_stamps_are_read_to_the_millisecond() -> None:
    assert stamp_ms("2026-11-22T03:30:00.123+0000") == 1795318200123
    assert stamp_ms("2026-11-22T11:30:00.123+0800") == 1795318200123


def test_every_refusal_has_a_code_that_reads_back() -> None:
    for cause in ("unknown_number", "busy", "congestion", "rejected", "normal"):
        assert cause_of(code_of(cause)) == cause
