"""Staffing problems: demand per interval, what is promised, groups of agents, other work, absence, seats (JSON).

Interval n begins n × `interval_min` after `start`, a local date and time in `zone`. Shares are 0–1, lengths seconds
unless a name says otherwise."""

from pathlib import Path
from typing import Annotated, Any

import msgspec

from hotline.planning.roster.problem import ShiftKind
from hotline.planning.staffing.errors import StaffingFileError

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Unknown fields are refused: a misspelt target must not be silently ignored."""


class Targets(_Part, frozen=True, kw_only=True):
    """What must hold together in every interval; at least one. `service_level` is the least share of all who ask that
    is answered within `within_s`; `abandoned` and `occupancy` are the greatest shares, `average_wait_s` the greatest
    mean over all who ask."""

    service_level: float | None = None
    within_s: float = 20.0
    abandoned: float | None = None
    occupancy: float | None = None
    average_wait_s: float | None = None


class Retrial(_Part, frozen=True, kw_only=True):
    """Who gave up asks again with this probability, on average so many seconds later."""

    probability: float
    after_s: float


class Reason(_Part, frozen=True, kw_only=True):
    """A share of a queue's calls with its own handle time; `self_service_share` of them could be settled without a
    person."""

    id: Id
    share: float
    aht_s: float
    self_service_share: float = 0.0


class Overflow(_Part, frozen=True, kw_only=True):
    """Who has waited `after_s` waits on in another queue, with the wait so far: its people answer, and no others."""

    queue: Id
    after_s: int


class Queue(_Part, frozen=True, kw_only=True):
    """Calls, or chats of which one agent holds `concurrency` at once (`aht_s` is then one chat's length at that).

    `skill` is what agents need; none: the brand, or the queue's own id. `calls` are expected in each interval, `aht_s`
    (handle time) may be one number or one for each. `patience_s` is the mean of an exponential patience; none: nobody
    gives up. `targets` replace the problem's. `overflows`: where those go who wait too long, as the live queue's; who
    finds `most_waiting` in line goes to `full_queue` at once, or is turned away where there is none. `settings` are
    further fields of the live queue, for the simulation."""

    id: Id
    calls: list[float]
    aht_s: float | list[float]
    skill: Id | None = None
    brand: str = ""
    channel: str = "voice"
    concurrency: int = 1
    patience_s: float | None = None
    retrial: Retrial | None = None
    targets: Targets | None = None
    reasons: list[Reason] = []
    overflows: list[Overflow] = []
    most_waiting: int | None = None
    full_queue: Id | None = None
    settings: dict[str, Any] = {}

    @property
    def needs(self) -> str:
        """The skill that answers this queue."""
        return self.skill or self.brand or self.id

    def aht_in(self, interval: int) -> float:
        """The handle time in that interval, seconds."""
        return self.aht_s[interval] if isinstance(self.aht_s, list) else self.aht_s

    @property
    def leads_to(self) -> list[str]:
        """The queues that may take over who waits here."""
        return [one.queue for one in self.overflows] + ([self.full_queue] if self.full_queue else [])

    def mean_aht_s(self) -> float:
        """The mean over all calls; over the intervals where nobody calls at all."""
        weights = self.calls if sum(self.calls) else [1.0] * len(self.calls)
        return sum(self.aht_in(n) * w for n, w in enumerate(weights)) / sum(weights)


class Group(_Part, frozen=True, kw_only=True):
    """Agents alike. `skills` are what they answer at once; none where they only borrow. `most`: not more at work at
    once; `people`: on the payroll, for the question of a fixed headcount. `cost` weighs one against another where
    several could do the work."""

    id: Id
    skills: list[Id]
    most: int | None = None
    people: int | None = None
    cost: float = 1.0


class Borrowing(_Part, frozen=True, kw_only=True):
    """The group also serves the skill, once a customer has waited `after_s`: a later ring of the live queue, of other
    teams or with lower levels."""

    group: Id
    skill: Id
    after_s: int = 0


class Work(_Part, frozen=True, kw_only=True):
    """Letters, cases and other work that may wait: so many come in each interval, each is done within `deadline_h`.
    `skill`: what people need for it, of a fixed headcount; none: anybody does it."""

    id: Id
    skill: Id | None = None
    arrivals: list[float]
    handle_s: float
    deadline_h: float


class Shrinkage(_Part, frozen=True, kw_only=True):
    """A share of the paid time in which nobody is served. `is_on_site`: the seat stays taken (coaching, breaks)."""

    reason: Id
    share: float
    is_on_site: bool = False


class Specialisation(_Part, frozen=True, kw_only=True):
    """A candidate: the group keeps to `skills`, and a customer costs it `aht_ratio` of the time."""

    group: Id
    skills: list[Id]
    aht_ratio: float = 1.0


class Headcount(_Part, frozen=True, kw_only=True):
    """No more people than the groups' `people`, each paid `hours` that day; volumes grow by `growth` (0.2: 20 %)."""

    hours: float = 8.0
    growth: float = 0.0
    specialisations: list[Specialisation] = []


class Capacity(_Part, frozen=True, kw_only=True):
    """A busy hour: what `seats` carry, what `calls_per_h` need; lines for a share of blocked calls. `wrap_up_s` is the
    part of the handle time that keeps the agent but not the line."""

    aht_s: float
    seats: int | None = None
    calls_per_h: float | None = None
    wrap_up_s: float = 0.0
    patience_s: float | None = None
    line_blocking: float = 0.001


class Shifts(_Part, frozen=True, kw_only=True):
    """Two sets of shift kinds whose least paid hours for the same people at work are compared; `most` people on some
    kinds, by id."""

    fixed: list[ShiftKind]
    flexible: list[ShiftKind]
    most: dict[Id, Annotated[int, msgspec.Meta(ge=0)]] = {}


class Problem(_Part, frozen=True, kw_only=True):
    """A staffing problem. `seats`: never more people on site than this in any interval."""

    start: str
    zone: str
    targets: Targets
    interval_min: int = 30
    queues: list[Queue] = []
    groups: list[Group] = []
    borrowing: list[Borrowing] = []
    work: list[Work] = []
    shrinkage: list[Shrinkage] = []
    seats: int | None = None
    headcount: Headcount | None = None
    capacity: Capacity | None = None
    shifts: Shifts | None = None
    name: str = ""
    about: str = ""

    @property
    def interval_s(self) -> int:
        """The length of an interval in seconds."""
        return self.interval_min * 60

    @property
    def intervals(self) -> int:
        """How many intervals the demand has."""
        return len(self.queues[0].calls) if self.queues else len(self.work[0].arrivals) if self.work else 0

    def targets_of(self, queue: Queue) -> Targets:
        """The queue's own targets, or else the problem's."""
        return queue.targets or self.targets


def read(path: Path) -> Problem:
    """The problem in a JSON file, not checked yet. Raises StaffingFileError naming the place if it cannot be."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Problem)
    except OSError as error:
        raise StaffingFileError(place=path, problem=f"it cannot be read ({error}); name a JSON file.") from error
    except msgspec.DecodeError as error:
        problem = f"{error}; correct it there (hotline staffing schema lists the fields)."
        raise StaffingFileError(place=path, problem=problem) from error


def schema() -> dict[str, Any]:
    """The JSON Schema of a problem."""
    return msgspec.json.schema(Problem)
