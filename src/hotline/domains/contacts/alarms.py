"""Alarms of queues as they were raised, taken and ended: kept by the projector, read by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db.models import Q
from django.utils import timezone

from hotline.domains.contacts import rules
from hotline.domains.contacts.models import QueueAlarm
from hotline.domains.contacts.periods import check_day
from hotline.domains.contacts.views import AlarmView
from hotline.formulas.service_level import shown
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant, User
from hotline.foundation.tenancy import required_scope
from hotline.kernel.clock import to_datetime
from hotline.messages import routing as events
from hotline.messages.routing import RoutingEvent

AlarmDeed = events.AlarmTaken | events.AlarmAcknowledged | events.AlarmSilenced
AlarmChange = AlarmDeed | events.AlarmCleared
AlarmEvent = events.AlarmRaised | AlarmChange
_LONGEST = timedelta(days=31)  # an alarm that was raised before is not looked for in a day's list

log = structlog.get_logger()


# --- writing: one transaction with the projector's cursor ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlacedAlarmEvent:
    """An event of an alarm; `order` grows along the log."""

    order: int
    event: AlarmEvent


def store_alarms(happened: Iterable[PlacedAlarmEvent], tenant_ids: frozenset[UUID]) -> None:
    """Fold these events into the stored alarms, in their order and each once; what supervisors did goes into the
    audit."""
    for placed in happened:
        if isinstance(placed.event, events.AlarmRaised):
            _store_raised(placed.event, placed.order, tenant_ids)
        else:
            _store_change(placed.event, placed.order)


def _store_raised(event: events.AlarmRaised, order: int, tenant_ids: frozenset[UUID]) -> None:
    tenant_id = UUID(event.tenant_id)
    if tenant_id not in tenant_ids:
        log.warning("alarm of an unknown tenant is not kept", alarm_id=event.alarm_id)
        return
    raised = QueueAlarm(
        id=UUID(event.alarm_id),
        tenant_id=tenant_id,
        queue_id=UUID(event.queue_id),
        kind=event.kind,
        is_simulated=event.is_simulated,
        below_since_at=to_datetime(event.below_since_ms),
        raised_at=to_datetime(event.at_ms),
        answered_in_time=event.answered_in_time,
        counted=event.counted,
        target=event.target,
        threshold_s=event.threshold_s,
        folded=order,
    )
    QueueAlarm.objects.bulk_create([raised], ignore_conflicts=True)


def _store_change(event: AlarmChange, order: int) -> None:
    alarm = QueueAlarm.objects.select_for_update().filter(pk=event.alarm_id).first()
    if alarm is None:
        log.warning("event of an unknown alarm is not kept", kind=type(event).__name__, alarm_id=event.alarm_id)
        return
    if order <= alarm.folded:
        return  # the log is read again
    alarm.folded = order
    if isinstance(event, events.AlarmCleared):
        alarm.cleared_at, alarm.cleared_cause = to_datetime(event.at_ms), event.cause
    else:
        _store_deed(alarm, event)
    alarm.save()


def _store_deed(alarm: QueueAlarm, event: AlarmDeed) -> None:
    at, person_id = to_datetime(event.at_ms), UUID(event.supervisor_id)
    if alarm.acknowledged_at is None:
        alarm.acknowledged_at, alarm.acknowledged_by_id = at, person_id
    details: dict[str, Any] = {"at": at.isoformat()}
    if isinstance(event, events.AlarmTaken):
        alarm.owner_id, alarm.silence_reason = person_id, ""
    elif isinstance(event, events.AlarmSilenced):
        alarm.silence_reason = details["reason"] = event.reason
    actor = _supervisor(person_id, alarm.tenant_id)
    audit.record(actor, _ACTIONS[type(event)], "alarm", alarm.id, alarm.tenant_id, details)


_ACTIONS: dict[type[RoutingEvent], str] = {
    events.AlarmTaken: "alarm.taken",
    events.AlarmAcknowledged: "alarm.acknowledged",
    events.AlarmSilenced: "alarm.silenced",
}


def _supervisor(user_id: UUID, tenant_id: UUID) -> Actor:
    """Who did it on the floor; the switch has checked that they may."""
    name = User.objects.filter(pk=user_id).values_list("name", flat=True).first() or ""
    return Actor(user_id=user_id, name=name, kind="user", tenant_ids=frozenset({tenant_id}))


# --- reading ---------------------------------------------------------------------------------------------------------


def alarms_of_day(day: date | None) -> list[AlarmView]:
    """Alarms of the scope that held at any time of that local day of their tenant (without a day: today), newest
    first. Raises ReportDayUnreachableError."""
    now = timezone.now()
    scope = required_scope(QueueAlarm)
    tenants = Tenant.objects.filter(is_active=True)
    if scope.tenant_ids is not None:
        tenants = tenants.filter(pk__in=scope.tenant_ids)
    wanted = Q(pk__in=())
    for tenant_id, time_zone in tenants.values_list("pk", "time_zone"):
        begins, ends = rules.day_bounds(check_day(day or rules.local_day(now, time_zone)), time_zone)
        wanted |= Q(tenant_id=tenant_id) & _held_between(begins, ends)
    rows = list(QueueAlarm.objects.filter(wanted).order_by("-raised_at", "-id"))
    people = {person for row in rows for person in (row.owner_id, row.acknowledged_by_id) if person is not None}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    return [_view(row, names) for row in rows]


def _held_between(begins: datetime, ends: datetime) -> Q:
    return Q(raised_at__gte=begins - _LONGEST, raised_at__lt=ends) & (Q(cleared_at=None) | Q(cleared_at__gte=begins))


def _view(row: QueueAlarm, names: dict[UUID, str]) -> AlarmView:
    return AlarmView(
        id=row.id,
        tenant_id=row.tenant_id,
        queue_id=row.queue_id,
        kind=row.kind,
        is_simulated=row.is_simulated,
        below_since_at=row.below_since_at,
        raised_at=row.raised_at,
        answered_in_time=row.answered_in_time,
        counted=row.counted,
        service_level=shown(row.answered_in_time, row.counted),
        target=row.target,
        threshold_s=row.threshold_s,
        owner_name=names.get(row.owner_id, "") if row.owner_id else "",
        acknowledged_at=row.acknowledged_at,
        acknowledged_by_name=names.get(row.acknowledged_by_id, "") if row.acknowledged_by_id else "",
        silence_reason=row.silence_reason,
        cleared_at=row.cleared_at,
        cleared_cause=row.cleared_cause,
    )
