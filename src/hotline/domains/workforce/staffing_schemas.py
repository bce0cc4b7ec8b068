"""What the API takes and shows of staffing plans."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from hotline.domains.workforce.forecast_schemas import Name
from hotline.domains.workforce.planning_run_schemas import PlanningRunOut

Share = Annotated[int, Field(ge=0, le=10_000)]
Seconds = Annotated[int, Field(ge=0, le=86_400)]


PartId = Annotated[str, Field(min_length=1, max_length=100)]
Work = Literal["calls", "chats", "letters"]


class StaffingWorkIn(Schema):
    """What kind of work a queue is: calls; chats, of which one person holds `concurrency` at once; letters, done within
    `deadline_h` hours."""

    model_config = ConfigDict(extra="forbid")

    queue_id: UUID
    kind: Work
    concurrency: Annotated[int | None, Field(ge=1, le=16)] = None
    deadline_h: Annotated[float | None, Field(gt=0, le=1000)] = None


class StaffingGroupIn(Schema):
    """People who serve the same parts of the plan (ids as in the basis), and others `later`, once a customer has waited
    so many seconds: how many there are, and the most that are planned; without `most` as many as are needed."""

    model_config = ConfigDict(extra="forbid")

    parts: Annotated[list[PartId], Field(max_length=50)]
    later: Annotated[dict[PartId, Annotated[int, Field(ge=1, le=86_400)]], Field(max_length=50)] = {}
    people: Annotated[int, Field(ge=0, le=100_000)] = 0
    most: Annotated[int | None, Field(ge=0, le=100_000)] = None


class StaffingIn(Schema):
    """A plan is made from an accepted forecast, for days within it. Targets that are left out are each queue's own, and
    the settings' for abandoned contacts and occupancy; shares in hundredths of a per cent. `patience_s`: mean patience
    of those who wait; without it nobody gives up. `seats`: never more people on site. `hours` a day of a person and
    `growth` of contacts belong to the question how much the people there are can serve.

    `queues` that are left out are the kind of work that their channel usually is. `is_pooled`: queues share people, by
    `groups` or, without them, as the tenant's people hold skills; found by simulation within `cpu_limit_s`. There
    who waits too long goes to other queues as they are set up, unless `has_overflow` is false."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    forecast_id: UUID
    first_day: date
    last_day: date
    interval_min: Literal[15, 30] = 30
    service_level: Share | None = None
    within_s: Seconds | None = None
    abandoned: Share | None = None
    occupancy: Share | None = None
    average_wait_s: Annotated[int | None, Field(ge=1, le=86_400)] = None
    patience_s: Annotated[int | None, Field(ge=1, le=86_400)] = None
    seats: Annotated[int | None, Field(ge=1, le=100_000)] = None
    hours: Annotated[float, Field(gt=0, le=24)] = 8.0
    growth: Annotated[int, Field(ge=-9_900, le=100_000)] = 0
    queues: Annotated[list[StaffingWorkIn], Field(max_length=500)] = []
    is_pooled: bool = False
    groups: Annotated[list[StaffingGroupIn], Field(max_length=200)] | None = None
    cpu_limit_s: Annotated[int, Field(ge=10, le=3600)] = 300
    has_overflow: bool = True


class StaffingTargets(Schema):
    """As the plan was asked for; nothing where each queue has its own."""

    service_level: int | None
    within_s: int | None
    abandoned: int | None
    occupancy: int | None
    average_wait_s: int | None
    patience_s: int | None
    seats: int | None


class StaffingFigures(Schema):
    """Hours over all days; the most agents at work, people to roster and seats taken at once; intervals that want more
    seats than there are, and those that need more because of who still waits from before. Of letters, the hours of
    work that are late at once, and those left at the end.

    Of queues that share people: `separate_hours` is what teams of their own would take, `saved` the share of them that
    is not needed (hundredths of a per cent; below 0: more are); trials of the simulation, whether its search came to
    its own end, and the intervals that surely miss a service level."""

    agent_hours: float
    paid_hours: float
    most_agents: int
    most_people: int
    most_seats: int
    seats_short: int
    carried_over: int
    late_h: float
    left_h: float
    separate_hours: float | None
    saved: int | None
    trials: int | None
    is_finished: bool | None
    missed: int | None


