"""Recordings from the store: opened for one listener, for one stated reason, with a line in the audit."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from hotline.domains.contacts import queries, rules
from hotline.domains.contacts.errors import ListenReasonMissingError, RecordingGoneError
from hotline.domains.contacts.models import Recording
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.fields import keyring
from hotline.foundation.tenancy import scope_of

PURPOSE = "recording"


@dataclass(frozen=True, slots=True)
class Audio:
    """A part of a WAV file: left channel customer, right channel agent. `part` is None when it is the whole."""

    body: bytes
    size: int
    part: tuple[int, int] | None


def open_audio(actor: Actor, contact_id: UUID, recording_id: UUID, reason: str, range_header: str | None) -> Audio:
    """The recording, or the part that a Range header asks for. The audit knows of it before the first byte leaves.

    Raises ListenReasonMissingError, NotFoundError, RecordingGoneError, RangeNotSatisfiableError."""
    listening = actor.narrowed("recordings.listen")
    if not reason.strip():
        raise ListenReasonMissingError
    with scope_of(listening):
        recording = _recording(listening, contact_id, recording_id)
        audio = _part(_plain(recording), range_header)
        details = {"contact_id": str(contact_id), "reason": reason.strip()[:200], "part": audio.part}
        with transaction.atomic():
            audit.record_read(actor, "recording.listened", "recording", recording.id, recording.tenant_id, details)
    return audio


def _recording(actor: Actor, contact_id: UUID, recording_id: UUID) -> Recording:
    contact = queries.visible_contact(actor, contact_id)
    recording: Recording | None = Recording.objects.filter(pk=recording_id, contact=contact).first()
    if recording is None:
        raise NotFoundError(object_type="recording", object_id=str(recording_id))
    return recording


def _plain(recording: Recording) -> bytes:
    """The opened file; a WAV of an hour is 115 MB, which one request may hold."""
    store: Path = settings.HOTLINE.recordings_dir.resolve()
    path = (store / recording.path).resolve()
    # The path came from a node: it must not lead out of the store, nor into another tenant's directory.
    if not path.is_relative_to(store / str(recording.tenant_id)):
        raise RecordingGoneError
    try:
        sealed = path.read_bytes()
    except OSError as error:
        raise RecordingGoneError from error
    return keyring().open(sealed, PURPOSE)


def _part(plain: bytes, range_header: str | None) -> Audio:
    part = rules.byte_range(range_header, len(plain))
    if part is None:
        return Audio(plain, len(plain), None)
    return Audio(plain[part[0] : part[1] + 1], len(plain), part)
