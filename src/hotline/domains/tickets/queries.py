"""Reading tickets: frozen structs, never models."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

import msgspec
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from hotline.domains.tickets import rules
from hotline.domains.tickets.models import Ticket, TicketEvent
from hotline.foundation.errors import NotFoundError
from hotline.foundation.paging import cursor_page


class TicketBrief(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket in a list. `clock` is late, soon, in_time or stopped as of now."""

    id: UUID
    tenant_id: UUID
    number: str
    ticket_type_id: UUID
    type_name: dict[str, str]
    state: str
    clock: str
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


class TicketStep(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the timeline."""

    id: UUID
    at: datetime
    kind: str
    person_id: UUID | None
    person_name: str
    text: str
    detail: dict[str, object]


class TicketView(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket with its timeline and the steps that are possible now."""

    ticket: TicketBrief
    opened_by_id: UUID
    opened_by_name: str
    acknowledged_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    confirmed_by: str
    possible_steps: tuple[str, ...]
    timeline: tuple[TicketStep, ...]


class TicketCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many are open, late, and in one's own hands."""

    open: int
    late: int
    mine: int


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """What to look for; None means any."""

    mine_of: UUID | None = None
    department_id: UUID | None = None
    ticket_type_id: UUID | None = None
    customer_id: UUID | None = None
    contact_id: UUID | None = None
    state: str | None = None
    is_open: bool | None = None
    search: str | None = None


def tickets_page(wanted: TicketFilter, cursor: str | None, limit: int) -> tuple[list[TicketBrief], str | None]:
    """One page of the scope's tickets, next clock first."""
    page, following = cursor_page(
        _listed().filter(_condition(wanted)), order=["due_at", "id"], cursor=cursor, limit=limit
    )
    return _briefs(page), following


def open_tickets_of(tenant_id: UUID, customer_id: UUID, limit: int = 20) -> list[TicketBrief]:
    """The customer's tickets that are not closed, next clock first. One query."""
    rows = _listed().filter(tenant_id=tenant_id, customer_id=customer_id, state__in=rules.OPEN_STATES)
    return _briefs(rows.order_by("due_at", "id")[:limit])


def ticket(ticket_id: UUID) -> TicketView:
    """The ticket with its timeline. Raises NotFoundError."""
    events = TicketEvent.objects.select_related("person").order_by("at", "id")
    row = _listed().prefetch_related(Prefetch("events", events)).filter(pk=ticket_id).first()
    if row is None:
        raise NotFoundError(object_type="ticket", object_id=str(ticket_id))
    state = cast(rules.State, row.state)
    return TicketView(
        ticket=_brief(row, timezone.now()),
        opened_by_id=row.opened_by_id,
        opened_by_name=row.opened_by.name,
        acknowledged_at=row.acknowledged_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        confirmed_by=row.confirmed_by,
        possible_steps=rules.steps_from(state),
        timeline=tuple(map(_step, row.events.all())),
    )


def counts(user_id: UUID | None) -> TicketCounts:
    """Open, late and own tickets of the scope, in one query."""
    is_open = Q(state__in=rules.OPEN_STATES)
    is_late = Q(state__in=[s for s in rules.OPEN_STATES if s != "answered"], due_at__lt=timezone.now())
    found = Ticket.objects.aggregate(
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=is_late),
        mine=Count("pk", filter=is_open & Q(handler_id=user_id)),
    )
    return TicketCounts(**found)


def _listed() -> QuerySet[Ticket]:
    return Ticket.objects.select_related("ticket_type", "department", "handler", "customer", "opened_by")


def _condition(wanted: TicketFilter) -> Q:
    condition = Q()
    for name in ("department_id", "ticket_type_id", "customer_id", "contact_id", "state"):
        value = getattr(wanted, name)
        if value is not None:
            condition &= Q(**{name: value})
    if wanted.mine_of is not None:
        condition &= Q(handler_id=wanted.mine_of) | Q(opened_by_id=wanted.mine_of, handler_id=None)
    if wanted.is_open is not None:
        condition &= Q(state__in=rules.OPEN_STATES) if wanted.is_open else Q(state="closed")
    if wanted.search:
        condition &= _found_by(wanted.search)
    return condition


def _found_by(text: str) -> Q:
    number = rules.number_of(text)
    found = Q(text__icontains=text) | Q(customer__name__icontains=text)
    return found | Q(number=number) if number is not None else found


def _briefs(rows: Iterable[Ticket]) -> list[TicketBrief]:
    now = timezone.now()
    return [_brief(row, now) for row in rows]


def _brief(row: Ticket, now: datetime) -> TicketBrief:
    state = cast(rules.State, row.state)
    return TicketBrief(
        id=row.id,
        tenant_id=row.tenant_id,
        number=rules.number_text(row.number),
        ticket_type_id=row.ticket_type_id,
        type_name=dict(row.ticket_type.name),
        state=state,
        clock=rules.clock_of(state, row.created_at, row.due_at, now),
        opened_at=row.created_at,
        due_at=row.due_at,
        text=row.text,
        department_id=row.department_id,
        department_name=dict(row.department.name) if row.department is not None else None,
        handler_id=row.handler_id,
        handler_name=row.handler.name if row.handler is not None else "",
        customer_id=row.customer_id,
        customer_name=row.customer.name if row.customer is not None else "",
        contact_id=row.contact_id,
        is_simulated=row.is_simulated,
    )


def _step(row: TicketEvent) -> TicketStep:
    return TicketStep(
        id=row.id,
        at=row.at,
        kind=row.kind,
        person_id=row.person_id,
        person_name=row.person.name if row.person is not None else "",
        text=row.text,
        detail=row.detail,
    )
