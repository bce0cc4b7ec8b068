"""The desk of who serves another tenant's contact by a shared pool: whose it is and who calls, nothing else."""

from uuid import UUID

import msgspec

from hotline.domains.contacts import queries as contacts
from hotline.domains.contacts.errors import ContactNotYetError
from hotline.domains.contacts.lent import lent_contact
from hotline.domains.customers import queries as customers
from hotline.domains.routing import queries as routing
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope


class LentView(msgspec.Struct, frozen=True, kw_only=True):
    """In whose name to answer, and who calls as far as known."""

    contact_id: UUID
    tenant_name: dict[str, str]
    queue_name: dict[str, str] | None
    customer_name: str | None
    language: str
    is_simulated: bool


def lent_view(actor: Actor, contact_id: UUID) -> LentView:
    """The lent contact while it is in the agent's hands. Raises ContactNotYetError else, and NotAnAgentError."""
    found = lent_contact(contacts.agent_id_of(actor), contact_id)
    if found is None:
        raise ContactNotYetError
    with tenant_scope(found.tenant_id):
        customer = customers.customer_or_none(found.customer_id)
        queues = routing.spoken_names()
    return LentView(
        contact_id=found.contact_id,
        tenant_name=dict(Tenant.objects.get(pk=found.tenant_id).name),
        queue_name=queues.get(str(found.queue_id)),
        customer_name=customer.name if customer is not None else None,
        language=found.language,
        is_simulated=found.is_simulated,
    )
