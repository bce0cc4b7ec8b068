"""Ports for tests that several test processes, and whatever else runs on this machine, cannot snatch from each other.

They lie below the system's range for outgoing connections (32768 and up), where any program may hold any port at any
moment. A unit of 100 ports belongs to the process that holds the lock on its file, until it lets go or ends."""

import fcntl
import socket
import tempfile
import weakref
from pathlib import Path
from typing import IO

_UNIT = 100
_FIRST, _LAST = 10_400, 32_600
_PRODUCT_MEDIA = range(20_000, 21_000)
"""A centre beside the tests speaks here by default."""


class PortRange:
    """`size` neighbouring ports that no other test process uses, as long as this object lives."""

    def __init__(self, size: int) -> None:
        wanted = -(-size // _UNIT)
        held: list[IO[bytes]] = []
        for start in range(_FIRST, _LAST, _UNIT):
            lock = None if start in _PRODUCT_MEDIA else _locked(start)
            if lock is None:
                _close(held)
                held = []
                continue
            held.append(lock)
            if len(held) == wanted:
                weakref.finalize(self, _close, held)
                self.high = start + _UNIT - 1
                self.low = self._next = self.high - wanted * _UNIT + 1
                return
        _close(held)
        raise AssertionError(f"no {size} free ports between {_FIRST} and {_LAST}: are other test runs going on?")

    @property
    def bounds(self) -> tuple[int, int]:
        """The lowest and the highest port."""
        return self.low, self.high

    def take(self, count: int = 1) -> int:
        """The first of `count` neighbouring ports that nobody holds; the same ones come again after all others."""
        for _ in range(self.low, self.high, count):
            port = self._next if self._next + count - 1 <= self.high else self.low
            self._next = port + count
            if all(_is_free(port + offset) for offset in range(count)):
                return port
        raise AssertionError(f"no {count} free ports from {self.low} to {self.high}")


_singles: list[PortRange] = []


def free_ports(count: int) -> list[int]:
    """Ports that nobody holds now, for TCP and UDP; of this process, so that nobody takes them a moment later."""
    if not _singles:
        _singles.append(PortRange(5 * _UNIT))
    return [_singles[0].take() for _ in range(count)]


def _locked(start: int) -> IO[bytes] | None:
    directory = Path(tempfile.gettempdir()) / "hotline-test-ports"
    if not directory.exists():
        directory.mkdir(exist_ok=True)
        directory.chmod(0o1777)  # test runs of other users need it too
    try:
        lock = (directory / str(start)).open("ab")
    except PermissionError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _close(locks: list[IO[bytes]]) -> None:
    for lock in locks:
        lock.close()


def _is_free(port: int) -> bool:
    with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: one that just ended is no hindrance
        try:
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
