"""The figures of queues: a day by 15 minutes, a month by days, a year by months.

Ratios are derived last, from stored sums, and never round over a target."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Q, SmallIntegerField, Sum, Value, When
from django.utils import timezone

from hotline.domains.contacts import periods, rules
from hotline.domains.contacts.models import Contact, QueueInterval
from hotline.domains.contacts.periods import Period
from hotline.domains.contacts.views import (
    DayReport,
    IntervalFigures,
    PeriodFigures,
    PeriodReport,
    QueueDay,
    QueuePeriod,
)
from hotline.domains.routing import queries as routing
from hotline.formulas.handle_time import average_s, handle_ms
from hotline.formulas.service_level import is_in_time, is_met, shown
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import required_scope
from hotline.kernel.clock import to_ms
from hotline.messages.configuration import QueueConfiguration

_SUMS = (
    "asked",
    "answered",
    "answered_in_time",
    "abandoned",
    "interactions",
    "wait_ms",
    "talk_ms",
    "hold_ms",
    "wrap_up_ms",
)
_LONGEST_THRESHOLD = timedelta(days=1)
_QUARTER = timedelta(minutes=15)
Pending = Mapping[UUID, list[datetime]]
Sums = dict[str, int]


@dataclass(frozen=True, slots=True)
class _Queue:
    """A queue as it is set up now. One that has been removed keeps its figures: its id stands for the name, and no
    target is judged. `pending` are those who still wait and may yet be answered in time, `blocked` those who came out
    without an agent and went, both by when they asked."""

    queue_id: UUID
    name: dict[str, str]
    threshold_s: int | None
    target: int | None
    pending: list[datetime]
    blocked: list[datetime]


def day_report(day: date | None) -> DayReport:
    """Every queue of the scope on that local day of its tenant (without a day: today), by name."""
    now = timezone.now()
    tenants = tenants_in_scope()
    days = {tenant.pk: periods.check_day(day or rules.local_day(now, tenant.time_zone)) for tenant in tenants}
    by_queue: dict[UUID, list[QueueInterval]] = defaultdict(list)
    for tenant in tenants:
        for row in _rows_of(tenant, days[tenant.pk]):
            by_queue[row.queue_id].append(row)
    bounds = [rules.day_bounds(days[tenant.pk], tenant.time_zone) for tenant in tenants]
    set_up = _queues(by_queue, now, bounds)
    zones = {tenant.pk: tenant.time_zone for tenant in tenants}
    queues = [
        _queue_day(rows, set_up[queue_id], rules.day_bounds(days[rows[0].tenant_id], zones[rows[0].tenant_id]))
        for queue_id, rows in by_queue.items()
    ]
    queues.sort(key=lambda found: (found.queue_name["en"], found.queue_id))
    return DayReport(day=max(days.values(), default=now.date()), as_of=now, queues=tuple(queues))


def period_report(period: Period) -> PeriodReport:
    """Every queue of the scope in that month or year of its tenant, by name; a row for each day or month that has
    begun. One query for each time zone."""
    now = timezone.now()
    queues: list[QueuePeriod] = []
    found: list[tuple[UUID, UUID, dict[int, Sums], tuple[datetime, ...]]] = []
    for zone, tenant_ids in _by_zone(tenants_in_scope()).items():
        moments = period.moments(zone)
        found += [(*key, parts, moments) for key, parts in _sums_by_part(tenant_ids, moments).items()]
    queue_ids = [queue_id for _tenant_id, queue_id, _parts, _moments in found]
    set_up = _queues(queue_ids, now, [(moments[0], moments[-1]) for *_, moments in found])
    for tenant_id, queue_id, parts, moments in found:
        queues.append(_queue_period(tenant_id, set_up[queue_id], parts, period, moments, now))
    queues.sort(key=lambda one: (one.queue_name["en"], one.queue_id))
    return PeriodReport(starts_on=period.edges[0], as_of=now, queues=tuple(queues))


def tenants_in_scope() -> list[Tenant]:
    """The active tenants whose figures may be read."""
    scope = required_scope(QueueInterval)
    rows = Tenant.objects.filter(is_active=True)
    return list(rows if scope.tenant_ids is None else rows.filter(pk__in=scope.tenant_ids))


def _by_zone(tenants: Iterable[Tenant]) -> dict[str, list[UUID]]:
    by_zone: dict[str, list[UUID]] = defaultdict(list)
    for tenant in tenants:
        by_zone[tenant.time_zone].append(tenant.pk)
    return by_zone


def _rows_of(tenant: Tenant, day: date) -> Iterable[QueueInterval]:
    begins, ends = rules.day_bounds(day, tenant.time_zone)
    rows = QueueInterval.objects.filter(tenant_id=tenant.pk, starts_at__gte=begins, starts_at__lt=ends)
    return rows.order_by("starts_at")


def _sums_by_part(
    tenant_ids: Sequence[UUID], moments: tuple[datetime, ...]
) -> dict[tuple[UUID, UUID], dict[int, Sums]]:
    """By tenant and queue, the sums of each part between two moments that has figures. The bounds are compared in the
    database, so that both databases cut days where our own calendar does."""
    number = Case(
        *(When(starts_at__lt=moment, then=Value(at)) for at, moment in enumerate(moments[1:])),
        output_field=SmallIntegerField(),
    )
    within = QueueInterval.objects.filter(
        tenant_id__in=tenant_ids, starts_at__gte=moments[0], starts_at__lt=moments[-1]
    )
    sums: dict[str, Any] = {f"sum_of_{name}": Sum(name) for name in _SUMS}
    simulated = Count("pk", filter=Q(is_simulated=True))
    parts = within.annotate(part=number).values("tenant_id", "queue_id", "part")
    rows: Iterable[Any] = parts.annotate(**sums, simulated=simulated).order_by()
    found: dict[tuple[UUID, UUID], dict[int, Sums]] = defaultdict(dict)
    for row in rows:
        part = {name: row[f"sum_of_{name}"] for name in _SUMS} | {"simulated": row["simulated"]}
        found[row["tenant_id"], row["queue_id"]][row["part"]] = part
    return found


def _queues(
    queue_ids: Iterable[UUID], now: datetime, bounds: Sequence[tuple[datetime, datetime]]
) -> dict[UUID, _Queue]:
    set_up = {UUID(queue.queue_id): queue for queue in routing.compiled_configuration(now, 0).queues}
    names = routing.spoken_names()
    pending, blocked = _pending(set_up, now), _blocked(bounds)
    return {
        queue_id: _queue(
            queue_id,
            set_up.get(queue_id),
            names.get(str(queue_id)),
            pending.get(queue_id, []),
            blocked.get(queue_id, []),
        )
        for queue_id in queue_ids
    }


def _queue(
    queue_id: UUID,
    queue: QueueConfiguration | None,
    name: dict[str, str] | None,
    pending: list[datetime],
    blocked: list[datetime],
) -> _Queue:
    return _Queue(
        queue_id=queue_id,
        name=name or {"zh": str(queue_id), "en": str(queue_id)},
        threshold_s=queue.service_level_s if queue is not None else None,
        target=queue.service_level_target if queue is not None else None,
        pending=pending,
        blocked=blocked,
    )


def _blocked(bounds: Sequence[tuple[datetime, datetime]]) -> Pending:
    """When those asked who came out of a queue without an agent and went, by the queue asked first. They are few."""
    found: dict[UUID, list[datetime]] = defaultdict(list)
    if not bounds:
        return found
    begins, ends = min(begin for begin, _ in bounds), max(end for _, end in bounds)
    rows = Contact.objects.filter(
        outcome=Contact.Outcome.BLOCKED,
        asked_at__gte=begins,
        asked_at__lt=ends,
        id__gte=rules.lowest_id(begins - _LONGEST_THRESHOLD),
    )
    for queue_id, asked_at in rows.values_list("asked_queue_id", "asked_at"):
        if queue_id is not None and asked_at is not None:
            found[queue_id].append(asked_at)
    return found


def _pending(set_up: Mapping[UUID, QueueConfiguration], now: datetime) -> Pending:
    """When those asked who still wait and may yet be answered in time, by the queue that they asked for."""
    waiting = Contact.objects.filter(
        asked_at__gte=now - _LONGEST_THRESHOLD,
        id__gte=rules.lowest_id(now - _LONGEST_THRESHOLD),
        answered_at=None,
        ended_at=None,
    )
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for queue_id, asked_at in waiting.values_list("asked_queue_id", "asked_at"):
        queue = set_up.get(queue_id) if queue_id is not None else None
        if queue_id is None or queue is None or asked_at is None:
            continue
        if is_in_time(to_ms(now) - to_ms(asked_at), queue.service_level_s):
            found[queue_id].append(asked_at)
    return found


def _queue_day(rows: list[QueueInterval], queue: _Queue, bounds: tuple[datetime, datetime]) -> QueueDay:
    each = [{name: getattr(row, name) for name in _SUMS} for row in rows]
    ends = [row.starts_at + _QUARTER for row in rows]
    counts = [_between(queue.pending, row.starts_at, end) for row, end in zip(rows, ends, strict=True)]
    blocked = [_between(queue.blocked, row.starts_at, end) for row, end in zip(rows, ends, strict=True)]
    return QueueDay(
        tenant_id=rows[0].tenant_id,
        queue_id=queue.queue_id,
        queue_name=queue.name,
        threshold_s=queue.threshold_s,
        target=queue.target,
        is_simulated=any(row.is_simulated for row in rows),
        begins_at=bounds[0],
        ends_at=bounds[1],
        intervals=tuple(
            IntervalFigures(starts_at=row.starts_at, blocked=lost, **_figures(sums, count, queue.target))
            for row, sums, count, lost in zip(rows, each, counts, blocked, strict=True)
        ),
        total=IntervalFigures(
            starts_at=None, blocked=sum(blocked), **_figures(_added(each), sum(counts), queue.target)
        ),
    )


def _queue_period(
    tenant_id: UUID,
    queue: _Queue,
    parts: Mapping[int, Sums],
    period: Period,
    moments: tuple[datetime, ...],
    now: datetime,
) -> QueuePeriod:
    def figures(first: int, after: int, sums: Iterable[Sums]) -> PeriodFigures:
        begins, ends = moments[first], moments[after]
        pending = _between(queue.pending, begins, ends)
        return PeriodFigures(
            starts_on=period.edges[first],
            begins_at=begins,
            ends_at=ends,
            blocked=_between(queue.blocked, begins, ends),
            **_figures(_added(sums), pending, queue.target),
        )

    shown_rows = range(periods.rows_begun(moments, now, parts))
    return QueuePeriod(
        tenant_id=tenant_id,
        queue_id=queue.queue_id,
        queue_name=queue.name,
        threshold_s=queue.threshold_s,
        target=queue.target,
        is_simulated=any(sums["simulated"] for sums in parts.values()),
        rows=tuple(figures(at, at + 1, [parts[at]] if at in parts else []) for at in shown_rows),
        total=figures(0, len(moments) - 1, parts.values()),
    )


def _between(pending: Iterable[datetime], begins: datetime, ends: datetime) -> int:
    return sum(begins <= asked_at < ends for asked_at in pending)


def _added(each: Iterable[Sums]) -> Sums:
    kept = list(each)
    return {name: sum(sums[name] for sums in kept) for name in _SUMS}


def _figures(sums: Sums, pending: int, target: int | None) -> dict[str, Any]:
    """The sums and what follows from them, in the words of `views.Figures`."""
    # A contact may be answered between the two reads: what was answered in time is counted in any case.
    counted = max(sums["asked"] - pending, sums["answered_in_time"])
    handled_ms = handle_ms(sums["talk_ms"], sums["hold_ms"], sums["wrap_up_ms"])
    return sums | {
        "counted": counted,
        "service_level": shown(sums["answered_in_time"], counted),
        "is_target_met": is_met(sums["answered_in_time"], counted, target) if target is not None else None,
        "average_handle_s": average_s(handled_ms, sums["interactions"]),
    }
