"""Recordings from the store: opened for one listener, for one stated reason, with a line in the audit."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from hotline.domains.contacts import queries, rules
from hotline.domains.contacts.errors import ListenReasonMissingError, RecordingErasedError, RecordingGoneError
from hotline.domains.contacts.models import Recording
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.fields import keyring
from hotline.foundation.tenancy import scope_of
from hotline.kernel.sealed_files import SealedFile

PURPOSE = "recording"


@dataclass(frozen=True, slots=True)
class Audio:
    """A part of a WAV file: left channel customer, right channel agent. `part` is None when it is the whole. Iterated,
    it gives the bytes in pieces; whoever got it closes it."""

    file: SealedFile
    part: tuple[int, int] | None

    @property
    def size(self) -> int:
        """Bytes of the whole recording."""
        return self.file.size

    @property
    def length(self) -> int:
        """Bytes of the part."""
        first, last = self._bounds
        return last - first + 1

    def __iter__(self) -> Iterator[bytes]:
        first, last = self._bounds
        return self.file.read(first, last + 1)

    def close(self) -> None:
        self.file.close()

    @property
    def _bounds(self) -> tuple[int, int]:
        return self.part or (0, self.size - 1)


def open_audio(actor: Actor, contact_id: UUID, recording_id: UUID, reason: str, range_header: str | None) -> Audio:
    """The recording, or the part that a Range header asks for. The audit knows of it before the first byte leaves.

    Raises ListenReasonMissingError, NotFoundError, RecordingErasedError, RecordingGoneError, UnsealError,
    RangeNotSatisfiableError."""
    listening = actor.narrowed("recordings.listen")
    if not reason.strip():
        raise ListenReasonMissingError
    with scope_of(listening):
        recording = _recording(listening, contact_id, recording_id)
        audio = _audio(recording, range_header)
        details = {"contact_id": str(contact_id), "reason": reason.strip()[:200], "part": audio.part}
        with ExitStack() as unless_told:
            unless_told.callback(audio.close)
            with transaction.atomic():
                audit.record_read(actor, "recording.listened", "recording", recording.id, recording.tenant_id, details)
            unless_told.pop_all()
    return audio


def _recording(actor: Actor, contact_id: UUID, recording_id: UUID) -> Recording:
    contact = queries.visible_contact(actor, contact_id)
    recording: Recording | None = Recording.objects.filter(pk=recording_id, contact=contact).first()
    if recording is None:
        raise NotFoundError(object_type="recording", object_id=str(recording_id))
    if recording.erased_at is not None:
        raise RecordingErasedError(day=f"{recording.erased_at:%Y-%m-%d}")
    return recording


def _audio(recording: Recording, range_header: str | None) -> Audio:
    file = _file(recording)
    try:
        return Audio(file, rules.byte_range(range_header, file.size))
    except BaseException:
        file.close()
        raise


def _file(recording: Recording) -> SealedFile:
    store: Path = settings.HOTLINE.recordings_dir
    path = rules.place_in_store(store, recording.tenant_id, recording.path)
    if path is None:
        raise RecordingGoneError
    try:
        return SealedFile(path, keyring(), PURPOSE, f"{recording.tenant_id}/{recording.id}")
    except OSError as error:
        raise RecordingGoneError from error
