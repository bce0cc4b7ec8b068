"""Every write to tickets: lock, check rules, save, tell the timeline, audit, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hotline.domains.catalogue import queries as catalogue
from hotline.domains.contacts import actions as contact_actions
from hotline.domains.contacts import queries as contacts
from hotline.domains.contacts.lent import lent_work, told_of
from hotline.domains.contacts.views import ContactOrigin
from hotline.domains.customers import queries as customers
from hotline.domains.enterprise import queries as enterprise
from hotline.domains.tickets import rules
from hotline.domains.tickets.errors import (
    ConfirmationNeededError,
    DepartmentUnknownError,
    DueInPastError,
    HandlerUnknownError,
    TicketTextMissingError,
    TicketTypeUnknownError,
)
from hotline.domains.tickets.models import Ticket, TicketCounter, TicketEvent
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError, NotFoundError
from hotline.foundation.models import Membership
from hotline.foundation.permissions import permissions_of
from hotline.foundation.tenancy import scope_of

_EVENT_OF: dict[rules.Step, str] = {
    "acknowledge": "acknowledged",
    "start": "started",
    "answer": "answered",
    "confirm": "confirmed",
    "reopen": "reopened",
}


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What the desk sends. Without department and due time those of the type count."""

    ticket_type_id: UUID
    text: str
    tenant_id: UUID | None = None
    contact_id: UUID | None = None
    customer_id: UUID | None = None
    department_id: UUID | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    """A new ticket's id, and the number by which people know it."""

    id: UUID
    number: str


def open_ticket(actor: Actor, new: NewTicket) -> UUID:
    """Open a ticket; answers its id. The contact's customer is taken over where none is named.

    Raises TicketTextMissingError, TicketTypeUnknownError, DepartmentUnknownError, DueInPastError, NotFoundError."""
    editing = actor.narrowed("tickets.edit")
    if not new.text.strip():
        raise TicketTextMissingError
    with scope_of(editing), transaction.atomic():
        origin = contacts.origin_of(new.contact_id) if new.contact_id is not None else None
        tenant_id = editing.tenant_or_only(origin.tenant_id if origin is not None else new.tenant_id)
        _check_department(editing, tenant_id, new.department_id)
        return _open(actor, tenant_id, new, origin)


def open_lent_ticket(actor: Actor, contact_id: UUID, ticket_type_id: UUID, text: str) -> OpenedTicket:
    """Open a ticket for the tenant whose contact this agent has in hand by a shared pool, about its customer.

    Raises TicketTextMissingError, TicketTypeUnknownError, and what `lent_work` raises."""
    if not text.strip():
        raise TicketTextMissingError
    with lent_work(actor, contact_id, "allows_tickets") as lent:
        new = NewTicket(ticket_type_id, text, contact_id=contact_id)
        ticket_id = _open(actor, lent.tenant_id, new, contacts.origin_of(contact_id), told_of(lent))
        number = rules.number_text(Ticket.objects.values_list("number", flat=True).get(pk=ticket_id))
        return OpenedTicket(id=ticket_id, number=number)


def _open(
    actor: Actor, tenant_id: UUID, new: NewTicket, origin: ContactOrigin | None, guest: dict[str, Any] | None = None
) -> UUID:
    """The id of the new ticket, in the tenant's scope; `guest` says who wrote it who is not at home there."""
    now = timezone.now()
    ticket = _new_row(actor, tenant_id, new, now)
    customer_id = new.customer_id or (origin.customer_id if origin is not None else None)
    ticket.customer_id = _known_customer(customer_id, tenant_id, is_chosen=new.customer_id is not None)
    ticket.is_simulated = origin is not None and origin.is_simulated
    ticket.number = _next_number(tenant_id)
    ticket.save(force_insert=True)
    _tell(actor, ticket, "opened", now, ticket.text, **(guest or {}))
    if origin is not None:
        detail: dict[str, object] = {"ticket_id": str(ticket.id), "number": rules.number_text(ticket.number)}
        contact_actions.add_to_timeline(origin, "ticket_opened", detail)
    details = {"number": ticket.number, **(guest or {})}
    audit.record(actor, "ticket.opened", "ticket", ticket.id, tenant_id, details)
    return ticket.id


def take_step(actor: Actor, ticket_id: UUID, step: rules.Step, text: str = "", confirmed_by: str = "") -> None:
    """Move a ticket on; the step that was just taken may be sent again. Only the customer's word closes it.

    Raises StepNotAllowedError, ConfirmationNeededError, NotFoundError."""
    with _changing(actor, ticket_id, "tickets.edit") as ticket:
        before: Any = ticket.state
        after = rules.state_after(before, step)
        if step == "confirm" and not confirmed_by.strip():
            raise ConfirmationNeededError
        if before == after:
            return
        now = timezone.now()
        ticket.state = after
        _stamp(ticket, step, now, confirmed_by.strip()[:200])
        ticket.save()
        detail = {"confirmed_by": ticket.confirmed_by} if step == "confirm" else {}
        _tell(actor, ticket, _EVENT_OF[step], now, text, **detail)
        details = {"before": before, "after": after}
        audit.record(actor, f"ticket.{_EVENT_OF[step]}", "ticket", ticket.id, ticket.tenant_id, details)


def comment(actor: Actor, ticket_id: UUID, text: str) -> None:
    """Add a remark to the timeline. Raises TicketTextMissingError, NotFoundError."""
    if not text.strip():
        raise TicketTextMissingError
    with _changing(actor, ticket_id, "tickets.edit") as ticket:
        _tell(actor, ticket, "commented", timezone.now(), text.strip())
        audit.record(actor, "ticket.commented", "ticket", ticket.id, ticket.tenant_id)


