"""What the API takes to solve a roster."""

from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field


class SolveIn(Schema):
    """`version` is that of the roster as it was read; `cpu_limit_s` counts CPU seconds of the solver. With
    `is_incremental` the roster's present shifts are kept as far as they can be."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)]
    cpu_limit_s: Annotated[float, Field(ge=1, le=3600)] = 120.0
    is_incremental: bool = False


class ShiftCostsOut(Schema):
    """Least paid minutes that cover `share` (hundredths of a per cent) of the demand of the roster's first `days`: with
    fixed shifts, and with every kind at every start; none where that cannot be. `saving`: hundredths of a per cent of
    the fixed ones. `roster_min`: what the roster's own shifts pay."""

    share: int
    days: int
    fixed_min: int | None
    flexible_min: int | None
    saving: int | None
    roster_min: int


class SolveOut(Schema):
    """The run that solves the roster: read, stop and cancel it under `/workforce/runs`."""

    run_id: UUID
