"""What goes over the wire about tickets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime

from hotline.domains.tickets.rules import State, Step

TEXT_LIMIT = 20_000


class NewTicketIn(Schema):
    """A quick ticket. Without department and due time those of the type count."""

    ticket_type_id: UUID
    text: str = Field(max_length=TEXT_LIMIT, examples=["水表前漏水,邻居已关阀"])
    tenant_id: UUID | None = None  # needed only by those who serve several, without a contact
    contact_id: UUID | None = None
    customer_id: UUID | None = None
    department_id: UUID | None = None
    due_at: AwareDatetime | None = None


class NewLentTicketIn(Schema):
    """A ticket for another company whose contact is in hand; department and due time are those of the type."""

    ticket_type_id: UUID
    text: str = Field(max_length=TEXT_LIMIT, examples=["水表前漏水,邻居已关阀"])


class OpenedTicketOut(Schema):
    id: UUID
    number: str = Field(examples=["T-8812"])


class LentTicketOut(Schema):
    """An open ticket of another company's customer, without its text."""

    number: str = Field(examples=["T-8812"])
    type_name: dict[str, str]
    state: str
    clock: str = Field(description="late, soon, in_time or stopped")
    due_at: datetime


class TicketFilterIn(Schema):
    mine: bool = False
    department_id: UUID | None = None
    ticket_type_id: UUID | None = None
    customer_id: UUID | None = None
    contact_id: UUID | None = None
    state: State | None = None
    is_open: bool | None = None
    search: str | None = Field(None, max_length=100)


class CommentIn(Schema):
    text: str = Field(max_length=TEXT_LIMIT)


class AssignIn(Schema):
    department_id: UUID | None = None
    handler_id: UUID | None = None
    text: str = Field("", max_length=2000)


class StepIn(Schema):
    """`confirmed_by` says how the customer confirmed; the step `confirm` needs it."""

    step: Step
    text: str = Field("", max_length=TEXT_LIMIT)
    confirmed_by: str = Field("", max_length=200, examples=["call of 2026-03-01, Chen Yu"])


class DueIn(Schema):
    due_at: AwareDatetime
    reason: str = Field(max_length=2000)


class TicketBriefOut(Schema):
    id: UUID
    tenant_id: UUID
    number: str = Field(examples=["T-8812"])
    ticket_type_id: UUID
    type_name: dict[str, str]
    state: str
    clock: str = Field(description="late, soon, in_time or stopped")
    opened_at: datetime
    due_at: datetime
    text: str
    department_id: UUID | None
    department_name: dict[str, str] | None
    handler_id: UUID | None
    handler_name: str
    customer_id: UUID | None
    customer_name: str
    contact_id: UUID | None
    is_simulated: bool


class TicketStepOut(Schema):
    id: UUID
    at: datetime
    kind: str
    person_id: UUID | None
    person_name: str
    text: str
    detail: dict[str, Any]


class TicketOut(Schema):
    ticket: TicketBriefOut
    opened_by_id: UUID
    opened_by_name: str
    acknowledged_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    confirmed_by: str
    possible_steps: list[str]
    timeline: list[TicketStepOut]


class TicketCountsOut(Schema):
    open: int
    late: int
    mine: int
