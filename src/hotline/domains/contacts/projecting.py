"""The projector's write path: a chunk of routing events into contacts, interactions, timeline and figures, with the
cursor, in one transaction. Either all of it is stored, or nothing and the chunk is read again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import structlog
from django.db import transaction

from hotline.domains.contacts import projection
from hotline.domains.contacts.alarms import AlarmEvent, PlacedAlarmEvent, store_alarms
from hotline.domains.contacts.call_back_log import audit_cancelled, audit_settled
from hotline.domains.contacts.errors import ProjectionOutOfStepError
from hotline.domains.contacts.models import (
    CallBackNeeded,
    Contact,
    Interaction,
    ProjectorCursor,
    QueueInterval,
    TimelineEvent,
)
from hotline.domains.contacts.pool_sums import handled_by_pools, store_pool_sums
from hotline.domains.contacts.projection import CallBackRow, ContactRow, Folding, InteractionRow, TimelineRow
from hotline.domains.contacts.reserve_log import PlacedSteeringEvent, SteeringEvent, store_steering
from hotline.domains.contacts.written import follow_written
from hotline.domains.enterprise.seat_log import SeatEvent, store_seat_events
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import TenantModel, tenant_scope
from hotline.messages.routing import ContactQueued, RoutingEvent

log = structlog.get_logger()
Beside = Callable[[Iterable[tuple[int, RoutingEvent]]], None]  # told each event with its order, which grows


@dataclass(frozen=True, slots=True)
class Position:
    """All of batch `seq`, and `offset` events of the next one."""

    seq: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a pool's log is read, and the running tally as it was kept last, at `tally_position` or before."""

    position: Position
    tally_position: Position
    tally: bytes


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """An event and its place in the log."""

    seq: int
    index: int
    event: RoutingEvent


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """Figures of one queue and quarter of an hour, whole: they replace what is stored."""

    tenant_id: UUID
    queue_id: UUID
    starts_at: datetime
    is_simulated: bool
    asked: int
    answered: int
    answered_in_time: int
    abandoned: int
    interactions: int
    wait_ms: int
    talk_ms: int
    hold_ms: int
    wrap_up_ms: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one transaction takes: the events between two positions, the figures that they changed, and now and then
    the tally after them."""

    pool: str
    before: Position
    after: Position
    events: Sequence[PlacedEvent]
    intervals: Sequence[IntervalRow]
    tally: bytes | None = None


_NAMES: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (ContactRow, InteractionRow, TimelineRow, CallBackRow, IntervalRow)
}


def cursor_of(pool: str) -> Cursor:
    """How far the pool's log is projected; the very beginning when it never was."""
    row = ProjectorCursor.objects.filter(pool=pool).first()
    if row is None:
        return Cursor(Position(0), Position(0), b"")
    return Cursor(Position(row.seq, row.offset), Position(row.tally_seq, row.tally_offset), bytes(row.tally))


def project(chunk: Chunk, *beside: Beside) -> None:
    """Store a chunk and its cursor; what other rooms keep of it is stored `beside`, in the same transaction.

    Raises ProjectionOutOfStepError when another projector was here meanwhile."""
    tenant_ids = frozenset(Tenant.objects.values_list("id", flat=True))
    with tenant_scope(*tenant_ids), transaction.atomic():
        _advance_cursor(chunk)
        events = [placed for placed in chunk.events if projection.contact_id_of(placed.event)]
        folding = _loaded(events)
        handled_before = handled_by_pools(folding)
        for placed in events:
            _take(folding, chunk.pool, placed, tenant_ids)
        store_pool_sums(folding, handled_before)
        _store(folding)
        follow_written([placed.event for placed in events], folding)
        _store_intervals(row for row in chunk.intervals if row.tenant_id in tenant_ids)
        store_alarms(_alarm_events(chunk.events), tenant_ids)
        audit_cancelled((placed.event for placed in events), folding.contacts)
        audit_settled((placed.event for placed in events), folding.contacts)
        store_steering(_steering_events(chunk.events))
        store_seat_events(placed.event for placed in chunk.events if isinstance(placed.event, SeatEvent))
        for keep in beside:
            keep((projection.log_order(placed.seq, placed.index), placed.event) for placed in chunk.events)


