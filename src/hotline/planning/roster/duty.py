"""A problem's shift kinds as options of a day (kind and start), and what each person may not do, in whole intervals."""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from hotline.planning.roster.errors import RosterProblemError
from hotline.planning.roster.problem import Break, Person, Problem, ShiftKind, slot_of
from hotline.planning.roster.wall_clock import WallClock


@dataclass(frozen=True, slots=True)
class Option:
    """One way to work on a day. Slots count from midnight; `end` is behind the last one; `paid_min` minutes count.

    Where clocks change, an option is not to be had on days in `never`, and one for the day `only` takes its place."""

    kind: ShiftKind
    start: int
    end: int
    pieces: tuple[tuple[int, int], ...]
    paid_min: int
    is_night: bool
    only: int | None = None
    never: tuple[int, ...] = ()

    def is_on(self, day: int) -> bool:
        """Whether the clocks of that day allow it."""
        return day not in self.never if self.only is None else day == self.only


def clock_of(problem: Problem, options: list[Option]) -> WallClock:
    """The wall clock of the horizon, and of the days behind it into which shifts and rest may reach."""
    behind = max(o.end for o in options) // problem.slots_a_day + 3
    return WallClock(problem.zone, problem.start, problem.days + behind, problem.interval_min)


def with_changed_clocks(problem: Problem, options: list[Option], clock: WallClock) -> list[Option]:
    """The options, and one for each day on which an option's paid time or the rest after it differs in real time."""
    changed = sorted({day for odd in clock.odd_days for day in (odd - 1, odd) if 0 <= day < problem.days})
    found, special = [], []
    for option in options:
        odd = [day for day in changed if _is_odd(option, day, clock)]
        found.append(replace(option, never=tuple(odd)))
        for day in odd:
            if not _ends_in_gap(option, day, clock):
                paid = option.paid_min
                if option.kind.paid_min is None:
                    midnight = day * clock.day_slots
                    paid += sum(clock.elapsed_min(midnight + a, midnight + b) for a, b in option.pieces)
                    paid -= problem.interval_min * sum(b - a for a, b in option.pieces)
                special.append(replace(option, paid_min=paid, only=day))
    return found + special


def _is_odd(option: Option, day: int, clock: WallClock) -> bool:
    """Whether clocks change between the begin of an option and the end of the day after."""
    midnight = day * clock.day_slots
    return bool(
        clock.is_odd[midnight + option.start : max(midnight + 2 * clock.day_slots, midnight + option.end)].any()
    )


def _ends_in_gap(option: Option, day: int, clock: WallClock) -> bool:
    midnight = day * clock.day_slots
    return any(clock.is_in_gap(midnight + slot) for piece in option.pieces for slot in piece)


def options_of(problem: Problem) -> list[Option]:
    """All options of a day. Raises RosterProblemError naming the kind whose times are wrong."""
    found = [
        _option(problem, kind, start, f"shifts[{place}]")
        for place, kind in enumerate(problem.shifts)
        for start in _starts(problem, kind, f"shifts[{place}]")
    ]
    if not found:
        raise RosterProblemError(where="shifts", problem="no kind says when it may start; give starts.")
    return found


