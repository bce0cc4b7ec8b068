"""Versions of the set-up: kept when the switch is given one, read in words, and gone back to as a whole."""

import json
import zlib
from typing import Any
from unittest.mock import ANY
from uuid import UUID

import msgspec
import pytest
from django.test import Client

from hotline.domains.enterprise import actions as enterprise
from hotline.domains.routing import actions, queries
from hotline.domains.routing.models import RoutingVersion
from hotline.domains.routing.versions import keep_versions
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories import setup
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.pools import make_pool

pytestmark = pytest.mark.django_db
ADMIN = "/api/v1/admin"
VERSIONS = f"{ADMIN}/routing/versions"


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def admin(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, name="李红", language="en"))


@pytest.fixture
def stranger() -> Client:
    return client_of(make_user(tenant=make_tenant("gas")))


def keep() -> int:
    """As the relay does once the switch has the set-up."""
    return keep_versions(queries.current_configuration())


def versions(client: Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(VERSIONS).json()["items"]
    return items


def change(client: Client, queue: UUID, **values: Any) -> None:
    version = client.get(f"{ADMIN}/queues/{queue}").json()["version"]
    body = {"version": version, **values}
    answer = client.patch(f"{ADMIN}/queues/{queue}", body, content_type="application/json")
    assert answer.status_code == 200, answer.content


def settings_of(client: Client, path: str) -> dict[str, Any]:
    items = client.get(f"{ADMIN}/{path}").json()["items"]
    gone = ("version", "updated_at")
    return {one["id"]: {name: value for name, value in one.items() if name not in gone} for one in items}


def restore(client: Client, number: int) -> Any:
    return client.post(f"{VERSIONS}/{number}/restore")


def test_each_set_up_is_kept_once_with_who_made_it_and_what_changed_in_words(water: Tenant, admin: Client) -> None:
    queue, other = setup.make_queue(water), setup.make_queue(water)
    setup.make_funnel_level(water, 7)  # a number that is only a number elsewhere
    assert keep() == 1
    assert keep() == 0
    change(admin, queue, rank=7, is_emergency=True, overflows=[{"after_s": 60, "queue_id": str(other)}])
    assert keep() == 1
    newest, first = versions(admin)
    assert first["changes"] == []
    assert newest["number"] > first["number"]
    assert newest["made_by"] == ["李红"]
    (changed,) = newest["changes"]
    assert (changed["object_type"], changed["object_id"], changed["what"]) == ("queue", str(queue), "changed")
    other_name = admin.get(f"{ADMIN}/queues/{other}").json()["name"]
    assert {field["field"]: (field["before"]["zh"], field["after"]["zh"]) for field in changed["fields"]} == {
        "rank": ("0", "7"),
        "is_emergency": ("否", "是"),
        "overflows": ("–", f"等候秒数 60; 队列 {other_name['zh']}"),
    }


def test_what_is_new_and_gone_is_told_and_agents_count_too(water: Tenant, admin: Client) -> None:
    queue = setup.make_queue(water)
    keep()
    agent = setup.make_agent(water)
    actions.queues.remove(setup.administrator_of(water), queue, 1)
    keep()
    told = {(one["object_type"], one["object_id"], one["what"]) for one in versions(admin)[0]["changes"]}
    assert told == {("agent", str(agent), "added"), ("queue", str(queue), "removed")}


def test_another_tenant_sees_nothing_of_it_and_cannot_go_back(water: Tenant, admin: Client, stranger: Client) -> None:
    setup.make_queue(water)
    keep()
    number = versions(admin)[0]["number"]
    assert versions(stranger) == []
    assert stranger.get(f"{VERSIONS}/{number}/difference").status_code == 404
    assert restore(stranger, number).status_code == 404
    for url in (VERSIONS, f"{VERSIONS}/{number}/difference", f"{VERSIONS}/{number}/restore"):
        assert stranger.generic("POST" if "restore" in url else "GET", f"{url}?tenant_id={water.pk}").status_code == 403
    agent = client_of(make_user(tenant=water, role="agent"))
    assert [agent.get(VERSIONS).status_code, restore(agent, number).status_code] == [403, 403]


def test_a_change_of_one_tenant_is_no_version_of_another(water: Tenant, admin: Client) -> None:
    setup.make_queue(water)
    keep()
    setup.make_queue(make_tenant("wind"))
    keep()
    assert len(versions(admin)) == 1


def test_going_back_restores_queues_ladders_and_priorities_and_drops_nobody(water: Tenant, admin: Client) -> None:
    skill, team, site = setup.make_skill(water), setup.make_team(water), setup.make_site(water)
    agent = setup.make_agent(water, skills={skill: 3})
    target = setup.make_queue(water)
    queue = setup.make_queue(
        water,
        skills={skill: 3},
        rings=[actions.Ring(after_s=0, team_ids=[team], site_ids=[site]), actions.Ring(after_s=30)],
        overflows=[actions.Overflow(after_s=60, queue_id=target)],
        full_queue_id=target,
        max_waiting=5,
    )
    ladder = setup.make_ladder(water, [queue], setup.make_tier(agent))
    rule = {"kind": "vip", "points": 5}
    admin.post(f"{ADMIN}/priority-rules", rule, content_type="application/json")
    keep()
    number = versions(admin)[0]["number"]
    kinds = ("queues", "ladders", "priority-rules")
    before = {kind: settings_of(admin, kind) for kind in kinds}
    told = queries.current_configuration()

    change(admin, queue, rank=9, rings=[], overflows=[], full_queue_id=None, skills=[])
    actions.ladders.change(setup.administrator_of(water), ladder, 1, {"tiers": [setup.make_tier(agent, threshold=90)]})
    actions.queues.remove(setup.administrator_of(water), target, 1)
    newer = setup.make_queue(water)
    admin.post(
        f"{ADMIN}/priority-rules", {"kind": "repeat", "points": 1, "within_s": 9}, content_type="application/json"
    )
    keep()
    assert {one["what"] for one in admin.get(f"{VERSIONS}/{number}/difference").json()} == {
        "added",
        "changed",
        "removed",
    }

    answer = restore(admin, number)
    assert answer.status_code == 204, answer.content
    after = {kind: settings_of(admin, kind) for kind in kinds}
    assert not after["queues"].pop(str(newer))["is_active"]
    (added,) = set(after["priority-rules"]) - set(before["priority-rules"])
    assert not after["priority-rules"].pop(added)["is_active"]
    assert _without_tier_ids(after) == _without_tier_ids(before)
    now = queries.current_configuration()
    assert (now.queues, now.priorities) == (told.queues, told.priorities)
    assert now.version > told.version
    assert AuditEntry.objects.filter(action="routing_version.restored", tenant_id=water.pk).count() == 1
    keep()
    assert admin.get(f"{VERSIONS}/{number}/difference").json() == []


def test_a_version_from_before_queues_sent_anything_back_sends_nothing_back(water: Tenant, admin: Client) -> None:
    queue = setup.make_queue(water)
    keep()
    number = versions(admin)[0]["number"]
    with tenant_scope(water.pk):
        version = RoutingVersion.objects.get(number=number)
        content = json.loads(zlib.decompress(version.content))
        for row in content["settings"]["queues"]:
            del row["return_after_s"]
        version.content = zlib.compress(json.dumps(content).encode())
        version.save(update_fields=["content"])
    assert restore(admin, number).status_code == 204
    assert admin.get(f"{ADMIN}/queues/{queue}").json()["return_after_s"] == 0


def _without_tier_ids(settings: dict[str, Any]) -> dict[str, Any]:
    """A tier that was replaced is another one for the switch, also when it comes back."""
    for ladder in settings["ladders"].values():
        for tier in ladder["tiers"]:
            tier["id"] = None
    return settings


def test_going_back_to_what_cannot_be_any_more_changes_nothing(water: Tenant, admin: Client) -> None:
    skill = setup.make_skill(water)
    queue = setup.make_queue(water, skills={skill: 3})
    keep()
    number = versions(admin)[0]["number"]
    change(admin, queue, skills=[], rank=4)
    admin.delete(f"{ADMIN}/skills/{skill}?version=1")
    answer = restore(admin, number)
    assert (answer.status_code, answer.json()["code"]) == (422, "setup.unknown_reference")
    assert admin.get(f"{ADMIN}/queues/{queue}").json()["rank"] == 4


def test_call_back_hours_are_told_in_words_and_come_back(water: Tenant, admin: Client) -> None:
    calendar = setup.make_calendar(water)
    hours = {"callback_calendar_id": str(calendar), "callback_windows": [["09:00", "12:00"]]}
    queue = setup.make_queue(water)
    change(admin, queue, **hours)
    keep()
    number = versions(admin)[0]["number"]
    change(admin, queue, callback_calendar_id=None, callback_windows=[["14:00", "17:00"]])
    keep()
    (told,) = versions(admin)[0]["changes"]
    said = {field["field"]: (field["before"]["en"], field["after"]["en"]) for field in told["fields"]}
    assert said["callback_windows"] == ("09:00–12:00", "14:00–17:00")
    assert said["callback_calendar"][0].endswith("(version 1)")
    assert restore(admin, number).status_code == 204
    found = admin.get(f"{ADMIN}/queues/{queue}").json()
    assert {name: found[name] for name in hours} == hours


def changes_of(client: Client) -> dict[str, tuple[str, dict[str, tuple[str, str]]]]:
    """The newest version's changes: what became of each kind, with its fields in English."""
    return {
        one["object_type"]: (
            one["what"],
            {field["field"]: (field["before"]["en"], field["after"]["en"]) for field in one["fields"]},
        )
        for one in versions(client)[0]["changes"]
    }


def patch(client: Client, path: str, **values: Any) -> None:
    version = client.get(f"{ADMIN}/{path}").json()["version"]
    answer = client.patch(f"{ADMIN}/{path}", {"version": version, **values}, content_type="application/json")
    assert answer.status_code == 200, answer.content


def test_everything_that_changes_what_the_switch_and_the_nodes_do_is_told(water: Tenant, admin: Client) -> None:
    site, reason = setup.make_site(water), setup.make_away_reason(water)
    seat = enterprise.seats.create(setup.administrator_of(water), {"site_id": site, "label": "A01"})
    skill, team = setup.make_skill(water, kind="language", values=["yue"]), setup.make_team(water)
    general = setup.make_skill(water)
    queue = setup.make_queue(water)
    level, module = setup.make_funnel_level(water, 2), setup.make_module(water, 1)
    keep()
    patch(admin, f"skills/{skill}", name={"zh": "粤语", "en": "Cantonese"}, values=["yue", "en"])
    patch(admin, f"teams/{team}", site_id=str(site))
    patch(admin, f"funnel-levels/{level}", queue_id=str(queue))
    patch(admin, f"business-modules/{module}", grade=2)
    patch(admin, f"away-reasons/{reason}", name={"zh": "午餐", "en": "Lunch"})
    patch(admin, f"seats/{seat}", state="out_of_order", fault="network")
    assert keep() == 1
    told = changes_of(admin)
    names = {"name_zh", "name_en"}
    assert {kind: (what, set(fields)) for kind, (what, fields) in told.items()} == {
        "skill": ("changed", {"values", *names}),
        "team": ("changed", {"site_id"}),
        "funnel_level": ("changed", {"queue"}),
        "business": ("changed", {"grade"}),
        "away_reason": ("changed", names),
        "seat": ("changed", {"fault"}),
    }
    assert told["skill"][1]["values"] == ("yue", "en, yue")
    assert told["team"][1]["site_id"] == ("–", admin.get(f"{ADMIN}/sites/{site}").json()["name"]["en"])
    assert told["funnel_level"][1]["queue"][1] == admin.get(f"{ADMIN}/queues/{queue}").json()["name"]["en"]
    patch(admin, f"skills/{general}", name={"zh": "报修", "en": "Repairs"})
    keep()
    assert changes_of(admin) == {"skill": ("changed", {"name_en": (ANY, "Repairs"), "name_zh": (ANY, "报修")})}


def test_of_rings_skills_and_tiers_only_those_that_differ_are_told(water: Tenant, admin: Client) -> None:
    first, second = setup.make_skill(water), setup.make_skill(water)
    agent = setup.make_agent(water, skills={first: 5, second: 5})
    queue = setup.make_queue(water, skills={first: 3, second: 3}, rings=[actions.Ring(after_s=s) for s in (0, 30)])
    ladder = setup.make_ladder(
        water,
        [queue],
        setup.make_tier(agent),
        setup.make_tier(agent, skills=[actions.SkillLevel(skill_id=str(first), level=2)]),
    )
    name = admin.get(f"{ADMIN}/skills/{second}").json()["name"]["en"]
    keep()
    skills = [{"skill_id": str(first), "level": 3}, {"skill_id": str(second), "level": 4}]
    change(admin, queue, skills=skills, rings=[{"after_s": 0}, {"after_s": 45}])
    tiers = admin.get(f"{ADMIN}/ladders/{ladder}").json()["tiers"]
    patch(admin, f"ladders/{ladder}", tiers=[tiers[0], {**tiers[1], "call_up_s": 99}])
    patch(admin, f"skills/{first}", name={"zh": "别名", "en": "Renamed"})
    keep()
    told = changes_of(admin)
    assert told["queue"][1]["skills"] == (f"{name} 3", f"{name} 4")
    assert all(
        one.startswith(f"after seconds {s};") for one, s in zip(told["queue"][1]["rings"], (30, 45), strict=True)
    )
    before, after = told["ladder"][1]["tiers"]
    assert (before.count("call-up seconds"), after.count("call-up seconds 99"), "Renamed 2" in after) == (1, 1, True)


def test_lent_agents_and_the_settings_of_the_whole_pool_are_told_on_both_sides(water: Tenant, admin: Client) -> None:
    gas = make_tenant("gas")
    lender = client_of(make_user(tenant=gas, language="en"))
    setup.make_queue(water)
    setup.make_queue(gas)
    keep()
    pool = make_pool(gas, water)
    keep()
    assert [set(changes_of(one)) for one in (admin, lender)] == [{"pool_use"}, {"shared_pool", "team"}]
    values = {"fair_after_s": 60, "interruptible": ["email"]}
    actions.change_pool(setup.administrator_of(water), 1, values)
    keep()
    for one in (admin, lender):
        assert changes_of(one) == {
            "routing_pool": ("changed", {"fair_after_s": ("300", "60"), "interruptible": ("–", "e-mail")})
        }
    assert pool in str(versions(admin)[1]["changes"])


def test_going_back_restores_the_funnel_and_what_skills_stand_for(water: Tenant, admin: Client) -> None:
    skill = setup.make_skill(water, kind="language", values=["yue"])
    setup.make_agent(water, skills={skill: 5})
    low, high, spare = (setup.make_queue(water) for _ in range(3))
    for number, queue in ((2, low), (3, high)):
        setup.make_funnel_level(water, number, queue)
    change(admin, spare, is_active=False)
    keep()
    number = versions(admin)[0]["number"]
    kinds = ("queues", "funnel-levels", "skills")
    before = {kind: settings_of(admin, kind) for kind in kinds}

    levels = {row["number"]: row["id"] for row in admin.get(f"{ADMIN}/funnel-levels").json()["items"]}
    patch(admin, f"funnel-levels/{levels[2]}", queue_id=None)
    patch(admin, f"funnel-levels/{levels[3]}", queue_id=str(low), name={"zh": "总", "en": "All"})
    change(admin, spare, is_active=True)
    patch(admin, f"funnel-levels/{levels[2]}", queue_id=str(spare))
    setup.make_funnel_level(water, 4)
    change(admin, high, is_active=False)
    patch(admin, f"skills/{skill}", values=["yue", "en"])
    newer, agent = setup.make_skill(water), setup.make_agent(water)
    keep()
    told = {(one["object_type"], one["what"]): one["stays"] for one in difference_to(admin, number)}
    assert told == {
        ("queue", "added"): None,
        ("queue", "removed"): None,
        ("funnel_level", "changed"): None,
        ("funnel_level", "removed"): None,
        ("skill", "changed"): None,
        ("skill", "removed"): "people",
        ("agent", "removed"): "people",
    }

    answer = restore(admin, number)
    assert answer.status_code == 204, answer.content
    after = {kind: settings_of(admin, kind) for kind in kinds}
    assert after["skills"].pop(str(newer))
    assert after == before
    assert admin.get(f"{ADMIN}/agents/{agent}").json()["is_active"] is True
    keep()
    assert {one["stays"] for one in difference_to(admin, number)} == {"people"}


def difference_to(client: Client, number: int) -> list[dict[str, Any]]:
    return list(client.get(f"{VERSIONS}/{number}/difference").json())


def test_what_an_earlier_release_kept_is_compared_as_far_as_it_knew(water: Tenant, admin: Client) -> None:
    queue = setup.make_queue(water)
    setup.make_funnel_level(water, 2, queue)
    keep()
    with tenant_scope(water.pk):
        kept = RoutingVersion.objects.get()
        content = msgspec.json.decode(zlib.decompress(kept.content))
        del content["format"], content["settings"]["skills"], content["settings"]["funnel_levels"]
        for kind in ("funnel_level", "routing_pool"):
            del content["part"][kind]
        kept.content = zlib.compress(msgspec.json.encode(content))
        kept.save()
    number = versions(admin)[0]["number"]
    assert keep() == 0  # the same number: the switch has it already
    change(admin, queue, rank=7)
    keep()
    assert set(changes_of(admin)) == {"queue"}
    assert [one["object_type"] for one in difference_to(admin, number)] == ["queue"]
    assert restore(admin, number).status_code == 204
    assert admin.get(f"{ADMIN}/funnel-levels").json()["items"][0]["queue_id"] == str(queue)
