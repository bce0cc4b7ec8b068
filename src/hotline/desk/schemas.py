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


class PopOut(Schema):
    contact: DeskContactOut
    customer: CustomerOut | None
    candidates: list[CustomerBriefOut]
    open_tickets: list[TicketBriefOut]
    recent_contacts: list[ContactBriefOut]
    dispositions: list[DispositionOut]
    ticket_types: list[TicketTypeChoiceOut]
    departments: list[DepartmentChoiceOut]
