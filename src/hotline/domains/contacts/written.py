"""Contacts in writing, which no node carries: what a node would have told of their arrival, and their conversations
brought to where routing has brought the contacts. In the projector's transaction and scope."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hotline.domains.contacts.models import Contact, TimelineEvent
from hotline.domains.contacts.projection import ContactRow, Folding, timeline_id
from hotline.domains.conversations import actions as conversations
from hotline.domains.conversations.queries import arrivals
from hotline.domains.conversations.rules import Step, StepKind
from hotline.domains.conversations.views import Arrival
from hotline.kernel.clock import to_datetime, to_ms
from hotline.messages.base import Event
from hotline.messages.routing import (
    HOUSE_NODE,
    ContactConnected,
    ContactDiverted,
    ContactEnded,
    ContactQueued,
    ContactRequeued,
    InteractionEnded,
    RoutingEvent,
    WrappedUp,
)

_KINDS: dict[type[Event], StepKind] = {
    ContactConnected: "connected",
    InteractionEnded: "left",
    WrappedUp: "wrapped_up",
}
_ARRIVAL_COLUMNS = ("called_address", "caller", "caller_index")


def follow_written(told: Sequence[RoutingEvent], folding: Folding) -> None:
    """Fill in who has written, and bring the conversations of these events to where their contacts are."""
    written = {row.id: row for row in folding.contacts.values() if row.node_id == HOUSE_NODE}
    if not written:
        return
    queued = {UUID(event.contact_id) for event in told if isinstance(event, ContactQueued)}
    _store_arrivals(written[contact_id] for contact_id in sorted(queued & written.keys()))
    steps = [step for event in told if (step := _step_of(event)) is not None and step.contact_id in written]
    conversations.follow(steps)


def refused(contact_id: UUID, code: str) -> None:
    """The switch has not taken a conversation: its customer is told, and the contact stands among the others as one
    that failed, so that somebody can see to it. Called by the relay, for every tenant."""
    with transaction.atomic():
        untaken = conversations.refused(contact_id)
        if untaken is None:
            return
        row = Contact(
            id=contact_id,
            tenant_id=untaken.tenant_id,
            channel=untaken.channel,
            node_id=HOUSE_NODE,
            entry_point_id=untaken.entry_point_id,
            language=untaken.language,
            is_simulated=untaken.is_simulated,
            arrived_at=untaken.arrived_at,
            customer_id=untaken.customer_id,
            stage=Contact.Stage.ENDED,
            outcome=Contact.Outcome.FAILED,
            cause=code[:64],
            ended_at=timezone.now(),
        )
        Contact.objects.bulk_create([row], ignore_conflicts=True)
        _store_arrivals([row])


def _store_arrivals(rows: Iterable[ContactRow | Contact]) -> None:
    """What no node tells of these contacts: the address they came to, the sender's number, and their arrival."""
    found = {row.id: row for row in rows}
    known = arrivals(found)
    if not known:
        return
    filled = [_filled(found[contact_id], arrival) for contact_id, arrival in known.items()]
    Contact.objects.bulk_create(
        filled, update_conflicts=True, unique_fields=["id"], update_fields=list(_ARRIVAL_COLUMNS)
    )
    TimelineEvent.objects.bulk_create([_arrived(row) for row in filled], ignore_conflicts=True)


def _filled(row: ContactRow | Contact, arrival: Arrival) -> Contact:
    return Contact(
        id=row.id,
        tenant_id=row.tenant_id,
        arrived_at=row.arrived_at,
        called_address=arrival.called_address,
        caller=arrival.sender,
        caller_index=arrival.sender_index,
    )


def _arrived(row: Contact) -> TimelineEvent:
    return TimelineEvent(
        id=timeline_id(f"arrived/{row.id}", to_ms(row.arrived_at), 0),
        tenant_id=row.tenant_id,
        contact_id=row.id,
        at=row.arrived_at,
        source="flow",
        kind="arrived",
        detail={"called_address": row.called_address},
    )


def _step_of(event: RoutingEvent) -> Step | None:
    """What the event means for a conversation, None for nothing."""
    match event:
        case ContactConnected() | InteractionEnded() | WrappedUp():
            return Step(UUID(event.contact_id), _KINDS[type(event)], to_datetime(event.at_ms), UUID(event.agent_id))
        case ContactRequeued():
            return Step(UUID(event.contact_id), "requeued", to_datetime(event.at_ms))
        case ContactDiverted():
            return Step(UUID(event.contact_id), "diverted", to_datetime(event.at_ms), cause=event.cause)
        case ContactEnded():
            return Step(UUID(event.contact_id), "ended", to_datetime(event.at_ms), ended_by=event.ended_by)
    return None
