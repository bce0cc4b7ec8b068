"""Files encrypted at rest in chunks, so that neither sealing nor reading a part holds the whole in memory.

Form: a header (mark, key id, salt, nonce prefix), then chunks of 64 KiB, each AES-256-GCM under a key derived for this
file alone. A chunk's nonce holds its number and whether it is the last (the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár, 2015), and the header with the file's context is authenticated with every chunk: chunks that were
left out, exchanged or taken from another file do not open. Files in the former form, one `Keyring.seal`, open too."""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hotline.kernel.sealing import Keyring, UnsealError

CHUNK_BYTES = 64 * 1024
_MARK = b"\0HLS1"  # no key id begins so
_SALT_BYTES, _PREFIX_BYTES, _TAG_BYTES = 16, 7, 16
_SEALED_CHUNK_BYTES = CHUNK_BYTES + _TAG_BYTES


class Sink(Protocol):
    """Where sealed bytes go."""

    def write(self, data: bytes, /) -> object: ...


def seal_file(plain: BinaryIO, sealed: Sink, keyring: Keyring, purpose: str, context: str) -> None:
    """Read `plain` to its end and write its sealed form. `context` says which file it is, and opens it again."""
    key_id = keyring.current_id.encode()
    salt, prefix = os.urandom(_SALT_BYTES), os.urandom(_PREFIX_BYTES)
    header = _MARK + bytes([len(key_id)]) + key_id + salt + prefix
    cipher, bound = AESGCM(keyring.file_key(keyring.current_id, purpose, salt)), header + context.encode()
    sealed.write(header)
    number, chunk = 0, plain.read(CHUNK_BYTES)
    while True:
        following = plain.read(CHUNK_BYTES) if len(chunk) == CHUNK_BYTES else b""
        sealed.write(cipher.encrypt(_nonce(prefix, number, is_last=not following), chunk, bound))
        if not following:
            return
        number, chunk = number + 1, following


class SealedFile:
    """A sealed file, opened for reading: close it. Its end is authenticated at once, each part when it is read.

    Raises UnsealError when the key is unknown, or the file was altered or cut short, and OSError."""

    def __init__(self, path: Path, keyring: Keyring, purpose: str, context: str) -> None:
        self._file = path.open("rb")
        try:
            self._content = _content(self._file, keyring, purpose, context)
        except BaseException:
            self._file.close()
            raise

    @property
    def size(self) -> int:
        """Bytes of the plain file."""
        return self._content.size

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """The plain bytes from `start` to before `stop`, in pieces. Raises UnsealError at the first altered one."""
        return self._content.read(start, stop)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "SealedFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Chunked:
    def __init__(self, file: BinaryIO, keyring: Keyring, purpose: str, context: str) -> None:
        """`file` stands behind the mark."""
        key_id = file.read(file.read(1)[0])
        salt, self._prefix = file.read(_SALT_BYTES), file.read(_PREFIX_BYTES)
        self._file, self._begin = file, file.tell()
        self._cipher = AESGCM(keyring.file_key(key_id.decode("ascii"), purpose, salt))
        self._bound = _MARK + bytes([len(key_id)]) + key_id + salt + self._prefix + context.encode()
        body_bytes = file.seek(0, os.SEEK_END) - self._begin
        self._count = max(1, -(-body_bytes // _SEALED_CHUNK_BYTES))
        self.size = body_bytes - self._count * _TAG_BYTES
        self._chunk(self._count - 1)  # a file that was cut short has no last chunk

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        for number in range(start // CHUNK_BYTES, -(-stop // CHUNK_BYTES)):
            begin = number * CHUNK_BYTES
            yield self._chunk(number)[max(0, start - begin) : stop - begin]

    def _chunk(self, number: int) -> bytes:
        self._file.seek(self._begin + number * _SEALED_CHUNK_BYTES)
        sealed = self._file.read(_SEALED_CHUNK_BYTES)
        nonce = _nonce(self._prefix, number, is_last=number == self._count - 1)
        try:
            return self._cipher.decrypt(nonce, sealed, self._bound)
        except (InvalidTag, ValueError) as error:
            raise UnsealError from error


class _Whole:
    """The former form: small enough then to be held as a whole."""

    def __init__(self, plain: bytes) -> None:
        self._plain = plain
        self.size = len(plain)

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        yield self._plain[start:stop]


def _content(file: BinaryIO, keyring: Keyring, purpose: str, context: str) -> _Chunked | _Whole:
    mark = file.read(len(_MARK))
    if mark != _MARK:
        return _Whole(keyring.open(mark + file.read(), purpose))
    try:
        return _Chunked(file, keyring, purpose, context)
    except (IndexError, UnicodeDecodeError) as error:  # the header itself is cut short or altered
        raise UnsealError from error


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, is_last)
