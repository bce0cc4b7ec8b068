"""What came to each queue by quarters of an hour, for those who plan: counts and handle time, whatever the day."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import msgspec

from hotline.domains.contacts.models import QueueInterval


class Quarter(msgspec.Struct, frozen=True, kw_only=True):
    """One queue's quarter of an hour: who asked for an agent, and the handle time of the interactions in it."""

    queue_id: UUID
    starts_at: datetime
    asked: int
    answered: int
    answered_in_time: int
    interactions: int
    handle_ms: int
    is_simulated: bool


def quarters(tenant_id: UUID, begins: datetime, ends: datetime) -> Iterator[Quarter]:
    """The tenant's quarters with figures that begin from one moment until just before the other; needs a scope."""
    rows = QueueInterval.objects.filter(tenant_id=tenant_id, starts_at__gte=begins, starts_at__lt=ends)
    for row in rows.order_by("starts_at", "queue_id"):
        yield Quarter(
            queue_id=row.queue_id,
            starts_at=row.starts_at,
            asked=row.asked,
            answered=row.answered,
            answered_in_time=row.answered_in_time,
            interactions=row.interactions,
            handle_ms=row.talk_ms + row.hold_ms + row.wrap_up_ms,
            is_simulated=row.is_simulated,
        )
