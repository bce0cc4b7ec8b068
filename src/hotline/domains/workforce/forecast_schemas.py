"""What the API takes and shows of forecasts."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from hotline.domains.workforce.planning_run_schemas import PlanningRunOut

IntervalMin = Literal[15, 30, 60]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S", examples=["2026-12"])]
Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S", examples=["新账单寄出"])]
Grain = Literal["interval", "day"]
PartKind = Literal["channel", "site"]
Values = list[float | None]


class LikeIn(Schema):
    """A queue to come borrows the profile of another at a share of it; without one, at the share seen so far."""

    model_config = ConfigDict(extra="forbid")

    queue_id: UUID
    other_id: UUID
    share: Annotated[float | None, Field(gt=0, le=100)] = None


class ForecastIn(Schema):
    """What to forecast. It learns from all days before the first one, so that days gone by can be forecast too, and be
    compared. `calendar` has lines date,kind,until,name,queue,value: billing, campaign, event, closed, open, outage,
    weather, holiday, workday. `country`: whose public holidays count beside the tenant's calendars (CN); empty: as the
    history shows."""

    model_config = ConfigDict(extra="forbid")

    tenant_id: UUID | None = None
    name: Name
    first_day: date
    last_day: date
    interval_min: IntervalMin = 15
    country: Annotated[str, Field(max_length=2, pattern=r"^([A-Z]{2})?$")] = ""
    calendar: Annotated[str, Field(max_length=50_000)] = ""
    likes: Annotated[list[LikeIn], Field(max_length=100)] = []


class ForecastErrors(Schema):
    """Errors of a model in its backtest: shares of one; MASE against the last same weekday. Nothing where the history
    is too short."""

    wape: float | None
    mase: float | None
    bias: float | None
    day_wape: float | None


class ForecastModelErrors(ForecastErrors):
    model: str


class ForecastReach(ForecastErrors):
    """Errors of the days that lie so far ahead."""

    from_day: int
    to_day: int


class ForecastHorizonErrors(ForecastModelErrors):
    """What was chosen for a queue's next day, or for up to `days` ahead, with its errors beside those of the
    baseline."""

    queue_id: UUID
    brand: str
    horizon: Literal["next_day", "later"]
    days: int
    origins: int
    baseline: ForecastModelErrors
    by_days_ahead: list[ForecastReach]


class ForecastMark(Schema):
    """Something in the history that was not taken as it stood, and why. `intervals` as times of day; none: all day."""

    day: date
    kind: str
    treatment: Literal["repaired", "excluded"]
    intervals: list[str]
    note: str


class ForecastSeriesOut(Schema):
    """A queue's forecast, by brand ("": not told apart). `borrowed_from`: the queue whose profile it is, at `share`;
    of a brand that is told apart by its contacts, `share` is its part of the queue."""

    queue_id: UUID
    queue_name: dict[str, str]
    brand: str
    brand_name: dict[str, str]
    model: str
    borrowed_from: UUID | None
    share: float
    holidays_of: str
    calls: float
    calls_as_forecast: float
    handle_s: float | None
    marks: list[ForecastMark]


class ForecastPartOut(Schema):
    """What is expected of a queue's contacts on one channel or at one site: `name` is the channel's code or the site's
    id, empty for those of which it is not known. Parts add up to the queue."""

    queue_id: UUID
    queue_name: dict[str, str]
    by: PartKind
    name: str
    site_name: dict[str, str] | None
    calls: float
    share: float
    handle_s: float | None


class ForecastPartEffect(Schema):
    """The same of a channel, or of a site ("": not known), over the whole hours of the change."""

    by: PartKind
    name: str
    site_name: dict[str, str] | None
    actual: float
    missed_before: float
    missed_after: float


class ForecastEffect(Schema):
    """What a change did, known afterwards: contacts missed without and with it, over so many intervals; and by channel
    and site, where contacts are counted so."""

    intervals: int
    actual: float
    missed_before: float
    missed_after: float
    parts: list[ForecastPartEffect] = []


class ForecastChangeOut(Schema):
    """`effect` is nothing until the time is over."""

    id: UUID
    queue_id: UUID | None
    begins_at: datetime
    ends_at: datetime
    factor: float | None
    calls: float | None
    reason: str
    made_by: str
    made_at: datetime
    effect: ForecastEffect | None


class ForecastChangeIn(Schema):
    """Intervals that begin from `begins_at` up to, not including, `ends_at`: times `factor`, or `calls` in each.
    Times without a zone are the tenant's. Without a queue, all of them. `version` is that of the forecast as it was
    read."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)]
    queue_id: UUID | None = None
    begins_at: datetime
    ends_at: datetime
    factor: Annotated[float | None, Field(ge=0, le=100)] = None
    calls: Annotated[float | None, Field(ge=0, le=1_000_000)] = None
    reason: Reason


class VersionIn(Schema):
    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)]


class ForecastBrief(Schema):
    """A forecast in the list; `is_ready` once its run is done."""

    id: UUID
    tenant_id: UUID
    version: int
    name: str
    first_day: date
    last_day: date
    interval_min: int
    history_from: date | None
    history_to: date | None
    is_ready: bool
    accepted_at: datetime | None
    accepted_by: str
    run: PlanningRunOut | None


class ForecastOut(ForecastBrief):
    """`coverage`: the share of what comes that lies within the bounds. `left_out`: queues without a call in the
    history. `is_simulated`: some of what was learnt from was simulated."""

    coverage: float | None
    is_simulated: bool
    series: list[ForecastSeriesOut]
    parts: list[ForecastPartOut]
    errors: list[ForecastHorizonErrors]
    changes: list[ForecastChangeOut]
    left_out: list[UUID]


class ForecastCurveOut(Schema):
    """Contacts by day or interval in local time, with those that came where that is known: history first. Handle time
    in seconds; `as_forecast` is without planners' changes."""

    by: Grain
    begins: list[str]
    expected: Values
    low: Values
    high: Values
    as_forecast: Values
    handle_s: Values
    actual: Values


class ForecastAccuracyRow(Schema):
    """Errors over the days gone by, of a queue or of all (none): shares of what came. The baseline is the last same
    weekday of the history."""

    queue_id: UUID | None
    days: int
    expected: float
    actual: float
    wape: float | None
    day_wape: float | None
    bias: float | None
    baseline_wape: float | None
    baseline_day_wape: float | None


class ForecastReachErrors(Schema):
    """Errors of days so many days ahead, as shares of what came; `wape` of hours."""

    from_day: int
    to_day: int
    days: int
    expected: float
    actual: float
    wape: float | None
    day_wape: float | None
    bias: float | None


class ForecastPartAccuracyRow(Schema):
    """Errors over the days gone by of a channel, or of a site ("": not known), of a queue or of all (none): shares of
    what came, `wape` of hours. Of sites, contacts that nobody answered are shared as the answered ones."""

    queue_id: UUID | None
    by: PartKind
    name: str
    site_name: dict[str, str] | None
    days: int
    expected: float
    actual: float
    wape: float | None
    day_wape: float | None
    bias: float | None
    by_days_ahead: list[ForecastReachErrors]
