"""What was done on the floor about too many calls: each activation of a reserve team with the figures before and after,
kept by the projector (row CQ-28); sites and disaster mode as supervisors marked them go into the audit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

import structlog
from django.db.models import Q
from django.utils import timezone

from hotline.domains.contacts import rules
from hotline.domains.contacts.models import QueueInterval, ReserveActivation
from hotline.domains.contacts.periods import days_of
from hotline.domains.contacts.reports import tenants_in_scope
from hotline.domains.contacts.views import ReserveActivationView, ReserveFigures, ReserveReport
from hotline.domains.enterprise.queries import tenant_of_site
from hotline.domains.routing.queries import (
    LadderNames,
    ladder_names,
    queues_behind_ladders,
    tenant_of_ladder,
    tenant_of_queue,
)
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.models import User
from hotline.kernel.clock import to_datetime
from hotline.messages import routing as events

SteeringDeed = events.SiteMarked | events.DisasterModeSet
SteeringEvent = events.TierMoved | SteeringDeed
_SEEN_BEFORE = timedelta(minutes=30)  # a ladder looks at 15 minutes, which may begin within another quarter
_FIGURES = ("wait_s", "length", "service_level", "abandoned")

log = structlog.get_logger()


# --- writing: one transaction with the projector's cursor ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlacedSteeringEvent:
    """What happened on the floor; `order` grows along the log."""

    order: int
    event: SteeringEvent


def store_steering(happened: Iterable[PlacedSteeringEvent]) -> None:
    """Keep these events in their order: activations each once, what supervisors did in the audit."""
    for placed in happened:
        if isinstance(placed.event, events.TierMoved):
            _store_move(placed.event, placed.order)
        else:
            _audit(placed.event)


def _store_move(event: events.TierMoved, order: int) -> None:
    tier_id, at = UUID(event.tier_id), to_datetime(event.at_ms)
    rows = ReserveActivation.objects.select_for_update().filter(tier_id=tier_id)
    latest = rows.order_by("-began").first()
    if latest is not None and order <= latest.folded:
        return  # the log is read again
    if latest is None or latest.stood_down_at is not None:
        latest = _begun(event, tier_id, at, order)
    if latest is None:
        return
    latest.folded = order
    if event.step == "started":
        latest.started_at = at
    elif event.step == "stood_down":
        latest.stood_down_at = at
        latest.stood_down_by = UUID(event.actor_id) if event.actor_id else None
        for name in _FIGURES:
            setattr(latest, f"{name}_after", getattr(event, name))
    latest.save()
    if event.actor_id:
        deed = "reserve_tier.sent_back" if event.step == "stood_down" else "reserve_tier.called"
        details = {"at": at.isoformat(), "ladder_id": event.ladder_id}
        actor = _actor_of(event.actor_id, latest.tenant_id)
        audit.record(actor, deed, "reserve_tier", tier_id, latest.tenant_id, details)


def _begun(event: events.TierMoved, tier_id: UUID, at: datetime, order: int) -> ReserveActivation | None:
    """A new activation; None for a ladder that nobody knows and for a team that was not called."""
    tenant_id = tenant_of_ladder(UUID(event.ladder_id))
    if tenant_id is None or event.step == "stood_down":
        log.warning("a reserve team's step is not kept", tier_id=event.tier_id, step=event.step)
        return None
    figures = {f"{name}_before": getattr(event, name) for name in _FIGURES}
    place = {"ladder_id": UUID(event.ladder_id), "tier_id": tier_id, "began": order}
    called_by = UUID(event.actor_id) if event.actor_id else None
    return ReserveActivation(tenant_id=tenant_id, called_at=at, called_by=called_by, **place, **figures)


def _audit(event: SteeringDeed) -> None:
    """A deed whose log is read again is told again only when main has lost it: both share the cursor's transaction."""
    is_site = isinstance(event, events.SiteMarked)
    object_id = event.site_id if isinstance(event, events.SiteMarked) else event.queue_id
    is_on = event.is_down if isinstance(event, events.SiteMarked) else event.is_on
    tenant_id = tenant_of_site(UUID(object_id)) if is_site else tenant_of_queue(UUID(object_id))
    if tenant_id is None:
        log.warning("a deed on something unknown is not audited", kind=type(event).__name__, object_id=object_id)
        return
    actor = _actor_of(event.actor_id, tenant_id)
    deeds = ("site.marked_down", "site.marked_up") if is_site else ("queue.disaster_on", "queue.disaster_off")
    action, kind = deeds[0] if is_on else deeds[1], "site" if is_site else "queue"
    audit.record(actor, action, kind, UUID(object_id), tenant_id, {"at": to_datetime(event.at_ms).isoformat()})


