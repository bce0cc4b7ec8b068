"""Planning runs through the API and as the worker handles them: asked, told, stopped, cancelled, ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from hotline.domains.workforce import planning_run_work as work
from hotline.domains.workforce import planning_runs
from hotline.domains.workforce.errors import PlanningRunOpenError
from hotline.domains.workforce.models import PlanningRun, Roster
from hotline.domains.workforce.planning_kinds import Done, Kind
from hotline.foundation import outbox
from hotline.foundation.actors import Actor
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.failure import Failure
from tests.factories.foundation import client_of, make_tenant, make_user

pytestmark = pytest.mark.django_db
RUNS = "/api/v1/workforce/runs"


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def planner(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, role="planner", language="en"))


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Done]:
    """What a kind of run was given to keep."""
    found: list[Done] = []

    def store(done: Done) -> dict[str, Any]:
        found.append(done)
        return {"days": 28}

    kind = Kind(prepare=lambda tenant_id, asked: asked | {"history": [1, 2]}, store=store)
    monkeypatch.setitem(work.KINDS, "roster", kind)
    return found


def ask(tenant: Tenant, kind: str = "roster", **question: Any) -> UUID:
    actor = Actor.system("planning", [tenant.pk])
    with tenant_scope(tenant.pk), transaction.atomic():
        return planning_runs.ask(actor, tenant.pk, kind, question or {"roster_id": "x"})


def read(client: Client, run_id: UUID) -> dict[str, Any]:
    return dict(client.get(f"{RUNS}/{run_id}").json())


def test_a_run_is_taken_told_and_kept(water: Tenant, planner: Client, kept: list[Done]) -> None:
    run_id = ask(water, roster_id="r1")
    (job,) = outbox.pending("job")
    assert job.payload["payload"] == {"run_id": str(run_id), "tenant_id": str(water.pk)}
    assert read(planner, run_id)["state"] == "waiting"
    taken = work.take(water.pk, run_id)
    assert taken == work.Taken(kind="roster", question={"roster_id": "r1", "history": [1, 2]})
    work.tell(water.pk, run_id, {"steps": 9, "steps_done": 4, "figures": {"covered": 0.97}})
    told = read(planner, run_id)
    assert (told["state"], told["steps"], told["steps_done"], told["figures"]) == ("running", 9, 4, {"covered": 0.97})
    work.finish(water.pk, run_id, {"assignments": []})
    told = read(planner, run_id)
    assert (told["state"], told["result"], told["sentence"]) == ("done", {"days": 28}, None)
    assert told["ended_at"] is not None
    assert [(done.question, done.answer) for done in kept] == [({"roster_id": "r1"}, {"assignments": []})]


def test_a_run_that_is_taken_again_begins_anew(water: Tenant, planner: Client, kept: list[Done]) -> None:
    run_id = ask(water)
    work.take(water.pk, run_id)
    work.tell(water.pk, run_id, {"steps_done": 4, "figures": {"covered": 0.97}})
    assert work.take(water.pk, run_id) is not None
    told = read(planner, run_id)
    assert (told["state"], told["steps_done"], told["figures"]) == ("running", 0, {})


def test_one_run_of_a_kind_at_a_time(water: Tenant, kept: list[Done]) -> None:
    run_id = ask(water)
    with pytest.raises(PlanningRunOpenError):
        ask(water)
    ask(water, "forecast")
    ask(make_tenant("gas"))
    work.take(water.pk, run_id)
    work.fail(water.pk, run_id, Failure(code="x", data={}, sentence="It failed."))
    ask(water)


def test_stopping_asks_for_the_best_so_far(water: Tenant, planner: Client, kept: list[Done]) -> None:
    run_id = ask(water)
    work.take(water.pk, run_id)
    assert work.wish(water.pk, run_id) == "on"
    assert planner.post(f"{RUNS}/{run_id}/stop").status_code == 204
    assert planner.post(f"{RUNS}/{run_id}/stop").status_code == 204
    assert work.wish(water.pk, run_id) == "stop"
    assert read(planner, run_id)["stop_asked"] is True
    assert AuditEntry.objects.filter(action="planning_run.stopped").count() == 1


def test_a_cancelled_run_keeps_nothing(water: Tenant, planner: Client, kept: list[Done]) -> None:
    run_id = ask(water)
    work.take(water.pk, run_id)
    assert planner.post(f"{RUNS}/{run_id}/cancel").status_code == 204
    assert work.wish(water.pk, run_id) == "off"
    work.finish(water.pk, run_id, {"assignments": []})
    work.tell(water.pk, run_id, {"steps_done": 9})
    assert work.take(water.pk, run_id) is None
    told = read(planner, run_id)
    assert (told["state"], told["steps_done"], kept) == ("cancelled", 0, [])


def test_a_failure_is_told_in_the_readers_language(water: Tenant, planner: Client, kept: list[Done]) -> None:
    run_id = ask(water)
    work.take(water.pk, run_id)
    work.fail(water.pk, run_id, Failure(code="player.broken", data={"cause": "exit code 3"}, sentence="It broke."))
    told = read(planner, run_id)
    assert (told["state"], told["failure_code"]) == ("failed", "player.broken")
    assert "exit code 3" in told["sentence"]
    chinese = client_of(make_user(tenant=water, role="planner", language="zh"))
    assert "请重新提交" in read(chinese, run_id)["sentence"]


def test_another_tenant_and_other_roles_are_refused(water: Tenant, planner: Client) -> None:
    run_id = ask(water)
    stranger = client_of(make_user(tenant=make_tenant("gas"), role="planner"))
    agent = client_of(make_user(tenant=water, role="agent"))
    for client, status in ((stranger, 404), (agent, 403)):
        assert client.get(f"{RUNS}/{run_id}").status_code == status
        assert client.post(f"{RUNS}/{run_id}/cancel").status_code == status
        assert client.post(f"{RUNS}/{run_id}/stop").status_code == status
    assert stranger.get(RUNS).json()["items"] == []
    assert [run["id"] for run in planner.get(f"{RUNS}?kind=roster").json()["items"]] == [str(run_id)]
    assert planner.get(f"{RUNS}?kind=forecast").json()["items"] == []
    assert read(planner, run_id)["state"] == "waiting"


def test_old_runs_that_belong_to_nothing_are_forgotten(water: Tenant) -> None:
    now = timezone.now()
    rows = [("staffing", 101, False), ("what_if", 101, True), ("forecast", 99, False)]
    for kind, days, has_roster in rows:
        run_id = ask(water, kind)
        with tenant_scope(water.pk):
            ended_at = now - timedelta(days=days)
            PlanningRun.objects.filter(pk=run_id).update(state="done", ended_at=ended_at)
            if has_roster:
                day = now.date()
                Roster.objects.create(tenant_id=water.pk, name="r", first_day=day, last_day=day, run_id=run_id)
    ask(water, "what_if")  # is not over
    assert planning_runs.forget_old(now, limit=10) == 1
    assert planning_runs.forget_old(now, limit=10) == 0
    with tenant_scope(water.pk):
        left = sorted(PlanningRun.objects.values_list("kind", "state"))
    assert left == [("forecast", "done"), ("what_if", "done"), ("what_if", "waiting")]
