"""Alarms as they are kept and read: each event once, in the audit, and only for those whose queue it is."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from hotline.domains.contacts.models import ProjectorCursor, QueueAlarm
from hotline.foundation.models import AuditEntry, Tenant, User
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.ids import new_id
from hotline.live.projector import Projector
from hotline.messages import routing as m
from hotline.messages.routing import RoutingEvent
from tests.factories.contacts import routing_log
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.routing_log import ASKED_MS

pytestmark = pytest.mark.django_db
DAY = "2026-02-25"  # of ASKED_MS, in Shanghai


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


@pytest.fixture
def wu(tenant: Tenant) -> User:
    return make_user(tenant=tenant, role="supervisor", name="吴敏")


def raised(tenant: Tenant, alarm_id: str, at_ms: int = ASKED_MS) -> m.AlarmRaised:
    return m.AlarmRaised(
        at_ms=at_ms,
        alarm_id=alarm_id,
        tenant_id=str(tenant.pk),
        queue_id=new_id(),
        kind="service_level",
        below_since_ms=at_ms - 60_000,
        answered_in_time=8_499,
        counted=10_000,
        target=8500,
        threshold_s=15,
        is_simulated=False,
    )


def cleared(alarm_id: str, at_ms: int) -> m.AlarmCleared:
    return m.AlarmCleared(at_ms=at_ms, alarm_id=alarm_id, cause="recovered", answered_in_time=9, counted=10)


def project(*batches: list[RoutingEvent]) -> None:
    projector = Projector(routing_log(batches), "main")
    while projector.step():
        pass


def alarms(client: Client, day: str = DAY) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/v1/alarms", {"date": day}).json()["items"]
    return found


def test_an_alarm_is_kept_with_what_became_of_it(tenant: Tenant, wu: User) -> None:
    alarm_id, li = new_id(), make_user(tenant=tenant, role="team_leader", name="李红")
    taken = m.AlarmTaken(at_ms=ASKED_MS + 5_000, alarm_id=alarm_id, supervisor_id=str(wu.pk))
    handed_on = m.AlarmTaken(at_ms=ASKED_MS + 9_000, alarm_id=alarm_id, supervisor_id=str(li.pk))
    project([raised(tenant, alarm_id), taken], [handed_on, cleared(alarm_id, ASKED_MS + 60_000)])
    (found,) = alarms(client_of(wu))
    assert found["service_level"] == "84.99"
    assert (found["owner_name"], found["acknowledged_by_name"], found["cleared_cause"]) == ("李红", "吴敏", "recovered")
    lines = AuditEntry.objects.filter(object_type="alarm", object_id=alarm_id).order_by("pk")
    assert [(line.action, line.actor_id) for line in lines] == [("alarm.taken", wu.pk), ("alarm.taken", li.pk)]


def test_silence_keeps_its_reason_and_the_audit_too(tenant: Tenant, wu: User) -> None:
    alarm_id = new_id()
    by_wu = {"at_ms": ASKED_MS + 5_000, "alarm_id": alarm_id, "supervisor_id": str(wu.pk)}
    silenced = m.AlarmSilenced(**by_wu, reason="planned_work")  # type: ignore[arg-type]
    project([raised(tenant, alarm_id), silenced])
    (found,) = alarms(client_of(wu))
    assert (found["silence_reason"], found["owner_name"]) == ("planned_work", "")
    assert AuditEntry.objects.get(object_type="alarm").details["reason"] == "planned_work"


def test_a_log_that_is_read_again_changes_nothing(tenant: Tenant, wu: User) -> None:
    alarm_id = new_id()
    seen = m.AlarmAcknowledged(at_ms=ASKED_MS + 5_000, alarm_id=alarm_id, supervisor_id=str(wu.pk))
    batches: list[list[RoutingEvent]] = [[raised(tenant, alarm_id), seen, cleared(alarm_id, ASKED_MS + 60_000)]]
    project(*batches)
    before, lines = alarms(client_of(wu)), AuditEntry.objects.filter(object_type="alarm").count()
    ProjectorCursor.objects.all().delete()
    project(*batches)
    assert alarms(client_of(wu)) == before
    assert AuditEntry.objects.filter(object_type="alarm").count() == lines == 1


def test_a_day_lists_what_held_on_it(tenant: Tenant, wu: User) -> None:
    day_ms = 86_400_000
    over_night, open_one, former = new_id(), new_id(), new_id()
    project(
        [raised(tenant, former, ASKED_MS - day_ms), cleared(former, ASKED_MS - day_ms + 1_000)],
        [raised(tenant, over_night, ASKED_MS - day_ms), cleared(over_night, ASKED_MS)],
        [raised(tenant, open_one)],
    )
    assert [found["id"] for found in alarms(client_of(wu))] == [open_one, over_night]
    assert {found["id"] for found in alarms(client_of(wu), "2026-02-24")} == {former, over_night}
    assert [found["id"] for found in alarms(client_of(wu), "2026-02-26")] == [open_one]


def test_a_list_takes_the_same_number_of_queries_however_long(
    tenant: Tenant, wu: User, django_assert_max_num_queries: Any
) -> None:
    def lot(number: int) -> list[RoutingEvent]:
        events: list[RoutingEvent] = []
        for _ in range(number):
            alarm_id = new_id()
            taken = m.AlarmTaken(at_ms=ASKED_MS + 5_000, alarm_id=alarm_id, supervisor_id=str(wu.pk))
            events += [raised(tenant, alarm_id), taken]
        return events

    project(lot(2))
    client = client_of(wu)
    with django_assert_max_num_queries(40) as few:
        alarms(client)
    ProjectorCursor.objects.all().delete()
    project(lot(20))
    with django_assert_max_num_queries(len(few)):
        assert len(alarms(client)) == 22


def test_a_second_tenant_sees_none(tenant: Tenant) -> None:
    project([raised(tenant, new_id())])
    assert alarms(client_of(make_user(tenant=make_tenant(), role="supervisor"))) == []


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_out_of_reach_is_refused_in_a_sentence(wu: User, day: str) -> None:
    answer = client_of(wu).get("/api/v1/alarms", {"date": day})
    assert (answer.status_code, answer.json()["code"]) == (422, "contact.report_day_unreachable")


def test_agents_do_not_see_the_floors_alarms(tenant: Tenant) -> None:
    answer = client_of(make_user(tenant=tenant, role="agent")).get("/api/v1/alarms")
    assert answer.status_code == 403


def test_alarms_of_unknown_tenants_and_unknown_alarms_are_passed_over(tenant: Tenant) -> None:
    stranger = Tenant(pk=UUID(new_id()))
    project([raised(stranger, new_id()), cleared(new_id(), ASKED_MS), raised(tenant, new_id())])
    with tenant_scope(tenant.pk):
        assert QueueAlarm.objects.count() == 1
