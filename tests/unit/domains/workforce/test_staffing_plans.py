"""Staffing plans through the API, made by the real player from an accepted forecast."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from hotline.domains.workforce import staffing_queries
from hotline.foundation import outbox
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.live.planning.job import PlanningJob
from tests.factories import call_history, setup
from tests.factories.foundation import client_of, make_tenant, make_user

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


def play() -> None:
    PlanningJob().run(dict(outbox.pending("job")[-1].payload["payload"]))


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
