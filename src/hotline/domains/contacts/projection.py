"""How routing events become contacts and interactions. Pure: rows in, rows out, no Django and no clock.

The fold keeps no memory of its own: everything it needs lies in the rows, so that events taken one by one and events
taken by the hundred end in the same rows, and a replay changes nothing."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from hotline.kernel.clock import to_datetime
from hotline.messages import routing as events
from hotline.messages.base import Event

# A UUIDv7 has 74 bits besides its time.
_ORDER_BITS = 54
_DIGEST_BITS = 20


@dataclass(slots=True)
class ContactRow:
    """The part of a contact that the routing log tells."""

    id: UUID
    tenant_id: UUID
    channel: str
    node_id: str
    entry_point_id: UUID | None
    language: str
    is_simulated: bool
    arrived_at: datetime
    stage: str = "waiting"
    asked_at: datetime | None = None
    asked_queue_id: UUID | None = None
    queue_id: UUID | None = None
    priority: int = 0
    menu_path: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    customer_id: UUID | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    wait_ms: int | None = None
    talk_ms: int = 0
    hold_ms: int = 0
    wrap_up_ms: int = 0
    outcome: str = ""
    ended_by: str = ""
    cause: str = ""
    interaction_count: int = 0
    last_agent_id: UUID | None = None


@dataclass(slots=True)
class InteractionRow:
    """One agent's part of a contact."""

    id: UUID
    tenant_id: UUID
    contact_id: UUID
    agent_id: UUID
    queue_id: UUID | None
    offer_id: UUID
    position: int
    started_at: datetime
    pool_id: UUID | None = None
    ended_at: datetime | None = None
    talk_ms: int = 0
    hold_ms: int = 0
    wrap_up_ms: int = 0
    wrap_up_started_at: datetime | None = None
    wrapped_up_at: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One step of a contact's timeline. `detail` holds codes and ids, never names, numbers or notes."""

    id: UUID
    tenant_id: UUID
    contact_id: UUID
    at: datetime
    source: str
    kind: str
    agent_id: UUID | None = None
    queue_id: UUID | None = None
    detail: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallBackRow:
    """A customer whom the platform failed, with the wait clock of the first asking."""

    contact_id: UUID
    tenant_id: UUID
    cause: str
    failed_at: datetime
    asked_at: datetime | None
    queue_id: UUID | None


@dataclass(slots=True)
class Folding:
    """The rows that a chunk of events touches: hand in what is stored, `take` each event, store what is there after."""

    contacts: dict[UUID, ContactRow]
    interactions: dict[UUID, InteractionRow]
    timeline: list[TimelineRow] = field(default_factory=list)
    call_backs: list[CallBackRow] = field(default_factory=list)

    def take(self, pool: str, seq: int, index: int, event: events.RoutingEvent) -> bool:
        """Fold one event from its place in the log in; False when it belongs to no contact that we know."""
        step = _STEPS.get(type(event))
        if step is None or contact_id_of(event) is None:
            return True
        if isinstance(event, events.ContactQueued):
            contact = self.contacts.setdefault(UUID(event.contact_id), _new_contact(event))
        else:
            known = self.contacts.get(UUID(event.contact_id))  # type: ignore[union-attr]
            if known is None:
                return False
            contact = known
        kind, detail = step(self, contact, event)
        key = f"{pool}/{seq}/{index}"
        order = log_order(seq, index)
        row_id = timeline_id(key, event.at_ms, order)
        self.timeline.append(_timeline_row(row_id, kind, contact, event, detail))
        if isinstance(event, events.CallbackMet | events.CallbackSettled):
            self._tell_the_talk(self.timeline[-1], event, timeline_id(f"{key}/talk", event.at_ms, order))
        return True

    def _tell_the_talk(
        self, row: TimelineRow, event: events.CallbackMet | events.CallbackSettled, row_id: UUID
    ) -> None:
        """The same step in the history of the customer's own contact, which names the promised one."""
        talk = self.contacts.get(UUID(event.by_contact_id))
        if talk is not None:
            detail = {**row.detail, "promised_contact_id": event.contact_id}
            self.timeline.append(replace(row, id=row_id, contact_id=talk.id, detail=detail))


