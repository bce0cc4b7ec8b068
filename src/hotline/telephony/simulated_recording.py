"""Recordings of simulated legs: real stereo WAVs with the tones that were spoken and heard, silent while paused."""

import array
import dataclasses
import functools
import math
import wave
from pathlib import Path

from hotline.telephony.contract import RecordingFinished
from hotline.telephony.simulated_platform import SimulatedPlatform

RATE = 8000
_AMPLITUDE = 8000

Sound = frozenset[int]  # the frequencies that sound together
_SILENCE: Sound = frozenset()


@dataclasses.dataclass(slots=True)
class SimulatedRecording:
    """`parts`: (until when, what the party says, what it hears), each from the end of the former one."""

    recording_id: str
    leg_id: str
    started_at_ms: int
    is_paused: bool = False
    parts: list[tuple[int, Sound, Sound]] = dataclasses.field(default_factory=list)


class SimulatedRecordings:
    """Every recording of one platform; they go on without a driver."""

    def __init__(self, platform: SimulatedPlatform, directory: Path) -> None:
        self._platform = platform
        self._directory = directory
        self._running: dict[str, SimulatedRecording] = {}
        self._finished: list[RecordingFinished] = []
        platform.before_change(self._note_all)

    def start(self, recording_id: str, leg_id: str) -> None:
        self._running[recording_id] = SimulatedRecording(recording_id, leg_id, self._platform.clock.now_ms())

    def of_leg(self, leg_id: str) -> str | None:
        return next((one.recording_id for one in self._running.values() if one.leg_id == leg_id), None)

    def ended_ones(self) -> list[str]:
        """Recordings whose leg ended while no driver was there to tell of it."""
        return [one.recording_id for one in self._running.values() if one.leg_id not in self._platform.legs]

    def pause(self, recording_id: str, is_paused: bool) -> None:
        recording = self._running.get(recording_id)
        if recording is not None:
            self._note(recording)
            recording.is_paused = is_paused

    def finish(self, recording_id: str) -> RecordingFinished | None:
        """Write the WAV of a running recording; None when there is none of that name."""
        recording = self._running.get(recording_id)
        if recording is None:
            return None
        self._note(recording)
        del self._running[recording_id]
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        path, failure, frames = self._directory / f"{recording_id}.wav", "", 0
        try:
            frames = _write(path, recording)
        except OSError:
            failure = "damaged"
        finished = RecordingFinished(
            at_ms=self._platform.clock.now_ms(),
            recording_id=recording_id,
            leg_id=recording.leg_id,
            path=None if failure else path,
            started_at_ms=recording.started_at_ms,
            duration_ms=frames * 1000 // RATE,
            failure=failure,
        )
        self._finished.append(finished)
        return finished

    def left_ones(self) -> list[RecordingFinished]:
        """Finished recordings whose file nobody has stored and removed yet."""
        self._finished = [one for one in self._finished if one.path is not None and one.path.exists()]
        return list(self._finished)

    def _note_all(self) -> None:
        for recording in self._running.values():
            self._note(recording)

    def _note(self, recording: SimulatedRecording) -> None:
        leg = self._platform.legs.get(recording.leg_id)
        if leg is None:
            return
        said: Sound = frozenset([leg.voice_hz]) if leg.voice_hz is not None else _SILENCE
        heard = self._platform.voices_heard(leg.leg_id)
        part = (_SILENCE, _SILENCE) if recording.is_paused else (said, heard)
        recording.parts.append((self._platform.clock.now_ms(), *part))


def _write(path: Path, recording: SimulatedRecording) -> int:
    """Frames written."""
    total = 0
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, RATE, 0, "NONE", ""))
        for until_ms, said, heard in recording.parts:
            frames = (until_ms - recording.started_at_ms) * RATE // 1000 - total
            both = array.array("h", bytes(frames * 4))
            both[0::2] = _samples(said, total, frames)
            both[1::2] = _samples(heard, total, frames)
            file.writeframesraw(both.tobytes())
            total += frames
    return total


def _samples(sound: Sound, start: int, count: int) -> "array.array[int]":
    second = _second(sound)
    offset = start % RATE
    turns = (offset + count) // RATE + 1
    return (second * turns)[offset : offset + count]


@functools.lru_cache(maxsize=256)
def _second(sound: Sound) -> "array.array[int]":
    """One second of the tones together; whole frequencies repeat each second."""
    share = _AMPLITUDE / max(1, len(sound))
    return array.array(
        "h",
        (round(share * sum(math.sin(2 * math.pi * tone * i / RATE) for tone in sorted(sound))) for i in range(RATE)),
    )
