"""What the API shows of planning runs."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema

RunKind = Literal["forecast", "staffing", "roster", "what_if"]
RunState = Literal["waiting", "running", "done", "failed", "cancelled"]


class PlanningRunOut(Schema):
    """A long piece of planning work. `steps` 0: not known how many there are. `figures` are of the best found so far;
    `stop_asked`: it will end soon with that. `sentence` says why it failed, in the reader's language."""

    id: UUID
    tenant_id: UUID
    kind: RunKind
    state: RunState
    steps: int
    steps_done: int
    figures: dict[str, Any]
    stop_asked: bool
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    failure_code: str | None
    sentence: str | None


class PlanningRunDetail(PlanningRunOut):
    """`result` is what the kind of run tells once it is done."""

    result: dict[str, Any] | None
