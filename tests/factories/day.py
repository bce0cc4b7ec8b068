"""A day of a published roster for tests: kinds of shift, shifts, and what agents did."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hotline.domains.workforce.models import AgentStateSpan, Roster, RosterShift, ShiftKind, WorkforceSettings
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope

_numbers = count(1)
BREAK = {"length_min": 30, "earliest_min": 180, "latest_min": 300, "is_paid": False}
Minutes = list[list[int]]


def make_shift_kind(tenant: Tenant, **values: Any) -> ShiftKind:
    """A kind of shift of eight hours with one break after three to five, unless told otherwise."""
    number = next(_numbers)
    plain: dict[str, Any] = {
        "code": f"d{number}",
        "name": {"zh": f"班{number}", "en": f"Shift {number}"},
        "short": f"D{number}"[:6],
        "pieces": [[0, 480]],
        "starts": ["08:00"],
        "breaks": [BREAK],
    }
    with tenant_scope(tenant.pk):
        return ShiftKind.objects.create(tenant=tenant, **{**plain, **values})


def make_roster(tenant: Tenant, day: date, state: str = "published", days: int = 7) -> Roster:
    """A roster of the days from the Monday of `day`."""
    first = day - timedelta(days=day.weekday())
    with tenant_scope(tenant.pk):
        return Roster.objects.create(
            tenant=tenant, name="week", first_day=first, last_day=first + timedelta(days=days - 1), state=state
        )


def wall(tenant: Tenant, day: date, minute: int) -> datetime:
    """The moment at which the tenant's clock shows so many minutes after that midnight."""
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    return local.replace(tzinfo=ZoneInfo(tenant.time_zone))


def make_shift(
    roster: Roster,
    agent_id: UUID,
    day: date,
    kind: ShiftKind,
    *,
    pieces: Minutes | None = None,
    breaks: Minutes | None = None,
    **values: Any,
) -> RosterShift:
    """A shift from 8:00 to 16:00 with a break at noon, unless told otherwise."""
    tenant: Tenant = Tenant.objects.get(pk=roster.tenant_id)
    worked = pieces or [[480, 960]]
    with tenant_scope(tenant.pk):
        return RosterShift.objects.create(
            tenant=tenant,
            roster=roster,
            agent_id=agent_id,
            day=day,
            shift_kind=kind,
            starts_at=wall(tenant, day, worked[0][0]),
            ends_at=wall(tenant, day, worked[-1][1]),
            pieces=worked,
            breaks=[[720, 750]] if breaks is None else breaks,
            paid_min=values.pop("paid_min", sum(end - begin for begin, end in worked) - 30),
            **values,
        )


def make_span(
    tenant: Tenant, agent_id: UUID, state: str, begins_at: datetime, ends_at: datetime | None = None
) -> AgentStateSpan:
    with tenant_scope(tenant.pk):
        return AgentStateSpan.objects.create(
            tenant=tenant, agent_id=agent_id, state=state, began_at=begins_at, ended_at=ends_at, folded=next(_numbers)
        )


def set_up_workforce(tenant: Tenant, **values: Any) -> None:
    """The tenant's workforce settings."""
    with tenant_scope(tenant.pk):
        WorkforceSettings.objects.update_or_create(tenant=tenant, defaults=values)
