"""What the API shows of the running day: expected, came, required, present, and what could be done."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from hotline.domains.setup_routes import Names
from hotline.domains.workforce.proposals import Kind


class IntradayFilter(Schema):
    tenant_id: UUID | None = None


class IntradayQueueOut(Schema):
    """One queue by quarters of an hour. `planned`: expected before the day; `calls` with its bounds: as of now, with
    counts where the quarter is over; `level`: by what the rest of the day was changed. `target` in hundredths of a
    per cent. `present` divides people who serve several queues among these."""

    queue_id: UUID
    name: Names
    target: int
    threshold_s: int
    level: float
    known: int
    planned: list[float]
    calls: list[float]
    low: list[float]
    high: list[float]
    actual: list[int | None]
    handle_s: list[float]
    required: list[int]
    present: list[float]


class ProposedMove(Schema):
    """A break (with `index` in its shift) or an activity that could be elsewhere."""

    agent_name: str
    object_id: UUID
    version: int
    index: int | None
    begins_at: datetime
    ends_at: datetime


class ProposalOut(Schema):
    """What could be done for a queue; levels are service levels over that time in hundredths of a per cent, `hours`
    hours of work more or (below 0) less."""

    kind: Kind
    queue_id: UUID
    queue_name: Names
    begins_at: datetime
    ends_at: datetime
    people: int
    level_before: int
    level_after: int
    hours: float
    agent_names: list[str]
    tier_id: UUID | None
    tier_name: Names | None
    moves: list[ProposedMove]


class IntradayOut(Schema):
    """The tenant's running day; `begins_at` are the quarters. `source`: an accepted forecast, or the same weekday of
    the last four weeks."""

    tenant_id: UUID
    day: date
    time_zone: str
    as_of: datetime
    made_at: datetime
    source: Literal["forecast", "history"]
    interval_min: int
    begins_at: list[datetime]
    queues: list[IntradayQueueOut]
    proposals: list[ProposalOut]


class DayWhatIfIn(Schema):
    """One change of the rest of the day: so many people more (or fewer) for a queue, so many per cent more or fewer
    calls, a handle time so many per cent longer or shorter. Without a queue: every queue."""

    model_config = ConfigDict(extra="forbid")

    tenant_id: UUID | None = None
    queue_id: UUID | None = None
    people: Annotated[int, Field(ge=-200, le=200)] = 0
    calls_percent: Annotated[int, Field(ge=-90, le=300)] = 0
    handle_percent: Annotated[int, Field(ge=-50, le=200)] = 0


class DayWhatIfAsked(Schema):
    run_id: UUID
