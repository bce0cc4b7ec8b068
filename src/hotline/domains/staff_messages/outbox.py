"""Notices on their way to people: rows written in the transaction of what they tell of, sent by the worker."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from hotline.domains.staff_messages import rules
from hotline.domains.staff_messages.models import MessageAccount, StaffAddress, StaffChoices, StaffMessage
from hotline.foundation.models import Tenant

Topic = Literal["roster", "requests", "urgent"]
_BATCH: Final = 500
_MANY: Final = 200  # of so many people all of the tenant's are read instead of naming each


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to tell one agent: the text's code in the catalogue, and what fills it. A value may be in both
    languages."""

    agent_id: UUID
    topic: Topic
    text_code: str
    data: Mapping[str, Any] = field(default_factory=dict)
    until: datetime | None = None  # from then on it is not worth telling, such as a request that is over


def tell(tenant_id: UUID, notices: Iterable[Notice]) -> int:
    """Put a message into the outbox for each way by which its agent wants to be told; answers how many.

    A fixed number of queries, however many agents there are; one where the tenant sends no messages. Needs the tenant's
    scope. Raises TransactionManagementError outside the transaction of what the notices tell of."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a notice needs the transaction of what it tells of")
    ways = list(MessageAccount.objects.filter(tenant_id=tenant_id, is_active=True).values_list("way", flat=True))
    wanted = list(notices)
    if not ways or not wanted:
        return 0
    agent_ids = {notice.agent_id for notice in wanted}
    reached = _reached(tenant_id, ways, agent_ids)
    choices = _choices(tenant_id, agent_ids if len(agent_ids) < _MANY else None)
    now, zone = timezone.now(), time_zone(tenant_id)
    rows = [
        _row(tenant_id, notice, way, due_at(notice.topic, choices.get(notice.agent_id), now, zone), now)
        for notice in wanted
        for way in reached[notice.agent_id]
        if is_wanted(choices.get(notice.agent_id), notice.topic, way)
    ]
    StaffMessage.objects.bulk_create(rows, batch_size=_BATCH)
    return len(rows)


def time_zone(tenant_id: UUID) -> ZoneInfo:
    """The tenant's zone."""
    return ZoneInfo(Tenant.objects.values_list("time_zone", flat=True).get(pk=tenant_id))


def is_wanted(choices: StaffChoices | None, topic: str, way: str) -> bool:
    """Whether the person takes notices of the topic by this way; who has chosen nothing takes all."""
    return choices is None or way in choices.ways.get(topic, ())


def due_at(topic: str, choices: StaffChoices | None, moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment, or the end of the person's quiet hours. Urgent ones break them only for those who said so."""
    chosen = choices or StaffChoices()
    if topic == StaffMessage.Topic.URGENT and chosen.urgent_breaks_quiet:
        return moment
    return rules.after_quiet(moment, zone, chosen.quiet_from, chosen.quiet_to)


def _reached(tenant_id: UUID, ways: Collection[str], agent_ids: set[UUID]) -> dict[UUID, list[str]]:
    rows = StaffAddress.objects.filter(tenant_id=tenant_id, way__in=ways).exclude(confirmed_at=None)
    if len(agent_ids) < _MANY:
        rows = rows.filter(agent_id__in=agent_ids)
    found: dict[UUID, list[str]] = defaultdict(list)
    for agent_id, way in rows.order_by("way").values_list("agent_id", "way"):
        found[agent_id].append(way)
    return found


def _choices(tenant_id: UUID, agent_ids: set[UUID] | None) -> dict[UUID, StaffChoices]:
    rows = StaffChoices.objects.filter(tenant_id=tenant_id).defer("calendar_path")
    if agent_ids is not None:
        rows = rows.filter(agent_id__in=agent_ids)
    return {row.agent_id: row for row in rows}


def _row(tenant_id: UUID, notice: Notice, way: str, due: datetime, now: datetime) -> StaffMessage:
    # Counted from when it may go out: what waits for the morning must not be too old by then.
    worth_until = max(due, now) + rules.WORTH[notice.topic]
    return StaffMessage(
        tenant_id=tenant_id,
        agent_id=notice.agent_id,
        way=way,
        topic=notice.topic,
        text_code=notice.text_code,
        data=dict(notice.data),
        due_at=due,
        expires_at=min(worth_until, notice.until) if notice.until else worth_until,
    )
