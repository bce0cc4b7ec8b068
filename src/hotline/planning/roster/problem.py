"""Our own roster problems: shift kinds, rules, rotations, people, wishes and demand as data (JSON).

Lengths are minutes. Days count from `start`, a date in `zone`; times of day are local wall-clock times. Weeks are ISO
weeks of that zone. Demand is people wanted per interval and skill."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from hotline.planning.roster.errors import RosterProblemError, file_error

Minutes = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Unknown fields are refused: a misspelt rule must not be silently ignored."""


class Break(_Part, frozen=True, kw_only=True):
    """A break or meal that the solver places between two moments counted from the shift's start; it covers nothing."""

    length_min: Annotated[int, msgspec.Meta(ge=1)]
    earliest_min: Minutes
    latest_min: Minutes
    is_paid: bool = False


class ShiftKind(_Part, frozen=True, kw_only=True):
    """A kind of shift. `pieces` are (start, length) from the shift's start: two of them make a split shift.

    An on-call shift covers only the skills that `serves` names; without it a shift covers all skills of a person."""

    id: Id
    pieces: list[tuple[Minutes, Annotated[int, msgspec.Meta(ge=1)]]]
    starts: list[Clock] = []
    starts_every_min: Minutes = 0
    breaks: list[Break] = []
    paid_min: Minutes | None = None
    serves: list[Id] | None = None


class RuleSet(_Part, frozen=True, kw_only=True):
    """Labour rules, all hard but `fair_nights`: more only where no other line is legal.

    `hours` are over the whole horizon, `most_week_hours` over an ISO week; paid hours count."""

    id: Id
    rest_min: Minutes = 660
    most_days_running: Annotated[int, msgspec.Meta(ge=1)] = 6
    most_days_week: Annotated[int, msgspec.Meta(ge=1, le=7)] = 6
    most_week_hours: float | None = None
    hours: tuple[float, float]
    most_nights_running: int | None = None
    most_nights: int | None = None
    fair_nights: int | None = None
    most_weekends: int | None = None
    most_holidays: int | None = None


class Rotation(_Part, frozen=True, kw_only=True):
    """A personal pattern. `rest_block_days`: that many whole days off together in every whole week; `hours_ratio`:
    hours within this share of the middle of the person's hours; `forbidden`: no work between two local times."""

    id: Id
    rest_block_days: Annotated[int, msgspec.Meta(ge=0, le=7)] = 0
    hours_ratio: float | None = None
    forbidden: list[tuple[Clock, Clock]] = []
    has_home_time: bool = False
    has_timetable: bool = False
    forbids_split: bool = False


class Span(_Part, frozen=True, kw_only=True):
    """From one local moment to another, such as 2026-12-07T18:00."""

    start: str
    end: str


class Wish(_Part, frozen=True, kw_only=True):
    """A soft wish: a day off, no night on that day, or a kind of shift. `weight` 1 is worth six covered intervals."""

    day: date
    kind: str = "off"
    weight: Annotated[float, msgspec.Meta(gt=0, le=100)] = 1.0


class Person(_Part, frozen=True, kw_only=True):
    """Somebody to be planned. `shifts` none: all kinds. `seniority` breaks ties in wishes; `nights_before` counts the
    nights of earlier months for fairness."""

    id: Id
    skills: list[Id]
    rules: Id
    rotation: Id | None = None
    hours: tuple[float, float] | None = None
    shifts: list[Id] | None = None
    latest_end: Clock | None = None
    earliest_start: Clock | None = None
    unavailable: list[Span] = []
    lessons: list[Span] = []
    travel_min: Minutes = 0
    wishes: list[Wish] = []
    seniority: float = 0.0
    nights_before: int = 0


class Borrowing(_Part, frozen=True, kw_only=True):
    """People with the skill `lender` may also serve `borrower`."""

    lender: Id
    borrower: Id


class Demand(_Part, frozen=True, kw_only=True):
    """People wanted for one skill, a number for each interval of the horizon, or of one day or week that repeats."""

    skill: Id
    wanted: list[Annotated[int, msgspec.Meta(ge=0)]]


class Assignment(_Part, frozen=True, kw_only=True):
    """Somebody's shift: local start and end, and the skill served most."""

    person: Id
    start: str
    end: str
    shift: Id
    skill: str | None = None


class Problem(_Part, frozen=True, kw_only=True):
    """A roster problem. `seats`: no more people on shift than this in any interval. `previous`: what was planned and
    published; a new solution changes as few people as it can."""

    start: date
    days: Annotated[int, msgspec.Meta(ge=1, le=400)]
    zone: str
    interval_min: Annotated[int, msgspec.Meta(ge=5, le=60)] = 30
    skills: list[Id]
    shifts: list[ShiftKind]
    rules: list[RuleSet]
    people: list[Person]
    demand: list[Demand]
    rotations: list[Rotation] = []
    borrowing: list[Borrowing] = []
    holidays: list[date] = []
    night: tuple[Clock, Clock] = ("22:00", "06:00")
    night_min: Minutes = 180
    seats: int | None = None
    previous: list[Assignment] = []
    name: str = ""
    about: str = ""

    @property
    def slots_a_day(self) -> int:
        """Intervals in one day."""
        return 1440 // self.interval_min


def load(path: Path) -> Problem:
    """The problem in a JSON file. Raises RosterFileError where it is no such JSON, naming the place."""
    try:
        problem = msgspec.json.decode(path.read_bytes(), type=Problem)
    except OSError as error:
        raise file_error(path, 0, f"it cannot be read ({error}); name a JSON file.") from error
    except msgspec.DecodeError as error:
        raise file_error(path, 0, f"{error}.") from error
    check_times(problem)
    return problem


def check_times(problem: Problem) -> None:
    """Raises RosterProblemError where there is no such time zone, or intervals do not fill a day."""
    try:
        ZoneInfo(problem.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RosterProblemError(
            where="zone", problem=f"{problem.zone!r} is no time zone; say Asia/Shanghai."
        ) from error
    if 1440 % problem.interval_min:
        raise RosterProblemError(where="interval_min", problem=f"{problem.interval_min} does not divide a day.")


def schema() -> dict[str, Any]:
    """The JSON Schema of a problem."""
    return msgspec.json.schema(Problem)


def slot_of(clock: str, interval_min: int, where: str) -> int:
    """A time of day as a number of intervals. Raises RosterProblemError when it lies inside one."""
    minutes = int(clock[:2]) * 60 + int(clock[3:])
    if minutes % interval_min:
        raise RosterProblemError(where=where, problem=f"{clock} is not on the grid of {interval_min} minutes.")
    return minutes // interval_min