def _starts(problem: Problem, kind: ShiftKind, where: str) -> list[int]:
    if kind.starts_every_min:
        step = kind.starts_every_min
        if step % problem.interval_min:
            raise RosterProblemError(
                where=f"{where}.starts_every_min", problem=f"{step} is no multiple of the interval."
            )
        return list(range(0, problem.slots_a_day, step // problem.interval_min))
    starts = [slot_of(clock, problem.interval_min, f"{where}.starts") for clock in kind.starts]
    if problem.slots_a_day in starts:
        raise RosterProblemError(where=f"{where}.starts", problem="24:00 is the end of a day; say 00:00.")
    return starts


def _option(problem: Problem, kind: ShiftKind, start: int, where: str) -> Option:
    unit = problem.interval_min
    lengths = [number for piece in kind.pieces for number in piece]
    lengths += [n for rest in kind.breaks for n in (rest.length_min, rest.earliest_min, rest.latest_min)]
    if any(number % unit for number in lengths):
        raise RosterProblemError(where=where, problem=f"lengths must be multiples of {unit} minutes.")
    pieces = tuple((start + begin // unit, start + (begin + length) // unit) for begin, length in kind.pieces)
    if not pieces or any(a[1] > b[0] for a, b in pairwise(pieces)):
        raise RosterProblemError(where=f"{where}.pieces", problem="give pieces in order of time that do not overlap.")
    if any(b.latest_min < b.earliest_min or not _is_inside(b, kind) for b in break_windows(kind)):
        raise RosterProblemError(
            where=f"{where}.breaks", problem="breaks must follow each other, each inside one piece of the shift."
        )
    worked = sum(length for _, length in kind.pieces) - sum(b.length_min for b in kind.breaks if not b.is_paid)
    paid = worked if kind.paid_min is None else kind.paid_min
    return Option(kind, start, pieces[-1][1], pieces, paid, _night_min(problem, pieces) >= problem.night_min)


def _is_inside(rest: Break, kind: ShiftKind) -> bool:
    last = rest.latest_min + rest.length_min
    return any(begin <= rest.earliest_min and last <= begin + length for begin, length in kind.pieces)


def break_windows(kind: ShiftKind) -> list[Break]:
    """The kind's breaks with windows so narrow that each leaves room for those before and behind it."""
    found = list(kind.breaks)
    for n in range(1, len(found)):
        earliest = found[n - 1].earliest_min + found[n - 1].length_min
        found[n] = msgspec.structs.replace(found[n], earliest_min=max(found[n].earliest_min, earliest))
    for n in range(len(found) - 1, 0, -1):
        latest = found[n].latest_min - found[n - 1].length_min
        found[n - 1] = msgspec.structs.replace(found[n - 1], latest_min=max(0, min(found[n - 1].latest_min, latest)))
    return found


def night_slots(problem: Problem) -> NDArray[np.bool_]:
    """For each interval of a day whether it lies in the problem's night."""
    begin, end = (slot_of(clock, problem.interval_min, "night") for clock in problem.night)
    slots = np.arange(problem.slots_a_day)
    return (begin <= slots) & (slots < end) if begin <= end else (slots >= begin) | (slots < end)


def _night_min(problem: Problem, pieces: tuple[tuple[int, int], ...]) -> int:
    """Minutes of work between the problem's night hours."""
    is_night, day = night_slots(problem), problem.slots_a_day
    return problem.interval_min * sum(int(is_night[s % day]) for first, last in pieces for s in range(first, last))


class Horizon:
    """Moments of the problem as slots from its first midnight."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.slots = problem.days * problem.slots_a_day
        self._start = datetime.combine(problem.start, datetime.min.time())

    def floor(self, moment: str, where: str) -> int:
        """The slot in which a local moment lies."""
        return self._minutes(moment, where) // self.problem.interval_min

    def ceil(self, moment: str, where: str) -> int:
        """The first slot that begins at or after a local moment."""
        return -(-self._minutes(moment, where) // self.problem.interval_min)

    def text(self, slot: int) -> str:
        """A slot's begin as a local moment."""
        return (self._start + timedelta(minutes=slot * self.problem.interval_min)).isoformat(timespec="minutes")

    def _minutes(self, moment: str, where: str) -> int:
        try:
            at = datetime.fromisoformat(moment)
        except ValueError as error:
            raise RosterProblemError(
                where=where, problem=f"{moment!r} is not a moment such as 2026-12-07T18:00."
            ) from error
        if at.tzinfo is not None:
            raise RosterProblemError(
                where=where, problem=f"{moment!r} names a time zone; give local times of {self.problem.zone} only."
            )
        return math.floor((at - self._start).total_seconds() / 60)


def blocked(problem: Problem, options: list[Option], person: Person, where: str) -> NDArray[np.bool_]:
    """`[day, option]`: true where the person must not work so."""
    barred = np.zeros((problem.days, len(options)), np.bool_)
    rotation = next((r for r in problem.rotations if r.id == person.rotation), None)
    kinds = None if person.shifts is None else set(person.shifts)
    for number, option in enumerate(options):
        is_wrong = kinds is not None and option.kind.id not in kinds
        is_wrong |= rotation is not None and rotation.forbids_split and len(option.pieces) > 1
        is_wrong |= _leaves_home_time(problem, option, person, where)
        is_wrong |= any(
            _overlaps_daily(problem, option, window, where) for window in (rotation.forbidden if rotation else [])
        )
        barred[:, number] = is_wrong or [not option.is_on(day) for day in range(problem.days)]
    _bar_spans(problem, options, person, where, barred)
    return barred


def _leaves_home_time(problem: Problem, option: Option, person: Person, where: str) -> bool:
    if person.latest_end is not None and option.end > slot_of(
        person.latest_end, problem.interval_min, f"{where}.latest_end"
    ):
        return True
    if person.earliest_start is None:
        return False
    return option.start < slot_of(person.earliest_start, problem.interval_min, f"{where}.earliest_start")


def _overlaps_daily(problem: Problem, option: Option, window: tuple[str, str], where: str) -> bool:
    """Whether the option works between two local times, also over midnight and on the day after."""
    begin, end = (slot_of(clock, problem.interval_min, f"{where}.forbidden") for clock in window)
    day = problem.slots_a_day
    end += day if end <= begin else 0
    spans = [(begin + shift, end + shift) for shift in (-day, 0, day)]
    return any(first < late and early < last for first, last in option.pieces for early, late in spans)


def _bar_spans(problem: Problem, options: list[Option], person: Person, where: str, barred: NDArray[np.bool_]) -> None:
    horizon = Horizon(problem)
    travel = -(-person.travel_min // problem.interval_min)
    spans = [(span, 0, f"{where}.unavailable[{n}]") for n, span in enumerate(person.unavailable)]
    spans += [(span, travel, f"{where}.lessons[{n}]") for n, span in enumerate(person.lessons)]
    for span, margin, place in spans:
        first, last = horizon.floor(span.start, place) - margin, horizon.ceil(span.end, place) + margin
        if last <= first:
            raise RosterProblemError(where=place, problem="its end is not after its start.")
        for day in range(max(0, first // problem.slots_a_day - 2), min(problem.days, last // problem.slots_a_day + 1)):
            midnight = day * problem.slots_a_day
            for number, option in enumerate(options):
                if any(midnight + a < last and first < midnight + b for a, b in option.pieces):
                    barred[day, number] = True
