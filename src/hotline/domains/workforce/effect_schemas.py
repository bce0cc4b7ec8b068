"""What the API shows of the effect of rotations."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from hotline.domains.setup_routes import Names


class EffectFilter(Schema):
    """Over so many months before and after joining."""

    months: Annotated[int, Field(ge=3, le=6, multiple_of=3)] = 3
    tenant_id: UUID | None = None


class EffectFigure(Schema):
    """The same people before and after joining. `people` none: fewer than five, of whom nothing is told."""

    people: int | None
    before: int | None
    after: int | None


class LeavingFigure(Schema):
    """The share of `people` who left, hundredths of a per cent; none of fewer than five."""

    people: int | None
    share: int | None


class RotationEffect(Schema):
    """`satisfaction`: mean answer, hundredths of a point of 1 to 10. `absence`: sick days of rostered days, hundredths
    of a per cent. `leaving`: who left within the months after joining."""

    rotation_id: UUID
    name: Names
    satisfaction: EffectFigure
    absence: EffectFigure
    leaving: LeavingFigure


class RotationEffectsOut(Schema):
    """Of whole months before `until`. The figures of all are withheld where they would tell of a group of fewer than
    five. `others_leaving`: those in no rotation who left within as many months."""

    months: int
    until: date
    rotations: list[RotationEffect]
    all_satisfaction: EffectFigure
    all_absence: EffectFigure
    others_leaving: LeavingFigure
