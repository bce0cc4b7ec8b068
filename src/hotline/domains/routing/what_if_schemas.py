"""What the API takes and shows of what-ifs: recorded days under changed set-ups."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from hotline.domains.routing.drafts import DraftType
from hotline.domains.routing.schemas import RoutingChangeOut, Seconds

FIRST_DAY: Final = date(2000, 1, 1)
State = Literal["waiting", "running", "done", "failed", "cancelled"]
Metric = Literal[
    "asked",
    "answered",
    "abandoned",
    "blocked",
    "overflowed",
    "service_level",
    "abandon_probability",
    "average_wait_s",
    "wait_percentile95_s",
    "work_hours",
]
Curved = Literal["asked", "abandoned", "service_level", "average_wait_s", "wait_percentile95_s"]
Values = list[float | None]


class WhatIfPoolUse(Schema):
    """A pool that is offered to the tenant, and the queue that shall overflow to it after so many seconds. It is
    accepted with that, where it is not yet."""

    model_config = ConfigDict(extra="forbid")

    pool_id: UUID
    queue_id: UUID
    queue_version: Annotated[int, Field(ge=1)]
    after_s: Seconds


class WhatIfDraft(Schema):
    """A change that is not saved: `values` as the record's own PATCH takes them, with its `version`, or without
    `record_id` as its POST does. `agents`: as `POST /admin/agents/changes` takes them; `routing_pool`: as `PUT
    /admin/routing/pool` does, by installation administrators only; `pool_use`: a WhatIfPoolUse."""

    model_config = ConfigDict(extra="forbid")

    object_type: DraftType
    record_id: UUID | None = None
    values: dict[str, Any]


class WhatIfIn(Schema):
    """`day` is a local day of the tenant, yesterday when left out; today counts up to its last whole quarter of an
    hour. Exactly one of `number` (a version to go back to) and `change` is given. More `replays` make intervals
    narrower."""

    model_config = ConfigDict(extra="forbid")

    tenant_id: UUID | None = None
    day: Annotated[date | None, Field(ge=FIRST_DAY)] = None
    number: Annotated[int | None, Field(ge=1)] = None
    change: WhatIfDraft | None = None
    replays: Annotated[int, Field(ge=2, le=20)] = 5


class WhatIfRunOut(Schema):
    """One run. `changes` are against the set-up in force when it was asked; `sentence` says why it failed, in the
    reader's language."""

    id: UUID
    tenant_id: UUID
    day: date
    begins_at: datetime
    ends_at: datetime
    replays: int
    number: int | None
    object_type: DraftType | None
    changes: list[RoutingChangeOut]
    state: State
    steps: int
    steps_done: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    applied_at: datetime | None
    failure_code: str | None
    sentence: str | None


class WhatIfEstimate(Schema):
    """A mean over the replays with its 99 % interval; nothing where nobody was counted."""

    value: float | None
    low: float | None
    high: float | None


class WhatIfFigure(Schema):
    """A figure of a queue, or of all the tenant's queues (no `queue_id`): what happened, what the replay makes of it
    under the recorded set-up, and under the changed one. Counts, shares of one, seconds, hours."""

    queue_id: UUID | None
    metric: Metric
    recorded: float | None
    before: WhatIfEstimate
    after: WhatIfEstimate
    difference: WhatIfEstimate


class WhatIfCurve(Schema):
    """A figure by quarter of an hour from the beginning on; nothing where nobody was counted."""

    queue_id: UUID | None
    metric: Curved
    recorded: Values
    before: Values
    after: Values


class WhatIfQueue(Schema):
    queue_id: UUID
    name: dict[str, str]


class WhatIfResult(Schema):
    """`recorded_version` was in force at the end; where `recorded_versions` is more than one, the set-up changed that
    day. `left_out` counts what is not replayed, `refused` what the changed set-up did not accept, both only where the
    tenant shares the pool with nobody."""

    queues: list[WhatIfQueue]
    figures: list[WhatIfFigure]
    curves: list[WhatIfCurve]
    recorded_version: int
    recorded_versions: int
    left_out: dict[str, int]
    refused: dict[str, int]


class WhatIfOut(WhatIfRunOut):
    result: WhatIfResult | None
    basis: int
    is_basis_recorded: bool  # whether the set-up in force when it was asked is the one of the day
