"""What goes over the wire about callers before an agent has them: look-ups, key accounts, those who gave up."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime


class LookUpIn(Schema):
    """What the node's flow asks; the called number is for tenants that keep customers by line."""

    tenant_id: UUID
    caller_address: str | None = None
    called_address: str = ""


class LookUpOut(Schema):
    """Plain values by the names under which flows keep them; an empty one is not known."""

    customer_id: UUID | None
    language: str | None
    segment: str
    brand: str
    product_line: str
    service_language: str
    region: str
    value_grade: str
    vip: str
    rural: str
    key_account: str
    wanted_agent_id: str
    wanted_cause: str
    pending_callback: str


class AccessRowOut(Schema):
    """Those who wanted a person in a quarter of an hour, or on a local day when `starts_at` is null. `blocked` is the
    sum of `turned_away` (out of a queue without an agent), `refused` (before a flow took them) and `closed` (told that
    the centre is closed). Shares are in per cent, of the wanted and of those who asked; rounded up, empty when nobody
    came."""

    day: date
    starts_at: datetime | None
    wanted: int
    asked: int
    answered: int
    abandoned: int
    turned_away: int
    refused: int
    closed: int
    blocked: int
    blocked_share: str
    abandoned_share: str
    is_blocked_within: bool | None
    is_abandoned_within: bool | None


class AccessReportOut(Schema):
    """Limits are in hundredths of a per cent."""

    by: Literal["interval", "day"]
    first_day: date
    last_day: date
    as_of: datetime
    blocked_limit: int
    abandoned_limit: int
    rows: list[AccessRowOut]
    total: AccessRowOut
    is_simulated: bool


class AgentShareOut(Schema):
    agent_id: UUID
    name: str
    answered: int


class AccountRowOut(Schema):
    """`own_share` is answered by the manager ÷ answered, 0-1; null when none was answered."""

    customer_id: UUID
    customer_number: str
    customer_name: str
    tier: str
    review_due_on: date
    manager_id: UUID
    manager_name: str
    asked: int
    answered: int
    abandoned: int
    answered_by_manager: int
    own_share: float | None
    average_wait_s: float | None
    answered_by: list[AgentShareOut]


class AccountReportOut(Schema):
    first_day: date
    last_day: date
    rows: list[AccountRowOut]


class AbandonedOut(Schema):
    """One who hung up waiting. `times` counts this and the day before it; the caller is masked."""

    contact_id: UUID
    tenant_id: UUID
    queue_id: UUID | None
    asked_at: datetime | None
    gave_up_at: datetime | None
    wait_ms: int | None
    caller: str
    can_be_called: bool
    customer_id: UUID | None
    is_simulated: bool
    times: int
    called_again_at: datetime | None
    is_answered_since: bool
    decision: Literal["", "done", "ignored", "called_back"]
    reason: str
    settled_at: datetime | None
    settled_by_id: UUID | None
    call_back_contact_id: UUID | None
    failure: str


class SettlementIn(Schema):
    """Why is needed for those who are ignored."""

    decision: Literal["done", "ignored"]
    reason: str = Field("", max_length=500)


class CallBackIn(Schema):
    """Not before that moment, and while the queue's call-back calendar is open; without one, as soon as may be."""

    not_before: AwareDatetime | None = None


class CallBackOrdered(Schema):
    """The contact under which the customer is called."""

    contact_id: UUID
