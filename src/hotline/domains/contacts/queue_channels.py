"""On which channel the contacts of a queue come: what planning takes a queue's work for."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count

from hotline.domains.contacts import rules
from hotline.domains.contacts.models import Contact


def usual_channels(tenant_id: UUID, begins: datetime, ends: datetime) -> dict[str, str]:
    """The channel of most contacts that asked for each queue in that time; of equals the first by name. Needs a scope.

    One query."""
    rows = Contact.objects.filter(
        tenant_id=tenant_id,
        id__gte=rules.lowest_id(begins),
        id__lte=rules.highest_id(ends),
        asked_at__gte=begins,
        asked_at__lt=ends,
        asked_queue_id__isnull=False,
    )
    counted = rows.values("asked_queue_id", "channel").annotate(n=Count("pk")).order_by("-n", "channel")
    found: dict[str, str] = {}
    for queue_id, channel, _ in counted.values_list("asked_queue_id", "channel", "n"):
        found.setdefault(str(queue_id), channel)
    return found
