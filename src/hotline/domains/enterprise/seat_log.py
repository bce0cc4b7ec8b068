"""What the routing log says of seats, kept by the projector in its transaction: who sat where from when to when, and
the seats that supervisors marked, which go into the registry and the audit."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db.models import Q

from hotline.domains.enterprise.announcements import ROUTING, announce
from hotline.domains.enterprise.models import Seat, SeatUse
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.models import User
from hotline.foundation.tenancy import register_escape, without_scope
from hotline.kernel.clock import to_datetime
from hotline.messages import routing as events

SeatEvent = events.AgentSignedIn | events.AgentMovedSeat | events.AgentSignedOut | events.SeatMarked
KEPT = timedelta(days=400)  # a year and the month before it, for comparisons
FORGET_USES = register_escape(
    "enterprise.forget_seat_uses", "Who sat where is forgotten for all tenants after the same time."
)

log = structlog.get_logger()


def store_seat_events(happened: Iterable[SeatEvent]) -> None:
    """Keep these events in their order; needs a scope of all tenants."""
    taken = list(happened)
    if not taken:
        return
    uses = _Uses(taken)
    for event in taken:
        if isinstance(event, events.SeatMarked):
            _mark(event)
        else:
            uses.take(event)
    uses.store()


def forget_old_uses(now: datetime, portion: int) -> int:
    """Delete at most `portion` uses that ended longer ago than they are kept; how many."""
    with without_scope(FORGET_USES):
        old = SeatUse.objects.filter(ended_at__lt=now - KEPT).order_by("ended_at").values_list("pk", flat=True)
        return SeatUse.objects.filter(pk__in=list(old[:portion])).delete()[0]


class _Uses:
    """The open uses of the agents and seats that some events name. Read at once and written at once: at the start of a
    shift everybody signs in."""

    def __init__(self, taken: Iterable[SeatEvent]) -> None:
        agents = {UUID(event.agent_id) for event in taken if not isinstance(event, events.SeatMarked)}
        seats = {UUID(seat_id) for event in taken if (seat_id := getattr(event, "seat_id", None))}
        self._seats = {seat.pk: seat for seat in Seat.objects.filter(pk__in=seats)} if seats else {}
        rows = SeatUse.objects.filter(ended_at=None).filter(Q(agent_id__in=agents) | Q(seat_id__in=seats))
        self._by_agent = {use.agent_id: use for use in rows}
        self._by_seat = {use.seat_id: use for use in rows}
        self._new: list[SeatUse] = []
        self._ended: list[SeatUse] = []

    def take(self, event: events.AgentSignedIn | events.AgentMovedSeat | events.AgentSignedOut) -> None:
        agent_id, at = UUID(event.agent_id), to_datetime(event.at_ms)
        seat_id = getattr(event, "seat_id", None)
        seat = self._seats.get(UUID(seat_id)) if seat_id else None
        use = self._by_agent.get(agent_id)
        if use is not None and seat is not None and use.seat_id == seat.pk:
            return
        self._end(use, at)
        if seat is None:
            if seat_id:
                log.warning("the use of an unknown seat is not kept", seat_id=seat_id)
            return
        self._end(self._by_seat.get(seat.pk), at)  # a log that lost a sign-out must not put two on one seat
        self._begin(seat, agent_id, at)

    def _begin(self, seat: Seat, agent_id: UUID, at: datetime) -> None:
        use = SeatUse(tenant_id=seat.tenant_id, site_id=seat.site_id, seat_id=seat.pk, agent_id=agent_id, began_at=at)
        self._by_agent[agent_id] = self._by_seat[seat.pk] = use
        self._new.append(use)

    def _end(self, use: SeatUse | None, at: datetime) -> None:
        if use is None:
            return
        use.ended_at = max(at, use.began_at)
        self._by_agent.pop(use.agent_id, None)
        self._by_seat.pop(use.seat_id, None)
        self._ended.append(use)

    def store(self) -> None:
        new = {use.pk for use in self._new}
        SeatUse.objects.bulk_create(self._new)
        SeatUse.objects.bulk_update([use for use in self._ended if use.pk not in new], ["ended_at"])


def _mark(event: events.SeatMarked) -> None:
    """The registry follows the floor, and tells the switch so with its next set-up."""
    seat = Seat.objects.select_for_update().filter(pk=UUID(event.seat_id)).first()
    if seat is None:
        log.warning("the mark of an unknown seat is not kept", seat_id=event.seat_id)
        return
    if seat.state != Seat.State.OUT_OF_ORDER:
        seat.state_when_whole = seat.state
    seat.state = Seat.State.OUT_OF_ORDER if event.is_broken else seat.state_when_whole
    seat.fault = event.reason or ""
    seat.settle()
    seat.version += 1
    seat.save()
    user_id = UUID(event.actor_id)
    name = User.objects.filter(pk=user_id).values_list("name", flat=True).first() or ""
    actor = Actor(user_id=user_id, name=name, kind="user", tenant_ids=frozenset({seat.tenant_id}))
    details = {"at": to_datetime(event.at_ms).isoformat(), "label": seat.label, "reason": event.reason}
    action = "seat.marked_broken" if event.is_broken else "seat.marked_usable"
    audit.record(actor, action, "seat", seat.pk, seat.tenant_id, details)
    announce(seat.tenant_id, ROUTING)
