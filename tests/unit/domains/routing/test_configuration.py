"""What the switch is told of the tenants' queues and agents."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from hotline.domains.people import actions as people
from hotline.domains.people.rules import SkillGrade
from hotline.domains.routing import actions, queries
from hotline.foundation import outbox
from hotline.foundation.models import Membership, Tenant, User
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.setup import administrator_of, make_agent, make_away_reason, make_queue, make_skill

pytestmark = pytest.mark.django_db


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


def _agent(agent_id: UUID) -> Any:
    return next(found for found in queries.current_configuration().agents if found.agent_id == str(agent_id))


def test_configuration_holds_queues_agents_and_reasons_of_every_tenant(water: Tenant) -> None:
    gas = make_tenant("gas")
    skill = make_skill(water)
    queue = make_queue(water, skills={skill: 3}, rank=5, service_level_s=20)
    agent = make_agent(water, skills={skill: 4}, device="simulated")
    other_queue = make_queue(gas)
    reason = make_away_reason(gas)

    configuration = queries.current_configuration()

    found = {one.queue_id: one for one in configuration.queues}
    assert set(found) == {str(queue), str(other_queue)}
    assert found[str(queue)].skills == ((str(skill), 3),)
    assert (found[str(queue)].rank, found[str(queue)].service_level_s) == (5, 20)
    assert _agent(agent).skills == ((str(skill), 4),)
    assert _agent(agent).device == "simulated"
    assert configuration.away_reasons == (str(reason),)


def test_a_queues_day_begins_by_its_tenants_time_zone(water: Tenant) -> None:
    far = make_tenant("far")
    Tenant.objects.filter(pk=far.pk).update(time_zone="Asia/Urumqi")
    here, there = make_queue(water), make_queue(far)
    zones = {found.queue_id: found.time_zone for found in queries.current_configuration().queues}
    assert zones == {str(here): "Asia/Shanghai", str(there): "Asia/Urumqi"}


def test_every_change_raises_the_version_and_tells_the_relay(water: Tenant) -> None:
    before = queries.current_configuration().version
    queue = make_queue(water)
    actions.queues.change(administrator_of(water), queue, 1, {"rank": 7})
    assert queries.current_configuration().version == before + 2
    versions = [message.payload["version"] for message in outbox.pending("routing.configuration")]
    assert versions[-2:] == [before + 1, before + 2]


def test_queue_switched_off_is_not_in_the_configuration(water: Tenant) -> None:
    queue = make_queue(water, is_active=False)
    assert str(queue) not in {found.queue_id for found in queries.current_configuration().queues}


def test_agent_serves_the_tenants_where_a_role_gives_the_desk(water: Tenant) -> None:
    gas, wind = make_tenant("gas"), make_tenant("wind")
    user = make_user(tenant=water, role="agent")
    Membership.objects.create(user=user, tenant=gas, role="team_leader")
    Membership.objects.create(user=user, tenant=wind, role="planner")
    agent = make_agent(water, user_id=user.pk)
    assert _agent(agent).tenant_ids == tuple(sorted([str(water.pk), str(gas.pk)]))


def test_skill_past_its_certificate_does_not_count(water: Tenant) -> None:
    skill = make_skill(water)
    agent = make_agent(water, skills={skill: 5})
    yesterday = timezone.now().date() - timedelta(days=2)
    grade = SkillGrade(skill_id=str(skill), level=5, valid_to=yesterday)
    people.agents.change(administrator_of(water), agent, 1, {"skills": [grade]})
    found = _agent(agent)
    assert found.skills == ()
    assert [skill_id for skill_id, _ in found.skill_ends] == [str(skill)]  # so that no reserve team is lent it


def test_held_agent_is_inactive_until_the_hold_is_lifted(water: Tenant) -> None:
    agent = make_agent(water)
    admin = administrator_of(water)
    hold = people.place_hold(admin, agent, "course", {"zh": "课程未通过", "en": "Course not passed"})
    assert not _agent(agent).is_active
    people.lift_hold(admin, agent, hold)
    assert _agent(agent).is_active


def test_user_switched_off_is_an_inactive_agent(water: Tenant) -> None:
    user = make_user(tenant=water, role="agent")
    agent = make_agent(water, user_id=user.pk)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not _agent(agent).is_active


def test_silent_change_is_announced_once(water: Tenant) -> None:
    user = make_user(tenant=water, role="agent")
    make_agent(water, user_id=user.pk)
    assert not actions.announce_silent_changes()  # the first look only remembers
    assert not actions.announce_silent_changes()
    User.objects.filter(pk=user.pk).update(name="Renamed")
    before = queries.current_configuration().version
    assert actions.announce_silent_changes()
    assert not actions.announce_silent_changes()
    assert queries.current_configuration().version == before + 1


def test_queue_that_nobody_can_take_is_a_warning_for_its_own_tenant_only(water: Tenant) -> None:
    gas = make_tenant("gas")
    queue = make_queue(water, skills={make_skill(water): 1})
    own = client_of(make_user(tenant=water)).get("/api/v1/admin/routing/findings").json()
    assert {(found["code"], found["object_id"], found["severity"]) for found in own} == {
        ("routing.skill_unheld", str(queue), "warning"),
        ("routing.queue_without_agent", str(queue), "warning"),
        ("routing.queue_not_named", str(queue), "warning"),
    }
    assert client_of(make_user(tenant=gas)).get("/api/v1/admin/routing/findings").json() == []


def test_configuration_costs_the_same_queries_for_many_agents(water: Tenant, django_assert_num_queries: Any) -> None:
    skill = make_skill(water)
    make_queue(water, skills={skill: 1})
    for _ in range(3):
        make_agent(water, skills={skill: 2})
    with django_assert_num_queries(20):
        queries.current_configuration()
