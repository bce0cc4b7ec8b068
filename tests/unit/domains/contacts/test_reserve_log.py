"""Reserve teams as they were called and what came of it, and supervisors' marks in the audit: each once, by tenant."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.test import Client

from hotline.domains.contacts.models import ProjectorCursor
from hotline.foundation.models import AuditEntry, Tenant, User
from hotline.kernel.ids import new_id
from hotline.live.projector import Projector
from hotline.messages import routing as m
from hotline.messages.routing import RoutingEvent
from tests.factories.contacts import routing_log
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS, Road, answered_call
from tests.factories.setup import make_agent, make_ladder, make_queue, make_site, make_tier

pytestmark = pytest.mark.django_db
DAY = "2026-02-25"  # of ASKED_MS, in Shanghai
MINUTE_MS = 60_000


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def wu(tenant: Tenant) -> User:
    return make_user(tenant=tenant, role="supervisor", name="吴敏")


@pytest.fixture
def ladder(tenant: Tenant) -> str:
    return str(make_ladder(tenant, [make_queue(tenant)], make_tier(make_agent(tenant))))


def moved(ladder_id: str, tier_id: str, step: Any, minutes: int, wait_s: int, level: int) -> m.TierMoved:
    at_ms = ASKED_MS + minutes * MINUTE_MS
    figures = {"wait_s": wait_s, "length": wait_s // 10, "service_level": level, "abandoned": -1}
    return m.TierMoved(at_ms=at_ms, ladder_id=ladder_id, tier_id=tier_id, step=step, **figures)


def project(*batches: list[RoutingEvent]) -> None:
    projector = Projector(routing_log(batches), "main")
    while projector.step():
        pass


def called(client: Client, day: str = DAY) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/reports/reserve-teams", {"first_day": day, "last_day": day})
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def evening(ladder_id: str, tier_id: str) -> list[RoutingEvent]:
    """Called, at work after two minutes, stood down after twenty; and called once more."""
    return [
        moved(ladder_id, tier_id, "called", 0, 95, 6_150),
        moved(ladder_id, tier_id, "started", 2, 120, 6_000),
        moved(ladder_id, tier_id, "stood_down", 20, 0, 9_100),
        moved(ladder_id, tier_id, "called", 30, 80, 7_000),
    ]


def test_each_activation_is_kept_with_the_figures_before_and_after(wu: User, ladder: str) -> None:
    project(evening(ladder, new_id()))
    again, first = called(client_of(wu))
    assert first["before"] == {"wait_s": 95, "length": 9, "service_level": 6_150, "abandoned": None}
    assert first["after"] == {"wait_s": 0, "length": 0, "service_level": 9_100, "abandoned": None}
    assert first["called_at"] < first["started_at"] < first["stood_down_at"] < again["called_at"]
    assert (again["started_at"], again["stood_down_at"], again["after"]) == (None, None, None)
    assert first["ladder_name"]["en"]
    assert first["tier_name"] is None  # a team of the log that is deleted


def test_a_log_that_is_read_again_changes_nothing(wu: User, ladder: str) -> None:
    events = evening(ladder, new_id())
    project(events[:2], events[2:])
    before = called(client_of(wu))
    ProjectorCursor.objects.all().delete()
    project(events[:2], events[2:])
    assert called(client_of(wu)) == before


def test_only_the_days_asked_for_are_listed(wu: User, ladder: str) -> None:
    project(evening(ladder, new_id()))
    assert (len(called(client_of(wu))), called(client_of(wu), "2026-02-24")) == (2, [])


def test_figures_of_simulated_calls_say_so(tenant: Tenant, wu: User) -> None:
    queue, other = make_queue(tenant), make_queue(tenant)
    team = make_tier(make_agent(tenant))
    simulated, real = (str(make_ladder(tenant, [one], team)) for one in (queue, other))
    road = Road(tenant_id=str(tenant.pk), queue_id=str(queue), is_simulated=True)
    project([*answered_call(road), *evening(simulated, new_id())[:3], *evening(real, new_id())[:3]])
    found = {row["ladder_id"]: row["is_simulated"] for row in called(client_of(wu))}
    assert found == {simulated: True, real: False}


def test_a_second_tenant_sees_none_and_agents_may_not_look(tenant: Tenant, ladder: str) -> None:
    project(evening(ladder, new_id()))
    assert called(client_of(make_user(tenant=make_tenant(), role="supervisor"))) == []
    agent = client_of(make_user(tenant=tenant, role="agent"))
    assert agent.get("/api/v1/reports/reserve-teams").status_code == 403


def test_marks_of_supervisors_are_in_the_audit(tenant: Tenant, wu: User) -> None:
    site, queue = make_site(tenant), make_queue(tenant)
    by_wu = {"at_ms": ASKED_MS, "actor_id": str(wu.pk)}
    down = m.SiteMarked(**by_wu, site_id=str(site), is_down=True)  # type: ignore[arg-type]
    on = m.DisasterModeSet(**by_wu, queue_id=str(queue), is_on=True)  # type: ignore[arg-type]
    off = m.DisasterModeSet(**by_wu, queue_id=str(queue), is_on=False)  # type: ignore[arg-type]
    unknown = m.SiteMarked(**by_wu, site_id=new_id(), is_down=True)  # type: ignore[arg-type]
    project([down, on, off, unknown])
    lines = AuditEntry.objects.filter(object_id__in=[site, queue], actor_id=wu.pk, action__regex="marked|disaster")
    found = [(line.action, line.object_type, UUID(str(line.tenant_id))) for line in lines.order_by("pk")]
    assert found == [
        ("site.marked_down", "site", tenant.pk),
        ("queue.disaster_on", "queue", tenant.pk),
        ("queue.disaster_off", "queue", tenant.pk),
    ]


def test_a_team_called_by_hand_says_by_whom_here_and_in_the_audit(tenant: Tenant, wu: User, ladder: str) -> None:
    team = new_id()
    first, started, ended = evening(ladder, team)[:3]
    by_wu = {"actor_id": str(wu.pk)}
    project([msgspec.structs.replace(first, **by_wu), started, msgspec.structs.replace(ended, **by_wu)])
    (row,) = called(client_of(wu))
    assert (row["called_by"], row["stood_down_by"]) == ("吴敏", "吴敏")
    assert (row["before"]["wait_s"], row["after"]["wait_s"]) == (95, 0)
    lines = AuditEntry.objects.filter(object_type="reserve_tier", actor_id=wu.pk, tenant_id=tenant.pk)
    assert [line.action for line in lines.order_by("pk")] == ["reserve_tier.called", "reserve_tier.sent_back"]
