"""The one judge of somebody's work: labour rules, contract, rotations, absences and holds, without a database.

Every way in which work comes to somebody asks here before it is written: the solver's answer, an edit, a swap, a shift
given away, a bid, overtime, a call-in. It shares no code with the solver.

Minutes of a day's work count from the local midnight by the clock on the wall; rest is measured in time that passes."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hotline.domains.workforce import rules
from hotline.domains.workforce.break_rule import Step, lacking

_DAY = timedelta(days=1)
_WHOLE_DAY = 24 * 60
Value = str | int | dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One day's work of one person. `pieces` are (start, end) in minutes from the local midnight of `day`; more than
    one is a split shift. `excused_min` were let off without pay: they are not owed."""

    day: date
    pieces: tuple[tuple[int, int], ...]
    paid_min: int
    shift_kind_id: str = ""
    overtime_min: int = 0  # of the paid ones
    excused_min: int = 0
    break_min: int | None = None  # between its first minute and its last; none: not known, and not judged

    @property
    def last_day(self) -> date:
        """The day on which the work ends; that of the midnight before, where it ends at midnight."""
        return self.day + timedelta(days=(self.pieces[-1][1] - 1) // _WHOLE_DAY)

    @property
    def parts(self) -> list[tuple[datetime, datetime]]:
        """The stretches of work in local time."""
        midnight = datetime.combine(self.day, time())
        return [(midnight + timedelta(minutes=begin), midnight + timedelta(minutes=end)) for begin, end in self.pieces]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What law and contract allow; none limits nothing. `hours_min` is (least, most) minutes from the roster's first to
    its last day. `night` is (from, to) in minutes of the day; so many minutes of it make a night."""

    rest_min: int = 660
    most_day_min: int | None = None
    most_days_running: int | None = 6
    most_days_week: int | None = 6
    most_week_min: int | None = None
    hours_min: tuple[int, int] | None = None
    most_nights_running: int | None = None
    most_nights: int | None = None
    most_weekends: int | None = None
    most_holidays: int | None = None
    night: tuple[int, int] = (22 * 60, 6 * 60)
    night_min: int = 180
    break_steps: tuple[Step, ...] = ()
    break_free_kinds: frozenset[str] = frozenset()  # kinds of shift that are no work, such as on call


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose work is judged. `away` are local times of absence, `holds` reasons that keep the person from
    work, each until when (none: until it is lifted). `skill_ends` are the last days of skills that lapse within the
    roster, `skilled_until` that of the last one by which the person can be planned in it (none: one lasts)."""

    agent_id: str
    limits: Limits
    promises: tuple[rules.Promise, ...] = ()
    shift_kind_ids: frozenset[str] = frozenset()  # empty: every kind
    away: tuple[tuple[datetime, datetime], ...] = ()
    holds: tuple[tuple[dict[str, str], datetime | None], ...] = ()
    is_active: bool = True
    employed: tuple[date | None, date | None] = (None, None)
    skill_ids: frozenset[str] = frozenset()
    skill_ends: tuple[tuple[str, date], ...] = ()
    skilled_until: date | None = None

    def has_skill(self, skill_id: str, day: date) -> bool:
        """Whether the person holds the skill on that day."""
        return skill_id in self.skill_ids and all(day <= end for skill, end in self.skill_ends if skill == skill_id)

    def skills_on(self, day: date) -> frozenset[str]:
        """The skills that the person holds on that day."""
        return self.skill_ids - {skill for skill, end in self.skill_ends if end < day}


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """A hard rule broken, on which day (none: over the whole roster), with the figures of the sentence."""

    day: date | None
    rule: str
    data: Mapping[str, Value] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """The days that are judged, both included, with what is special of them."""

    first: date
    last: date
    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()


def judge(person: Person, works: Iterable[Work], horizon: Horizon, days: frozenset[date] | None = None) -> list[Breach]:
    """Every hard rule that the works break, by day; empty: they may be worked.

    Works of days before and after the horizon count for rest and for days running, and are not judged for
    themselves. With `days`, only what touches one of these days is told: a limit of a week by the days of that week,
    one of the whole roster whenever any day is asked for."""
    ordered = sorted(works, key=lambda work: (work.day, work.pieces))
    found = [
        *_each(person, ordered, horizon),
        *_rests(person.limits, ordered, horizon),
        *_runs(person.limits, ordered, horizon),
        *_weeks(person, ordered, horizon),
        *_totals(person, ordered, horizon),
    ]
    if days is not None:
        found = [breach for breach in found if _touches(breach, days)]
    return sorted(found, key=lambda breach: (breach.day or date.max, breach.rule))


def is_night(limits: Limits, work: Work) -> bool:
    """Whether so much of the work lies between the night's hours that it counts as one."""
    begin, end = limits.night
    over = 0 if end > begin else _WHOLE_DAY
    worked = sum(
        max(0, min(last, end + over + shift) - max(first, begin + shift))
        for first, last in work.pieces
        for shift in (-_WHOLE_DAY, 0, _WHOLE_DAY)
    )
    return worked >= limits.night_min


def hours_owed(person: Person, horizon: Horizon) -> tuple[int, int] | None:
    """The least and most paid minutes from the first to the last day; None: not limited.

    Whoever is absent, kept from work, not employed or no longer skilled from eight to eight owes nothing for that
    day."""
    if person.limits.hours_min is None:
        return None
    least, most = person.limits.hours_min
    spans = [*person.away, *_not_there(person, horizon)]
    days = [horizon.first + _DAY * n for n in range((horizon.last - horizon.first).days + 1)]
    part = 1 - sum(_is_gone(spans, day) for day in days) / len(days)
    return math.floor(least * part), math.ceil(most * part)


def _not_there(person: Person, horizon: Horizon) -> Iterator[tuple[datetime, datetime]]:
    begin, end = datetime.combine(horizon.first, time()), datetime.combine(horizon.last + _DAY, time())
    first, last = person.employed
    if first is not None:
        yield begin, datetime.combine(first, time())
    for day in (last, person.skilled_until):
        if day is not None:
            yield datetime.combine(day + _DAY, time()), end
    yield from ((begin, end if until is None else until) for _, until in person.holds)


def _is_gone(spans: Iterable[tuple[datetime, datetime]], day: date) -> bool:
    begin, end = datetime.combine(day, time(8)), datetime.combine(day, time(20))
    return any(since <= begin and until >= end for since, until in spans)


def _touches(breach: Breach, days: frozenset[date]) -> bool:
    if breach.day is None:
        return True
    if breach.rule in _OF_A_WEEK:
        monday = breach.day - timedelta(days=breach.day.weekday())
        return any(monday + timedelta(days=n) in days for n in range(7))
    until = breach.day + timedelta(days=_run_of(breach) - 1)
    return any(breach.day - _DAY <= day <= until for day in days)


def _run_of(breach: Breach) -> int:
    run = breach.data.get("run", 1)
    return run if isinstance(run, int) else 1


_OF_A_WEEK = frozenset({"days_week", "week_hours", "rest_block"})


def _each(person: Person, works: Sequence[Work], horizon: Horizon) -> Iterator[Breach]:
    for work in _within(works, horizon):
        day = work.day
        if not person.is_active:
            yield Breach(day, "inactive")
        for reason, until in person.holds:
            if until is None or work.parts[0][0] < until:
                yield Breach(day, "held", {"reason": reason})
        first, last = person.employed
        if (first is not None and day < first) or (last is not None and day > last):
            yield Breach(day, "not_employed")
        if person.shift_kind_ids and work.shift_kind_id and work.shift_kind_id not in person.shift_kind_ids:
            yield Breach(day, "shift_kind_not_allowed")
        if person.skilled_until is not None and work.last_day > person.skilled_until:
            yield Breach(day, "skill_ended", {"until": person.skilled_until.isoformat()})
        most = person.limits.most_day_min
        if most is not None and work.paid_min > most:
            yield Breach(day, "day_hours", {"minutes": work.paid_min, "most": most})
        yield from _breaks(person.limits, work)
        parts = work.parts
        if any(begin < till and since < end for begin, end in parts for since, till in person.away):
            yield Breach(day, "absent")
        for rotation, broken in rules.broken_by(person.promises, parts):
            yield Breach(day, f"rotation_{broken}", {"rotation": _named(person, rotation)})


def _breaks(limits: Limits, work: Work) -> Iterator[Breach]:
    if work.break_min is None or work.shift_kind_id in limits.break_free_kinds:
        return
    _, step = lacking(limits.break_steps, work.pieces, work.break_min)
    if step is not None:
        yield Breach(
            work.day, "breaks", {"minutes": work.break_min, "least": step.break_min, "after_min": step.after_min}
        )


def _rests(limits: Limits, works: Sequence[Work], horizon: Horizon) -> Iterator[Breach]:
    for before, after in pairwise(works):
        if not (horizon.first <= after.day <= horizon.last or horizon.first <= before.day <= horizon.last):
            continue
        rest = _minutes_between(before, after, horizon.zone)
        if rest < 0:
            yield Breach(after.day, "overlap")
        elif rest < limits.rest_min:
            yield Breach(after.day, "rest", {"minutes": rest, "least": limits.rest_min})


def _minutes_between(before: Work, after: Work, zone: ZoneInfo) -> int:
    """Minutes that pass from the end of one work to the start of the next; changes of the clocks count."""
    end = before.parts[-1][1].replace(tzinfo=zone).astimezone(UTC)
    start = after.parts[0][0].replace(tzinfo=zone).astimezone(UTC)
    return int((start - end).total_seconds() // 60)


def _runs(limits: Limits, works: Sequence[Work], horizon: Horizon) -> Iterator[Breach]:
    worked = {work.day for work in works}
    nights = {work.day for work in works if is_night(limits, work)}
    for rule, days, most in (
        ("days_running", worked, limits.most_days_running),
        ("nights_running", nights, limits.most_nights_running),
    ):
        if most is None:
            continue
        for begin, length in _stretches(days):
            is_here = begin <= horizon.last and begin + timedelta(days=length - 1) >= horizon.first
            if length > most and is_here:
                yield Breach(begin, rule, {"run": length, "most": most})


def _stretches(days: Iterable[date]) -> Iterator[tuple[date, int]]:
    """Days in a row: the first one and how many."""
    begin: date | None = None
    length = 0
    for day in sorted(days):
        if begin is not None and day == begin + timedelta(days=length):
            length += 1
            continue
        if begin is not None:
            yield begin, length
        begin, length = day, 1
    if begin is not None:
        yield begin, length


def _weeks(person: Person, works: Sequence[Work], horizon: Horizon) -> Iterator[Breach]:
    limits = person.limits
    monday = horizon.first - timedelta(days=horizon.first.weekday())
    by_day = {work.day: work for work in works}
    while monday <= horizon.last:
        week = [monday + timedelta(days=n) for n in range(7)]
        worked = [by_day[day] for day in week if day in by_day]
        minutes = sum(work.paid_min for work in worked)
        if limits.most_days_week is not None and len(worked) > limits.most_days_week:
            yield Breach(monday, "days_week", {"days": len(worked), "most": limits.most_days_week})
        if limits.most_week_min is not None and minutes > limits.most_week_min:
            yield Breach(monday, "week_hours", {"minutes": minutes, "most": limits.most_week_min})
        if horizon.first <= monday and week[-1] <= horizon.last:
            yield from _rest_blocks(person, week, by_day)
        monday += timedelta(days=7)


def _rest_blocks(person: Person, week: Sequence[date], by_day: dict[date, Work]) -> Iterator[Breach]:
    for promise in person.promises:
        wanted = promise.rest_block_days
        if wanted is None or not all(promise.counts_on(day) for day in week):
            continue
        longest = max((length for _, length in _stretches(day for day in week if day not in by_day)), default=0)
        if longest < wanted:
            yield Breach(
                week[0], "rest_block", {"rotation": _named(person, promise.rotation), "days": longest, "least": wanted}
            )


def _totals(person: Person, works: Sequence[Work], horizon: Horizon) -> Iterator[Breach]:
    limits = person.limits
    own = _within(works, horizon)
    counts = (
        ("nights", sum(is_night(limits, work) for work in own), limits.most_nights),
        ("weekends", len({work.day.isocalendar()[:2] for work in own if work.day.weekday() > 4}), limits.most_weekends),
        ("holidays", sum(work.day in horizon.holidays for work in own), limits.most_holidays),
    )
    for rule, number, most in counts:
        if most is not None and number > most:
            yield Breach(None, rule, {"number": number, "most": most})
    # Who has no work at all is not part of the roster: a trainer, another team. The solver names whom it left out.
    owed = hours_owed(person, horizon) if own else None
    if owed is not None:
        # Overtime is beyond the hours that are owed, whichever way it came. Let off counts like worked: so it never is
        # too little for it, nor leaves room for more.
        yield from _hours(
            person, sum(work.paid_min - work.overtime_min + work.excused_min for work in own), owed, horizon
        )


def _hours(person: Person, minutes: int, owed: tuple[int, int], horizon: Horizon) -> Iterator[Breach]:
    least, most = owed
    for promise in person.promises:
        is_whole = promise.counts_on(horizon.first) and promise.counts_on(horizon.last)
        if promise.hours_tolerance_percent is not None and is_whole:
            middle, part = (least + most) / 2, promise.hours_tolerance_percent / 100
            least, most = max(least, round(middle * (1 - part))), min(most, round(middle * (1 + part)))
    if not least <= minutes <= most:
        yield Breach(None, "hours", {"minutes": minutes, "least": least, "most": most})


def _named(person: Person, rotation: str) -> Value:
    """The rotation's name in both languages, or its code where it has none."""
    return next(
        (dict(promise.name) for promise in person.promises if promise.rotation == rotation and promise.name), rotation
    )


def _within(works: Iterable[Work], horizon: Horizon) -> list[Work]:
    return [work for work in works if horizon.first <= work.day <= horizon.last]
