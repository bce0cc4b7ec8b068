"""The desk of who serves another tenant's contact by a shared pool: whose it is, who calls, and what can be chosen for
what that tenant lets be written."""

from uuid import UUID

import msgspec
from django.utils import timezone

from hotline.domains.catalogue import queries as catalogue
from hotline.domains.contacts import queries as contacts
from hotline.domains.contacts.errors import ContactNotYetError
from hotline.domains.contacts.lent import LentContact, lent_contact
from hotline.domains.customers import queries as customers
from hotline.domains.routing import queries as routing
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope

RETRY_AFTER_S = 1


class LentView(msgspec.Struct, frozen=True, kw_only=True):
    """In whose name to answer, and who calls as far as known. What may be written now, and from what to choose for it,
    is only there while the contact is in hand."""

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
    dispositions: list[catalogue.Disposition]
    modules: list[catalogue.BusinessModuleChoice]
    ticket_types: list[catalogue.TicketTypeChoice]


def lent_view(actor: Actor, contact_id: UUID) -> LentView:
    """The lent contact while it is in the agent's hands. Raises ContactNotYetError else, and NotAnAgentError."""
    found = lent_contact(contacts.agent_id_of(actor), contact_id)
    if found is None:
        raise ContactNotYetError(wait_s=RETRY_AFTER_S)
    with tenant_scope(found.tenant_id):
        return _view(found)


def _view(found: LentContact) -> LentView:
    customer = customers.customer_or_none(found.customer_id)
    has_notes, has_tickets = found.allows("allows_notes"), found.allows("allows_tickets")
    return LentView(
        contact_id=found.contact_id,
        tenant_name=dict(Tenant.objects.get(pk=found.tenant_id).name),
        queue_name=routing.spoken_names().get(str(found.queue_id)),
        customer_name=customer.name if customer is not None else None,
        language=found.language,
        is_simulated=found.is_simulated,
        is_in_hand=found.is_in_hand,
        allows_notes=has_notes,
        allows_tickets=has_tickets,
        shows_tickets=found.allows("shows_tickets"),
        dispositions=catalogue.dispositions_of(found.tenant_id, timezone.now()) if has_notes else [],
        modules=catalogue.business_modules(found.tenant_id) if has_notes else [],
        ticket_types=catalogue.ticket_types_of(found.tenant_id) if has_tickets else [],
    )
