"""What planning learns from: counts by queue and quarter of an hour, and by brand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F
from django.db.models.fields.json import KT

from hotline.domains.contacts import rules
from hotline.domains.contacts.models import Contact, QueueInterval

_AT_ONCE = timedelta(days=31)  # so long a stretch is in memory at a time


class IntervalCounts(NamedTuple):
    """Of a queue, the contacts that asked within 15 minutes, and what their interactions took (talk, hold, wrap-up)."""

    queue_id: UUID
    starts_at: datetime
    asked: int
    interactions: int
    handle_ms: int
    is_simulated: bool


def interval_counts(tenant_id: UUID, begins: datetime, ends: datetime) -> Iterator[IntervalCounts]:
    """Counts of intervals that begin from `begins` up to, not including, `ends`, by time; needs a scope."""
    while begins < ends:
        until = min(begins + _AT_ONCE, ends)
        rows = QueueInterval.objects.filter(tenant_id=tenant_id, starts_at__gte=begins, starts_at__lt=until)
        handle_ms = F("talk_ms") + F("hold_ms") + F("wrap_up_ms")
        found = rows.order_by("starts_at", "queue_id").annotate(handle_ms=handle_ms)
        for row in list(found.values_list(*IntervalCounts._fields)):
            yield IntervalCounts(*row)
        begins = until


def first_interval(tenant_id: UUID) -> datetime | None:
    """When the tenant's first contact asked, to 15 minutes; None before. Needs a scope."""
    rows = QueueInterval.objects.filter(tenant_id=tenant_id).order_by("starts_at")
    return rows.values_list("starts_at", flat=True).first()


def brand_counts(tenant_id: UUID, begins: datetime, ends: datetime) -> dict[UUID, dict[str, int]]:
    """For each queue, its contacts of that time by their brand ("" is unknown); needs a scope. One query."""
    rows = Contact.objects.filter(
        tenant_id=tenant_id,
        id__gte=rules.lowest_id(begins),
        id__lte=rules.highest_id(ends),
        asked_at__gte=begins,
        asked_at__lt=ends,
        asked_queue_id__isnull=False,
    )
    counted = rows.annotate(brand=KT("attributes__brand")).values("asked_queue_id", "brand").annotate(n=Count("pk"))
    found: dict[UUID, dict[str, int]] = {}
    for queue_id, brand, number in counted.order_by().values_list("asked_queue_id", "brand", "n"):
        if queue_id is not None:
            by_brand = found.setdefault(queue_id, {})
            by_brand[brand or ""] = by_brand.get(brand or "", 0) + number
    return found
