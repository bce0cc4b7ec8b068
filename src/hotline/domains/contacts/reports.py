"""The 15-minute figures of a day by queue. Ratios are derived last, from stored sums, and never round over a target."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from hotline.domains.contacts import rules
from hotline.domains.contacts.models import Contact, QueueInterval
from hotline.domains.contacts.views import DayReport, IntervalFigures, QueueDay
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


def day_report(day: date | None) -> DayReport:
    """Every queue of the scope on that local day of its tenant (without a day: today), by name."""
    now = timezone.now()
    tenants = _tenants()
    days = {tenant.pk: day or rules.local_day(now, tenant.time_zone) for tenant in tenants}
    by_queue: dict[UUID, list[QueueInterval]] = defaultdict(list)
    for tenant in tenants:
        for row in _rows_of(tenant, days[tenant.pk]):
            by_queue[row.queue_id].append(row)
    set_up = {UUID(queue.queue_id): queue for queue in routing.compiled_configuration(now, 0).queues}
    names = routing.spoken_names()
    pending = _pending(set_up, now)
    queues = [
        _queue_day(rows, set_up.get(queue_id), names.get(str(queue_id)), pending.get(queue_id, []))
        for queue_id, rows in by_queue.items()
    ]
    queues.sort(key=lambda found: (found.queue_name["en"], found.queue_id))
    return DayReport(day=max(days.values(), default=now.date()), queues=tuple(queues))


def _tenants() -> list[Tenant]:
    scope = required_scope(QueueInterval)
    rows = Tenant.objects.filter(is_active=True)
    return list(rows if scope.tenant_ids is None else rows.filter(pk__in=scope.tenant_ids))


def _rows_of(tenant: Tenant, day: date) -> Iterable[QueueInterval]:
    begins, ends = rules.day_bounds(day, tenant.time_zone)
    rows = QueueInterval.objects.filter(tenant_id=tenant.pk, starts_at__gte=begins, starts_at__lt=ends)
    return rows.order_by("starts_at")


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


def _queue_day(
    rows: list[QueueInterval], queue: QueueConfiguration | None, name: dict[str, str] | None, pending: list[datetime]
) -> QueueDay:
    """A queue that has been removed keeps its figures; its id stands for the name, and no target is judged."""
    first = rows[0]
    target = queue.service_level_target if queue is not None else None
    counts = [sum(row.starts_at <= asked_at < row.starts_at + _QUARTER for asked_at in pending) for row in rows]
    return QueueDay(
        tenant_id=first.tenant_id,
        queue_id=first.queue_id,
        queue_name=name or {"zh": str(first.queue_id), "en": str(first.queue_id)},
        threshold_s=queue.service_level_s if queue is not None else None,
        target=target,
        is_simulated=any(row.is_simulated for row in rows),
        intervals=tuple(_figures([row], count, row.starts_at, target) for row, count in zip(rows, counts, strict=True)),
        total=_figures(rows, sum(counts), None, target),
    )


def _figures(
    rows: list[QueueInterval], pending: int, starts_at: datetime | None, target: int | None
) -> IntervalFigures:
    sums: dict[str, int] = {name: sum(getattr(row, name) for row in rows) for name in _SUMS}
    # A contact may be answered between the two reads: what was answered in time is counted in any case.
    counted = max(sums["asked"] - pending, sums["answered_in_time"])
    handled_ms = handle_ms(sums["talk_ms"], sums["hold_ms"], sums["wrap_up_ms"])
    return IntervalFigures(
        starts_at=starts_at,
        **sums,
        counted=counted,
        service_level=shown(sums["answered_in_time"], counted),
        is_target_met=is_met(sums["answered_in_time"], counted, target) if target is not None else None,
        average_handle_s=average_s(handled_ms, sums["interactions"]),
    )
