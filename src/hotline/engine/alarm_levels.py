"""Alarms as they are kept, and the figures of the last 15 minutes that they watch, by queue and whole minute, and when
each is beyond what was set."""

from typing import NamedTuple

import msgspec

from hotline.formulas.service_level import is_met
from hotline.messages import routing as m
from hotline.messages.configuration import QueueConfiguration

WINDOW_MINUTES = 15
MINUTE_MS = 60_000
_WHOLE = 10_000  # hundredths of a per cent
KINDS: tuple[m.AlarmKind, ...] = ("service_level", "abandoned", "blocked")


class Level(NamedTuple):
    """Of `counted` who asked in the last 15 minutes, so many were answered within the threshold; of the other kinds: so
    many gave up, or were blocked. The field keeps the name that it has in the log's events."""

    answered_in_time: int
    counted: int


class Minute(msgspec.Struct, omit_defaults=True):
    asked: int = 0
    in_time: int = 0
    is_simulated: bool = False
    abandoned: int = 0
    blocked: int = 0


class Watch(msgspec.Struct, omit_defaults=True):
    """One queue: who asked in each minute, the unanswered with when they asked and their threshold, and those who came
    out of it without an agent, with the minute in which they did."""

    minutes: dict[int, Minute] = {}
    waiting: dict[str, tuple[int, int]] = {}
    diverted: dict[str, int] = {}


class Alarm(msgspec.Struct):
    """One that has not ended. `owner_id` sees to it; silenced ones have a reason why nobody needs to."""

    alarm_id: str
    tenant_id: str
    queue_id: str
    kind: m.AlarmKind
    raised_ms: int
    below_since_ms: int
    is_simulated: bool
    owner_id: str | None = None
    acknowledged_ms: int | None = None
    acknowledged_by_id: str | None = None
    silence_reason: m.SilenceReason | None = None


class SavedAlarms(msgspec.Struct, array_like=True):
    version: int
    alarms: list[Alarm]
    watches: dict[str, Watch]


def is_beyond(kind: m.AlarmKind, level: Level, queue: QueueConfiguration) -> bool:
    """Whether the figure is on the wrong side of what was set. Compared as fractions, never rounded."""
    match kind:
        case "service_level":
            return is_met(*level, queue.service_level_target) is False
        case "abandoned":
            limit = queue.abandoned_limit
            return limit is not None and level.answered_in_time * _WHOLE > limit * level.counted
        case "blocked":
            return level.answered_in_time > 0


def target(kind: m.AlarmKind, queue: QueueConfiguration) -> int:
    match kind:
        case "service_level":
            return queue.service_level_target
        case "abandoned":
            return queue.abandoned_limit or 0
        case "blocked":
            return 0


def minute_of(watch: Watch, at_ms: int, now_ms: int) -> Minute:
    """The minute of that moment; what is past the window goes as a new one begins."""
    minute = watch.minutes.get(minute_ms(at_ms))
    if minute is None:
        first_ms = first_minute_ms(now_ms)
        watch.minutes = {kept_ms: kept for kept_ms, kept in watch.minutes.items() if kept_ms >= first_ms}
        minute = watch.minutes[minute_ms(at_ms)] = Minute()
    return minute


def first_minute_ms(now_ms: int) -> int:
    """Where the last 15 minutes begin, the running one among them."""
    return minute_ms(now_ms) - (WINDOW_MINUTES - 1) * MINUTE_MS


def minute_ms(at_ms: int) -> int:
    return at_ms - at_ms % MINUTE_MS
