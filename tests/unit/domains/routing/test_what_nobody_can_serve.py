"""No change of the set-up makes a queue that nobody can serve or asks for a skill that nobody has; people may leave."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from hotline.domains.people import actions as people
from hotline.domains.routing import queries
from hotline.domains.routing.actions import SkillLevel
from hotline.domains.routing.versions import keep_versions
from hotline.foundation.models import AuditEntry, Membership, Tenant
from tests.factories import setup
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
ADMIN = "/api/v1/admin"
NAME = {"zh": "报修", "en": "Repair"}
WELDING = {"zh": "焊接", "en": "Welding"}


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def admin(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, language="en"))


@pytest.fixture
def skill(water: Tenant) -> UUID:
    return setup.make_skill(water, name=WELDING)


def body_of(*skills: tuple[UUID, int], **more: Any) -> dict[str, Any]:
    wanted = [{"skill_id": str(skill_id), "level": level} for skill_id, level in skills]
    return {"code": "repair", "name": NAME, "skills": wanted, **more}


def make(client: Client, *skills: tuple[UUID, int], **more: Any) -> Any:
    return client.post(f"{ADMIN}/queues", body_of(*skills, **more), content_type="application/json")


def change(client: Client, queue: UUID | str, path: str = "queues", **values: Any) -> Any:
    version = client.get(f"{ADMIN}/{path}/{queue}").json()["version"]
    body = {"version": version, **values}
    return client.patch(f"{ADMIN}/{path}/{queue}", body, content_type="application/json")


def levels(*skills: tuple[UUID, int]) -> list[dict[str, Any]]:
    return [{"skill_id": str(skill_id), "level": level} for skill_id, level in skills]


def codes(client: Client) -> set[str]:
    return {found["code"].removeprefix("routing.") for found in client.get(f"{ADMIN}/routing/findings").json()}


def leave(tenant: Tenant, agent: UUID) -> None:
    people.agents.change(setup.administrator_of(tenant), agent, 1, {"is_active": False})


def test_a_queue_that_asks_for_a_skill_nobody_has_is_refused_with_what_to_do(
    water: Tenant, admin: Client, skill: UUID
) -> None:
    setup.make_agent(water)
    audited = AuditEntry.objects.count()
    refused = make(admin, (skill, 3))
    assert (refused.status_code, refused.json()["code"]) == (422, "routing.setup_worse")
    assert (
        "Queue “Repair” asks for the skill “Welding”, which no agent in work has. Grant it to somebody, or ask for"
        " another, or keep the queue switched off until then."
    ) in refused.json()["sentence"]
    assert [one["code"] for one in refused.json()["data"]["findings"]] == [
        "routing.skill_unheld",
        "routing.queue_without_agent",
    ]
    chinese = make(client_of(make_user(tenant=water, language="zh")), (skill, 3)).json()["sentence"]
    assert "队列“报修”需要技能“焊接”，但没有在岗坐席具备" in chinese
    assert "Welding" not in chinese
    assert (queries.current_configuration().queues, AuditEntry.objects.count()) == ((), audited)


def test_a_skill_nobody_has_is_refused_also_before_there_are_agents(admin: Client, skill: UUID) -> None:
    assert make(admin, (skill, 1)).json()["code"] == "routing.setup_worse"


def test_a_new_centre_can_begin_with_its_queues_and_warns(water: Tenant, admin: Client) -> None:
    assert make(admin).status_code == 201
    assert codes(admin) == {"queue_without_agent", "queue_not_named"}
    setup.make_agent(water)
    assert codes(admin) == {"queue_not_named"}


def test_the_usual_order_skills_agents_queue_flow_ends_without_findings(
    water: Tenant, admin: Client, skill: UUID
) -> None:
    setup.make_agent(water, skills={skill: 5})
    queue = make(admin, (skill, 3)).json()["id"]
    assert codes(admin) == {"queue_not_named"}
    flow = {"first_step": "person", "steps": {"person": {"kind": "queue", "queue_id": queue}}}
    setup.make_entry_point(water, flow_id=setup.make_flow(water, flow))
    assert codes(admin) == set()


def test_a_queue_prepared_while_off_is_switched_on_once_somebody_has_the_skill(
    water: Tenant, admin: Client, skill: UUID
) -> None:
    queue = make(admin, (skill, 3), is_active=False).json()["id"]
    assert change(admin, queue, is_active=True).json()["code"] == "routing.setup_worse"
    setup.make_agent(water, skills={skill: 3})
    assert change(admin, queue, is_active=True).status_code == 200


@pytest.mark.parametrize("part", ["skills", "preferred"])
def test_a_change_that_asks_for_a_skill_nobody_has_is_refused(
    part: str, water: Tenant, admin: Client, skill: UUID
) -> None:
    setup.make_agent(water)
    queue = setup.make_queue(water)
    assert change(admin, queue, **{part: levels((skill, 1))}).json()["code"] == "routing.setup_worse"
    assert admin.get(f"{ADMIN}/queues/{queue}").json()[part] == []


def test_a_ring_of_a_site_without_people_or_seats_is_told_and_one_that_leaves_nobody_is_refused(
    water: Tenant, admin: Client
) -> None:
    site = setup.make_site(water)
    setup.make_agent(water)
    rings = [{"after_s": 0, "site_ids": [str(site)]}]
    assert make(admin, rings=rings).json()["code"] == "routing.setup_worse"
    queue = make(admin, rings=[*rings, {"after_s": 20}]).json()["id"]
    assert codes(admin) == {"queue_not_named", "ring_site_empty"}
    setup.make_seat(water, site, "A1")
    assert codes(admin) == {"queue_not_named"}
    assert change(admin, queue, rings=rings).status_code == 200


def test_a_team_at_the_site_is_enough(water: Tenant, admin: Client) -> None:
    site = setup.make_site(water)
    setup.make_agent(water, team_id=setup.make_team(water, site_id=site))
    assert make(admin, rings=[{"after_s": 0, "site_ids": [str(site)]}]).status_code == 201
    assert codes(admin) == {"queue_not_named"}
    assert admin.delete(f"{ADMIN}/sites/{site}?version=1").json()["code"] == "object.in_use"


def test_a_level_or_a_ring_that_nobody_reaches_is_refused_and_names_the_level(
    water: Tenant, admin: Client, skill: UUID
) -> None:
    setup.make_agent(water, skills={skill: 5})
    queue = setup.make_queue(water, skills={skill: 5})
    refused = change(admin, queue, skills=levels((skill, 9)))
    assert "has no agent who can take it (it asks for “Welding” at level 9)" in refused.json()["sentence"]
    lonely = [{"after_s": 0, "team_ids": [str(setup.make_team(water))]}]
    assert change(admin, queue, rings=lonely).json()["code"] == "routing.setup_worse"
    assert change(admin, queue, rings=[*lonely, {"after_s": 30}]).status_code == 200


def test_an_agent_who_leaves_makes_a_warning_and_no_other_change_is_refused_for_it(
    water: Tenant, admin: Client, skill: UUID
) -> None:
    setup.make_agent(water)
    welder = setup.make_agent(water, skills={skill: 5})
    queue, other = setup.make_queue(water, skills={skill: 3}), setup.make_queue(water)
    leave(water, welder)
    assert {"skill_unheld", "queue_without_agent"} <= codes(admin)
    assert queries.current_configuration().queues
    assert change(admin, queue, name={"zh": "新名", "en": "New name"}, rank=3).status_code == 200
    assert change(admin, queue, skills=levels((skill, 4))).status_code == 200
    assert change(admin, other, rank=3).status_code == 200
    assert change(admin, other, skills=levels((skill, 1))).json()["code"] == "routing.setup_worse"


def test_a_ladder_whose_team_alone_can_serve_a_queue_is_not_taken_away(
    water: Tenant, admin: Client, skill: UUID
) -> None:
    helper = setup.make_agent(water)
    tier = setup.make_tier(helper, skills=[SkillLevel(skill_id=str(skill), level=3)])
    ladder = setup.make_ladder(water, [setup.make_queue(water)], tier)
    assert make(admin, (skill, 3)).status_code == 201
    assert change(admin, ladder, "ladders", is_active=False).json()["code"] == "routing.setup_worse"
    assert admin.delete(f"{ADMIN}/ladders/{ladder}?version=1").json()["code"] == "routing.setup_worse"


def test_going_back_to_a_version_whose_skill_nobody_has_any_more_is_refused(
    water: Tenant, admin: Client, skill: UUID
) -> None:
    setup.make_agent(water)
    welder = setup.make_agent(water, skills={skill: 5})
    queue = setup.make_queue(water, skills={skill: 3})
    keep_versions(queries.current_configuration())
    older = admin.get(f"{ADMIN}/routing/versions").json()["items"][0]["number"]
    assert change(admin, queue, skills=[]).status_code == 200
    leave(water, welder)
    refused = admin.post(f"{ADMIN}/routing/versions/{older}/restore")
    assert (refused.status_code, refused.json()["code"]) == (422, "routing.setup_worse")
    assert "Welding" in refused.json()["sentence"]
    assert admin.get(f"{ADMIN}/queues/{queue}").json()["skills"] == []


def test_another_tenants_agents_and_queues_do_not_count(water: Tenant, admin: Client, skill: UUID) -> None:
    gas = make_tenant("gas")
    setup.make_agent(water)
    foreign = setup.make_skill(gas)
    setup.make_queue(gas, skills={foreign: 1})
    setup.make_agent(gas)
    # What is wrong there is neither told here nor keeps anybody from anything.
    answer = make(admin)
    assert answer.status_code == 201
    assert change(admin, answer.json()["id"], skills=levels((skill, 1))).json()["data"]["count"] == 2


def test_an_agent_whose_home_is_elsewhere_counts_where_a_role_gives_the_desk(water: Tenant, admin: Client) -> None:
    gas = make_tenant("gas")
    user = make_user(tenant=gas, role="agent")
    Membership.objects.create(user=user, tenant=water, role="agent")
    setup.make_agent(gas, user_id=user.pk)
    assert make(admin).status_code == 201
    assert codes(admin) == {"queue_not_named"}


@pytest.mark.parametrize("way", ["overflows", "late_queue_id", "full_queue_id"])
def test_a_queue_that_another_leads_to_is_named(way: str, water: Tenant, admin: Client) -> None:
    setup.make_agent(water)
    target = setup.make_queue(water)
    ways: dict[str, Any] = {
        "overflows": [{"after_s": 60, "queue_id": str(target)}],
        "late_queue_id": str(target),
        "full_queue_id": str(target),
    }
    assert make(admin, max_waiting=5, max_wait_s=60, **{way: ways[way]}).status_code == 201
    found = admin.get(f"{ADMIN}/routing/findings").json()
    assert [(one["code"], one["severity"]) for one in found] == [("routing.queue_not_named", "warning")]
    assert "Queue “Repair” is not named by any published flow" in found[0]["sentence"]["en"]
