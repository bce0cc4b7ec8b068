"""A running centre's day, made by a process beside it: a published roster of today for some of its agents."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from tests.centre import ROOT, Centre

_TENANT = "shibei"
_TAKE_BACK = "take-back"


def publish_today(centre: Centre, usernames: list[str], ends_in_h: int = 24) -> None:
    """Give these agents of the example tenant, instead of what they have, a published shift from midnight to midnight,
    with a break that is over and one that is still to come, as if they had not been there yet; and the first queue a
    history of the same weekday. With `ends_in_h` the shift ends so many hours from now, at midnight at the latest."""
    _run(centre, str(ends_in_h), *usernames)


def take_back_today(centre: Centre, usernames: list[str]) -> None:
    """Give these agents no shift of today, and nobody an offer to leave it early: other tests look at their shifts."""
    _run(centre, _TAKE_BACK, *usernames)


def _run(centre: Centre, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.factories.published_day", *arguments],
        cwd=ROOT,
        env=centre.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _main(what: str, usernames: list[str]) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.foundation.django_settings")
    django.setup()
    from hotline.domains.contacts.models import QueueInterval
    from hotline.domains.people.queries import planned_agents
    from hotline.domains.routing.queries import planned_queues
    from hotline.domains.workforce.models import AgentStateSpan, LeaveOffer, Roster, RosterShift
    from hotline.foundation.models import Tenant, User
    from hotline.foundation.tenancy import tenant_scope
    from tests.factories.day import make_roster, make_shift, make_shift_kind, wall

    tenant = Tenant.objects.get(code=_TENANT)
    now = datetime.now(ZoneInfo(tenant.time_zone))
    users = dict(User.objects.filter(username__in=usernames).values_list("name", "username"))
    with tenant_scope(tenant.pk):
        agents = [agent for agent in planned_agents(now) if agent.name in users]
    assert len(agents) == len(usernames), "some of them are no agents"
    if what == _TAKE_BACK:
        with tenant_scope(tenant.pk):
            LeaveOffer.objects.all().delete()
            ids = [agent.agent_id for agent in agents]
            RosterShift.objects.filter(agent_id__in=ids, day=now.date()).delete()
        return
    with tenant_scope(tenant.pk):
        known = Roster.objects.filter(state="published", first_day__lte=now.date(), last_day__gte=now.date()).first()
    roster, kind = known or make_roster(tenant, now.date()), make_shift_kind(tenant, code=f"day-{uuid4().hex[:8]}")
    end = min(1440, (now.hour * 4 + now.minute // 15) * 15 + int(what) * 60)
    breaks = [[1, 2], [1430, 1435]] if end == 1440 else [[1, 2]]
    for agent in agents:
        with tenant_scope(tenant.pk):
            RosterShift.objects.filter(agent_id=agent.agent_id, day=now.date()).delete()
            AgentStateSpan.objects.filter(agent_id=agent.agent_id).delete()  # other tests had them at work
        make_shift(roster, agent.agent_id, now.date(), kind, pieces=[[0, end]], breaks=breaks)
    with tenant_scope(tenant.pk):
        rows = (
            QueueInterval(
                tenant=tenant,
                queue_id=planned_queues(tenant.pk)[0].queue_id,
                starts_at=wall(tenant, now.date() - timedelta(days=7), 15 * at),
                asked=12,
                interactions=12,
                talk_ms=12 * 180_000,
            )
            for at in range(96)
        )
        QueueInterval.objects.bulk_create(rows, ignore_conflicts=True)


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2:])
