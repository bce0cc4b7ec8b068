"""The recording store: finished recordings are sealed, written safely, and only then is the plain file removed."""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from hotline.kernel.sealed_files import seal_file
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
        month = datetime.fromtimestamp(started_at_ms / 1000, tz=UTC)
        relative = Path(tenant_id) / f"{month:%Y}" / f"{month:%m}" / f"{recording_id}.sealed"
        written = self._seal_safely(plain, self._directory / relative, f"{tenant_id}/{recording_id}")
        plain.unlink()
        return StoredRecording(
            path=relative.as_posix(),
            size_bytes=written.size_bytes,
            sha256=written.digest.hexdigest(),
            key_id=self._keyring.current_id,
        )

    def _seal_safely(self, plain: Path, path: Path, context: str) -> "_Written":
        """The file is there as a whole and survives a power cut, or it is not there."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(".draft")
        try:
            with plain.open("rb") as source, draft.open("wb") as file:
                written = _Written(file)
                seal_file(source, written, self._keyring, _PURPOSE, context)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        _settle(path.parent)
        return written


class _Written:
    """A file on its way to the disk, measured as it goes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size_bytes = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        self._file.write(data)
        self.size_bytes += len(data)
        self.digest.update(data)


def _settle(directory: Path) -> None:
    """The directory's new entry survives a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
