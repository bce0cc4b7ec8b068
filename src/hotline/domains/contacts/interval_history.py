"""What planning learns from: counts by queue and quarter of an hour, and by brand, channel, agent and hour."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import TruncHour

from hotline.domains.contacts import rules
from hotline.domains.contacts.models import Contact, Interaction, QueueInterval

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
    for begin, end in _stretches(begins, ends):
        rows = QueueInterval.objects.filter(tenant_id=tenant_id, starts_at__gte=begin, starts_at__lt=end)
        handle_ms = F("talk_ms") + F("hold_ms") + F("wrap_up_ms")
        found = rows.order_by("starts_at", "queue_id").annotate(handle_ms=handle_ms)
        for row in list(found.values_list(*IntervalCounts._fields)):
            yield IntervalCounts(*row)


def first_interval(tenant_id: UUID) -> datetime | None:
    """When the tenant's first contact asked, to 15 minutes; None before. Needs a scope."""
    rows = QueueInterval.objects.filter(tenant_id=tenant_id).order_by("starts_at")
    return rows.values_list("starts_at", flat=True).first()


class HourCounts(NamedTuple):
    """Contacts that asked for a queue within a local hour, those of them that agents took up, and what these took."""

    queue_id: UUID
    brand: str  # "": not known
    channel: str
    hour: datetime  # local
    asked: int
    interactions: int
    handle_ms: int


def hour_counts(tenant_id: UUID, begins: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[HourCounts]:
    """Contacts of that time by queue, brand, channel and local hour; needs a scope. A query for each month."""
    handle_ms = Sum(F("talk_ms") + F("hold_ms") + F("wrap_up_ms"))
    for begin, end in _stretches(begins, ends):
        rows = Contact.objects.filter(
            tenant_id=tenant_id,
            id__gte=rules.lowest_id(begin),
            id__lte=rules.highest_id(end),
            asked_at__gte=begin,
            asked_at__lt=end,
            asked_queue_id__isnull=False,
        )
        grouped = rows.annotate(brand=KT("attributes__brand"), hour=TruncHour("asked_at", tzinfo=zone))
        counted = grouped.values("asked_queue_id", "brand", "channel", "hour").annotate(
            asked=Count("pk"), taken=Sum("interaction_count"), work_ms=handle_ms
        )
        columns = ("asked_queue_id", "brand", "channel", "hour", "asked", "taken", "work_ms")
        for queue_id, brand, *others in counted.order_by().values_list(*columns):
            if queue_id is not None:
                yield HourCounts(queue_id, brand or "", *others)


class AgentHour(NamedTuple):
    """Contacts that asked for a queue and were first taken up by this agent within a local hour; what that took."""

    queue_id: UUID
    agent_id: UUID
    hour: datetime  # local
    interactions: int
    handle_ms: int


def agent_hours(tenant_id: UUID, begins: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[AgentHour]:
    """First interactions that began in that time by the queue asked for, agent and local hour; needs a scope. A query
    for each month."""
    for begin, end in _stretches(begins, ends):
        rows = Interaction.objects.filter(
            tenant_id=tenant_id,
            position=1,
            started_at__gte=begin,
            started_at__lt=end,
            contact__asked_queue_id__isnull=False,
        )
        grouped = rows.annotate(hour=TruncHour("started_at", tzinfo=zone), asked=F("contact__asked_queue_id"))
        counted = grouped.values("asked", "agent_id", "hour").annotate(
            n=Count("pk"), work_ms=Sum(F("talk_ms") + F("hold_ms") + F("wrap_up_ms"))
        )
        for row in counted.order_by().values_list("asked", "agent_id", "hour", "n", "work_ms"):
            yield AgentHour(*row)


def _stretches(begins: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime]]:
    while begins < ends:
        until = min(begins + _AT_ONCE, ends)
        yield begins, until
        begins = until
