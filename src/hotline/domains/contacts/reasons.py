"""Why this contact came to this agent, for their own desk: how it waited, and what was decided up to the offer."""

from uuid import UUID

from hotline.domains.contacts import queries
from hotline.domains.contacts.errors import ContactNotYetError
from hotline.domains.contacts.models import Contact, TimelineEvent
from hotline.domains.contacts.timeline import timeline_of
from hotline.domains.contacts.views import DeskReason, DeskReasons
from hotline.foundation.actors import Actor
from hotline.foundation.tenancy import scope_of

RETRY_AFTER_S = 1
_GONE = ("offer_expired", "offer_refused", "offer_failed", "offer_withdrawn")


def reasons_of(actor: Actor, contact_id: UUID) -> DeskReasons:
    """What was decided about the agent's own contact, up to the latest offer to them.

    Their own is a contact that rings here, or in which they have taken part. Any other, one of another tenant and one
    whose offer is not known yet alike: ContactNotYetError. Raises NotAnAgentError too."""
    with scope_of(actor.narrowed("desk.use")):
        agent_id = queries.agent_id_of(actor)
        row = Contact.objects.filter(pk=contact_id).only("id", "tenant_id", "asked_at", "stage").first()
        steps = list(TimelineEvent.objects.filter(contact_id=contact_id, source="routing").order_by("at", "id"))
        mine = [place for place, step in enumerate(steps) if step.kind == "offered" and step.agent_id == agent_id]
        if row is None or not mine or not _is_own(row, agent_id, steps, mine[-1]):
            raise ContactNotYetError(wait_s=RETRY_AFTER_S)
        told = timeline_of(steps[: mine[-1] + 1])
    offered_at = told[-1].at
    since = row.asked_at or told[0].at
    return DeskReasons(
        offered_at=offered_at,
        waited_ms=max(0, round((offered_at - since).total_seconds() * 1000)),
        steps=tuple(
            DeskReason(id=step.id, at=step.at, explanation=step.explanation)
            for step in told
            if step.explanation is not None
        ),
    )


def _is_own(row: Contact, agent_id: UUID, steps: list[TimelineEvent], offer: int) -> bool:
    """Whether the offer still stands, or the agent took it, or another one before."""
    if queries.has_taken_part(agent_id, row.pk):
        return True
    offer_id = steps[offer].detail.get("offer_id")
    gone = any(step.kind in _GONE and step.detail.get("offer_id") == offer_id for step in steps[offer:])
    return row.stage != Contact.Stage.ENDED and not gone