def _advance_cursor(chunk: Chunk) -> None:
    row, _ = ProjectorCursor.objects.select_for_update().get_or_create(pool=chunk.pool)
    if Position(row.seq, row.offset) != chunk.before:
        raise ProjectionOutOfStepError(pool=chunk.pool, seq=row.seq)
    row.seq, row.offset = chunk.after.seq, chunk.after.offset
    if chunk.tally is not None:
        row.tally, row.tally_seq, row.tally_offset = chunk.tally, row.seq, row.offset
    row.save()


def _take(folding: Folding, pool: str, placed: PlacedEvent, tenant_ids: frozenset[UUID]) -> None:
    event = placed.event
    if isinstance(event, ContactQueued) and UUID(event.tenant_id) not in tenant_ids:
        log.warning("contact of an unknown tenant is not kept", contact_id=event.contact_id, seq=placed.seq)
        return
    if not folding.take(pool, placed.seq, placed.index, event):
        log.warning("event of an unknown contact is not kept", kind=type(event).__name__, seq=placed.seq)


def _alarm_events(events: Sequence[PlacedEvent]) -> list[PlacedAlarmEvent]:
    return [
        PlacedAlarmEvent(projection.log_order(placed.seq, placed.index), placed.event)
        for placed in events
        if isinstance(placed.event, AlarmEvent)
    ]


def _steering_events(events: Sequence[PlacedEvent]) -> list[PlacedSteeringEvent]:
    return [
        PlacedSteeringEvent(projection.log_order(placed.seq, placed.index), placed.event)
        for placed in events
        if isinstance(placed.event, SteeringEvent)
    ]


def _loaded(events: Sequence[PlacedEvent]) -> Folding:
    """The stored rows that these events touch, locked."""
    contact_ids = {contact_id for placed in events if (contact_id := projection.contact_id_of(placed.event))}
    contact_ids |= {talk_id for placed in events if (talk_id := getattr(placed.event, "by_contact_id", None))}
    interaction_ids = {str(found) for placed in events if (found := getattr(placed.event, "interaction_id", None))}
    contacts = Contact.objects.select_for_update().filter(id__in=contact_ids).order_by("id")
    interactions = Interaction.objects.filter(id__in=interaction_ids)
    return Folding(
        {row.id: _row_of(ContactRow, row) for row in contacts},
        {row.id: _row_of(InteractionRow, row) for row in interactions},
    )


Row = TypeVar("Row", ContactRow, InteractionRow)


def _row_of(kind: type[Row], stored: TenantModel) -> Row:
    return kind(**_values(kind, stored))


def _values(kind: type[Any], source: object) -> dict[str, Any]:
    """The columns of that kind of row. (`dataclasses.asdict` copies deeply, which took most of a chunk's time.)"""
    return {name: getattr(source, name) for name in _NAMES[kind]}


def _store(folding: Folding) -> None:
    _upsert(Contact, ContactRow, folding.contacts.values())
    _upsert(Interaction, InteractionRow, folding.interactions.values())
    store_timeline(folding.timeline)
    store_call_backs(folding.call_backs)


def _upsert(model: type[TenantModel], kind: type[Row], rows: Iterable[Row]) -> None:
    made = [model(**_values(kind, row)) for row in rows]
    if not made:
        return
    changed = _columns(model, [name for name in _NAMES[kind] if name not in ("id", "tenant_id")])
    model.objects.bulk_create(made, update_conflicts=True, unique_fields=["id"], update_fields=changed)


def _columns(model: type[TenantModel], names: Iterable[str]) -> list[str]:
    """Django's names of these columns: `contact` for `contact_id` where it is a reference."""
    by_column = {field.attname: field.name for field in model._meta.concrete_fields}
    return [by_column[name] for name in names]


def store_timeline(rows: Sequence[TimelineRow]) -> None:
    """Add the steps that are not there yet."""
    TimelineEvent.objects.bulk_create(
        [TimelineEvent(**_values(TimelineRow, row)) for row in rows], ignore_conflicts=True
    )


def store_call_backs(rows: Sequence[CallBackRow]) -> None:
    """List these customers for call-back, each contact once."""
    CallBackNeeded.objects.bulk_create(
        [CallBackNeeded(**_values(CallBackRow, row)) for row in rows], ignore_conflicts=True
    )


def _store_intervals(rows: Iterable[IntervalRow]) -> None:
    made = [QueueInterval(**_values(IntervalRow, row)) for row in rows]
    if not made:
        return
    figures = [name for name in _NAMES[IntervalRow] if name not in ("tenant_id", "queue_id", "starts_at")]
    QueueInterval.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["tenant", "queue_id", "starts_at"], update_fields=figures
    )
