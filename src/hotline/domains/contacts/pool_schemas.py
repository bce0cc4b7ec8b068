"""What the API shows of shared pools in figures."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema


class PoolFiguresOut(Schema):
    """Sums of a day or month, or of the whole period. A contact counts once, on the day on which it was first offered
    to the pool or first served by it; times count on the day on which the conversation began."""

    first_day: date
    offered: int
    served: int
    talk_ms: int
    hold_ms: int
    wrap_up_ms: int
    handle_ms: int


class PoolPartOut(Schema):
    """A pool between the tenant and one partner: its client when `is_lent`, its lender else. Days or months without
    figures are left out."""

    tenant_id: UUID
    pool_id: UUID
    pool_name: dict[str, str] | None = Field(description="null once the pool is gone")
    partner_id: UUID
    partner_name: dict[str, str]
    is_lent: bool
    is_simulated: bool
    rows: list[PoolFiguresOut]
    total: PoolFiguresOut


class PoolReportOut(Schema):
    grain: Literal["day", "month"]
    as_of: datetime
    parts: list[PoolPartOut]
