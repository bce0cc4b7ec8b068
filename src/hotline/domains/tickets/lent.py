"""What an agent of a shared pool may see of the tickets of the customer whom they serve for another tenant."""

from datetime import datetime
from uuid import UUID

import msgspec

from hotline.domains.contacts.lent import lent_work, told_of
from hotline.domains.tickets.queries import open_tickets_of
from hotline.foundation import audit
from hotline.foundation.actors import Actor


class LentTicket(msgspec.Struct, frozen=True, kw_only=True):
    """An open ticket without its text: number, kind, state and clock."""

    number: str
    type_name: dict[str, str]
    state: str
    clock: str
    due_at: datetime


def lent_tickets(actor: Actor, contact_id: UUID) -> list[LentTicket]:
    """The open tickets of the customer of the lent contact, next clock first; the look is in its tenant's audit.

    Raises what `lent_work` raises."""
    with lent_work(actor, contact_id, "shows_tickets") as lent:
        if lent.customer_id is None:
            return []
        details = {"contact_id": str(contact_id), **told_of(lent)}
        audit.record_read(actor, "ticket.seen_by_lent_agent", "customer", lent.customer_id, lent.tenant_id, details)
        return [
            LentTicket(number=one.number, type_name=one.type_name, state=one.state, clock=one.clock, due_at=one.due_at)
            for one in open_tickets_of(lent.tenant_id, lent.customer_id)
        ]
