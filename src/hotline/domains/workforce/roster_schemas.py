"""What the API takes and shows of rosters."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from hotline.domains.setup_routes import Names
from hotline.domains.workforce.schemas import TimeOfDay
from hotline.domains.workforce.skill_sets import PATTERN, normal_key

Version = Annotated[int, Field(ge=1)]
RosterState = Literal["draft", "published", "replaced"]
RosterName = Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S")]
Minute = Annotated[int, Field(ge=0, le=4320)]
# A skill's id, or those of several that one person has to hold, joined by "+".
SkillKey = Annotated[str, Field(pattern=PATTERN), AfterValidator(normal_key)]
IntervalMin = Literal[5, 10, 15, 20, 30, 60]
DemandBySkill = dict[SkillKey, Annotated[list[Annotated[int, Field(ge=0, le=100_000)]], Field(max_length=150_000)]]


class RosterCreate(Schema):
    """A new draft: empty, or with the shifts of `copy_of` moved by whole days to `first_day`. Demand and seats are
    those of the staffing plan, else those given, else those of the copied roster; a list of demand that is shorter than
    the days (one day, one week) repeats."""

    model_config = ConfigDict(extra="forbid")

    tenant_id: UUID | None = None
    name: RosterName
    first_day: date
    last_day: date
    interval_min: IntervalMin = 30
    seats: Annotated[int | None, Field(ge=1, le=100_000)] = None
    staffing_plan_id: UUID | None = None
    copy_of: UUID | None = None
    demand: DemandBySkill | None = None


class DemandLine(Schema):
    """So many people with a skill (or with several at once: ids joined by "+") between two local times, in place of
    what was wanted then; over midnight where `end` is not later than `start`. Of two lines for one time the later one
    holds."""

    model_config = ConfigDict(extra="forbid")

    skill_id: SkillKey
    first_day: date
    last_day: date
    weekdays: Literal["all", "workdays", "weekend"] = "all"
    start: TimeOfDay
    end: TimeOfDay
    people: Annotated[int, Field(ge=0, le=100_000)]


class DemandChange(Schema):
    """One of the three: `lines` beside all else that is wanted, the requirement of a staffing plan, or the whole
    `demand` anew, of intervals of `interval_min`."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    lines: Annotated[list[DemandLine], Field(max_length=200)] = []
    staffing_plan_id: UUID | None = None
    demand: DemandBySkill | None = None
    interval_min: IntervalMin | None = None


class DemandChanged(Schema):
    """The roster's version, and the minutes of people that were and are wanted."""

    version: int
    before_min: int
    after_min: int


class RosterOut(Schema):
    """A roster without its shifts. `figures` are those of its last solve."""

    id: UUID
    tenant_id: UUID
    version: int
    name: str
    first_day: date
    last_day: date
    interval_min: int
    state: RosterState
    seats: int | None
    staffing_plan_id: UUID | None
    based_on_id: UUID | None
    run_id: UUID | None
    figures: dict[str, Any]
    published_at: datetime | None
    published_by: str


class RosterKind(Schema):
    """A shift kind as the grid needs it: `pieces` are (start, length), `starts` minutes of the day."""

    id: UUID
    code: str
    short: str
    name: Names
    pieces: list[tuple[int, int]]
    starts: list[int]
    paid_min: int
    skills: list[int]
    is_on_call: bool
    is_active: bool


class RosterPerson(Schema):
    """`team`, `rotations` and `skills` are places in the document's own lists; hours are those of the whole roster."""

    id: UUID
    name: str
    number: str
    team: int | None
    rotations: list[int]
    skills: list[int]
    low_min: int | None
    high_min: int | None
    is_available: bool


class NamedId(Schema):
    id: UUID
    name: Names


class NamedRotation(Schema):
    code: str
    name: Names


class RosterSkill(Schema):
    """`is_brand`: it stands for a customer brand. `serves`: skills that its holders may serve too, by borrowing. Sets
    of skills that the roster asks for stand behind the single ones, with their ids joined by "+"."""

    id: str
    name: Names
    is_brand: bool
    serves: list[int]


class RosterDemand(Schema):
    """People wanted for a skill or a set of them, a number for each interval of the roster's days."""

    skill: int
    wanted: list[int]


