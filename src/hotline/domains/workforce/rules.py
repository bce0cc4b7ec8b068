"""Rotations without a database: what is a sound one, who may join, and which work its members may not be given.

Times are local ones of the tenant's zone, without an offset: a promise "home at five" is kept by the clock on the
wall, also when the clocks change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from hotline.domains.workforce import errors

State = Literal["applied", "approved", "refused", "withdrawn", "ended"]
STATES: Final[tuple[State, ...]] = ("applied", "approved", "refused", "withdrawn", "ended")
Decision = Literal["approve", "refuse", "withdraw", "end"]
_AFTER: Final[dict[tuple[str, str], State]] = {
    ("applied", "approve"): "approved",
    ("applied", "refuse"): "refused",
    ("applied", "withdraw"): "withdrawn",
    ("approved", "end"): "ended",
}
Broken = Literal["after_latest_end", "before_earliest_start", "split_shift", "closed_hours", "lesson"]
_DAY: Final = timedelta(days=1)
_WHOLE_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationRules:
    """What a rotation asks for and forbids; see the model of the same fields."""

    code: str
    valid_from: date
    valid_to: date | None = None
    team_ids: frozenset[str] = frozenset()
    most_members: int | None = None
    longest_months: int = 12
    needs_evidence: bool = False
    rest_block_days: int | None = None
    hours_tolerance_percent: int | None = None
    asks_latest_end: bool = False
    asks_earliest_start: bool = False
    allows_split: bool = True
    closed_hours: tuple[tuple[str, str], ...] = ()
    asks_timetable: bool = False
    travel_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonTime:
    """Each `weekday` (0 is Monday) from `valid_from` to `valid_to`."""

    weekday: int
    starts: time
    ends: time
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What somebody who wants to join says."""

    valid_from: date
    valid_to: date
    latest_end: time | None = None
    earliest_start: time | None = None
    evidence: str = ""
    lessons: tuple[LessonTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who wants to join: the team, and the terms in this rotation that are applied for or held already."""

    team_id: str | None
    held: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What one approved membership holds its member's work to, on the days from `valid_from` to `valid_to`."""

    rotation: str
    valid_from: date
    valid_to: date
    rest_block_days: int | None = None
    hours_tolerance_percent: int | None = None
    latest_end: time | None = None
    earliest_start: time | None = None
    allows_split: bool = True
    closed_hours: tuple[tuple[str, str], ...] = ()
    travel_minutes: int = 0
    lessons: tuple[LessonTime, ...] = field(default=())
    name: Mapping[str, str] = field(default_factory=dict)  # of the rotation, in both languages

    def counts_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


def check_rotation(rotation: RotationRules) -> None:
    """Pass a rotation that asks for something, in times that are times. Raises what is wrong with it."""
    if rotation.valid_to is not None and rotation.valid_to < rotation.valid_from:
        raise errors.DatesBackwardsError(first=rotation.valid_from.isoformat(), last=rotation.valid_to.isoformat())
    for span in rotation.closed_hours:
        _check_span(span)
    asks = (
        rotation.rest_block_days,
        rotation.asks_latest_end,
        rotation.asks_earliest_start,
        not rotation.allows_split,
        rotation.closed_hours,
        rotation.asks_timetable,
    )
    if not any(asks):
        raise errors.RotationEmptyError(code=rotation.code)
    if rotation.travel_minutes and not rotation.asks_timetable:
        raise errors.TravelWithoutLessonsError


def check_application(rotation: RotationRules, application: Application, applicant: Applicant) -> None:
    """Pass an application that may be put before a supervisor. Raises the first thing that stands against it."""
    first, last = application.valid_from, application.valid_to
    if last < first:
        raise errors.DatesBackwardsError(first=first.isoformat(), last=last.isoformat())
    _check_term(rotation, first, last)
    if rotation.team_ids and applicant.team_id not in rotation.team_ids:
        raise errors.TeamMayNotJoinError
    _check_answers(rotation, application)
    for held_from, held_to in applicant.held:
        if first <= held_to and held_from <= last:
            raise errors.AlreadyMemberError(first=held_from.isoformat(), last=held_to.isoformat())


def _check_term(rotation: RotationRules, first: date, last: date) -> None:
    if first < rotation.valid_from or (rotation.valid_to is not None and last > rotation.valid_to):
        until = rotation.valid_to.isoformat() if rotation.valid_to else "…"
        raise errors.RotationNotOpenError(first=rotation.valid_from.isoformat(), last=until)
    if last >= months_after(first, rotation.longest_months):
        raise errors.TermTooLongError(months=str(rotation.longest_months))


def _check_answers(rotation: RotationRules, application: Application) -> None:
    if rotation.needs_evidence and not application.evidence.strip():
        raise errors.EvidenceNeededError
    if rotation.asks_latest_end and application.latest_end is None:
        raise errors.AnswerNeededError(field="latest_end")
    if rotation.asks_earliest_start and application.earliest_start is None:
        raise errors.AnswerNeededError(field="earliest_start")
    start, end = application.earliest_start, application.latest_end
    if start is not None and end is not None and end <= start:
        raise errors.NoTimeLeftError
    if rotation.asks_timetable and not application.lessons:
        raise errors.AnswerNeededError(field="lessons")
    if application.lessons and not rotation.asks_timetable:
        raise errors.NotAskedError(field="lessons")
    for number, lesson in enumerate(application.lessons, 1):
        if lesson.ends <= lesson.starts or lesson.valid_to < lesson.valid_from or not 0 <= lesson.weekday <= 6:
            raise errors.LessonBackwardsError(line=str(number))


def state_after(state: State, decision: Decision) -> State:
    """The state once this was decided; deciding the same again changes nothing. Raises DecisionNotAllowedError."""
    after = _AFTER.get((state, decision))
    if after is not None:
        return after
    if state in {to for (_, taken), to in _AFTER.items() if taken == decision}:
        return state
    raise errors.DecisionNotAllowedError(state=state, decision=decision)


def require_room(rotation: RotationRules, first: date, last: date, terms: Iterable[tuple[date, date]]) -> None:
    """Pass when on no day of the term more members than allowed are in it. Raises RotationFullError naming a day."""
    if rotation.most_members is None:
        return
    held = list(terms)
    # The number grows only where somebody's term begins.
    for day in sorted({first, *(begin for begin, _ in held if first <= begin <= last)}):
        if sum(begin <= day <= end for begin, end in held) >= rotation.most_members:
            raise errors.RotationFullError(most=str(rotation.most_members), day=day.isoformat())


def broken_by(promises: Iterable[Promise], parts: Sequence[tuple[datetime, datetime]]) -> list[tuple[str, Broken]]:
    """What a shift would break, as (rotation's code, rule); empty: it may be given.

    `parts` are its local stretches of work in order, more than one for a split shift. Every way in which work comes to
    somebody asks here: the roster, a swap, overtime, a call-in."""
    return [
        (promise.rotation, broken)
        for promise in promises
        if promise.counts_on(parts[0][0].date())
        for broken in _broken(promise, parts)
    ]


def _broken(promise: Promise, parts: Sequence[tuple[datetime, datetime]]) -> list[Broken]:
    start, end = parts[0][0], parts[-1][1]
    found: list[Broken] = []
    if promise.latest_end is not None and end > datetime.combine(start.date(), promise.latest_end):
        found.append("after_latest_end")
    if promise.earliest_start is not None and start.time() < promise.earliest_start:
        found.append("before_earliest_start")
    if len(parts) > 1 and not promise.allows_split:
        found.append("split_shift")
    if any(_meets(part, closed) for part in parts for closed in _closed_around(promise, part)):
        found.append("closed_hours")
    if any(_meets(part, away) for part in parts for away in _lessons_around(promise, part)):
        found.append("lesson")
    return found


def _meets(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _days_around(part: tuple[datetime, datetime]) -> Iterable[date]:
    day = part[0].date() - _DAY
    while day <= part[1].date():
        yield day
        day += _DAY


def _closed_around(promise: Promise, part: tuple[datetime, datetime]) -> Iterable[tuple[datetime, datetime]]:
    for day in _days_around(part):
        midnight = datetime.combine(day, time())
        for first, last in promise.closed_hours:
            begin, end = minute_of(first), minute_of(last)
            over = 0 if end > begin else _WHOLE_DAY
            yield midnight + timedelta(minutes=begin), midnight + timedelta(minutes=end + over)


def _lessons_around(promise: Promise, part: tuple[datetime, datetime]) -> Iterable[tuple[datetime, datetime]]:
    travel = timedelta(minutes=promise.travel_minutes)
    for day in _days_around(part):
        for lesson in promise.lessons:
            if lesson.weekday == day.weekday() and lesson.valid_from <= day <= lesson.valid_to:
                yield datetime.combine(day, lesson.starts) - travel, datetime.combine(day, lesson.ends) + travel


def minute_of(text: str) -> int:
    """Minutes since midnight of a time of day such as 18:00; 24:00 is the end of the day. Raises TimeOfDayError."""
    hours, _, minutes = text.partition(":")
    if len(hours) != 2 or len(minutes) != 2 or not (hours + minutes).isdecimal():
        raise errors.TimeOfDayError(text=text)
    minute = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or minute > _WHOLE_DAY:
        raise errors.TimeOfDayError(text=text)
    return minute


def clock_text(minute: int) -> str:
    """Minutes since midnight as a time of day, such as 18:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _check_span(span: tuple[str, str]) -> None:
    if minute_of(span[0]) == minute_of(span[1]):
        raise errors.TimeOfDayError(text="–".join(span))


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the first day after a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1)