Detail = dict[str, object]


def contact_id_of(event: events.RoutingEvent) -> str | None:
    """The contact that an event belongs to, None for events of agents and of the house."""
    return getattr(event, "contact_id", None) or None if type(event) in _STEPS else None


def timeline_id(key: str, at_ms: int, order: int) -> UUID:
    """The same UUIDv7 for the same step: a replay finds its own row, and rows sort by time, then by `order`.

    `key` says where the step was told; `order` tells apart what was told of the same millisecond."""
    digest = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big") >> (64 - _DIGEST_BITS)
    rest = (order & ((1 << _ORDER_BITS) - 1)) << _DIGEST_BITS | digest
    high, low = rest >> 62, rest & ((1 << 62) - 1)
    return UUID(int=(at_ms & ((1 << 48) - 1)) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def log_order(seq: int, index: int) -> int:
    """The order of an event by its place in the log."""
    return seq << 14 | (index & 0x3FFF)


def arrival_of(contact_id: UUID) -> datetime:
    """The moment at which the node made this UUIDv7: the arrival, until the arrival itself is told."""
    return to_datetime(contact_id.int >> 80)


def _new_contact(event: events.ContactQueued) -> ContactRow:
    return ContactRow(
        id=UUID(event.contact_id),
        tenant_id=UUID(event.tenant_id),
        channel=event.channel,
        node_id=event.node_id,
        entry_point_id=_uuid(event.entry_point_id),
        language=event.language,
        is_simulated=event.is_simulated,
        arrived_at=to_datetime(event.arrived_at_ms),
    )


def _timeline_row(
    row_id: UUID, kind: str, contact: ContactRow, event: events.RoutingEvent, detail: Detail
) -> TimelineRow:
    queue_id = getattr(event, "queue_id", None)
    return TimelineRow(
        id=row_id,
        tenant_id=contact.tenant_id,
        contact_id=contact.id,
        at=to_datetime(event.at_ms),
        source="routing",
        kind=kind,
        agent_id=_uuid(getattr(event, "agent_id", None)),
        queue_id=_uuid(queue_id),
        detail=detail,
    )


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


# --- one function per event: change the rows, name the step of the timeline -------------------------------------------

E = TypeVar("E", bound=Event)
Step = Callable[[Folding, ContactRow, E], tuple[str, Detail]]
_STEPS: dict[type[Event], Step[Any]] = {}


def _on(event_type: type[E]) -> Callable[[Step[E]], Step[E]]:
    """Register the function as the step of this event."""

    def register(step: Step[E]) -> Step[E]:
        _STEPS[event_type] = step
        return step

    return register


@_on(events.ContactQueued)
def _queued(folding: Folding, contact: ContactRow, event: events.ContactQueued) -> tuple[str, Detail]:
    # A fact may have made this row before; what the customer asked with is newer than what they arrived with.
    contact.stage, contact.channel, contact.node_id = "waiting", event.channel, event.node_id
    contact.language, contact.is_simulated = event.language, event.is_simulated
    contact.arrived_at = to_datetime(event.arrived_at_ms)
    contact.asked_at = contact.asked_at or to_datetime(event.asked_at_ms)
    contact.asked_queue_id = contact.asked_queue_id or UUID(event.queue_id)
    contact.queue_id = UUID(event.queue_id)
    contact.priority = event.priority
    contact.menu_path = list(event.menu_path)
    contact.attributes = dict(event.attributes)
    contact.customer_id = contact.customer_id or _uuid(event.customer_id)
    contact.entry_point_id = contact.entry_point_id or _uuid(event.entry_point_id)
    contact.outcome, contact.ended_by, contact.cause, contact.ended_at = "", "", "", None
    detail: Detail = {"priority": event.priority, "menu_path": list(event.menu_path)}
    if event.points:
        detail["points"] = dict(event.points)
    if event.place_ms is not None:
        detail["place_ms"] = event.place_ms
    if event.wanted_agent_id is not None:
        detail["wanted_agent_id"], detail["wanted_cause"] = event.wanted_agent_id, event.wanted_cause
    if event.needs or event.preferred:
        detail |= _skills(event.needs, event.preferred)
    return "queued", detail


def _skills(needs: tuple[events.SkillNeed, ...], preferred: tuple[events.SkillNeed, ...]) -> Detail:
    listed = {"needs": needs, "preferred": preferred}
    return {name: [[need.skill_id, need.level] for need in skills] for name, skills in listed.items()}


@_on(events.CallbackMoved)
def _moved(folding: Folding, contact: ContactRow, event: events.CallbackMoved) -> tuple[str, Detail]:
    contact.node_id = event.node_id
    return "callback_moved", {"node_id": event.node_id}


@_on(events.ContactOffered)
def _offered(folding: Folding, contact: ContactRow, event: events.ContactOffered) -> tuple[str, Detail]:
    if contact.stage == "waiting":
        contact.stage = "offered"
    why = _picked(event, "cause", "candidates")
    if event.chosen_figure is not None:
        why |= _picked(event, "chosen_by", "chosen_figure")
    return "offered", {"offer_id": event.offer_id, "offer_kind": event.kind, **why, **_pool(event)}


def _offer_gone(kind: str, *names: str) -> Step[Any]:
    def step(folding: Folding, contact: ContactRow, event: Event) -> tuple[str, Detail]:
        if contact.stage == "offered":
            contact.stage = "waiting"
        return kind, _picked(event, "offer_id", *names)

    return step


@_on(events.ContactConnected)
def _connected(folding: Folding, contact: ContactRow, event: events.ContactConnected) -> tuple[str, Detail]:
    interaction_id = UUID(event.interaction_id)
    if interaction_id not in folding.interactions:
        contact.interaction_count += 1
        folding.interactions[interaction_id] = _new_interaction(contact, event)
    if contact.stage != "conference":  # there the consulted agent joins those who talk
        contact.stage = "talking"
    contact.last_agent_id = UUID(event.agent_id)
    if contact.answered_at is None:
        contact.answered_at, contact.wait_ms = to_datetime(event.at_ms), event.wait_ms
    return "connected", {**_picked(event, "offer_id", "interaction_id"), "wait_ms": event.wait_ms, **_pool(event)}


def _new_interaction(contact: ContactRow, event: events.ContactConnected) -> InteractionRow:
    return InteractionRow(
        id=UUID(event.interaction_id),
        tenant_id=contact.tenant_id,
        contact_id=contact.id,
        agent_id=UUID(event.agent_id),
        queue_id=contact.queue_id,
        offer_id=UUID(event.offer_id),
        position=contact.interaction_count,
        started_at=to_datetime(event.at_ms),
        pool_id=_uuid(event.pool_id),
    )


@_on(events.ContactWidened)
def _widened(folding: Folding, contact: ContactRow, event: events.ContactWidened) -> tuple[str, Detail]:
    less = {"relax": event.relax} if event.relax else {}
    return "widened", {"ring": event.ring, **less, **({**_pool(event), "cause": event.cause} if event.pool_id else {})}


def _pool(event: events.ContactOffered | events.ContactConnected | events.ContactWidened) -> Detail:
    return {"pool_id": event.pool_id} if event.pool_id else {}


@_on(events.ContactRequeued)
def _requeued(folding: Folding, contact: ContactRow, event: events.ContactRequeued) -> tuple[str, Detail]:
    contact.stage = "waiting"
    contact.queue_id = UUID(event.queue_id)
    detail: Detail = {"cause": event.cause}
    if event.needs is not None:
        detail |= _skills(event.needs, event.preferred)
    return "requeued", detail


@_on(events.ContactDiverted)
def _diverted(folding: Folding, contact: ContactRow, event: events.ContactDiverted) -> tuple[str, Detail]:
    # Blocked until it asks again: whatever the node tells of the rest may have been told before this.
    contact.stage, contact.ended_at = "ended", to_datetime(event.at_ms)
    contact.outcome, contact.cause = "blocked", event.cause
    return "diverted", _picked(event, "cause", "wait_ms")


@_on(events.ContactHeld)
def _held(folding: Folding, contact: ContactRow, event: events.ContactHeld) -> tuple[str, Detail]:
    contact.stage = "held"
    return "held", {"interaction_id": event.interaction_id}


@_on(events.ContactRetrieved)
def _retrieved(folding: Folding, contact: ContactRow, event: events.ContactRetrieved) -> tuple[str, Detail]:
    contact.stage = "talking"
    return "retrieved", {"interaction_id": event.interaction_id}


@_on(events.TransferStarted)
def _transfer_started(folding: Folding, contact: ContactRow, event: events.TransferStarted) -> tuple[str, Detail]:
    detail = _picked(event, "transfer_id", "interaction_id", "kind", "target_kind")
    if event.returns_at_ms:
        detail["returns_at_ms"] = event.returns_at_ms
    if event.target_kind != "number":  # a sealed number stays in the log: the timeline is read by many
        detail["target"] = event.target
    return "transfer_started", detail


@_on(events.TransferMerged)
def _transfer_merged(folding: Folding, contact: ContactRow, event: events.TransferMerged) -> tuple[str, Detail]:
    contact.stage = "conference"
    return "conference_started", _picked(event, "transfer_id", "target_agent_id")


@_on(events.TransferCompleted)
def _transfer_completed(folding: Folding, contact: ContactRow, event: events.TransferCompleted) -> tuple[str, Detail]:
    if contact.stage == "conference":
        contact.stage = "talking"
        return "conference_ended", {"transfer_id": event.transfer_id, "cause": "sender_left"}
    return "transfer_completed", _picked(event, "transfer_id", "target_agent_id")


@_on(events.TransferFailed)
def _transfer_failed(folding: Folding, contact: ContactRow, event: events.TransferFailed) -> tuple[str, Detail]:
    if contact.stage == "conference":
        contact.stage = "talking"
        return "conference_ended", _picked(event, "transfer_id", "cause")
    return "transfer_failed", _picked(event, "transfer_id", "cause")


@_on(events.InteractionEnded)
def _interaction_ended(folding: Folding, contact: ContactRow, event: events.InteractionEnded) -> tuple[str, Detail]:
    row = folding.interactions.get(UUID(event.interaction_id))
    if row is not None and row.ended_at is None:
        row.ended_at, row.ended_by = to_datetime(event.at_ms), event.ended_by
        row.talk_ms, row.hold_ms = event.talk_ms, event.hold_ms
        contact.talk_ms += event.talk_ms
        contact.hold_ms += event.hold_ms
        contact.last_agent_id = row.agent_id
    names = ("interaction_id", "talk_ms", "hold_ms", "ended_by")
    return "interaction_ended", _picked(event, *names)


@_on(events.WrapUpStarted)
def _wrap_up_started(folding: Folding, contact: ContactRow, event: events.WrapUpStarted) -> tuple[str, Detail]:
    row = folding.interactions.get(UUID(event.interaction_id))
    if row is not None and row.wrap_up_started_at is None:
        row.wrap_up_started_at = to_datetime(event.at_ms)
    return "wrap_up_started", {"interaction_id": event.interaction_id}


@_on(events.WrappedUp)
def _wrapped_up(folding: Folding, contact: ContactRow, event: events.WrappedUp) -> tuple[str, Detail]:
    row = folding.interactions.get(UUID(event.interaction_id))
    if row is not None and row.wrapped_up_at is None:
        row.wrapped_up_at, row.wrap_up_ms = to_datetime(event.at_ms), event.wrap_up_ms
        contact.wrap_up_ms += event.wrap_up_ms
    return "wrapped_up", _picked(event, "interaction_id", "wrap_up_ms")


@_on(events.ContactEnded)
def _ended(folding: Folding, contact: ContactRow, event: events.ContactEnded) -> tuple[str, Detail]:
    contact.stage, contact.ended_at = "ended", to_datetime(event.at_ms)
    contact.outcome, contact.ended_by, contact.cause = event.outcome, event.ended_by, event.cause
    if contact.wait_ms is None:
        contact.wait_ms = event.wait_ms
    if event.outcome == "platform_failure":
        folding.call_backs.append(_call_back(contact, event))
    who = {"actor_id": event.actor_id} if event.actor_id else {}
    return "ended", {**_picked(event, "outcome", "ended_by", "cause"), **who}


def _call_back(contact: ContactRow, event: events.ContactEnded) -> CallBackRow:
    failed_at = to_datetime(event.at_ms)
    return CallBackRow(contact.id, contact.tenant_id, event.cause, failed_at, contact.asked_at, contact.queue_id)


@_on(events.CallbackSettled)
def _callback_settled(folding: Folding, contact: ContactRow, event: events.CallbackSettled) -> tuple[str, Detail]:
    picked = _picked(event, "by_contact_id", "choice")
    return "callback_settled", {**picked, "is_by_agent": event.agent_id is not None}


def _noted(kind: str, *names: str) -> Step[Any]:
    """A step that only the timeline shows."""

    def step(folding: Folding, contact: ContactRow, event: Event) -> tuple[str, Detail]:
        return kind, _picked(event, *names)

    return step


def _picked(event: Event, *names: str) -> Detail:
    return {name: getattr(event, name) for name in names}


# What changes no row but the stage is listed.
_STEPS[events.OfferExpired] = _offer_gone("offer_expired")
_STEPS[events.OfferRefused] = _offer_gone("offer_refused", "reason_id")
_STEPS[events.OfferFailed] = _offer_gone("offer_failed", "cause")
_STEPS[events.OfferWithdrawn] = _offer_gone("offer_withdrawn", "cause")
_STEPS[events.OfferAccepted] = _noted("offer_accepted", "offer_id")
_STEPS[events.AgentLegLost] = _noted("leg_lost", "interaction_id")
_STEPS[events.AgentLegResumed] = _noted("leg_resumed", "interaction_id")
_STEPS[events.TransferAnswered] = _noted("transfer_answered", "transfer_id", "target_agent_id")
_STEPS[events.TransferUnanswered] = _noted("transfer_unanswered", "transfer_id")
_STEPS[events.ContactReleased] = _noted("released", "cause")
_STEPS[events.CallbackPromised] = _noted("callback_promised", "not_before_ms", "window")
_STEPS[events.CallbackHeld] = _noted("callback_held", "due_ms")
_STEPS[events.CallbackPostponed] = _noted("callback_postponed", "attempt", "due_ms", "cause")
_STEPS[events.CallbackDue] = _noted("callback_due")
_STEPS[events.CallbackMet] = _noted("callback_met", "by_contact_id")
_STEPS[events.CallbackResumed] = _noted("callback_resumed", "due_ms")
_STEPS[events.WrapUpExtended] = _noted("wrap_up_extended", "interaction_id")
_STEPS[events.MonitoringStarted] = _noted("monitoring_started", "supervisor_id", "mode")
_STEPS[events.MonitoringChanged] = _noted("monitoring_changed", "mode")
_STEPS[events.MonitoringStopped] = _noted("monitoring_stopped", "cause")
