"""Stereo recordings by Asterisk's MixMonitor: both directions of one leg on one clock, lost packets made silence.

Two recorded snoops would drift apart by every packet that is lost. MixMonitor's own interleaving (its option D) takes
each frame for one of 8 kHz, also where a wideband leg made it longer, so that each direction is written for itself and
interleaved by us. The raw file's name holds all that a restarted node needs to finish it: recording, leg, and start."""

import array
import asyncio
import errno
import time
import wave
from collections import defaultdict
from collections.abc import Callable, Collection
from pathlib import Path

import msgspec
import structlog

from hotline.kernel.clock import Clock
from hotline.telephony.ari import Ari, AriDownError, AriError
from hotline.telephony.asterisk_hooks import HeardVoice, until_forgotten
from hotline.telephony.contract import RecordingFinished, VoiceEvent

_log = structlog.get_logger(__name__)
RATE = 8000
_SAMPLE_BYTES = 2
_CHUNK_SAMPLES = 1 << 18
_CLOSED_POLL_S = 0.1
_CLOSED_LIMIT_S = 10.0
_ROOM_RETRY_S = 30.0
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# Asterisk begins a moment after it was asked, and packets that were late at the end are not waited for.
_MISSING_ALLOWED_MS, _MISSING_ALLOWED_RATIO = 2000, 0.01


class Running(msgspec.Struct, frozen=True):
    """A recording in progress, and its raw file's name."""

    recording_id: str
    leg_id: str
    started_at_ms: int

    @property
    def file_name(self) -> str:
        """What the leg's party says."""
        return f"{self.recording_id}__{self.leg_id}__{self.started_at_ms}.raw"

    @property
    def heard_file_name(self) -> str:
        """What the leg's party hears; both endings mean 16-bit samples at 8 kHz to Asterisk."""
        return self.file_name.removesuffix(".raw") + ".sln"


def read_file_name(name: str) -> Running | None:
    """What a raw file's name says, or None when it is not one of ours."""
    parts = name.removesuffix(".raw").split("__")
    if not name.endswith(".raw") or len(parts) != 3 or not parts[2].isdigit():
        return None
    return Running(parts[0], parts[1], int(parts[2]))


