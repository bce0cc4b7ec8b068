"""What can be asked about before it is saved: people's skills and teams, the funnel, pools; asked, refused, applied."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from hotline.domains.people.models import Agent, AgentSkill
from hotline.domains.routing import actions, queries
from hotline.domains.routing.funnel_rules import moves
from hotline.domains.routing.models import PoolUse
from hotline.foundation import outbox
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.messages.configuration import AgentConfiguration, RoutingConfiguration
from tests.factories import setup
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.unit.domains.routing.test_what_ifs import ADMIN, RUNS, answered, post, taken

pytestmark = pytest.mark.django_db
TOGETHER = f"{ADMIN}/agents/changes"


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def admin(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, name="李红", language="en"))


@pytest.fixture
def skill(water: Tenant) -> UUID:
    return setup.make_skill(water)


@pytest.fixture
def people(water: Tenant) -> list[UUID]:
    return sorted(setup.make_agent(water) for _ in range(3))


def ask(client: Client, object_type: str, values: dict[str, Any], record_id: UUID | str | None = None) -> Any:
    change = {"object_type": object_type, "record_id": record_id and str(record_id), "values": values}
    return post(client, RUNS, {"change": change})


def run_of(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 202, answer.content
    return dict(answer.json())


def told(run: dict[str, Any]) -> dict[tuple[str, str], dict[str, tuple[str, str]]]:
    """Kind and id of what is changed, with the fields in English."""
    return {
        (one["object_type"], one["object_id"]): {
            field["field"]: (field["before"]["en"], field["after"]["en"]) for field in one["fields"]
        }
        for one in run["changes"]
    }


def agents_of(configuration: RoutingConfiguration) -> dict[str, AgentConfiguration]:
    return {one.agent_id: one for one in configuration.agents}


def apply(client: Client, water: Tenant, run: dict[str, Any]) -> Any:
    answered(water, run)
    return post(client, f"{RUNS}/{run['id']}/apply")


def as_read(*agents: UUID, version: int = 1) -> list[dict[str, Any]]:
    return [{"id": str(agent), "version": version} for agent in agents]


def test_several_agents_get_a_skill_and_a_team_and_nothing_is_saved(
    water: Tenant, admin: Client, skill: UUID, people: list[UUID]
) -> None:
    team, name = setup.make_team(water), admin.get(f"{ADMIN}/skills/{skill}").json()["name"]["en"]
    before = queries.current_configuration()
    values = {
        "agents": as_read(*people[:2]),
        "skills": [{"skill_id": str(skill), "level": 5}],
        "add_group_ids": [str(team)],
    }
    run = run_of(ask(admin, "agents", values))
    team_name = admin.get(f"{ADMIN}/teams/{team}").json()["name"]["en"]
    assert told(run) == {
        ("agent", str(one)): {"group_ids": ("–", team_name), "skills": ("–", f"{name} 5")} for one in people[:2]
    }
    played = agents_of(taken(water, run).changed)
    assert {key: one.skills for key, one in played.items()} == {
        str(people[0]): ((str(skill), 5),),
        str(people[1]): ((str(skill), 5),),
        str(people[2]): (),
    }
    assert queries.current_configuration() == before
    assert AuditEntry.objects.filter(action="agent.changed").count() == 0
    assert apply(admin, water, run).status_code == 204
    now = agents_of(queries.current_configuration())
    assert [now[str(one)].group_ids for one in people] == [(str(team),), (str(team),), ()]
    assert AuditEntry.objects.filter(action="agent.changed", tenant_id=water.pk).count() == 2


def test_agents_changed_since_or_out_of_reach_are_refused_as_a_whole(
    water: Tenant, admin: Client, skill: UUID, people: list[UUID]
) -> None:
    strange_agent, strange_team = setup.make_agent(make_tenant()), setup.make_team(make_tenant())
    skills = [{"skill_id": str(skill), "level": 5}]
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"agents": [*as_read(people[0]), *as_read(people[1], version=7)], "skills": skills}, "object.stale"),
        ({"agents": as_read(people[0], strange_agent), "skills": skills}, "object.not_found"),
        ({"agents": as_read(people[0]), "add_group_ids": [str(strange_team)]}, "setup.unknown_reference"),
        ({"agents": as_read(people[0]), "skills": [{"skill_id": str(uuid4()), "level": 1}]}, "setup.unknown_reference"),
        ({"agents": as_read(people[0], people[0]), "skills": skills}, "people.agent_twice"),
        ({"agents": as_read(people[0]), "skills": [*skills, {**skills[0], "level": None}]}, "people.skill_twice"),
        ({"agents": as_read(people[0])}, "people.nothing_to_change"),
        ({"agents": [], "skills": skills}, "request.invalid"),
        ({"agents": as_read(people[0]), "skills": [{"skill_id": str(skill), "level": 10}]}, "request.invalid"),
    ]
    for values, code in wrong:
        asked, saved = ask(admin, "agents", values), post(admin, TOGETHER, values)
        assert (asked.json()["code"], saved.json()["code"]) == (code, code)
        assert asked.json()["sentence"] == saved.json()["sentence"]
    with tenant_scope(water.pk):
        assert not AgentSkill.objects.exists()
        assert set(Agent.objects.values_list("version", flat=True)) == {1}
    assert outbox.pending("job") == []
    agent = client_of(make_user(tenant=water, role="agent"))
    assert post(agent, TOGETHER, {"agents": as_read(people[0]), "skills": skills}).status_code == 403


def test_together_keeps_what_is_not_named(water: Tenant, admin: Client, skill: UUID) -> None:
    other, first, second, own = (
        setup.make_skill(water),
        setup.make_team(water),
        setup.make_team(water),
        setup.make_team(water),
    )
    agent = setup.make_agent(water, skills={skill: 2, other: 3}, group_ids=[first])
    with tenant_scope(water.pk):
        AgentSkill.objects.filter(skill_id=skill).update(valid_to="2999-01-01")
    values = {"agents": as_read(agent), "skills": [{"skill_id": str(skill), "level": 7}], "team_id": str(own)}
    assert post(admin, TOGETHER, {**values, "add_group_ids": [str(second), str(first)]}).status_code == 204
    found = admin.get(f"{ADMIN}/agents/{agent}").json()
    assert {row["skill_id"]: (row["level"], row["valid_to"]) for row in found["skills"]} == {
        str(skill): (7, "2999-01-01"),
        str(other): (3, None),
    }
    assert (found["team_id"], found["group_ids"], found["version"]) == (str(own), sorted([str(first), str(second)]), 2)
    taken_away = {"agents": as_read(agent, version=2), "skills": [{"skill_id": str(other), "level": None}]}
    assert post(admin, TOGETHER, {**taken_away, "remove_group_ids": [str(first)]}).status_code == 204
    found = admin.get(f"{ADMIN}/agents/{agent}").json()
    assert ([row["skill_id"] for row in found["skills"]], found["group_ids"]) == ([str(skill)], [str(second)])


def test_of_an_agents_skills_only_those_that_change_are_told(water: Tenant, admin: Client, skill: UUID) -> None:
    kept = setup.make_skill(water)
    agent = setup.make_agent(water, skills={kept: 3, skill: 9})
    name = admin.get(f"{ADMIN}/skills/{skill}").json()["name"]["en"]
    values = {"agents": as_read(agent), "skills": [{"skill_id": str(skill), "level": 5}]}
    assert told(run_of(ask(admin, "agents", values))) == {("agent", str(agent)): {"skills": (f"{name} 9", f"{name} 5")}}


def test_one_agent_is_tried_by_the_own_form_and_applied_over_nobody(
    water: Tenant, admin: Client, skill: UUID, people: list[UUID]
) -> None:
    grade = {"skill_id": str(skill), "level": 4, "valid_to": "2999-12-31"}
    run = run_of(ask(admin, "agent", {"version": 1, "skills": [grade], "weight": 30}, people[0]))
    assert set(told(run)[("agent", str(people[0]))]) == {"skills", "skill_ends", "weight"}
    played = agents_of(taken(water, run).changed)
    assert (len(played), played[str(people[0])].weight) == (3, 30)
    admin.patch(f"{ADMIN}/agents/{people[0]}", {"version": 1, "weight": 20}, content_type="application/json")
    assert apply(admin, water, run).json()["code"] == "object.stale"
    assert admin.get(f"{ADMIN}/agents/{people[0]}").json()["weight"] == 20


def test_a_funnel_level_leads_those_who_asked_by_a_business_elsewhere(water: Tenant, admin: Client) -> None:
    general, experts, new = (setup.make_queue(water) for _ in range(3))
    setup.make_funnel_level(water, 2, general)
    level = setup.make_funnel_level(water, 4, experts)
    module = setup.make_module(water, 1, code="meter")
    run = run_of(ask(admin, "funnel_level", {"version": 1, "queue_id": str(new)}, level))
    assert [kind for kind, _ in told(run)] == ["funnel_level"]
    expected = [[key, str(experts), str(new)] for key in sorted(("meter", str(module)))]
    assert sorted(map(list, taken(water, run).moves)) == sorted(expected)
    assert apply(admin, water, run).status_code == 204
    assert admin.get(f"{ADMIN}/funnel-levels/{level}").json()["queue_id"] == str(new)


def test_the_grade_of_a_business_and_what_a_skill_stands_for_can_be_tried(water: Tenant, admin: Client) -> None:
    low, high = setup.make_queue(water), setup.make_queue(water)
    setup.make_funnel_level(water, 1, low)
    setup.make_funnel_level(water, 2, high)
    module = setup.make_module(water, 1, code="meter")
    run = run_of(ask(admin, "business_module", {"version": 1, "grade": 2}, module))
    assert ["meter", str(low), str(high)] in [list(one) for one in taken(water, run).moves]
    answered(water, run)
    spoken = setup.make_skill(water, kind="language", values=["yue"])
    run = run_of(ask(admin, "skill", {"version": 1, "values": ["yue", "en"]}, spoken))
    assert told(run)[("skill", str(spoken))] == {"values": ("yue", "en, yue")}
    assert [one.values for one in taken(water, run).changed.skills] == [("en", "yue")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"m": ("a", "b")}, {"m": ("a", "b")}, []),
        ({"m": ("a", "b")}, {"m": ("a", "n", "b")}, [("m", "b", "n")]),
        ({"m": ("a", "b")}, {"m": ("b",)}, [("m", "a", "b")]),
        ({"m": ("a", "b")}, {"m": ("c",)}, [("m", "a", "c"), ("m", "b", "c")]),
        ({"m": ("a",)}, {"m": ()}, []),
        ({"m": ("a",)}, {}, []),
        ({}, {"m": ("a",)}, []),
    ],
)
def test_a_way_up_is_followed_level_by_level(before: Any, after: Any, expected: list[tuple[str, str, str]]) -> None:
    assert moves(before, after) == expected


def test_settings_of_the_whole_pool_are_tried_by_installation_administrators_alone(
    water: Tenant, admin: Client
) -> None:
    values = {"version": 1, "fair_after_s": 60, "resume_grace_s": 5, "interruptible": ["email"]}
    setup.make_queue(water)
    assert ask(admin, "routing_pool", values).status_code == 403
    chief = client_of(make_user(tenant=water, is_installation_administrator=True, language="en"))
    run = run_of(ask(chief, "routing_pool", values))
    assert told(run) == {
        ("routing_pool", "pool"): {
            "fair_after_s": ("300", "60"),
            "resume_grace_s": ("10", "5"),
            "interruptible": ("–", "e-mail"),
        }
    }
    assert (taken(water, run).changed.fair_after_s, queries.current_configuration().fair_after_s) == (60, 300)
    answered(water, run)
    assert post(admin, f"{RUNS}/{run['id']}/apply").status_code == 403
    assert post(chief, f"{RUNS}/{run['id']}/apply").status_code == 204
    assert queries.current_configuration().fair_after_s == 60


def test_a_pool_that_is_offered_is_tried_with_the_queue_that_would_use_it(water: Tenant, admin: Client) -> None:
    gas, queue = make_tenant("gas"), setup.make_queue(water)
    pool_id = actions.shared_pools.create(
        setup.administrator_of(gas),
        {"code": "night", "name": {"zh": "夜班", "en": "Night"}, "team_ids": [setup.make_team(gas)]}
        | {"client_tenant_ids": [water.pk]},
    )
    values = {"pool_id": str(pool_id), "queue_id": str(queue), "queue_version": 1, "after_s": 40}
    run = run_of(ask(admin, "pool_use", values))
    assert told(run)[("queue", str(queue))]["overflows"] == ("–", "after seconds 40; shared pool Night")
    assert {kind for kind, _ in told(run)} == {"queue", "pool_use"}
    played = taken(water, run).changed
    assert [pool.client_tenant_ids for pool in played.pools] == [(str(water.pk),)]
    assert [one.pool_id for one in played.queues[0].overflows] == [str(pool_id)]
    assert queries.current_configuration().pools == ()
    stranger = client_of(make_user(tenant=make_tenant(), language="en"))
    assert ask(stranger, "pool_use", values).json()["code"] == "routing.pool_not_offered"
    assert apply(admin, water, run).status_code == 204
    with tenant_scope(water.pk):
        assert PoolUse.objects.count() == 1
    assert [one.pool_id for one in queries.current_configuration().queues[0].overflows] == [str(pool_id)]
    again = run_of(ask(admin, "pool_use", {**values, "queue_version": 2, "after_s": 5}))
    assert [one.after_s for one in taken(water, again).changed.queues[0].overflows] == [5]


def test_what_is_no_record_takes_no_id(admin: Client) -> None:
    assert ask(admin, "agents", {}, uuid4()).json()["code"] == "request.invalid"
    assert ask(admin, "roster", {}).json()["code"] == "request.invalid"
