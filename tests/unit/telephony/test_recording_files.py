"""Recordings on disk: names that tell all, raw samples made a WAV, failures said."""

import array
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.kernel.ids import new_id
from hotline.telephony.asterisk_recording import Running, describe_recording, finish_recording, read_file_name


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
    assert "No such file" in finished.failure
    assert list(tmp_path.iterdir()) == []