class Recordings:
    """The recordings of one Asterisk. `tell` takes the events."""

    def __init__(self, ari: Ari, directory: Path, clock: Clock, tell: Callable[[VoiceEvent], None]) -> None:
        self._ari = ari
        self._clock = clock
        self._directory = directory
        self._tell = tell
        self._running: dict[str, Running] = {}
        self._voices: dict[str, HeardVoice] = {}
        self._due: set[str] = set()  # paused, and to be renewed when they go on
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # one command at a time for each
        self._finishing: set[asyncio.Task[None]] = set()
        self._writing: set[asyncio.Future[RecordingFinished]] = set()
        self._is_closed = False

    async def start(self, running: Running, voice: str | None) -> None:
        """`voice` is the leg that is heard alone. Raises AriError or AriDownError when it does not begin."""
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        recording_id = running.recording_id
        self._running[recording_id], self._voices[recording_id] = running, HeardVoice(voice)
        async with self._turns[recording_id]:
            try:
                await self._write_from_now(running)
            except (AriError, AriDownError):
                self._forget(recording_id)
                raise

    async def _write_from_now(self, running: Running, *, is_more: bool = False) -> None:
        said, heard = self._directory / running.file_name, self._directory / running.heard_file_name
        options = f"{'a' if is_more else ''}r({said})t({heard})"
        await self._ari.manager("MixMonitor", Channel=running.leg_id, File="", options=options)

    def leg_of(self, recording_id: str) -> str | None:
        running = self._running.get(recording_id)
        return running.leg_id if running else None

    async def mute(self, recording_id: str, is_muted: bool) -> None:
        running = self._running.get(recording_id)
        if running is None:
            return
        async with self._turns[recording_id]:
            if self._running.get(recording_id) is not running:
                return
            if is_muted:
                self._mark_paused(running)
                await self._mute(running, "1")
                return
            if recording_id in self._due:
                await self._renew(running)
            else:
                await self._mute(running, "0")
            self._due.discard(recording_id)
            self._pause_mark(running).unlink(missing_ok=True)

    async def _mute(self, running: Running, state: str) -> None:
        await self._ari.manager("MixMonitorMute", Channel=running.leg_id, Direction="both", State=state)

    def _pause_mark(self, running: Running) -> Path:
        """A file that is there while the recording is paused: whoever comes after us must know."""
        return (self._directory / running.file_name).with_suffix(".paused")

    def _mark_paused(self, running: Running) -> None:
        try:
            self._pause_mark(running).touch(mode=0o600)
        except OSError as error:
            _log.warning("recording_pause_is_not_marked", recording=running.recording_id, cause=str(error))
            self._due.add(running.recording_id)  # then it is taken up anew in any case, and not before it goes on

    async def stop(self, recording_id: str) -> None:
        """Asterisk has closed the file when this returns; RecordingFinished follows."""
        if recording_id not in self._running:
            return
        async with self._turns[recording_id]:
            running = self._forget(recording_id)
            if running is None:
                return
            try:
                await self._ari.manager("StopMixMonitor", Channel=running.leg_id)
            except AriError:
                self._finish_later(running, self._clock.now_ms())  # the leg has just ended by itself
                return
            self._finish_later(running, self._clock.now_ms(), is_closed=True)

    def _forget(self, recording_id: str) -> Running | None:
        self._voices.pop(recording_id, None)
        self._turns.pop(recording_id, None)
        self._due.discard(recording_id)
        return self._running.pop(recording_id, None)

    # --- whose voice --------------------------------------------------------------------------------------------------

    def would_lose(self, recording_id: str, voice: str | None) -> bool:
        """This leg is heard alone from now on, or nobody or several at once: whether to `renew` the recording."""
        heard = self._voices.get(recording_id)
        return heard is not None and heard.is_lost(voice, time.monotonic())

    async def renew(self, recording_id: str) -> None:
        """Take the recording up anew, so that it holds whoever is heard now; a paused one when it goes on."""
        running = self._running.get(recording_id)
        if running is None:
            return
        async with self._turns[recording_id]:
            if self._running.get(recording_id) is not running:
                return
            if recording_id in self._due or self._pause_mark(running).exists():
                self._due.add(recording_id)
            else:
                await self._renew(running)

    async def _renew(self, running: Running) -> None:
        await self._ari.manager("StopMixMonitor", Channel=running.leg_id)
        stopped_s = time.monotonic()
        await until_forgotten(self._ari, running.leg_id)
        if self._running.get(running.recording_id) is running:  # the leg lives
            await asyncio.to_thread(self._add_silence, running, time.monotonic() - stopped_s)
            await self._write_from_now(running, is_more=True)

    def _add_silence(self, running: Running, seconds: float) -> None:
        """What was said while nothing was written is missing; what follows stays at its place."""
        silence = bytes(round(seconds * RATE) * _SAMPLE_BYTES)
        try:
            for name in (running.file_name, running.heard_file_name):
                with (self._directory / name).open("ab") as file:
                    file.write(silence)
        except OSError as error:
            _log.warning("recording_has_no_room_for_silence", recording=running.recording_id, cause=str(error))

    # --- the end ------------------------------------------------------------------------------------------------------

    def leg_ended(self, leg_id: str, at_ms: int) -> None:
        """The leg's recording ends with it."""
        for running in [running for running in self._running.values() if running.leg_id == leg_id]:
            self._forget(running.recording_id)
            self._finish_later(running, at_ms)

    def take_over(self, living_legs: Collection[str]) -> None:
        """Know the recordings that a former process began; finish those whose leg has ended meanwhile."""
        for draft in self._directory.glob("*.draft"):
            if not self._finishing:
                draft.unlink()  # of a process that died while writing; the raw file is still there
        for path in sorted(self._directory.glob("*.raw")):
            running = read_file_name(path.name)
            if running is None or self._is_being_finished(running):
                continue
            if running.leg_id in living_legs:
                self._running.setdefault(running.recording_id, running)
                self._voices.setdefault(running.recording_id, HeardVoice())  # whoever is heard by now
            else:
                self._forget(running.recording_id)
                self._finish_later(running, None, is_closed=True)

    async def tell_left_ones(self) -> None:
        """Tell again of finished recordings that a former process did not store."""
        for path in sorted(self._directory.glob("*.wav")):
            running = read_file_name(path.with_suffix(".raw").name)
            if running is not None:
                self._tell(await asyncio.to_thread(describe_recording, path, running))

    async def close(self) -> None:
        """Files that are being written are finished; whoever comes next tells of them, and finishes the others."""
        self._is_closed = True
        for task in self._finishing:
            task.cancel()
        await asyncio.gather(*self._finishing, return_exceptions=True)
        await asyncio.gather(*self._writing, return_exceptions=True)  # threads, which cannot be cancelled

    def _is_being_finished(self, running: Running) -> bool:
        return any(task.get_name() == running.file_name for task in self._finishing)

    def _finish_later(self, running: Running, ended_at_ms: int | None, is_closed: bool = False) -> None:
        """`ended_at_ms` is None when nobody was there to see its end."""
        if self._is_closed:
            return  # an event that came while we let go
        task = asyncio.create_task(self._finish(running, ended_at_ms, is_closed), name=running.file_name)
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)

    async def _finish(self, running: Running, ended_at_ms: int | None, is_closed: bool) -> None:
        if not is_closed:
            await self._until_closed(running.leg_id)
        while True:
            try:
                finished = await asyncio.shield(self._write(running, ended_at_ms))
            except NoRoomError as error:
                _log.error("recording_waits_for_room", recording=running.recording_id, cause=str(error))
                await asyncio.sleep(_ROOM_RETRY_S)
            else:
                self._tell(finished)
                return

    def _write(self, running: Running, ended_at_ms: int | None) -> "asyncio.Future[RecordingFinished]":
        writing = asyncio.ensure_future(asyncio.to_thread(finish_recording, self._directory, running, ended_at_ms))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)
        return writing

    async def _until_closed(self, leg_id: str) -> None:
        """Wait for the end of the channel: its dialplan closes the file before that."""
        try:
            async with asyncio.timeout(_CLOSED_LIMIT_S):
                while True:
                    await self._ari.request("GET", f"channels/{leg_id}")
                    await asyncio.sleep(_CLOSED_POLL_S)
        except (AriError, AriDownError, TimeoutError):
            return


