"""Who put an end to a promised call-back goes into the audit: a supervisor, the customer, the rule of attempts; or the
agent, or the queue's rule, after the customer has called meanwhile."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from hotline.domains.contacts.projection import ContactRow
from hotline.domains.people.queries import AgentUser, agent_users
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.models import User
from hotline.kernel.clock import to_datetime
from hotline.messages.base import Event
from hotline.messages.routing import CallbackSettled, ContactEnded

_CALLER = "caller"
_RULE = "call-back attempts"
_RULE_AFTER_TALK = "call-back after talk"
_SETTLED = {"close": "call_back.answered_by_own_call", "keep": "call_back.kept"}


def audit_cancelled(happened: Iterable[Event], contacts: Mapping[UUID, ContactRow]) -> None:
    """One line for each call-back that ended without the customer being reached; `contacts` are those of the events.

    The lines share the transaction of the projector's cursor, so that reading the log again writes none twice."""
    for event in happened:
        if isinstance(event, ContactEnded) and event.outcome == "callback_failed":
            contact = contacts.get(UUID(event.contact_id))
            if contact is not None:
                _audit(event, contact)


def audit_settled(happened: Iterable[Event], contacts: Mapping[UUID, ContactRow]) -> None:
    """As `audit_cancelled`, one line for each choice about a call-back whose customer has called meanwhile."""
    settled = [event for event in happened if isinstance(event, CallbackSettled)]
    users = agent_users(UUID(event.agent_id) for event in settled if event.agent_id is not None)
    for event in settled:
        contact = contacts.get(UUID(event.contact_id))
        if contact is not None:
            details = {
                "at": to_datetime(event.at_ms).isoformat(),
                "by_contact_id": event.by_contact_id,
                "queue_id": str(contact.queue_id) if contact.queue_id else None,
            }
            user = users.get(UUID(event.agent_id)) if event.agent_id is not None else None
            actor = _of_house(user, contact.tenant_id)
            audit.record(actor, _SETTLED[event.choice], "contact", contact.id, contact.tenant_id, details)


def _of_house(user: AgentUser | None, tenant_id: UUID) -> Actor:
    if user is None:
        return Actor.system(_RULE_AFTER_TALK, [tenant_id])
    return Actor(user_id=user.user_id, name=user.name, kind="user", tenant_ids=frozenset({tenant_id}))


def _audit(event: ContactEnded, contact: ContactRow) -> None:
    actor = _who(event, contact.tenant_id)
    details = {
        "at": to_datetime(event.at_ms).isoformat(),
        "ended_by": event.ended_by,
        "cause": event.cause,
        "queue_id": str(contact.queue_id) if contact.queue_id else None,
    }
    action = "call_back.cancelled" if event.cause == "cancelled" else "call_back.failed"
    audit.record(actor, action, "contact", contact.id, contact.tenant_id, details)


def _who(event: ContactEnded, tenant_id: UUID) -> Actor:
    if event.actor_id is None:
        return Actor.system(_CALLER if event.ended_by == "caller" else _RULE, [tenant_id])
    user_id = UUID(event.actor_id)
    name = User.objects.filter(pk=user_id).values_list("name", flat=True).first() or ""
    return Actor(user_id=user_id, name=name, kind="user", tenant_ids=frozenset({tenant_id}))