def assign(actor: Actor, ticket_id: UUID, department_id: UUID | None, handler_id: UUID | None, text: str = "") -> None:
    """Hand a ticket to a department, a person, or both. Taking it oneself needs no right to assign.

    Raises DepartmentUnknownError, HandlerUnknownError, ForbiddenError, NotFoundError."""
    with _changing(actor, ticket_id, "tickets.edit") as ticket:
        takes_it = handler_id is not None and handler_id == actor.user_id and department_id == ticket.department_id
        if not takes_it:
            actor.require("tickets.assign", ticket.tenant_id)
        _check_department(actor, ticket.tenant_id, department_id)
        _check_handler(ticket.tenant_id, handler_id)
        before = _whose(ticket)
        ticket.department_id, ticket.handler_id = department_id, handler_id
        if _whose(ticket) == before:
            return
        ticket.save(update_fields=["department", "handler"])
        details = {"before": before, "after": _whose(ticket)}
        _tell(actor, ticket, "assigned", timezone.now(), text, **details)
        audit.record(actor, "ticket.assigned", "ticket", ticket.id, ticket.tenant_id, details)


def change_due(actor: Actor, ticket_id: UUID, due_at: datetime, reason: str) -> None:
    """Promise another time; the reason stands on the timeline. Raises DueInPastError, TicketTextMissingError."""
    if not reason.strip():
        raise TicketTextMissingError
    with _changing(actor, ticket_id, "tickets.edit") as ticket:
        now = timezone.now()
        if due_at <= now:
            raise DueInPastError
        details = {"before": ticket.due_at.isoformat(), "after": due_at.isoformat()}
        ticket.due_at = due_at
        ticket.save(update_fields=["due_at"])
        _tell(actor, ticket, "due_changed", now, reason.strip(), **details)
        audit.record(actor, "ticket.due_changed", "ticket", ticket.id, ticket.tenant_id, details)


@contextmanager
def _changing(actor: Actor, ticket_id: UUID, permission: str) -> Iterator[Ticket]:
    """Scope, transaction and the locked ticket of one write."""
    with scope_of(actor.narrowed(permission)), transaction.atomic():
        ticket = Ticket.objects.select_for_update().filter(pk=ticket_id).first()
        if ticket is None:
            raise NotFoundError(object_type="ticket", object_id=str(ticket_id))
        yield ticket


def _new_row(actor: Actor, tenant_id: UUID, new: NewTicket, now: datetime) -> Ticket:
    types = {kind.ticket_type_id: kind for kind in catalogue.ticket_types_of(tenant_id)}
    kind = types.get(str(new.ticket_type_id))
    if kind is None:
        raise TicketTypeUnknownError(ticket_type_id=str(new.ticket_type_id))
    if new.due_at is not None and new.due_at <= now:
        raise DueInPastError
    default_department = UUID(kind.department_id) if kind.department_id else None
    return Ticket(
        tenant_id=tenant_id,
        ticket_type_id=new.ticket_type_id,
        department_id=new.department_id or default_department,
        contact_id=new.contact_id,
        text=new.text.strip(),
        due_at=new.due_at or now + timedelta(hours=kind.due_hours),
        opened_by_id=_user_id(actor),
    )


def _known_customer(customer_id: UUID | None, tenant_id: UUID, *, is_chosen: bool) -> UUID | None:
    """The customer if the tenant has them. A guessed one that is gone is left out, a chosen one is an error."""
    if customer_id is None or customers.exists(customer_id, tenant_id):
        return customer_id
    if is_chosen:
        raise NotFoundError(object_type="customer", object_id=str(customer_id))
    return None


def _check_department(actor: Actor, tenant_id: UUID, department_id: UUID | None) -> None:
    if department_id is None:
        return
    known = {department.department_id for department in enterprise.departments(actor, tenant_id)}
    if str(department_id) not in known:
        raise DepartmentUnknownError(department_id=str(department_id))


def _check_handler(tenant_id: UUID, handler_id: UUID | None) -> None:
    if handler_id is None:
        return
    held = Membership.objects.filter(user_id=handler_id, user__is_active=True, tenant_id=tenant_id)
    if "tickets.edit" not in permissions_of(set(held.values_list("role", flat=True))):
        raise HandlerUnknownError(user_id=str(handler_id))


def _stamp(ticket: Ticket, step: rules.Step, now: datetime, confirmed_by: str) -> None:
    """The times at which clocks stop; reopening starts them again."""
    if step == "reopen":
        ticket.answered_at, ticket.closed_at, ticket.confirmed_by = None, None, ""
        return
    ticket.acknowledged_at = ticket.acknowledged_at or now  # whoever works on it has taken note of it
    if step == "answer":
        ticket.answered_at = now
    if step == "confirm":
        ticket.closed_at, ticket.confirmed_by = now, confirmed_by


def _whose(ticket: Ticket) -> dict[str, str | None]:
    return {
        "department_id": str(ticket.department_id) if ticket.department_id else None,
        "handler_id": str(ticket.handler_id) if ticket.handler_id else None,
    }


def _tell(actor: Actor, ticket: Ticket, kind: str, at: datetime, text: str = "", **detail: Any) -> None:
    TicketEvent.objects.create(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        at=at,
        kind=kind,
        person_id=actor.user_id,
        text=text,
        detail=detail,
    )


def _next_number(tenant_id: UUID) -> int:
    counter, _ = TicketCounter.objects.select_for_update().get_or_create(tenant_id=tenant_id)
    number = counter.next_number
    counter.next_number += 1
    counter.save(update_fields=["next_number"])
    return number


def _user_id(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise ForbiddenError(permission="tickets.edit")
    return actor.user_id
