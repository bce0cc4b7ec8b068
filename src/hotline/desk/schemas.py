"""What the desk gets when it rings."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from hotline.domains.contacts.schemas import ContactBriefOut
from hotline.domains.customers.schemas import CustomerBriefOut, CustomerOut
from hotline.domains.tickets.schemas import TicketBriefOut


class DeskContactOut(Schema):
    id: UUID
    tenant_id: UUID
    channel: str
    stage: str
    arrived_at: datetime
    asked_at: datetime | None
    called_address: str
    caller: str = Field(examples=["139****0001"])
    language: str
    service_language: str = Field(
        examples=[""], description="In which an agent should serve it; empty: in that of the prompts."
    )
    product_line: str = Field(examples=["mobile"], description="With which it asked for an agent; empty: none.")
    priority: int
    menu_path: list[str]
    queue_id: UUID | None
    customer_id: UUID | None
    is_simulated: bool


class DispositionOut(Schema):
    disposition_id: UUID
    code: str
    name: dict[str, str]
    kind: str
    parent_id: UUID | None
    position: int
    is_choosable: bool


class TicketTypeChoiceOut(Schema):
    ticket_type_id: UUID
    code: str
    name: dict[str, str]
    process_number: int | None
    department_id: UUID | None
    due_hours: int


class DepartmentChoiceOut(Schema):
    department_id: UUID
    code: str
    name: dict[str, str]


class NotedMatterOut(Schema):
    disposition_id: str
    outcome_id: str | None
    note: str


class NotedTicketOut(Schema):
    """A ticket that was begun and not sent; what was not chosen yet is empty."""

    ticket_type_id: str
    text: str
    department_id: str
    due_at: str


class HandedOverOut(Schema):
    """What an earlier agent of this contact has noted, filed or not."""

    agent_id: UUID
    agent_name: str
    noted_at: datetime
    matters: list[NotedMatterOut]
    note: str
    ticket: NotedTicketOut | None


class VerificationOut(Schema):
    """Who has made sure that the caller is the customer."""

    verified_at: datetime
    agent_id: UUID


class PopOut(Schema):
    contact: DeskContactOut
    customer: CustomerOut | None
    candidates: list[CustomerBriefOut]
    open_tickets: list[TicketBriefOut]
    recent_contacts: list[ContactBriefOut]
    dispositions: list[DispositionOut]
    ticket_types: list[TicketTypeChoiceOut]
    departments: list[DepartmentChoiceOut]
    handed_over: list[HandedOverOut]
    verified: VerificationOut | None


class LentModuleOut(Schema):
    module_id: UUID
    name: dict[str, str]


class LentContactOut(Schema):
    """A contact of another company: in whose name to answer, and who calls as far as known. While it is in hand (it no
    longer rings, and its wrap-up is not over) also what that company lets this agent write now, and from what to choose
    for it."""

    contact_id: UUID
    tenant_name: dict[str, str]
    queue_name: dict[str, str] | None
    customer_name: str | None
    language: str
    is_simulated: bool
    is_in_hand: bool
    allows_notes: bool
    allows_tickets: bool
    shows_tickets: bool
    dispositions: list[DispositionOut]
    modules: list[LentModuleOut]
    ticket_types: list[TicketTypeChoiceOut]


class FreeSeatOut(Schema):
    seat_id: UUID
    label: str
    is_reserve: bool


class SiteChoiceOut(Schema):
    """A site with its free seats; `is_own`: the agent's team sits there."""

    site_id: UUID
    name: dict[str, str]
    is_own: bool
    seats: list[FreeSeatOut]


class SeatChoiceOut(Schema):
    sites: list[SiteChoiceOut]
