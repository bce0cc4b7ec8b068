"""What shared pools did, as sums by local day: the projector adds what a chunk of events brings, in its transaction.

Nothing is counted twice when the log is read again: a contact counts for a pool the first time that its timeline says
so, and times are the difference that the chunk made to the stored interactions."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import structlog

from hotline.domains.contacts import rules
from hotline.domains.contacts.models import PoolDay, TimelineEvent
from hotline.domains.contacts.projection import Folding, InteractionRow
from hotline.domains.routing.queries import lenders_of_pools
from hotline.foundation.models import Tenant

log = structlog.get_logger()

Handled = tuple[int, int, int]  # talk, hold, wrap-up: milliseconds
_COUNTED: Final = {"offered": "offered", "connected": "served"}  # steps of the timeline, and what counts them
_FIGURES: Final = ("offered", "served", "talk_ms", "hold_ms", "wrap_up_ms")
_PLACE: Final = ("tenant_id", "pool_id", "partner_id", "is_lent", "day")
Place = tuple[UUID, UUID, UUID, bool, date]


@dataclass(frozen=True, slots=True)
class _Gain:
    """What one step added: so many of a figure, for a contact of the client, at that moment."""

    pool_id: UUID
    client_id: UUID
    at: datetime
    figure: str
    amount: int
    is_simulated: bool


def handled_by_pools(folding: Folding) -> dict[UUID, Handled]:
    """The times of the interactions of shared pools as they are now, by interaction."""
    return {row.id: _handled(row) for row in folding.interactions.values() if row.pool_id is not None}


def store_pool_sums(folding: Folding, before: Mapping[UUID, Handled]) -> None:
    """Add what was folded since `before`; call it before the timeline is stored. No query where no pool had a part."""
    gains = [*_counted(folding), *_timed(folding, before)]
    if not gains:
        return
    lenders = lenders_of_pools({gain.pool_id for gain in gains})
    zones = dict(Tenant.objects.values_list("pk", "time_zone"))
    placed = [(place, gain) for gain in gains for place in _places(gain, lenders, zones)]
    rows = _stored([place for place, _ in placed])
    for place, gain in placed:
        row = rows.setdefault(place, PoolDay(**dict(zip(_PLACE, place, strict=True))))
        setattr(row, gain.figure, getattr(row, gain.figure) + gain.amount)
        row.is_simulated = row.is_simulated or gain.is_simulated
    PoolDay.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["tenant", "pool_id", "partner", "is_lent", "day"],
        update_fields=["is_simulated", *_FIGURES],
    )


def _places(gain: _Gain, lenders: Mapping[UUID, UUID], zones: Mapping[UUID, str]) -> Iterator[Place]:
    """The rows of lender and client, each on its own local day."""
    lender_id = lenders.get(gain.pool_id)
    if lender_id is None:
        log.warning("a pool that nobody knows is not counted", pool_id=str(gain.pool_id))
        return
    lender_day, client_day = (rules.local_day(gain.at, zones[one]) for one in (lender_id, gain.client_id))
    yield lender_id, gain.pool_id, gain.client_id, True, lender_day
    yield gain.client_id, gain.pool_id, lender_id, False, client_day


def _counted(folding: Folding) -> Iterator[_Gain]:
    """Contacts that were offered to a pool, or served by it, for the first time."""
    steps = [row for row in folding.timeline if row.kind in _COUNTED and "pool_id" in row.detail]
    if not steps:
        return
    seen = _seen({row.contact_id for row in steps})
    for row in steps:
        pool_id = str(row.detail["pool_id"])
        if (row.contact_id, row.kind, pool_id) in seen:
            continue
        seen.add((row.contact_id, row.kind, pool_id))
        is_simulated = folding.contacts[row.contact_id].is_simulated
        yield _Gain(UUID(pool_id), row.tenant_id, row.at, _COUNTED[row.kind], 1, is_simulated)


def _seen(contact_ids: Collection[UUID]) -> set[tuple[UUID, str, str]]:
    """The (contact, step, pool) that are counted already."""
    stored = TimelineEvent.objects.filter(contact_id__in=contact_ids, kind__in=list(_COUNTED))
    rows = stored.values_list("contact_id", "kind", "detail")
    return {(contact_id, kind, str(detail["pool_id"])) for contact_id, kind, detail in rows if "pool_id" in detail}


def _timed(folding: Folding, before: Mapping[UUID, Handled]) -> Iterator[_Gain]:
    for row in folding.interactions.values():
        if row.pool_id is None:
            continue
        was = before.get(row.id, (0, 0, 0))
        for figure, now, then in zip(("talk_ms", "hold_ms", "wrap_up_ms"), _handled(row), was, strict=True):
            if now != then:
                is_simulated = folding.contacts[row.contact_id].is_simulated
                yield _Gain(row.pool_id, row.tenant_id, row.started_at, figure, now - then, is_simulated)


def _handled(row: InteractionRow) -> Handled:
    return row.talk_ms, row.hold_ms, row.wrap_up_ms


def _stored(places: Collection[Place]) -> dict[Place, PoolDay]:
    """Those of these rows that there are, locked."""
    pool_ids, days = {place[1] for place in places}, {place[4] for place in places}
    kept = PoolDay.objects.select_for_update().filter(pool_id__in=pool_ids, day__in=days).order_by("pk")
    found = {(row.tenant_id, row.pool_id, row.partner_id, row.is_lent, row.day): row for row in kept}
    return {place: found[place] for place in set(places) & found.keys()}
