"""Published rosters with shifts for tests, written as rows: how they come about is another room's matter."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hotline.domains.workforce.models import LabourRules, Roster, RosterShift, ShiftKind, WorkforceSettings
from hotline.domains.workforce.wall_time import moments_of
from hotline.foundation.access import actor_of
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import make_user
from tests.factories.setup import make_agent

_numbers = count(1)
EARLY, LATE, NIGHT = 8 * 60, 14 * 60, 22 * 60  # when an eight-hour shift begins
EIGHT_HOURS = [[0, 480]]


def next_monday(weeks: int = 2) -> date:
    """A Monday so many weeks ahead, so that everything may still be asked."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=7 * weeks - today.weekday())


def make_shift_kind(tenant: Tenant, **values: Any) -> ShiftKind:
    """A saved kind of eight hours."""
    number = next(_numbers)
    whole = {
        "code": f"kind-{number}",
        "name": {"zh": f"班次{number}", "en": f"Kind {number}"},
        "short": f"K{number % 1000}",
        "pieces": EIGHT_HOURS,
        "starts_every_min": 60,
        **values,
    }
    with tenant_scope(tenant.pk):
        return ShiftKind.objects.create(tenant=tenant, **whole)


def make_labour_rules(tenant: Tenant, **values: Any) -> LabourRules:
    """The tenant's default rules; hours are left wide unless told otherwise, so that few shifts are lawful."""
    whole = {"code": "law", "name": {"zh": "法规", "en": "Law"}, "is_default": True, "tolerance_percent": 100, **values}
    with tenant_scope(tenant.pk):
        return LabourRules.objects.create(tenant=tenant, **whole)


def make_settings(tenant: Tenant, **values: Any) -> WorkforceSettings:
    """The tenant's settings of planning."""
    with tenant_scope(tenant.pk):
        return WorkforceSettings.objects.create(tenant=tenant, **values)


def make_roster(tenant: Tenant, first: date | None = None, days: int = 28, **values: Any) -> Roster:
    """A saved roster, published unless told otherwise."""
    first = first or next_monday()
    whole = {"name": "roster", "state": "published", "last_day": first + timedelta(days=days - 1), **values}
    with tenant_scope(tenant.pk):
        return Roster.objects.create(tenant=tenant, first_day=first, **whole)


def make_shift(roster: Roster, agent_id: UUID, day: date, begin: int = EARLY, **values: Any) -> RosterShift:
    """A shift of the agent that begins at that minute of the day."""
    kind = values.pop("shift_kind", None) or make_shift_kind(roster.tenant)
    pieces: Sequence[tuple[int, int]] = values.pop("pieces", None) or [
        (begin + a, begin + a + n) for a, n in kind.pieces
    ]
    zone = ZoneInfo(roster.tenant.time_zone)
    starts_at, ends_at = (moment.astimezone(zone) for moment in moments_of(day, pieces, zone))
    with tenant_scope(roster.tenant_id):
        return RosterShift.objects.create(
            tenant_id=roster.tenant_id,
            roster=roster,
            agent_id=agent_id,
            day=day,
            shift_kind=kind,
            starts_at=starts_at,
            ends_at=ends_at,
            pieces=[list(piece) for piece in pieces],
            paid_min=values.pop("paid_min", 480),
            **values,
        )


def make_worker(tenant: Tenant, **values: Any) -> tuple[Actor, UUID]:
    """A new agent who may log in: their actor and the agent's id."""
    user = make_user(tenant=tenant, role="agent")
    return actor_of(user), make_agent(tenant, user_id=user.pk, **values)
