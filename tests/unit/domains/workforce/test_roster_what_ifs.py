"""A roster's day played with the live rules: who is at work by the roster, contacts by the accepted forecast."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from hotline.domains.workforce.models import Roster, RosterShift, ShiftKind
from hotline.foundation import outbox
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.live.planning.job import PlanningJob
from tests.factories import call_history, setup
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
WORKFORCE = "/api/v1/workforce"
TODAY = datetime.now(call_history.ZONE).date()


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def roster(water: Tenant) -> UUID:
    """Nine people from 8:00 to 20:00 with a break at noon, for a queue of 400 contacts a day."""
    skill = setup.make_skill(water)
    queue = setup.make_queue(water, skills={skill: 1}, service_level_s=20, service_level_target=8000)
    call_history.write_intervals(water.pk, queue, TODAY - timedelta(days=60), 60, 400)
    agents = [setup.make_agent(water, skills={skill: 5}) for _ in range(9)]
    with tenant_scope(water.pk):
        kind = ShiftKind.objects.create(
            tenant=water, code="day", name={"zh": "白班", "en": "Day"}, short="D", pieces=[[0, 720]], starts=["08:00"]
        )
        made = Roster.objects.create(tenant=water, name="now", first_day=TODAY, last_day=TODAY + timedelta(days=6))
        begins = datetime.combine(TODAY, datetime.min.time(), call_history.ZONE) + timedelta(hours=8)
        for number, agent in enumerate(agents):
            pause = 690 + 30 * (number % 3)
            RosterShift.objects.create(
                tenant=water,
                roster=made,
                agent_id=agent,
                day=TODAY,
                shift_kind=kind,
                starts_at=begins,
                ends_at=begins + timedelta(hours=12),
                pieces=[[480, 1200]],
                breaks=[[pause, pause + 30]],
                paid_min=690,
            )
    return UUID(str(made.pk))


@pytest.fixture
def planner(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, role="planner", language="en"))


def post(client: Client, url: str, body: Any) -> Any:
    return client.post(url, body, content_type="application/json")


def play() -> None:
    PlanningJob().run(dict(outbox.pending("job")[-1].payload["payload"]))


def accept_forecast(client: Client) -> None:
    days = {"first_day": TODAY.isoformat(), "last_day": TODAY.isoformat()}
    asked = post(client, f"{WORKFORCE}/forecasts", {"name": "now", **days}).json()
    play()
    path = f"{WORKFORCE}/forecasts/{asked['id']}"
    assert post(client, f"{path}/accept", {"version": client.get(path).json()["version"]}).status_code == 200


def played(client: Client, roster: UUID, **values: Any) -> dict[str, Any]:
    body = {"day": TODAY.isoformat(), "replications": 5, **values}
    answer = post(client, f"{WORKFORCE}/rosters/{roster}/what-ifs", body)
    assert answer.status_code == 202, answer.content
    play()
    return dict(client.get(f"{WORKFORCE}/runs/{answer.json()['id']}").json())


def test_more_contacts_are_served_worse(planner: Client, roster: UUID) -> None:
    accept_forecast(planner)
    usual, more = played(planner, roster), played(planner, roster, growth=10_000)
    assert usual["state"] == more["state"] == "done", usual["sentence"] or more["sentence"]
    (queue,), (worse,) = usual["result"]["queues"], more["result"]["queues"]
    assert queue["target"] == 8000
    assert queue["total"]["service_level"] > worse["total"]["service_level"]
    assert worse["total"]["calls"] == pytest.approx(2 * queue["total"]["calls"], rel=0.2)
    assert len(queue["intervals"]) == 48
    assert queue["intervals"][4] is None  # closed at night


def test_a_day_without_people_forecast_or_right_is_refused(water: Tenant, planner: Client, roster: UUID) -> None:
    path = f"{WORKFORCE}/rosters/{roster}/what-ifs"
    answer = post(planner, path, {"day": TODAY.isoformat()})
    assert (answer.status_code, answer.json()["code"]) == (409, "workforce.no_accepted_forecast")
    accept_forecast(planner)
    assert post(planner, path, {"day": "2000-01-01"}).status_code == 404
    stranger = client_of(make_user(tenant=make_tenant("gas"), role="planner"))
    assert post(stranger, path, {"day": TODAY.isoformat()}).status_code == 404
    agent = client_of(make_user(tenant=water, role="agent"))
    assert post(agent, path, {"day": TODAY.isoformat()}).status_code == 403
    with tenant_scope(water.pk):
        RosterShift.objects.filter(roster=roster).delete()
    run = played(planner, roster)
    assert (run["state"], run["failure_code"]) == ("failed", "workforce.queue_without_staff")
