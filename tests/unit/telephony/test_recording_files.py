"""Recordings on disk: names that tell all, raw samples made a WAV, failures said."""

import array
import asyncio
import resource
import signal
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.kernel.clock import SystemClock
from hotline.kernel.ids import new_id
from hotline.telephony.asterisk_recording import (
    NoRoomError,
    Recordings,
    Running,
    describe_recording,
    finish_recording,
    read_file_name,
)


@given(st.integers(0, 2**40))
def test_file_name_tells_the_recording(started_at_ms: int) -> None:
    running = Running(new_id(), "1795319390.12", started_at_ms)
    assert read_file_name(running.file_name) == running


@pytest.mark.parametrize("name", ["other.raw", "a__b__c.raw", "a__b__1.wav", "a__b__c__1.raw"])
def test_foreign_files_are_left_alone(name: str) -> None:
    assert read_file_name(name) is None


def test_raw_samples_become_a_stereo_wav(tmp_path: Path) -> None:
    running = Running("r1", "leg", 1000)
    (tmp_path / running.file_name).write_bytes(array.array("h", [1, 2] * 4000).tobytes() + b"\x01")  # cut in a sample
    (tmp_path / running.heard_file_name).write_bytes(array.array("h", [-1, -2] * 3000).tobytes())
    finished = finish_recording(tmp_path, running)
    assert (finished.duration_ms, finished.at_ms, finished.failure) == (1000, 2000, "")
    assert finished.path is not None
    with wave.open(str(finished.path), "rb") as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 8000, 8000)
        samples = array.array("h", file.readframes(8000))
    assert list(samples[:4]) == [1, -1, 2, -2]
    assert list(samples[-4:]) == [1, 0, 2, 0]
    assert [path.suffix for path in tmp_path.iterdir()] == [".wav"]
    assert describe_recording(finished.path, running) == finished


def test_party_that_heard_nothing_is_recorded_all_the_same(tmp_path: Path) -> None:
    running = Running("r1", "leg", 1000)
    (tmp_path / running.file_name).write_bytes(array.array("h", [5] * 8000).tobytes())
    assert finish_recording(tmp_path, running).duration_ms == 1000
    assert [path.suffix for path in tmp_path.iterdir()] == [".wav"]


def test_recording_that_never_began_is_told_as_a_failure(tmp_path: Path) -> None:
    finished = finish_recording(tmp_path, Running("r1", "leg", 1000))
    assert finished.path is None
    assert finished.failure == "damaged"
    assert list(tmp_path.iterdir()) == []


def raw_files(directory: Path, seconds: float) -> Running:
    running = Running("r1", "leg", 100_000)
    samples = array.array("h", [7] * round(8000 * seconds)).tobytes()
    for name in (running.file_name, running.heard_file_name):
        (directory / name).write_bytes(samples)
    return running


@pytest.mark.parametrize(("lasted_s", "failure"), [(10.0, ""), (11.9, ""), (12.3, "short"), (3600.0, "short")])
def test_recording_well_shorter_than_it_lasted_says_so(tmp_path: Path, lasted_s: float, failure: str) -> None:
    running = raw_files(tmp_path, 10.0)
    finished = finish_recording(tmp_path, running, running.started_at_ms + round(lasted_s * 1000))
    assert (finished.failure, finished.duration_ms) == (failure, 10_000)
    assert finished.path is not None


def test_without_room_for_the_wav_the_raw_files_are_kept_and_nothing_half_written_is_left(tmp_path: Path) -> None:
    """A limit of this process's file sizes stands for the full disk."""
    running = raw_files(tmp_path, 10.0)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        with pytest.raises(NoRoomError):
            finish_recording(tmp_path, running)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert {path.name for path in tmp_path.iterdir()} == {running.file_name, running.heard_file_name}
    assert finish_recording(tmp_path, running).duration_ms == 10_000


async def test_who_lets_go_leaves_no_file_half_done_and_begins_no_other(tmp_path: Path) -> None:
    """The next one finds a finished file to tell of, or the raw ones: never a thread that is still at it."""
    told: list[object] = []
    recordings = Recordings(_NoAsterisk(), tmp_path, SystemClock(), told.append)  # type: ignore[arg-type]
    raws = [_long_recording(tmp_path, number) for number in range(3)]
    recordings.take_over(())
    await asyncio.sleep(0)  # all three are under way
    await recordings.close()
    recordings.take_over(())
    left = _names(tmp_path)
    await asyncio.sleep(0.05)
    assert _names(tmp_path) == left
    assert not [name for name in left if name.endswith(".draft")]
    for raw in raws:
        assert raw.exists() != raw.with_suffix(".wav").exists()
    assert told == []


def _names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


class _NoAsterisk:
    """Is not asked for what has ended."""


def _long_recording(directory: Path, number: int) -> Path:
    running = Running(f"r{number}", f"leg{number}", 1)
    for name in (running.file_name, running.heard_file_name):
        (directory / name).write_bytes(b"\0\1" * 400_000)
    return directory / running.file_name
