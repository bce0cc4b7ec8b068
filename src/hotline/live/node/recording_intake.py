"""Finished recordings on their way from the platform into the store, and the fact that tells web of each."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog

from hotline.kernel.ids import new_id
from hotline.live.node.call.record import CallRecord
from hotline.live.node.recording_space import RecordingSpace
from hotline.live.node.recordings import RecordingStore, StoredRecording
from hotline.live.node.spool import Spool
from hotline.messages.facts import AnyFact, FlowStepTaken, RecordingStored
from hotline.telephony.contract import RecordingFinished, VoiceDriver, VoiceError

log = structlog.get_logger()

_RETRY_S = 30.0


class FinishedRecording(msgspec.Struct, frozen=True, kw_only=True):
    """Where the platform has put it, and how long it is. `incomplete`: why there is less than was said, as a code."""

    at_ms: int
    path: str
    started_at_ms: int
    duration_ms: int
    incomplete: str = ""


class ExpectedRecording(msgspec.Struct, frozen=True, kw_only=True):
    """Whose recording it is, kept in the spool from its start until it is stored. `finished` once it lies on disk;
    `cut_by`: why we have ended it before the conversation."""

    recording_id: str
    contact_id: str
    tenant_id: str
    finished: FinishedRecording | None = None
    cut_by: str = ""


class RecordingIntake:
    """Expects recordings, stores the finished ones, tries again when the disk is full."""

    def __init__(
        self,
        store: RecordingStore,
        spool: Spool,
        node_id: str,
        add_fact: Callable[[AnyFact], None],
        space: RecordingSpace,
    ) -> None:
        self._store = store
        self._spool = spool
        self._node_id = node_id
        self._add_fact = add_fact
        self._space = space
        self._expected = {found.recording_id: found for found in spool.recordings(ExpectedRecording)}
        self._told_of: set[str] = set()
        self._in_work: set[str] = set()

    def has_room(self) -> bool:
        """Whether a recording may begin."""
        return self._space.has_room

    async def cut_short(self, driver: VoiceDriver, cause: str) -> None:
        """End every recording in progress; what there is of it is kept, marked with the cause."""
        for expected in tuple(self._expected.values()):
            if expected.finished is None:
                self._keep(msgspec.structs.replace(expected, cut_by=cause))
                try:
                    await driver.stop_recording(expected.recording_id)
                except VoiceError as error:
                    log.warning("a recording could not be ended", recording=expected.recording_id, cause=str(error))

    def expect(self, recording_id: str, record: CallRecord) -> None:
        self._keep(
            ExpectedRecording(recording_id=recording_id, contact_id=record.contact_id, tenant_id=record.tenant_id)
        )

    def finished(self, event: RecordingFinished) -> asyncio.Task[bool] | None:
        """Begin to store it; the task says whether that went well."""
        expected = self._expected.get(event.recording_id)
        if expected is None:
            log.warning("a recording that nobody expected", recording=event.recording_id)
            return None
        if event.path is None:
            self._tell_failure(expected, event.failure or "no_file", event.at_ms)
            self._forget(event.recording_id)
            return None
        finished = FinishedRecording(
            at_ms=event.at_ms,
            path=str(event.path),
            started_at_ms=event.started_at_ms,
            duration_ms=event.duration_ms,
            incomplete=expected.cut_by or event.failure or (expected.finished.incomplete if expected.finished else ""),
        )
        self._keep(msgspec.structs.replace(expected, finished=finished))
        return asyncio.get_running_loop().create_task(self._take_in(expected, finished))

    async def run(self) -> None:
        """Try again what an earlier life, or a full disk, has left: until cancelled."""
        while True:
            for expected in tuple(self._expected.values()):
                if expected.finished is not None:
                    await self._take_in(expected, expected.finished)
            await asyncio.sleep(_RETRY_S)

    async def _take_in(self, expected: ExpectedRecording, finished: FinishedRecording) -> bool:
        recording_id = expected.recording_id
        if recording_id in self._in_work:
            return False
        self._in_work.add(recording_id)
        try:
            stored = await asyncio.to_thread(
                self._store.store, recording_id, expected.tenant_id, finished.started_at_ms, Path(finished.path)
            )
        except FileNotFoundError:
            self._tell_failure(expected, "file_missing", finished.at_ms)
            self._forget(recording_id)
            return False
        except OSError as error:
            log.error("a recording cannot be stored, it is tried again", recording=recording_id, cause=str(error))
            self._tell_failure(expected, "store_failed", finished.at_ms)
            return False
        finally:
            self._in_work.discard(recording_id)
        self._add_fact(self._stored_fact(expected, finished, stored))
        self._forget(recording_id)
        return True

    def _stored_fact(
        self, expected: ExpectedRecording, finished: FinishedRecording, stored: StoredRecording
    ) -> RecordingStored:
        return RecordingStored(
            fact_id=new_id(),
            at_ms=finished.at_ms,
            contact_id=expected.contact_id,
            tenant_id=expected.tenant_id,
            node_id=self._node_id,
            recording_id=expected.recording_id,
            path=stored.path,
            started_at_ms=finished.started_at_ms,
            duration_ms=finished.duration_ms,
            size_bytes=stored.size_bytes,
            sha256=stored.sha256,
            key_id=stored.key_id,
            incomplete=finished.incomplete,
        )

    def _tell_failure(self, expected: ExpectedRecording, cause: str, at_ms: int) -> None:
        """Once for each recording, however often it is tried."""
        if expected.recording_id in self._told_of:
            return
        self._told_of.add(expected.recording_id)
        self._add_fact(
            FlowStepTaken(
                fact_id=new_id(),
                at_ms=at_ms,
                contact_id=expected.contact_id,
                tenant_id=expected.tenant_id,
                node_id=self._node_id,
                step_id="recording",
                kind="recording_failed",
                detail=cause,
            )
        )

    def _keep(self, expected: ExpectedRecording) -> None:
        self._expected[expected.recording_id] = expected
        self._spool.save_recording(expected.recording_id, expected)

    def _forget(self, recording_id: str) -> None:
        self._expected.pop(recording_id, None)
        self._told_of.discard(recording_id)
        self._spool.forget_recording(recording_id)
