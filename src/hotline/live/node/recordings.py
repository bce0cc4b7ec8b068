"""The recording store: finished recordings are sealed, written safely, and only then is the plain file removed."""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from hotline.kernel.sealing import Keyring

_PURPOSE = "recording"


class StoredRecording(msgspec.Struct, frozen=True, kw_only=True):
    """Where a recording lies (relative to the store) and what it is."""

    path: str
    size_bytes: int
    sha256: str
    key_id: str


class RecordingStore:
    """Sealed recordings by tenant and month. Blocking: call it in a thread."""

    def __init__(self, directory: Path, keyring: Keyring) -> None:
        self._directory = directory
        self._keyring = keyring

    def store(self, recording_id: str, tenant_id: str, started_at_ms: int, plain: Path) -> StoredRecording:
        """Seal the plain file into the store and remove it. Raises OSError (disk full) and then keeps the plain file.

        Done again for a recording that is stored already, it gives a new sealed file in the same place."""
        sealed = self._keyring.seal(plain.read_bytes(), _PURPOSE)
        month = datetime.fromtimestamp(started_at_ms / 1000, tz=UTC)
        relative = Path(tenant_id) / f"{month:%Y}" / f"{month:%m}" / f"{recording_id}.sealed"
        _write_safely(self._directory / relative, sealed)
        plain.unlink()
        return StoredRecording(
            path=relative.as_posix(),
            size_bytes=len(sealed),
            sha256=hashlib.sha256(sealed).hexdigest(),
            key_id=self._keyring.current_id,
        )


def _write_safely(path: Path, body: bytes) -> None:
    """The file is there as a whole and survives a power cut, or it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".draft")
    try:
        with draft.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
