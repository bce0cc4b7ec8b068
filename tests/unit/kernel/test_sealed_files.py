"""Sealed files: any part opens, nothing else does, and memory does not grow with their length."""

import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.kernel.sealed_files import CHUNK_BYTES, SealedFile, seal_file
from hotline.kernel.sealing import Keyring, UnsealError

RING = Keyring({"k2": b"2" * 32, "k1": b"1" * 32})
PURPOSE, CONTEXT = "recording", "tenant/recording"
SEALED_CHUNK_BYTES = CHUNK_BYTES + 16
HEADER_BYTES = 5 + 1 + 2 + 16 + 7


def sealed(path: Path, plain: bytes, keyring: Keyring = RING, context: str = CONTEXT) -> Path:
    with path.open("wb") as file:
        seal_file(io.BytesIO(plain), file, keyring, PURPOSE, context)
    return path


def opened(path: Path, start: int = 0, stop: int | None = None, context: str = CONTEXT) -> bytes:
    with SealedFile(path, RING, PURPOSE, context) as file:
        return b"".join(file.read(start, file.size if stop is None else stop))


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_a_file_of_any_length_opens_whole(tmp_path: Path, size: int) -> None:
    plain = bytes(number % 251 for number in range(size))
    path = sealed(tmp_path / "f", plain)
    assert opened(path) == plain
    assert plain[:16] not in path.read_bytes() or size < 16


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.integers(0, 3 * CHUNK_BYTES + 7), st.integers(0, 3 * CHUNK_BYTES + 7))
def test_any_part_opens_alone(tmp_path: Path, one: int, other: int) -> None:
    plain = bytes(number % 251 for number in range(3 * CHUNK_BYTES + 7))
    path = tmp_path / "f"
    if not path.exists():
        sealed(path, plain)
    start, stop = sorted((one, other))
    assert opened(path, start, stop) == plain[start:stop]


@pytest.mark.parametrize("kept", [0, 1, 5, HEADER_BYTES, HEADER_BYTES + SEALED_CHUNK_BYTES, -1, -17])
def test_a_file_that_was_cut_short_is_refused_before_anything_is_read(tmp_path: Path, kept: int) -> None:
    path = sealed(tmp_path / "f", b"x" * (2 * CHUNK_BYTES + 100))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(UnsealError):
        SealedFile(path, RING, PURPOSE, CONTEXT)


def test_a_file_with_something_added_is_refused(tmp_path: Path) -> None:
    path = sealed(tmp_path / "f", b"x" * 100)
    path.write_bytes(path.read_bytes() + b"y" * 40)
    with pytest.raises(UnsealError):
        SealedFile(path, RING, PURPOSE, CONTEXT)


def test_exchanged_chunks_are_refused(tmp_path: Path) -> None:
    path = sealed(tmp_path / "f", b"x" * (3 * CHUNK_BYTES))
    body = path.read_bytes()
    header, first, second, rest = (
        body[:HEADER_BYTES],
        body[HEADER_BYTES : HEADER_BYTES + SEALED_CHUNK_BYTES],
        body[HEADER_BYTES + SEALED_CHUNK_BYTES : HEADER_BYTES + 2 * SEALED_CHUNK_BYTES],
        body[HEADER_BYTES + 2 * SEALED_CHUNK_BYTES :],
    )
    path.write_bytes(header + second + first + rest)
    with pytest.raises(UnsealError):
        opened(path)


def test_a_chunk_of_another_file_is_refused(tmp_path: Path) -> None:
    one, other = (sealed(tmp_path / name, b"x" * 2 * CHUNK_BYTES).read_bytes() for name in ("one", "other"))
    (tmp_path / "mixed").write_bytes(
        one[:HEADER_BYTES]
        + other[HEADER_BYTES : HEADER_BYTES + SEALED_CHUNK_BYTES]
        + one[HEADER_BYTES + SEALED_CHUNK_BYTES :]
    )
    with pytest.raises(UnsealError):
        opened(tmp_path / "mixed")


def test_one_recording_in_the_place_of_another_is_refused(tmp_path: Path) -> None:
    path = sealed(tmp_path / "f", b"what somebody else said")
    with pytest.raises(UnsealError):
        opened(path, context="tenant/another recording")


def test_a_foreign_key_is_refused_and_a_former_one_opens(tmp_path: Path) -> None:
    foreign = sealed(tmp_path / "foreign", b"x", Keyring({"k2": b"9" * 32}))
    unknown = sealed(tmp_path / "unknown", b"x", Keyring({"k9": b"2" * 32}))
    for path in (foreign, unknown):
        with pytest.raises(UnsealError):
            SealedFile(path, RING, PURPOSE, CONTEXT)
    assert opened(sealed(tmp_path / "former", b"before the rotation", Keyring({"k1": b"1" * 32}))) == (
        b"before the rotation"
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_a_changed_byte_is_refused(tmp_path: Path, data: st.DataObject) -> None:
    path = sealed(tmp_path / "f", b"plain" * 20)
    body = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(body)
    with pytest.raises(UnsealError):
        opened(path)


def test_a_file_in_the_former_form_opens_in_whole_and_in_part(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(RING.seal(b"sealed by an earlier version", PURPOSE))
    assert (opened(path), opened(path, 7, 9)) == (b"sealed by an earlier version", b"by")


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    with plain.open("wb") as file:
        file.truncate(48 * 1024 * 1024)
    tracemalloc.start()
    try:
        with plain.open("rb") as source, (tmp_path / "f").open("wb") as target:
            seal_file(source, target, RING, PURPOSE, CONTEXT)
        with SealedFile(tmp_path / "f", RING, PURPOSE, CONTEXT) as file:
            assert sum(map(len, file.read(0, file.size))) == plain.stat().st_size
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1024 * 1024
