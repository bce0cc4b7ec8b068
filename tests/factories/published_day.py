"""A running centre's day, made by a process beside it: a published roster of today for some of its agents."""

import os
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.centre import ROOT, Centre

_TENANT = "shibei"


def publish_today(centre: Centre, usernames: list[str]) -> None:
    """Give these agents of the example tenant a published shift from midnight to midnight, with a break that is over
    and one that is still to come."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.factories.published_day", *usernames],
        cwd=ROOT,
        env=centre.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _main(usernames: list[str]) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.foundation.django_settings")
    django.setup()
    from hotline.domains.people.queries import planned_agents
    from hotline.foundation.models import Tenant, User
    from hotline.foundation.tenancy import tenant_scope
    from tests.factories.day import make_roster, make_shift, make_shift_kind

    tenant = Tenant.objects.get(code=_TENANT)
    now = datetime.now(ZoneInfo(tenant.time_zone))
    users = dict(User.objects.filter(username__in=usernames).values_list("name", "username"))
    with tenant_scope(tenant.pk):
        agents = [agent for agent in planned_agents(now) if agent.name in users]
    assert len(agents) == len(usernames), "some of them are no agents"
    roster, kind = make_roster(tenant, now.date()), make_shift_kind(tenant)
    for agent in agents:
        make_shift(roster, agent.agent_id, now.date(), kind, pieces=[[0, 1440]], breaks=[[1, 2], [1430, 1435]])


if __name__ == "__main__":
    _main(sys.argv[1:])