def _actor_of(user: str, tenant_id: UUID) -> Actor:
    user_id = UUID(user)
    name = User.objects.filter(pk=user_id).values_list("name", flat=True).first() or ""
    return Actor(user_id=user_id, name=name, kind="user", tenant_ids=frozenset({tenant_id}))


# --- reading ---------------------------------------------------------------------------------------------------------


def reserve_report(first_day: date | None, last_day: date | None) -> ReserveReport:
    """Reserve teams that were called on these local days of their tenants, newest first; without days, today's.

    Raises what `periods.days_of` raises."""
    now = timezone.now()
    days = {
        tenant: days_of(first_day, last_day, rules.local_day(now, tenant.time_zone)) for tenant in tenants_in_scope()
    }
    spans = []
    for tenant, asked in days.items():
        begins, ends = asked.bounds(tenant.time_zone)
        spans.append(Q(tenant_id=tenant.pk, called_at__gte=begins, called_at__lt=ends))
    found = ReserveActivation.objects.filter(reduce(or_, spans, Q(pk__in=()))).order_by("-called_at", "-id")
    names = ladder_names()
    rows = list(found)
    pretended = _pretended(rows)
    users = {user for row in rows for user in (row.called_by, row.stood_down_by) if user is not None}
    people = dict(User.objects.filter(pk__in=users).values_list("pk", "name")) if users else {}
    shown = tuple(_view(row, names, people, is_simulated=_is_simulated(row, pretended)) for row in rows)
    return ReserveReport(
        first_day=max((asked.first for asked in days.values()), default=now.date()),
        last_day=max((asked.last for asked in days.values()), default=now.date()),
        as_of=now,
        rows=shown,
        is_simulated=any(row.is_simulated for row in shown),
    )


@dataclass(frozen=True, slots=True)
class _Pretended:
    """The quarters of an hour of each queue in which not everything was real, and the queues behind each ladder."""

    quarters: dict[UUID, list[datetime]]
    queues: dict[UUID, frozenset[UUID]]


def _pretended(rows: Sequence[ReserveActivation]) -> _Pretended:
    """Two queries, none without rows."""
    if not rows:
        return _Pretended({}, {})
    since = min(row.called_at for row in rows) - _SEEN_BEFORE
    quarters: dict[UUID, list[datetime]] = defaultdict(list)
    found = QueueInterval.objects.filter(is_simulated=True, starts_at__gte=since)
    for queue_id, starts_at in found.values_list("queue_id", "starts_at"):
        quarters[queue_id].append(starts_at)
    return _Pretended(quarters, queues_behind_ladders())


def _is_simulated(row: ReserveActivation, pretended: _Pretended) -> bool:
    """Whether the figures that called the team, or those until it was sent back, hold anything simulated. Of a ladder
    that is gone every queue counts: a badge too many misleads nobody."""
    begins, ends = row.called_at - _SEEN_BEFORE, row.stood_down_at
    queues = pretended.queues.get(row.ladder_id, pretended.quarters.keys())
    return any(
        begins <= starts_at and (ends is None or starts_at <= ends)
        for queue_id in queues
        for starts_at in pretended.quarters.get(queue_id, ())
    )


def _view(
    row: ReserveActivation, names: LadderNames, people: dict[UUID, str], *, is_simulated: bool
) -> ReserveActivationView:
    return ReserveActivationView(
        id=row.id,
        tenant_id=row.tenant_id,
        ladder_id=row.ladder_id,
        ladder_name=names.ladders.get(row.ladder_id),
        tier_id=row.tier_id,
        tier_name=names.tiers.get(row.tier_id),
        called_at=row.called_at,
        started_at=row.started_at,
        stood_down_at=row.stood_down_at,
        called_by=people.get(row.called_by) if row.called_by else None,
        stood_down_by=people.get(row.stood_down_by) if row.stood_down_by else None,
        before=_figures(row, "before"),
        after=_figures(row, "after") if row.stood_down_at is not None else None,
        is_simulated=is_simulated,
    )


def _figures(row: ReserveActivation, moment: str) -> ReserveFigures:
    """A share of nobody is None."""
    wait_s, length, level, abandoned = (getattr(row, f"{name}_{moment}") for name in _FIGURES)
    return ReserveFigures(
        wait_s=wait_s,
        length=length,
        service_level=level if level >= 0 else None,
        abandoned=abandoned if abandoned >= 0 else None,
    )