class RosterDocument(RosterOut):
    """A roster as one compact document. A shift is [person, day, kind, start, end, paid minutes, breaks...]: the first
    three are places in the document's lists and days from the first; times are minutes from that day's midnight;
    breaks follow as pairs."""

    days: int
    zone: str
    holidays: list[int]
    night: tuple[int, int]
    night_min: int
    kinds: list[RosterKind]
    teams: list[NamedId]
    rotations: list[NamedRotation]
    skills: list[RosterSkill]
    demand: list[RosterDemand]
    people: list[RosterPerson]
    shifts: list[list[int]]


class RosterEdit(Schema):
    """What somebody works on one day: a kind, or nothing (a day off). Without `start` the kind's first one; without
    `breaks` these are placed in the middle of when they may begin. Agreed overtime stays beside the shift, and
    leaving early without pay stays at its hour; where one cannot, the edit is refused unless it `drops_overtime` or
    `drops_leave`."""

    model_config = ConfigDict(extra="forbid")

    agent_id: UUID
    day: date
    shift_kind_id: UUID | None
    start: Annotated[int | None, Field(ge=0, lt=1440)] = None
    breaks: Annotated[list[tuple[Minute, Minute]] | None, Field(max_length=12)] = None
    drops_overtime: bool = False
    drops_leave: bool = False


class RosterEdits(Schema):
    """All of the edits, or none: somebody else's edit since `version` refuses them."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    edits: Annotated[list[RosterEdit], Field(min_length=1, max_length=500)]


class BreachOut(Schema):
    """A hard rule that is broken; `day` is none where it is about the whole roster."""

    agent_id: UUID
    rule: str
    day: date | None
    data: dict[str, str | int]
    sentence: str


class EditedOut(Schema):
    """The roster's new version, each edited cell as it now is (the document's form of a shift, without its person),
    and all that is broken for the people who were edited."""

    version: int
    cells: list[tuple[UUID, date, list[int] | None]]
    breaches: list[BreachOut]


class SeatsOverrunOut(Schema):
    """A stretch with more people on shift than seats; `people` is the most within it."""

    day: date
    from_min: int
    to_min: int
    people: int


class UnfilledOut(Schema):
    """A stretch in which people are missing for a skill (or a set, ids joined by "+"), and where those are who could
    serve it."""

    skill_id: str
    day: date
    from_min: int
    to_min: int
    missing: int
    able: int
    on_duty: int
    at_break: int
    absent: int
    barred: int
    resting: int


class RosterChecks(Schema):
    """All that stands against a roster as of `version`. Coverage in hundredths of a per cent, none without demand."""

    version: int
    breaches: list[BreachOut]
    seats: list[SeatsOverrunOut]
    unfilled: list[UnfilledOut]
    coverage: int | None
    paid_min: int
    overtime_min: int
    shifts: int


class LawfulShift(Schema):
    """A shift that breaks nothing for that person on that day; no kind: a day off."""

    shift_kind_id: UUID | None
    start: int | None


class Candidate(Schema):
    """Somebody who may work that shift, with the paid minutes that they have in the roster so far."""

    agent_id: UUID
    name: str
    paid_min: int
    high_min: int | None


class ChangedCell(Schema):
    agent_id: UUID
    name: str
    day: date
    before: LawfulShift | None
    after: LawfulShift | None


class RosterFigures(Schema):
    """Of one version. Paid minutes, of which `overtime_min` are overtime, are its cost; `wanted_min` are the minutes
    that its demand asks of people, coverage of that in hundredths of a per cent."""

    roster: RosterOut
    shifts: int
    people: int
    paid_min: int
    overtime_min: int
    wanted_min: int
    coverage: int | None


class RosterComparison(Schema):
    """`changed` are at most the first 2,000 cells that differ, of `cells` in all. `is_same_demand`: both cover the same
    demand, so that their coverage can be compared as it is."""

    before: RosterFigures
    after: RosterFigures
    is_same_demand: bool
    people: int
    cells: int
    changed: list[ChangedCell]


class RosterVersion(Schema):
    model_config = ConfigDict(extra="forbid")

    version: Version


class RosterFilter(Schema):
    state: RosterState | None = None
    tenant_id: UUID | None = None
    from_day: date | None = None
