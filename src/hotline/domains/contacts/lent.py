"""What an agent of a shared pool may know of another tenant's contact and write for it: while it is in their hands, as
far as that tenant allows, and no longer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from hotline.domains.contacts import queries
from hotline.domains.contacts.errors import LentNotAllowedError, LentNotInHandError
from hotline.domains.contacts.models import Contact, Interaction, TimelineEvent
from hotline.domains.contacts.views import DraftView
from hotline.domains.routing.pools import Allowance, allowance_of
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import register_escape, tenant_scope, without_scope

LENT_CONTACT = register_escape(
    "contacts.lent_contact",
    "An agent of a shared pool is told whose contact rings or is in their hands: tenant, queue and customer's name; and"
    " while it is in hand, writes for that tenant what it allows.",
)

Need = Literal["allows_notes", "allows_tickets", "shows_tickets"]
WRAP_UP_DRAFT: Final = "wrap_up"
LENT_DRAFTS: Final[dict[str, Need]] = {WRAP_UP_DRAFT: "allows_notes", "ticket": "allows_tickets"}


class LentContact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact that belongs to another tenant than its agent. `is_in_hand`: it no longer rings, and its wrap-up is not
    over; `allowance` is None when its tenant has given the pool up meanwhile."""

    contact_id: UUID
    tenant_id: UUID
    queue_id: UUID | None
    customer_id: UUID | None
    language: str
    is_simulated: bool
    agent_id: UUID
    pool_id: UUID
    is_in_hand: bool
    allowance: Allowance | None

    def allows(self, need: Need) -> bool:
        """Whether the contact is in hand and its tenant allows this now."""
        return self.is_in_hand and self.allowance is not None and bool(getattr(self.allowance, need))


class LentWork(msgspec.Struct, frozen=True, kw_only=True):
    """A lent contact in hand for which its tenant lets this agent of `lender_id` write."""

    contact_id: UUID
    tenant_id: UUID
    customer_id: UUID | None
    agent_id: UUID
    pool_id: UUID
    lender_id: UUID


def lent_contact(agent_id: UUID, contact_id: UUID) -> LentContact | None:
    """The contact when it rings at this agent by a shared pool, or is not wrapped up by them; else None."""
    with without_scope(LENT_CONTACT):
        return _lent(Contact.objects.all(), agent_id, contact_id)


@contextmanager
def lent_work(actor: Actor, contact_id: UUID, need: Need) -> Iterator[LentWork]:
    """One transaction in the scope of the tenant whose contact this agent has in hand by a shared pool; the contact
    stays locked, so that its wrap-up does not end meanwhile.

    Raises NotAnAgentError, LentNotInHandError, and LentNotAllowedError for what the tenant does not allow."""
    agent_id = queries.agent_id_of(actor)
    with transaction.atomic():
        with without_scope(LENT_CONTACT):
            lent = _lent(Contact.objects.select_for_update(), agent_id, contact_id)
        if lent is None or not lent.is_in_hand:
            raise LentNotInHandError
        if lent.allowance is None or not lent.allows(need):
            raise LentNotAllowedError
        work = LentWork(
            contact_id=contact_id,
            tenant_id=lent.tenant_id,
            customer_id=lent.customer_id,
            agent_id=agent_id,
            pool_id=lent.pool_id,
            lender_id=lent.allowance.lender_id,
        )
        with tenant_scope(lent.tenant_id):
            yield work


def lent_drafts(actor: Actor, contact_id: UUID) -> list[DraftView]:
    """What this agent has typed for the lent contact and may write. Raises NotAnAgentError, LentNotInHandError."""
    lent = lent_contact(queries.agent_id_of(actor), contact_id)
    if lent is None or not lent.is_in_hand:
        raise LentNotInHandError
    fields = {field for field, need in LENT_DRAFTS.items() if lent.allows(need)}
    with tenant_scope(lent.tenant_id):
        rows = queries.drafts(actor.person_id, contact_id)
    return [row for row in rows if row.field in fields]


def told_of(work: LentWork) -> dict[str, Any]:
    """Who wrote it, for the audit of the tenant for which it was written."""
    return {
        "agent_id": str(work.agent_id),
        "lender_id": str(work.lender_id),
        "lender_name": dict(Tenant.objects.get(pk=work.lender_id).name),
        "pool_id": str(work.pool_id),
    }


def _lent(rows: QuerySet[Contact], agent_id: UUID, contact_id: UUID) -> LentContact | None:
    row = rows.filter(pk=contact_id).first()
    if row is None:
        return None
    in_hand = _pool_in_hand(row, agent_id)
    pool_id = in_hand or _pool_that_rings(row, agent_id)
    if pool_id is None:
        return None
    with tenant_scope(row.tenant_id):
        allowance = allowance_of(pool_id)
    return LentContact(
        contact_id=row.pk,
        tenant_id=row.tenant_id,
        queue_id=row.queue_id,
        customer_id=row.customer_id,
        language=row.attributes.get("service_language") or row.language,
        is_simulated=row.is_simulated,
        agent_id=agent_id,
        pool_id=pool_id,
        is_in_hand=in_hand is not None,
        allowance=allowance,
    )


def _pool_in_hand(row: Contact, agent_id: UUID) -> UUID | None:
    """The pool by which the agent has the contact, from the connection to the end of the wrap-up."""
    own = Interaction.objects.filter(contact=row, agent_id=agent_id, pool_id__isnull=False, wrapped_up_at=None)
    found: UUID | None = own.order_by("-position").values_list("pool_id", flat=True).first()
    return found


def _pool_that_rings(row: Contact, agent_id: UUID) -> UUID | None:
    if row.stage != Contact.Stage.OFFERED:
        return None
    offer = TimelineEvent.objects.filter(contact=row, kind="offered").order_by("-at", "-id").first()
    if offer is None or offer.agent_id != agent_id or "pool_id" not in offer.detail:
        return None
    return UUID(str(offer.detail["pool_id"]))