class StaffingLetters(Schema):
    """Letters of a part on the busiest day, in what calls leave, hours of work: what comes, what is done, what stays
    every day (and how many letters that is), and the most that is past its deadline at once although it is done."""

    needed_h: float
    done_h: float
    undone_h: float
    late_h: float
    undone: float


class StaffingHeadcount(Schema):
    """What the people there are serve of the busiest day at best: `factor` times its contacts, `factor_in_time` with
    all letters in time; agent hours that are needed and missing at the growth asked for, and what becomes of `letters`
    then, by part. `fits`: nothing is missing or late."""

    day: date
    people: int
    at_work_h: float
    hours: float
    growth: float
    factor: float
    needed_h: float
    missing_h: float
    fits: bool
    factor_in_time: float
    letters: dict[str, StaffingLetters]
    options: list[dict[str, Any]]


class StaffingPart(Schema):
    """A queue's, or a brand's, part of a plan, and what kind of work it is; contacts over all days."""

    id: str
    queue_id: UUID
    queue_name: dict[str, str]
    skill_id: UUID
    skill_name: dict[str, str]
    brands: list[str]
    kind: Work
    channel: str
    concurrency: int
    deadline_h: float | None
    calls: float


class StaffingQueueOut(StaffingPart):
    """With agent hours over all days and the most agents at once; the hours that a team of its own would take."""

    agent_hours: float
    most_agents: int
    separate_hours: float | None


class StaffingGroup(Schema):
    """People who serve the same parts of the plan, and others `later`: once a customer has waited so many seconds, by
    the queues' rings. `most`: no more are planned."""

    parts: list[str]
    later: dict[str, int]
    people: int
    most: int | None


class StaffingGroupOut(StaffingGroup):
    """With what is planned of them."""

    id: str
    agent_hours: float
    most_agents: int


class StaffingWay(Schema):
    """Contacts of a part go to the people of another part, once they have waited `after_s`, or (null) when its queue is
    full."""

    part: str
    to: str
    after_s: int | None


class StaffingBasis(Schema):
    """What a plan is made with unless the planner says otherwise: kinds of work by channel or as in the last plan,
    people by the parts that their skills and the queues' rings let them serve, and overflows between queues."""

    queues: list[StaffingPart]
    groups: list[StaffingGroup]
    ways: list[StaffingWay]


class StaffingSkillOut(Schema):
    """People on the roster with a skill, or with several at once (ids joined by "+"): hours over all days, the most at
    once. `brands` that it stands for."""

    skill_id: str
    skill_name: dict[str, str]
    brands: list[str]
    people_hours: float
    most_people: int


class StaffingBrief(Schema):
    id: UUID
    tenant_id: UUID
    version: int
    name: str
    forecast_id: UUID
    forecast_name: str
    first_day: date
    last_day: date
    interval_min: int
    is_ready: bool
    figures: StaffingFigures | None
    run: PlanningRunOut | None


class StaffingOut(StaffingBrief):
    """`shrinkage` as the settings were: hundredths of a per cent of paid time by reason."""

    targets: StaffingTargets
    shrinkage: dict[str, int]
    is_pooled: bool
    queues: list[StaffingQueueOut]
    groups: list[StaffingGroupOut]
    ways: list[StaffingWay]
    skills: list[StaffingSkillOut]
    headcount: StaffingHeadcount | None


class StaffingDay(Schema):
    """A day's agent hours and most agents at once, of the queues asked about; intervals that want more seats."""

    day: date
    agent_hours: float
    most_agents: int
    seats_short: int


class StaffingGroupCurve(Schema):
    """Agents planned of a group in each interval of the day."""

    id: str
    agents: list[int]


class StaffingCurveOut(Schema):
    """By day, and one day by interval in local time, with its offset where an hour comes twice: contacts, agents
    required and planned (fewer where seats are scarce), those of teams apart, the people on the roster who know one of
    the skills, the seats taken by all, the service level and the share of those who give up that come of it. Where
    queues share people these are simulated: `low` and `high`, of one queue alone, bound its service level (99 %)."""

    days: list[StaffingDay]
    day: date
    begins: list[str]
    calls: list[float]
    required: list[int]
    agents: list[int]
    separate: list[int]
    people: list[int]
    seats_taken: list[int]
    service_level: list[float | None]
    abandoned: list[float | None]
    low: list[float | None]
    high: list[float | None]
    groups: list[StaffingGroupCurve]
