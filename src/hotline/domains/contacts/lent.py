"""What an agent of a shared pool may know of another tenant's contact: while it is in their hands, and no longer."""

from uuid import UUID

import msgspec

from hotline.domains.contacts.models import Contact, Interaction, TimelineEvent
from hotline.foundation.tenancy import register_escape, without_scope

LENT_CONTACT = register_escape(
    "contacts.lent_contact",
    "An agent of a shared pool is told whose contact rings or is in their hands: tenant, queue and customer's name.",
)


class LentContact(msgspec.Struct, frozen=True, kw_only=True):
    """Ids of a contact that belongs to another tenant than its agent."""

    contact_id: UUID
    tenant_id: UUID
    queue_id: UUID | None
    customer_id: UUID | None
    language: str
    is_simulated: bool


def lent_contact(agent_id: UUID, contact_id: UUID) -> LentContact | None:
    """The contact when it rings at this agent by a shared pool, or is not wrapped up by them; else None."""
    with without_scope(LENT_CONTACT):
        row = Contact.objects.filter(pk=contact_id).first()
        if row is None or not _is_in_hand(row, agent_id):
            return None
    return LentContact(
        contact_id=row.pk,
        tenant_id=row.tenant_id,
        queue_id=row.queue_id,
        customer_id=row.customer_id,
        language=row.language,
        is_simulated=row.is_simulated,
    )


def _is_in_hand(row: Contact, agent_id: UUID) -> bool:
    own = Interaction.objects.filter(contact=row, agent_id=agent_id, pool_id__isnull=False, wrapped_up_at=None)
    if own.exists():
        return True
    if row.stage != Contact.Stage.OFFERED:
        return False
    offer = TimelineEvent.objects.filter(contact=row, kind="offered").order_by("-at", "-id").first()
    return offer is not None and offer.agent_id == agent_id and "pool_id" in offer.detail
