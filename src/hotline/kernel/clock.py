"""Clocks. Whatever decides is handed one; only entrypoints choose the real one."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Source of the current time."""

    def now_ms(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000


class FakeClock:
    """A clock that moves only when told to; for tests and simulation."""

    def __init__(self, now_ms: int = 1_772_000_000_000) -> None:
        self._now_ms = now_ms

    def now_ms(self) -> int:
        return self._now_ms

    def advance_ms(self, milliseconds: int) -> None:
        self._now_ms += milliseconds


def to_datetime(at_ms: int) -> datetime:
    """The aware UTC moment of a millisecond stamp."""
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC)


def to_ms(moment: datetime) -> int:
    """The millisecond stamp of an aware moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return round(moment.timestamp() * 1000)
