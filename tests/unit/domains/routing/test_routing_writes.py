"""Queues, ladders, priorities and the pool through the API: what is stored, what the switch is told, what is
refused."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.domains.people import actions as people
from hotline.domains.people.rules import SkillGrade
from hotline.domains.routing import actions, queries
from hotline.domains.routing.errors import ConfigurationRefusedError
from hotline.domains.routing.models import Queue
from hotline.foundation import outbox
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import to_ms
from hotline.messages.configuration import (
    LadderConfiguration,
    OverflowConfiguration,
    PriorityConfiguration,
    QueueConfiguration,
    RingConfiguration,
    SkillConfiguration,
)
from tests.factories import setup
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
ADMIN = "/api/v1/admin"
NAME = {"zh": "名", "en": "Name"}


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def gas() -> Tenant:
    return make_tenant("gas")


@pytest.fixture
def admin(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, language="en"))


def patch(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.patch(f"{ADMIN}/{path}", body, content_type="application/json")


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"{ADMIN}/{path}", body, content_type="application/json")


def told_queue(queue_id: UUID | str) -> QueueConfiguration:
    return next(one for one in queries.current_configuration().queues if one.queue_id == str(queue_id))


def overflow(queue_id: UUID, after_s: int = 60) -> dict[str, Any]:
    return {"after_s": after_s, "queue_id": str(queue_id), "pool_use_id": None}


def test_everything_a_queue_can_be_reaches_the_switch(water: Tenant, admin: Client) -> None:
    skill, english = setup.make_skill(water), setup.make_skill(water, kind="language", values=["en"])
    team, other, full = setup.make_team(water), setup.make_queue(water), setup.make_queue(water)
    site = setup.make_site(water)
    setup.make_seat(water, site, "A1")
    setup.make_agent(water, skills={skill: 5, english: 2}, team_id=team)
    body = {
        "code": "repair",
        "name": NAME,
        "skills": [{"skill_id": str(skill), "level": 3}],
        "preferred": [{"skill_id": str(skill), "level": 6}, {"skill_id": str(english), "level": 2}],
        "prefer_s": 20,
        "choice": "weighted",
        "order": "service_level",
        "weight": 20,
        "rings": [
            {"after_s": 0, "team_ids": [str(team)], "site_ids": [str(site)], "relax": 0, "is_preference_kept": True},
            {"after_s": 30, "team_ids": [], "site_ids": [], "relax": 2, "is_preference_kept": False},
        ],
        "overflows": [overflow(other, 60)],
        "max_waiting": 40,
        "full_queue_id": str(full),
        "max_wait_s": 600,
        "late_queue_id": str(other),
        "attributes": {"language": "required"},
        "relationship_s": 15,
        "is_background": True,
        "reserve": 2,
        "background_s": 900,
        "return_after_s": 90,
        "reclaim_s": 60,
        "callback_attempts": 3,
        "callback_retry_s": 300,
        "callback_after_talk": "keep",
        "callback_calendar_id": str(setup.make_calendar(water)),
        "callback_windows": [["09:00", "12:00"], ["14:00", "24:00"]],
        "abandoned_limit": 500,
        "announce_each_s": 30,
    }
    made = post(admin, "queues", body)
    assert made.status_code == 201, made.content
    assert {name: made.json()[name] for name in body} == body
    told = told_queue(made.json()["id"])
    assert told.skills == ((str(skill), 3),)
    assert sorted(told.preferred) == sorted([(str(skill), 6), (str(english), 2)])
    assert told.rings == (
        RingConfiguration(after_s=0, group_ids=(str(team),), is_preference_kept=True, site_ids=(str(site),)),
        RingConfiguration(after_s=30, relax=2),
    )
    assert told.overflows == (OverflowConfiguration(after_s=60, queue_id=str(other)),)
    assert (told.full_queue_id, told.late_queue_id) == (str(full), str(other))
    assert told.callback_calendar is not None
    assert told.callback_calendar.calendar_id == body["callback_calendar_id"]
    assert told.callback_windows == ((540, 720), (840, 1440))
    parts = {"skills", "preferred", "rings", "overflows", "callback_windows"}
    plain = set(body) & set(QueueConfiguration.__struct_fields__) - parts
    assert {name: getattr(told, name) for name in plain} == {name: body[name] for name in plain}


def test_a_queue_made_without_the_new_fields_is_what_queues_were(water: Tenant) -> None:
    queue = setup.make_queue(water, code="plain")
    told = told_queue(queue)
    with tenant_scope(water.pk):
        name = Queue.objects.get(pk=queue).name
    named = {"queue_id": str(queue), "tenant_id": str(water.pk), "name_zh": name["zh"], "name_en": name["en"]}
    # But that a new queue sends back after a minute what nobody takes.
    assert told == QueueConfiguration(**named, skills=(), return_after_s=60)


def test_a_change_that_closes_a_loop_is_refused_and_nothing_of_it_is_written(water: Tenant, admin: Client) -> None:
    first = setup.make_queue(water)
    second = setup.make_queue(water, overflows=[actions.Overflow(after_s=60, queue_id=first)])
    before = admin.get(f"{ADMIN}/queues/{first}").json()
    version, told = queries.current_configuration().version, len(outbox.pending("routing.configuration"))
    change = {"version": 1, "rank": 5, "overflows": [overflow(second)]}
    answer = patch(admin, f"queues/{first}", change)
    assert (answer.status_code, answer.json()["code"]) == (422, "routing.setup_worse")
    assert "leads back to itself" in answer.json()["sentence"]
    assert admin.get(f"{ADMIN}/queues/{first}").json() == before
    assert queries.current_configuration().version == version
    assert len(outbox.pending("routing.configuration")) == told


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rings": [{"after_s": 5}, {"after_s": 5}]}, "Let each ring begin later"),
        ({"is_emergency": True, "is_background": True}, "both an emergency and a background queue"),
    ],
)
def test_a_queue_that_contradicts_itself_is_refused(
    water: Tenant, admin: Client, change: dict[str, Any], sentence: str
) -> None:
    queue = setup.make_queue(water)
    answer = patch(admin, f"queues/{queue}", {"version": 1, **change})
    assert answer.status_code == 422
    assert sentence in answer.json()["sentence"]
    chinese = patch(client_of(make_user(tenant=water, language="zh")), f"queues/{queue}", {"version": 1, **change})
    assert chinese.json()["sentence"].startswith("未保存")
    assert "Queue" not in chinese.json()["sentence"]


def test_switching_off_a_queue_to_which_another_overflows_is_refused(water: Tenant, admin: Client) -> None:
    target = setup.make_queue(water)
    setup.make_queue(water, overflows=[actions.Overflow(after_s=60, queue_id=target)])
    answer = patch(admin, f"queues/{target}", {"version": 1, "is_active": False})
    assert (answer.status_code, answer.json()["code"]) == (422, "routing.setup_worse")
    assert admin.delete(f"{ADMIN}/queues/{target}?version=1").json()["code"] == "object.in_use"


def test_what_is_wrong_already_does_not_keep_anybody_from_other_changes(water: Tenant, admin: Client) -> None:
    queue, other = setup.make_queue(water), setup.make_queue(water)
    with tenant_scope(water.pk):
        Queue.objects.filter(pk=queue).update(is_emergency=True, is_background=True)
    assert patch(admin, f"queues/{other}", {"version": 1, "rank": 3}).status_code == 200
    assert patch(admin, f"queues/{queue}", {"version": 1, "rank": 3}).status_code == 200
    with pytest.raises(ConfigurationRefusedError):
        queries.current_configuration()
    assert patch(admin, f"queues/{queue}", {"version": 2, "is_background": False}).status_code == 200
    assert told_queue(queue).rank == 3


_THEIRS = ["full_queue_id", "late_queue_id", "overflows", "rings", "sites", "preferred", "callback_calendar_id"]


@pytest.mark.parametrize("part", _THEIRS)
def test_another_tenants_things_cannot_be_named(water: Tenant, gas: Tenant, admin: Client, part: str) -> None:
    theirs = setup.make_queue(gas)
    body = {
        "full_queue_id": str(theirs),
        "late_queue_id": str(theirs),
        "overflows": [overflow(theirs)],
        "rings": [{"after_s": 0, "team_ids": [str(setup.make_team(gas))]}],
        "preferred": [{"skill_id": str(setup.make_skill(gas)), "level": 2}],
        "callback_calendar_id": str(setup.make_calendar(gas)),
    }
    body["sites"] = [{"after_s": 0, "site_ids": [str(setup.make_site(gas))]}]
    queue = setup.make_queue(water)
    name = "rings" if part == "sites" else part
    answer = patch(admin, f"queues/{queue}", {"version": 1, name: body[part]})
    assert (answer.status_code, answer.json()["code"]) == (422, "setup.unknown_reference")
    assert admin.get(f"{ADMIN}/queues/{queue}").json()["version"] == 1


@pytest.mark.parametrize(
    ("windows", "code"),
    [
        ([["09:00", "9:30"]], "request.invalid"),
        ([["09:00"]], "request.invalid"),
        ([["24:30", "25:00"]], "request.invalid"),
        ([["09:00", "10:00"]] * 10, "request.invalid"),
        ([["12:00", "09:00"]], "routing.setup_worse"),
    ],
)
def test_call_back_windows_that_cannot_be_are_refused(
    water: Tenant, admin: Client, windows: list[list[str]], code: str
) -> None:
    queue = setup.make_queue(water)
    answer = patch(admin, f"queues/{queue}", {"version": 1, "callback_windows": windows})
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.content
    assert admin.get(f"{ADMIN}/queues/{queue}").json()["callback_windows"] == []


def test_a_calendar_that_changes_reaches_the_switch_and_one_in_use_stays(water: Tenant, admin: Client) -> None:
    calendar = setup.make_calendar(water)
    queue = setup.make_queue(water, callback_calendar_id=calendar, callback_attempts=2)
    before = queries.current_configuration()
    weekly = [[["08:00", "20:00"]]] * 7
    answer = patch(
        admin, f"calendars/{calendar}", {"version": 1, "valid_from": "2030-01-01", "weekly": weekly, "exceptions": []}
    )
    assert answer.status_code == 200, answer.content
    assert queries.current_configuration().version > before.version
    told = told_queue(queue).callback_calendar
    assert told is not None
    assert told.versions[-1].weekly[6] == ((480, 1200),)
    answer = admin.delete(f"{ADMIN}/calendars/{calendar}?version=2")
    assert (answer.status_code, answer.json()["code"]) == (409, "object.in_use"), answer.content


def ladder_body(water: Tenant, **tier: Any) -> dict[str, Any]:
    whole = {"name": NAME, "trigger": "wait", "threshold": 60, "stand_down": 20, "agent_ids": [], **tier}
    return {"code": "reserve", "name": NAME, "queue_ids": [str(setup.make_queue(water))], "tiers": [whole]}


def told_ladder() -> LadderConfiguration:
    (ladder,) = queries.current_configuration().ladders
    return ladder


def test_three_tiers_reach_the_switch_in_their_order_and_are_called_within_two_minutes(
    water: Tenant, admin: Client
) -> None:
    skill, agents = setup.make_skill(water), [setup.make_agent(water) for _ in range(3)]
    body = ladder_body(water)
    body["tiers"] = [
        {
            "name": NAME,
            "trigger": "wait",
            "threshold": 60 * number,
            "stand_down": 20,
            "agent_ids": [str(agent)],
            "skills": [{"skill_id": str(skill), "level": number}],
        }
        for number, agent in enumerate(agents, 1)
    ]
    answer = post(admin, "ladders", body)
    assert answer.status_code == 201, answer.content
    ladder = told_ladder()
    assert [(tier.threshold, tier.agent_ids, tier.skills) for tier in ladder.tiers] == [
        (60 * number, (str(agent),), ((str(skill), number),)) for number, agent in enumerate(agents, 1)
    ]
    assert ladder.tiers[0].call_up_s <= 120


def test_a_tier_keeps_its_id_when_the_ladder_changes(water: Tenant, admin: Client) -> None:
    agent = setup.make_agent(water)
    made = post(admin, "ladders", ladder_body(water, agent_ids=[str(agent)])).json()
    kept = made["tiers"][0]
    extra = {**kept, "id": None, "threshold": 30}
    changed = patch(admin, f"ladders/{made['id']}", {"version": 1, "tiers": [extra, {**kept, "hold_s": 90}]})
    assert changed.status_code == 200, changed.content
    ids = [tier["id"] for tier in changed.json()["tiers"]]
    assert ids[1] == kept["id"]
    assert ids[0] != kept["id"]
    assert [tier.tier_id for tier in told_ladder().tiers] == ids


@pytest.mark.parametrize(
    ("tier", "sentence"),
    [({"stand_down": 60}, "must lie below the trigger"), ({"agent_ids": []}, "has no members")],
)
def test_a_ladder_that_would_come_and_go_or_call_nobody_is_refused(
    water: Tenant, admin: Client, tier: dict[str, Any], sentence: str
) -> None:
    agent = str(setup.make_agent(water))
    answer = post(admin, "ladders", ladder_body(water, **{"agent_ids": [agent], **tier}))
    assert (answer.status_code, answer.json()["code"]) == (422, "routing.setup_worse")
    assert sentence in answer.json()["sentence"]
    assert admin.get(f"{ADMIN}/ladders").json()["items"] == []


def test_a_tier_takes_no_agent_of_another_tenant(water: Tenant, gas: Tenant, admin: Client) -> None:
    answer = post(admin, "ladders", ladder_body(water, agent_ids=[str(setup.make_agent(gas))]))
    assert (answer.status_code, answer.json()["code"]) == (422, "setup.unknown_reference")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "vip", "points": 5}, None),
        ({"kind": "repeat", "points": 2, "within_s": 3600}, None),
        ({"kind": "region", "value": "50", "points": 1}, None),
        ({"kind": "vip", "value": "yes", "points": 5}, "routing.priority_value"),
        ({"kind": "brand", "points": 5}, "routing.priority_value"),
        ({"kind": "region", "value": "99", "points": 1}, "routing.priority_value_unknown"),
        ({"kind": "language", "value": "xx", "points": 1}, "routing.priority_value_unknown"),
        ({"kind": "key_account", "value": "a", "points": 9}, None),
        ({"kind": "key_account", "value": "d", "points": 1}, "routing.priority_value_unknown"),
        ({"kind": "key_account", "points": 1}, "routing.priority_value"),
        ({"kind": "repeat", "points": 2}, "routing.priority_window"),
        ({"kind": "vip", "points": 2, "within_s": 60}, "routing.priority_window"),
    ],
)
def test_priorities_are_checked_and_reach_the_switch(
    water: Tenant, admin: Client, body: dict[str, Any], code: str | None
) -> None:
    answer = post(admin, "priority-rules", body)
    assert answer.json().get("code") == code
    told = queries.current_configuration().priorities
    value = {"value": "yes"} if body["kind"] == "vip" else {}
    assert told == (() if code else (PriorityConfiguration(tenant_id=str(water.pk), **{**body, **value}),))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "language", "values": ["yue", "zh"]}, None),
        ({"kind": "region", "values": ["50"]}, None),
        ({"kind": "product_line", "values": ["mobile", "adsl"]}, None),
        ({"kind": "general", "values": ["mobile"]}, "people.skill_values"),
        ({"kind": "brand", "values": []}, "people.skill_values"),
        ({"kind": "language", "values": ["xx"]}, "people.skill_value_unknown"),
        ({"kind": "region", "values": ["5"]}, "people.skill_value_unknown"),
        ({"kind": "brand", "values": ["gotone", "gotone"]}, "people.skill_value_twice"),
    ],
)
def test_a_skill_stands_for_values_that_there_are(
    water: Tenant, admin: Client, body: dict[str, Any], code: str | None
) -> None:
    answer = post(admin, "skills", {"code": "one", "name": NAME, **body})
    assert answer.json().get("code", None if answer.status_code == 201 else "") == (code or "one")
    told = queries.current_configuration().skills
    if code is None:
        values = tuple(sorted(body["values"]))
        kind = body["kind"]
        skill_id = answer.json()["id"]
        assert told == (SkillConfiguration(skill_id=skill_id, tenant_id=str(water.pk), kind=kind, values=values),)
    else:
        assert told == ()


def test_the_choices_name_31_provinces_and_the_tenants_own_values(water: Tenant, gas: Tenant, admin: Client) -> None:
    brand = {"kind": "brand", "code": "gotone", "name": {"zh": "全球通", "en": "GoTone"}}
    post(admin, "attribute-values", brand)
    renamed = {"kind": "product_line", "code": "card", "name": {"zh": "充值卡", "en": "Top-up cards"}}
    post(admin, "attribute-values", renamed)
    choices = admin.get(f"{ADMIN}/attribute-choices").json()
    regions = [one for one in choices if one["kind"] == "region"]
    assert len(regions) == len({one["code"] for one in regions}) == 31
    assert {
        "kind": "region",
        "code": "50",
        "name": {"zh": "重庆", "en": "Chongqing"},
        "is_standard": True,
    } in regions
    assert {**brand, "is_standard": False} in choices
    assert [one["name"] for one in choices if one["code"] == "card"] == [renamed["name"]]
    other = client_of(make_user(tenant=gas)).get(f"{ADMIN}/attribute-choices").json()
    assert "gotone" not in {one["code"] for one in other}


def test_an_agents_teams_site_weight_and_certificates_reach_the_switch(water: Tenant, admin: Client) -> None:
    skill, site = setup.make_skill(water), setup.make_site(water)
    home, guest = setup.make_team(water, site_id=site), setup.make_team(water)
    grade = SkillGrade(skill_id=str(skill), level=4, valid_to=date(2099, 12, 31))
    agent = setup.make_agent(water, team_id=home, group_ids=[guest], takes="strongest_skill", weight=30)
    people.agents.change(setup.administrator_of(water), agent, 1, {"skills": [grade]})
    (told,) = queries.current_configuration().agents
    assert (told.group_ids, told.site_id, told.takes, told.weight) == ((str(guest),), str(site), "strongest_skill", 30)
    assert told.skill_ends == ((str(skill), to_ms(datetime(2099, 12, 31, 16, tzinfo=UTC))),)
    shown = admin.get(f"{ADMIN}/agents/{agent}").json()
    assert (shown["group_ids"], shown["takes"], shown["weight"]) == ([str(guest)], "strongest_skill", 30)
    assert admin.delete(f"{ADMIN}/teams/{guest}?version=1").json()["code"] == "object.in_use"


def test_an_agent_stands_in_for_teams_of_their_own_tenant_only(water: Tenant, gas: Tenant, admin: Client) -> None:
    agent, team = setup.make_agent(water), setup.make_team(water)
    foreign = patch(admin, f"agents/{agent}", {"version": 1, "group_ids": [str(setup.make_team(gas))]})
    assert (foreign.status_code, foreign.json()["code"]) == (422, "setup.unknown_reference")
    twice = patch(admin, f"agents/{agent}", {"version": 1, "group_ids": [str(team), str(team)]})
    assert (twice.status_code, twice.json()["code"]) == (422, "people.agent_group_twice")


def test_the_pool_is_changed_by_installation_administrators_only(water: Tenant, admin: Client) -> None:
    body = {"version": 1, "interruptible": ["email", "form"], "fair_after_s": 120, "resume_grace_s": 15}
    put = {"data": body, "content_type": "application/json"}
    assert admin.put(f"{ADMIN}/routing/pool", **put).status_code == 403
    owner = client_of(make_user(tenant=water, is_installation_administrator=True))
    assert owner.put(f"{ADMIN}/routing/pool", **put).json() == {**body, "version": 2}
    assert owner.put(f"{ADMIN}/routing/pool", **put).status_code == 409
    assert admin.get(f"{ADMIN}/routing/pool").json()["fair_after_s"] == 120
    told = queries.current_configuration()
    assert (told.interruptible, told.fair_after_s, told.resume_grace_s) == (("email", "form"), 120, 15)


@pytest.mark.parametrize(
    "wrong",
    [{"resume_grace_s": 121}, {"fair_after_s": -1}, {"interruptible": ["voice"]}, {"interruptible": ["counter"]}],
)
def test_who_speaks_with_an_agent_is_not_left_standing_and_times_have_limits(
    water: Tenant, wrong: dict[str, Any]
) -> None:
    owner = client_of(make_user(tenant=water, is_installation_administrator=True))
    answer = owner.put(f"{ADMIN}/routing/pool", {"version": 1, **wrong}, content_type="application/json")
    assert answer.status_code == 422
    assert owner.get(f"{ADMIN}/routing/pool").json()["version"] == 1


def test_the_funnel_says_where_each_level_leads_and_where_a_module_begins(water: Tenant, gas: Tenant) -> None:
    wide, expert = setup.make_queue(water), setup.make_queue(water)
    setup.make_funnel_level(water, 1)
    setup.make_funnel_level(water, 2, wide)
    setup.make_funnel_level(water, 4, expert)
    modules = {grade: str(setup.make_module(water, grade)) for grade in (1, 3, 5)}
    agent = client_of(make_user(tenant=water, role="agent"))
    told = agent.get("/api/v1/desk/funnel").json()
    assert [(level["queue_id"], level["next_queue_id"]) for level in told["levels"]] == [
        (None, None),
        (str(wide), str(expert)),
        (str(expert), None),
    ]
    starts = {module["module_id"]: module["starts_in_queue_id"] for module in told["modules"]}
    assert starts == {modules[1]: str(wide), modules[3]: str(expert), modules[5]: None}
    other = client_of(make_user(tenant=gas, role="agent")).get("/api/v1/desk/funnel").json()
    assert other == {"levels": [], "modules": []}


def test_the_funnel_leads_past_a_queue_that_is_switched_off(water: Tenant) -> None:
    queues = [setup.make_queue(water) for _ in range(3)]
    for number, queue in enumerate(queues, 1):
        setup.make_funnel_level(water, number, queue)
    with tenant_scope(water.pk):
        Queue.objects.filter(pk=queues[1]).update(is_active=False)
    assert next_of(client_of(make_user(tenant=water, role="agent")), queues[0]) == str(queues[2])


def next_of(agent: Client, queue_id: UUID) -> str | None:
    """Where the desk is told that matters of this queue go next."""
    levels = agent.get("/api/v1/desk/funnel").json()["levels"]
    found: str | None = next(level["next_queue_id"] for level in levels if level["queue_id"] == str(queue_id))
    return found


rings = st.lists(st.integers(0, 600), unique=True, max_size=5).map(sorted)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    starts=rings,
    relax=st.integers(0, 8),
    weight=st.integers(1, 100),
    rank=st.integers(-1000, 1000),
    level=st.integers(1, 9),
    is_preferred=st.booleans(),
)
def test_what_the_api_takes_is_what_the_switch_is_told(
    water: Tenant, starts: list[int], relax: int, weight: int, rank: int, level: int, is_preferred: bool
) -> None:
    skill = setup.make_skill(water)
    setup.make_agent(water, skills={skill: 9})
    wanted = [actions.SkillLevel(skill_id=str(skill), level=level)]
    part = "preferred" if is_preferred else "skills"
    queue = setup.make_queue(
        water,
        weight=weight,
        rank=rank,
        rings=[actions.Ring(after_s=start, relax=relax) for start in starts],
        **({"preferred": wanted} if is_preferred else {}),
    )
    if not is_preferred:
        actions.queues.change(setup.administrator_of(water), queue, 1, {"skills": wanted})
    told = told_queue(queue)
    assert getattr(told, part) == ((str(skill), level),)
    assert [(ring.after_s, ring.relax) for ring in told.rings] == [(start, relax) for start in starts]
    assert (told.weight, told.rank) == (weight, rank)
    again = told_queue(queue)
    assert told == again
