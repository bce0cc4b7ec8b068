"""Whether somebody may sign in now by the roster: the tenant allows it to everybody, flags those who are not rostered,
or refuses them."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from hotline.domains.people import queries as people
from hotline.domains.workforce import day_errors
from hotline.domains.workforce.models import AgentStateSpan, Roster, RosterShift, WorkforceSettings
from hotline.domains.workforce.planned_people import settings_of, time_zone
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.errors import HotlineError


def refusal(user_id: UUID) -> HotlineError | None:
    """Why the user may not sign in as an agent now; None when they may, or are no agent.

    Nobody who is at work is refused: a shift may end in the middle of a conversation. Neither is anybody on a day of
    which no roster is published."""
    profile = people.own_profile(user_id)
    if profile is None:
        return None
    tenant_id, agent_id, now = UUID(profile.tenant_id), UUID(profile.agent_id), timezone.now()
    with tenant_scope(tenant_id):
        settings = settings_of(tenant_id)
        if settings.not_rostered != WorkforceSettings.NotRostered.REFUSE:
            return None
        if _is_at_work(agent_id) or _is_rostered(agent_id, now, timedelta(minutes=settings.early_min)):
            return None
        day = now.astimezone(time_zone(tenant_id)).date()
        if not Roster.objects.filter(state="published", first_day__lte=day, last_day__gte=day).exists():
            return None
    return day_errors.NotRosteredError(early_min=settings.early_min)


def _is_at_work(agent_id: UUID) -> bool:
    return AgentStateSpan.objects.filter(agent_id=agent_id, ended_at=None).exists()


def _is_rostered(agent_id: UUID, now: datetime, early: timedelta) -> bool:
    shifts = RosterShift.objects.filter(agent_id=agent_id, roster__state="published")
    return shifts.filter(starts_at__lte=now + early, ends_at__gt=now).exists()
