"""Staffing plans through the API, made from an accepted forecast."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.test import Client

from hotline.domains.routing.parts import Overflow, Ring
from hotline.domains.workforce import planning_run_work, staffing_queries
from hotline.domains.workforce.models import StaffingPlan
from hotline.domains.workforce.roster_demand import demand_of_plan
from hotline.domains.workforce.skill_sets import key_of
from hotline.domains.workforce.staffing_basis import StaffGroup
from hotline.domains.workforce.staffing_making import Rostered
from hotline.foundation import outbox
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.live.planning.job import PlanningJob
from hotline.live.planning.staffing import StaffingQuestion
from tests.factories import call_history, setup
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.planning import answer_here

pytestmark = pytest.mark.django_db
WORKFORCE = "/api/v1/workforce"
PLANS = f"{WORKFORCE}/staffing-plans"
TODAY = datetime.now(call_history.ZONE).date()
LAST = TODAY + timedelta(days=8)


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def skills(water: Tenant) -> list[UUID]:
    """Of two queues, each with a skill of its own; ten people know the first, two of them both."""
    found = [setup.make_skill(water) for _ in range(2)]
    for number, skill in enumerate(found):
        queue = setup.make_queue(water, skills={skill: 1}, service_level_s=20, service_level_target=8000)
        first = TODAY - timedelta(days=60)
        call_history.write_intervals(water.pk, queue, first, 60, 400 if number == 0 else 100, seed=number)
    for number in range(10):
        setup.make_agent(water, skills=dict.fromkeys(found[: 2 if number < 2 else 1], 5))
    return found


@pytest.fixture
def planner(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, role="planner", language="en"))


def post(client: Client, url: str, body: Any) -> Any:
    return client.post(url, body, content_type="application/json")


def play(answer: Callable[[dict[str, Any]], None] = answer_here) -> None:
    """What was asked last is worked out."""
    answer(dict(outbox.pending("job")[-1].payload["payload"]))


def as_the_worker_does(payload: dict[str, Any]) -> None:
    """By a player in a process of its own."""
    PlanningJob().run(payload)


def forecast_of(client: Client, *, is_accepted: bool = True, interval_min: int = 15) -> str:
    body = {"name": "next", "first_day": TODAY.isoformat(), "last_day": LAST.isoformat(), "interval_min": interval_min}
    asked = post(client, f"{WORKFORCE}/forecasts", body).json()
    play()
    if is_accepted:
        version = client.get(f"{WORKFORCE}/forecasts/{asked['id']}").json()["version"]
        answer = post(client, f"{WORKFORCE}/forecasts/{asked['id']}/accept", {"version": version})
        assert answer.status_code == 200, answer.content
    return str(asked["id"])


def body_of(forecast_id: str, **values: Any) -> dict[str, Any]:
    days = {"first_day": TODAY.isoformat(), "last_day": LAST.isoformat()}
    return {"name": "next", "forecast_id": forecast_id, **days} | values


def made(client: Client, forecast_id: str, **values: Any) -> dict[str, Any]:
    answer = post(client, PLANS, body_of(forecast_id, **values))
    assert answer.status_code == 202, answer.content
    play()
    return dict(client.get(f"{PLANS}/{answer.json()['id']}").json())


def curve_of(client: Client, plan: dict[str, Any], **query: str) -> dict[str, Any]:
    return dict(client.get(f"{PLANS}/{plan['id']}/curve", query).json())


def test_people_per_skill_are_what_the_roster_is_made_for(water: Tenant, planner: Client, skills: list[UUID]) -> None:
    plan = made(planner, forecast_of(planner))
    assert plan["run"]["state"] == "done", plan["run"]["sentence"]
    assert {one["skill_id"] for one in plan["skills"]} == set(map(str, skills))
    with tenant_scope(water.pk):
        demand = staffing_queries.demand(UUID(plan["id"]))
    assert {len(rows) for rows in demand.values()} == {9 * 48}
    assert plan["figures"]["most_people"] == max(map(sum, zip(*demand.values(), strict=True)))
    curve = curve_of(planner, plan)
    assert [one["day"] for one in curve["days"]][-1] == LAST.isoformat()
    assert sum(curve["agents"][:16]) == 0 < curve["agents"][24]
    levels = [level for level in curve["service_level"] if level is not None]
    assert min(levels) >= 0.8
    headcount = plan["headcount"]
    assert headcount["people"] == 10
    assert headcount["factor"] > 0
    text = planner.get(f"{PLANS}/{plan['id']}/export.csv").content.decode("utf-8-sig")
    assert text.splitlines()[0] == "start,skill,people"


@pytest.mark.computes
def test_a_higher_target_wants_more_and_few_seats_are_shared(planner: Client, skills: list[UUID]) -> None:
    forecast_id = forecast_of(planner, interval_min=60)
    usual = made(planner, forecast_id)
    higher = made(planner, forecast_id, service_level=9900, within_s=5)
    assert higher["figures"]["agent_hours"] > usual["figures"]["agent_hours"]
    seats = usual["figures"]["most_seats"] - 2
    fewer = made(planner, forecast_id, seats=seats)
    assert fewer["figures"]["most_seats"] <= seats
    assert fewer["figures"]["seats_short"] > 0
    assert sum(one["seats_short"] for one in curve_of(planner, fewer)["days"]) == fewer["figures"]["seats_short"]


@pytest.mark.computes
def test_a_brand_with_a_skill_of_its_own_is_staffed_apart(water: Tenant, planner: Client) -> None:
    brand = setup.make_skill(water, kind="brand", values=["youth"])
    general = setup.make_skill(water)
    for number, skill in enumerate((brand, general)):
        queue = setup.make_queue(water, skills={skill: 1})
        call_history.write_intervals(water.pk, queue, TODAY - timedelta(days=60), 60, 300, seed=number)
    plan = made(planner, forecast_of(planner))
    assert plan["run"]["state"] == "done", plan["run"]["sentence"]
    by_skill = {one["skill_id"]: one for one in plan["skills"]}
    assert by_skill[str(brand)]["brands"] == ["youth"]
    assert by_skill[str(general)]["brands"] == []
    queue = next(one for one in plan["queues"] if one["brands"])
    alone, all_of_them = curve_of(planner, plan, queue=queue["id"]), curve_of(planner, plan)
    assert 0 < sum(alone["agents"]) < sum(all_of_them["agents"])


def test_only_accepted_forecasts_and_days_within_are_staffed(planner: Client, skills: list[UUID]) -> None:
    forecast_id = forecast_of(planner, is_accepted=False)
    answer = post(planner, PLANS, body_of(forecast_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "workforce.forecast_not_accepted")
    forecast_id = forecast_of(planner)
    outside = {"last_day": (LAST + timedelta(days=1)).isoformat()}
    answer = post(planner, PLANS, body_of(forecast_id, **outside))
    assert (answer.status_code, answer.json()["code"]) == (422, "workforce.staffing_days")
    assert planner.get(PLANS).json()["items"] == []


def test_another_tenant_and_agents_see_nothing(water: Tenant, planner: Client, skills: list[UUID]) -> None:
    forecast_id = forecast_of(planner)
    plan = made(planner, forecast_id)
    stranger = client_of(make_user(tenant=make_tenant("gas"), role="planner"))
    agent = client_of(make_user(tenant=water, role="agent"))
    for client, status in ((stranger, 404), (agent, 403)):
        for path in ("", "/curve", "/export.csv"):
            assert client.get(f"{PLANS}/{plan['id']}{path}").status_code == status, path
        assert post(client, PLANS, body_of(forecast_id)).status_code == status
    assert stranger.get(PLANS).json()["items"] == []


# --- queues that share people -----------------------------------------------------------------------------------------

ONE_DAY = {"first_day": (TODAY + timedelta(days=1)).isoformat(), "last_day": (TODAY + timedelta(days=1)).isoformat()}


def basis_of(client: Client, forecast_id: str) -> Any:
    query = {"forecast_id": forecast_id, "interval_min": "30", **ONE_DAY}
    answer = client.get(f"{WORKFORCE}/staffing-basis", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.computes
def test_queues_that_share_people_take_fewer_than_teams_apart(
    water: Tenant, planner: Client, skills: list[UUID]
) -> None:
    forecast_id = forecast_of(planner)
    basis = basis_of(planner, forecast_id)
    parts = {one["skill_id"]: one["id"] for one in basis["queues"]}
    first, second = (parts[str(skill)] for skill in skills)
    known = {tuple(sorted(group["parts"])): group for group in basis["groups"]}
    assert known[first,]["people"] == 8
    assert known[first,]["most"] is None
    assert known[tuple(sorted((first, second)))] == {
        "parts": sorted((first, second)),
        "later": {},
        "people": 2,
        "most": 2,
    }

    groups = [{"parts": [first]}, {"parts": [second]}, {"parts": [first, second], "people": 6, "most": 6}]
    plan = made(planner, forecast_id, is_pooled=True, groups=groups, cpu_limit_s=60, patience_s=180, **ONE_DAY)
    assert plan["run"]["state"] == "done", plan["run"]["sentence"]
    figures = plan["figures"]
    assert figures["trials"] > 3
    assert figures["saved"] > 0
    apart = made(planner, forecast_id, patience_s=180, **ONE_DAY)
    assert figures["agent_hours"] < apart["figures"]["agent_hours"] == figures["separate_hours"]
    both = plan["groups"][2]
    assert 0 < both["most_agents"] <= 6
    curve = curve_of(planner, plan)
    by_group = [one["agents"] for one in curve["groups"]]
    assert [sum(column) for column in zip(*by_group, strict=True)] == curve["agents"]
    with tenant_scope(water.pk):
        demand = staffing_queries.demand(UUID(plan["id"]))
    known_both = key_of(map(str, skills))
    assert set(demand) == {*map(str, skills), known_both}
    assert max(demand[known_both]) == both["most_agents"]  # nobody is away but for leave and breaks
    assert [sum(column) for column in zip(*demand.values(), strict=True)] == curve["agents"]
    names = {one["skill_id"]: one["skill_name"]["en"] for one in plan["skills"]}
    assert names[known_both] == " + ".join(names[skill] for skill in known_both.split("+"))
    of_first = curve_of(planner, plan, queue=first)
    told = [(low, level, high) for low, level, high in zip(*(of_first[k] for k in BOUNDS), strict=True) if level]
    assert told
    assert all(low <= level <= high for low, level, high in told)
    assert all(0 <= share <= 1 for share in of_first["abandoned"] if share is not None)
    text = planner.get(f"{PLANS}/{plan['id']}/export.csv").content.decode("utf-8-sig")
    assert text.splitlines()[0] == "start,skill,people"


@pytest.mark.computes
def test_later_rings_and_overflows_are_played_as_they_are_set_up(water: Tenant, planner: Client) -> None:
    """Two queues of their own people; who waits for the first goes to the second, and a learner helps after a while."""
    team = setup.make_team(water)
    one, two = (setup.make_skill(water) for _ in range(2))
    usual = {"service_level_s": 20, "service_level_target": 8000}
    second = setup.make_queue(water, skills={two: 1}, **usual)
    rings = [Ring(after_s=0, team_ids=[team]), Ring(after_s=8, relax=2)]
    over = [Overflow(after_s=5, queue_id=second)]
    first = setup.make_queue(water, skills={one: 3}, rings=rings, overflows=over, **usual)
    for number, queue in enumerate((first, second)):
        call_history.write_intervals(water.pk, queue, TODAY - timedelta(days=60), 60, 300, seed=number)
    for _ in range(4):
        setup.make_agent(water, skills={one: 5}, team_id=team)
        setup.make_agent(water, skills={two: 5})
    setup.make_agent(water, skills={one: 1})  # below the level, and of no team
    setup.make_agent(water, skills={one: 3, two: 5}, group_ids=[team])  # stands in for the team
    forecast_id = forecast_of(planner)
    basis = basis_of(planner, forecast_id)
    parts = {part["queue_id"]: part["id"] for part in basis["queues"]}
    a, b = parts[str(first)], parts[str(second)]
    assert basis["ways"] == [{"part": a, "to": b, "after_s": 5}]
    told = [(sorted(group["parts"]), group["later"], group["people"], group["most"]) for group in basis["groups"]]
    expected = [([a], {}, 4, None), ([b], {}, 4, None), ([], {a: 8}, 1, 1), (sorted([a, b]), {}, 1, 1)]
    assert sorted(told, key=str) == sorted(expected, key=str)
    asked = {"is_pooled": True, "groups": basis["groups"], **ONE_DAY}
    played, kept = (question_of(water, planner, forecast_id, **asked, has_overflow=has) for has in (True, False))
    learner = next(str(number) for number, group in enumerate(basis["groups"]) if group["later"])
    assert played["borrowing"] == kept["borrowing"] == [{"group": learner, "skill": a, "after_s": 8}]
    assert next(pool["skills"] for pool in played["pools"] if pool["id"] == learner) == []
    ways = {queue["id"]: queue["overflows"] for queue in played["queues"]}
    assert ways == {a: [{"queue": b, "after_s": 5}], b: []}
    assert all(queue["overflows"] == [] for queue in kept["queues"])
    for question in (played, kept):
        given = msgspec.convert(question, StaffingQuestion)
        assert [part.id for part in given.queues] == [queue["id"] for queue in question["queues"]]


def question_of(tenant: Tenant, client: Client, forecast_id: str, **values: Any) -> dict[str, Any]:
    """What the player would be asked; the plan is then given up."""
    answer = post(client, PLANS, body_of(forecast_id, **values))
    assert answer.status_code == 202, answer.content
    run_id = UUID(answer.json()["run"]["id"])
    taken = planning_run_work.take(tenant.pk, run_id)
    assert taken is not None
    assert post(client, f"{WORKFORCE}/runs/{run_id}/cancel", {}).status_code == 204
    return taken.question


def test_people_of_a_group_know_all_that_it_serves_sooner_or_later() -> None:
    groups = [
        StaffGroup(parts=["q/a"], later={"r/b": 9}),
        StaffGroup(parts=["q/a"]),
        StaffGroup(parts=[], later={"r/b": 9}),
    ]
    answer = {
        "groups": {"0": [3, 1], "1": [2, 2], "2": [1, 0]},
        "queues": {id: {"agents": [9, 9]} for id in ("q/a", "r/b", "s/c")},
        "late_h": {},
    }
    found = Rostered({"training": 1_000}).demand(answer, groups)
    # Nine tenths are there: of the pool seven people for six agents, then four for three.
    assert found == {"a": [2, 3], "a+b": [4, 1], "b": [1, 0], "c": [10, 10]}


def test_a_group_cannot_serve_a_queue_at_once_and_later(planner: Client, skills: list[UUID]) -> None:
    forecast_id = forecast_of(planner)
    part = basis_of(planner, forecast_id)["queues"][0]["id"]
    groups = [{"parts": [part], "later": {part: 5}}]
    answer = post(planner, PLANS, body_of(forecast_id, is_pooled=True, groups=groups, **ONE_DAY))
    assert (answer.status_code, answer.json()["code"]) == (422, "workforce.staffing_later")


BOUNDS = ("low", "service_level", "high")


@pytest.mark.computes
def test_chats_and_letters_are_staffed_beside_calls(water: Tenant, planner: Client, skills: list[UUID]) -> None:
    forecast_id = forecast_of(planner)
    chats, letters = (one["queue_id"] for one in sorted(basis_of(planner, forecast_id)["queues"], key=_most_first))
    work = [
        {"queue_id": chats, "kind": "chats", "concurrency": 3},
        {"queue_id": letters, "kind": "letters", "deadline_h": 6},
    ]
    plan = made(planner, forecast_id, queues=work, **ONE_DAY)
    assert plan["run"]["state"] == "done", plan["run"]["sentence"]
    by_queue = {one["queue_id"]: one for one in plan["queues"]}
    assert (by_queue[chats]["kind"], by_queue[chats]["concurrency"]) == ("chats", 3)
    assert (by_queue[letters]["kind"], by_queue[letters]["deadline_h"]) == ("letters", 6)
    calls = {one["queue_id"]: one for one in made(planner, forecast_id, **_as_calls(work))["queues"]}
    assert 0 < by_queue[chats]["agent_hours"] < 0.6 * calls[chats]["agent_hours"]
    written = by_queue[letters]
    # 200 seconds each: what waits needs the work itself, rounded up to whole people, and no more. What is left is told
    # in tenths of an hour.
    assert (
        written["calls"] * 200 / 3600 - 0.06
        <= written["agent_hours"] + plan["figures"]["left_h"]
        < calls[letters]["agent_hours"]
    )
    assert plan["figures"]["late_h"] == 0
    told = plan["headcount"]["letters"][written["id"]]
    assert told["needed_h"] == pytest.approx(written["calls"] * 200 / 3600, abs=0.05)
    assert told["done_h"] + told["undone_h"] == pytest.approx(told["needed_h"], abs=0.01)
    assert plan["headcount"]["factor_in_time"] <= plan["headcount"]["factor"]
    with tenant_scope(water.pk):
        demand = staffing_queries.demand(UUID(plan["id"]))
    assert all(sum(row) > 0 for row in demand.values())
    # The next plan begins with what the last was told.
    usual = {one["queue_id"]: one["kind"] for one in basis_of(planner, forecast_id)["queues"]}
    assert usual == {chats: "calls", letters: "calls"}


def _most_first(one: dict[str, Any]) -> float:
    return -float(one["calls"])


def _as_calls(work: list[dict[str, Any]]) -> dict[str, Any]:
    return {"queues": [{"queue_id": one["queue_id"], "kind": "calls"} for one in work], **ONE_DAY}


def test_a_queue_is_what_its_channel_is(water: Tenant, planner: Client) -> None:
    skill = setup.make_skill(water)
    queues = {channel: setup.make_queue(water, skills={skill: 1}) for channel in ("voice", "chat", "email")}
    for number, (channel, queue) in enumerate(queues.items()):
        call_history.write_intervals(water.pk, queue, TODAY - timedelta(days=60), 60, 60, seed=number)
        flow = {"flow_id": None} if channel == "chat" else {}  # a conversation in writing runs none
        setup.make_entry_point(water, channel=channel, fallback_queue_id=queue, **flow)
    setup.make_agent(water, skills={skill: 5}, capacity={"voice": 1, "chat": 4})
    found = {one["queue_id"]: one for one in basis_of(planner, forecast_of(planner))["queues"]}
    told = {channel: found[str(queue)] for channel, queue in queues.items()}
    assert {channel: one["kind"] for channel, one in told.items()} == {
        "voice": "calls",
        "chat": "chats",
        "email": "letters",
    }
    assert told["chat"]["concurrency"] == 4
    assert told["email"]["deadline_h"] == 24


def test_work_and_groups_that_cannot_be_are_refused(water: Tenant, planner: Client, skills: list[UUID]) -> None:
    forecast_id = forecast_of(planner)
    gas = make_tenant("gas")
    strange = setup.make_queue(gas, skills={setup.make_skill(gas): 1})
    first, second = basis_of(planner, forecast_id)["queues"]
    ids = [first["id"], second["id"]]

    def refused(**values: Any) -> str:
        answer = post(planner, PLANS, body_of(forecast_id, **values, **ONE_DAY))
        assert answer.status_code == 422, answer.content
        return str(answer.json()["code"]).removeprefix("workforce.")

    def work(**values: Any) -> str:
        return refused(queues=[{"queue_id": first["queue_id"], **values}])

    def groups(*given: dict[str, Any], **values: Any) -> str:
        return refused(is_pooled=True, groups=list(given), **values)

    assert work(kind="chats") == "staffing_concurrency"
    assert work(kind="letters") == "staffing_deadline"
    assert work(kind="letters", deadline_h=0.1) == "staffing_deadline"
    assert refused(queues=[{"queue_id": str(strange), "kind": "calls"}]) == "staffing_queue_unknown"
    assert refused(queues=[{"queue_id": first["queue_id"], "kind": "calls"}] * 2) == "staffing_queue_twice"
    assert groups({"parts": []}) == "staffing_group_empty"
    assert groups({"parts": ids}, {"parts": ["nothing"]}) == "staffing_group_empty"
    assert groups({"parts": ids[:1]}) == "staffing_nobody_serves"
    assert groups({"parts": ids, "most": 0}) == "staffing_nobody_serves"
    chats = [
        {"queue_id": one["queue_id"], "kind": "chats", "concurrency": n} for n, one in enumerate((first, second), 2)
    ]
    assert groups({"parts": ids}, queues=chats) == "staffing_chats_differ"
    assert planner.get(PLANS).json()["items"] == []


def test_the_basis_is_the_tenants_own(water: Tenant, planner: Client, skills: list[UUID]) -> None:
    forecast_id = forecast_of(planner)
    query = {"forecast_id": forecast_id, **ONE_DAY}
    stranger = client_of(make_user(tenant=make_tenant("gas"), role="planner"))
    agent = client_of(make_user(tenant=water, role="agent"))
    assert stranger.get(f"{WORKFORCE}/staffing-basis", query).status_code == 404
    assert agent.get(f"{WORKFORCE}/staffing-basis", query).status_code == 403
    outside = query | {"last_day": (LAST + timedelta(days=1)).isoformat()}
    assert planner.get(f"{WORKFORCE}/staffing-basis", outside).json()["code"] == "workforce.staffing_days"


def test_a_stopped_search_keeps_the_best_so_far_and_a_cancelled_one_nothing(
    planner: Client, skills: list[UUID]
) -> None:
    forecast_id = forecast_of(planner)
    body = body_of(forecast_id, is_pooled=True, **ONE_DAY)
    plan = post(planner, PLANS, body).json()
    assert post(planner, PLANS, body).json()["code"] == "workforce.planning_run_open"
    assert planner.post(f"{WORKFORCE}/runs/{plan['run']['id']}/stop").status_code == 204
    play(as_the_worker_does)
    found = planner.get(f"{PLANS}/{plan['id']}").json()
    assert found["run"]["state"] == "done", found["run"]["sentence"]
    assert found["figures"]["is_finished"] is False
    assert found["figures"]["agent_hours"] > 0

    plan = post(planner, PLANS, body).json()
    assert planner.post(f"{WORKFORCE}/runs/{plan['run']['id']}/cancel").status_code == 204
    play(as_the_worker_does)
    found = planner.get(f"{PLANS}/{plan['id']}").json()
    assert (found["run"]["state"], found["is_ready"]) == ("cancelled", False)


# --- days on which the clocks change ----------------------------------------------------------------------------------


@pytest.mark.computes
@pytest.mark.parametrize(("month", "intervals"), [(3, 46), (10, 50)])
def test_a_day_on_which_clocks_change_has_the_intervals_that_pass(month: int, intervals: int) -> None:
    berlin = make_tenant("berlin", time_zone="Europe/Berlin")
    planner = client_of(make_user(tenant=berlin, role="planner", language="en"))
    queue = setup.make_queue(berlin, skills={setup.make_skill(berlin): 1})
    call_history.write_intervals(berlin.pk, queue, TODAY - timedelta(days=60), 60, 200)
    change = _change_in(month)
    days = {"first_day": change.isoformat(), "last_day": (change + timedelta(days=1)).isoformat()}
    asked = post(planner, f"{WORKFORCE}/forecasts", {"name": "clocks", "interval_min": 15, **days}).json()
    play()
    version = planner.get(f"{WORKFORCE}/forecasts/{asked['id']}").json()["version"]
    assert post(planner, f"{WORKFORCE}/forecasts/{asked['id']}/accept", {"version": version}).status_code == 200
    plan = made(planner, asked["id"], **days)
    assert plan["run"]["state"] == "done", plan["run"]["sentence"]
    curve = curve_of(planner, plan)
    assert len(curve["begins"]) == len(curve["agents"]) == len(set(curve["begins"])) == intervals
    following = curve_of(planner, plan, day=(change + timedelta(days=1)).isoformat())
    assert following["begins"][0].endswith("T00:00")
    assert len(following["begins"]) == 48
    with tenant_scope(berlin.pk):
        stored = StaffingPlan.objects.get(pk=plan["id"])
        (wanted,) = demand_of_plan(stored, change, change + timedelta(days=1)).values()
    assert len(wanted) == 96
    by_wall = {begin[11:16]: people for begin, people in zip(curve["begins"], curve["people"], strict=True)}
    assert [wanted[slot] for slot in (4, 20, 28)] == [by_wall.get("02:00", 0), by_wall["10:00"], by_wall["14:00"]]
    assert wanted[20] > 0


def _change_in(month: int) -> date:
    """The next last Sunday of that month."""
    for year in (TODAY.year, TODAY.year + 1):
        last = date(year, month, 31)
        found = last - timedelta(days=(last.weekday() + 1) % 7)
        if found > TODAY:
            return found
    raise AssertionError("there is one every year")
