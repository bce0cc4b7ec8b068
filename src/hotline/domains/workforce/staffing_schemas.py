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


class StaffingIn(Schema):
    """A plan is made from an accepted forecast, for days within it. Targets that are left out are each queue's own, and
    the settings' for abandoned contacts and occupancy; shares in hundredths of a per cent. `patience_s`: mean patience
    of those who wait; without it nobody gives up. `seats`: never more people on site. `hours` a day of a person and
    `growth` of contacts belong to the question how much the people there are can serve."""

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
    seats than there are, and those that need more because of who still waits from before."""

    agent_hours: float
    paid_hours: float
    most_agents: int
    most_people: int
    most_seats: int
    seats_short: int
    carried_over: int


class StaffingHeadcount(Schema):
    """What the people there are serve of the busiest day at best: `factor` times its contacts; agent hours that are
    needed and missing at the growth asked for."""

    day: date
    people: int
    at_work_h: float
    hours: float
    growth: float
    factor: float
    needed_h: float
    missing_h: float
    fits: bool
    options: list[dict[str, Any]]


class StaffingQueueOut(Schema):
    """A queue's, or a brand's, part: contacts and agent hours over all days, the most agents at once."""

    id: str
    queue_id: UUID
    queue_name: dict[str, str]
    skill_id: UUID
    skill_name: dict[str, str]
    brands: list[str]
    calls: float
    agent_hours: float
    most_agents: int


class StaffingSkillOut(Schema):
    """A skill's people on the roster: hours over all days, the most at once. `brands` that it stands for."""

    skill_id: UUID
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
    queues: list[StaffingQueueOut]
    skills: list[StaffingSkillOut]
    headcount: StaffingHeadcount | None


class StaffingDay(Schema):
    """A day's agent hours and most agents at once, of the queues asked about; intervals that want more seats."""

    day: date
    agent_hours: float
    most_agents: int
    seats_short: int


class StaffingCurveOut(Schema):
    """By day, and one day by interval in local time: contacts, agents required and planned (fewer where seats are
    scarce), the people of the skills on the roster, the seats taken by all, the service level that comes of it."""

    days: list[StaffingDay]
    day: date
    begins: list[str]
    calls: list[float]
    required: list[int]
    agents: list[int]
    people: list[int]
    seats_taken: list[int]
    service_level: list[float | None]