class NoRoomError(Exception):
    """The disk is full: the raw files are kept for later."""


def finish_recording(directory: Path, running: Running, ended_at_ms: int | None = None) -> RecordingFinished:
    """Make the stereo WAV from the two raw files, remove these, and say so, also whether it is as long as it should be.

    Raises NoRoomError."""
    raw, heard = directory / running.file_name, directory / running.heard_file_name
    draft = raw.with_suffix(".draft")
    try:
        _interleave(raw, heard, draft)
        draft.rename(raw.with_suffix(".wav"))
        heard.unlink(missing_ok=True)
        raw.with_suffix(".paused").unlink(missing_ok=True)
        raw.unlink()
    except (OSError, wave.Error) as error:
        draft.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise NoRoomError(str(error)) from error
        _log.error("recording_damaged", recording=running.recording_id, cause=str(error))
        return _finished(running, None, 0, "damaged")
    finished = describe_recording(raw.with_suffix(".wav"), running)
    if ended_at_ms is not None and _is_short(finished.duration_ms, ended_at_ms - running.started_at_ms):
        return msgspec.structs.replace(finished, failure="short")
    return finished


def _is_short(duration_ms: int, wanted_ms: int) -> bool:
    """Whether more is missing than beginning and ending explain, as when the disk was full for a while."""
    return duration_ms < wanted_ms * (1 - _MISSING_ALLOWED_RATIO) - _MISSING_ALLOWED_MS


def describe_recording(wav: Path, running: Running) -> RecordingFinished:
    """What there is to tell of a finished WAV."""
    try:
        with wave.open(str(wav), "rb") as file:
            duration_ms = file.getnframes() * 1000 // file.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        _log.error("recording_damaged", recording=running.recording_id, cause=str(error) or "the file is cut short")
        return _finished(running, None, 0, "damaged")
    return _finished(running, wav, duration_ms, "")


def _finished(running: Running, path: Path | None, duration_ms: int, failure: str) -> RecordingFinished:
    return RecordingFinished(
        at_ms=running.started_at_ms + duration_ms,
        recording_id=running.recording_id,
        leg_id=running.leg_id,
        path=path,
        started_at_ms=running.started_at_ms,
        duration_ms=duration_ms,
        failure=failure,
    )


def _interleave(left: Path, right: Path, wav: Path) -> None:
    """Two files of samples become the two channels of a WAV; the shorter one ends in silence."""
    with left.open("rb") as said, right.open("ab+") as heard, wave.open(str(wav), "wb") as target:
        heard.seek(0)  # "ab+" has made the file of a party that never heard anything: all silence
        target.setparams((2, _SAMPLE_BYTES, RATE, 0, "NONE", ""))
        while True:
            chunks = [file.read(_CHUNK_SAMPLES * _SAMPLE_BYTES) for file in (said, heard)]
            samples = max(len(chunk) for chunk in chunks) // _SAMPLE_BYTES
            if not samples:
                return
            stereo = array.array("h", bytes(2 * _SAMPLE_BYTES * samples))
            for channel, chunk in enumerate(chunks):
                whole = array.array("h", chunk[: len(chunk) - len(chunk) % _SAMPLE_BYTES])
                stereo[channel : 2 * len(whole) : 2] = whole
            target.writeframesraw(stereo.tobytes())
