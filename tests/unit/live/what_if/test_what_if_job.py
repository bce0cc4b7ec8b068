"""The job of a what-if with its player, a process of its own, on a log that a switch has written."""

import threading
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.test import Client

from hotline.domains.routing import queries
from hotline.foundation import outbox
from hotline.foundation.models import Tenant
from hotline.kernel.ids import new_id
from hotline.kernel.settings import Settings
from hotline.live import players
from hotline.live.switch.postgresql_store import PostgresqlStore
from hotline.live.switch.stores import SqliteStore
from hotline.live.what_if import job as job_module
from hotline.live.what_if.job import WhatIfJob
from tests.factories import setup
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.recorded_log import write_day
from tests.unit.live.switch.conftest import DATABASE_URL, KINDS
from tests.unit.simulation.recorded_day import BEGIN_MS

pytestmark = pytest.mark.django_db
RUNS = "/api/v1/admin/routing/what-ifs"
DAY = datetime.fromtimestamp(BEGIN_MS / 1000, ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water")


@pytest.fixture
def queues(water: Tenant) -> list[UUID]:
    """Of this tenant one, of a neighbour in the same pool another; each has agents of its own."""
    found = []
    for tenant in (water, make_tenant("gas")):
        skill = setup.make_skill(tenant)
        found.append(setup.make_queue(tenant, skills={skill: 1}, service_level_s=20))
        for _ in range(5):
            setup.make_agent(tenant, skills={skill: 5})
    return found


@pytest.fixture
def admin(water: Tenant) -> Client:
    return client_of(make_user(tenant=water, language="en"))


@pytest.fixture(params=KINDS)
def job(request: pytest.FixtureRequest, tmp_path: Path) -> WhatIfJob:
    """On each store of the log; a pool of its own."""
    database_url = DATABASE_URL if request.param == "postgresql" else ""
    return WhatIfJob(Settings(data_dir=tmp_path, database_url=database_url, pool=new_id()))


def record(job: WhatIfJob, **day: Any) -> None:
    settings = job.settings
    path = settings.sqlite_path("routing")
    store = PostgresqlStore(settings.database_url) if settings.is_postgresql else SqliteStore(path)
    configuration = msgspec.structs.replace(queries.current_configuration(), away_reasons=())
    write_day(store, configuration, pool=settings.pool, hours=1, per_hour=160, **day)


def ask(client: Client, queue: UUID, **values: Any) -> dict[str, Any]:
    """The job's payload."""
    change = {"object_type": "queue", "record_id": str(queue), "values": {"version": 1, **values}}
    body = {"day": DAY.isoformat(), "replays": 2, "change": change}
    answer = client.post(RUNS, body, content_type="application/json")
    assert answer.status_code == 202, answer.content
    return dict(outbox.pending("job")[-1].payload["payload"])


def read(client: Client, payload: dict[str, Any]) -> dict[str, Any]:
    return dict(client.get(f"{RUNS}/{payload['run_id']}").json())


def figure(told: dict[str, Any], metric: str, queue: UUID | None = None) -> dict[str, Any]:
    wanted = (str(queue) if queue else None, metric)
    (row,) = [row for row in told["result"]["figures"] if (row["queue_id"], row["metric"]) == wanted]
    return dict(row)


def test_a_day_is_played_and_the_answer_tells_of_the_own_tenant_alone(
    job: WhatIfJob, admin: Client, queues: list[UUID]
) -> None:
    record(job)
    payload = ask(admin, queues[0], max_waiting=0)
    job.run(payload)
    told = read(admin, payload)
    assert (told["state"], told["sentence"], told["steps_done"]) == ("done", None, told["steps"]), told
    result = told["result"]
    assert [queue["queue_id"] for queue in result["queues"]] == [str(queues[0])]
    assert {row["queue_id"] for row in result["figures"]} == {None, str(queues[0])}
    assert figure(told, "asked") | {"queue_id": ""} == figure(told, "asked", queues[0]) | {"queue_id": ""}
    blocked = figure(told, "blocked", queues[0])
    assert blocked["after"]["value"] > blocked["before"]["value"] == blocked["recorded"] == 0
    assert blocked["difference"]["low"] <= blocked["difference"]["value"] <= blocked["difference"]["high"]
    assert figure(told, "wait_percentile95_s")["recorded"] >= figure(told, "average_wait_s")["recorded"] > 0
    (curve,) = [one for one in result["curves"] if (one["queue_id"], one["metric"]) == (None, "asked")]
    assert len(curve["recorded"]) == 96
    assert sum(curve["recorded"]) == figure(told, "asked")["recorded"]
    assert (result["left_out"], result["refused"]) == ({}, {})  # they may be the neighbour's
    assert told["is_basis_recorded"] is True


def test_no_log_and_a_day_without_log_are_told_in_a_sentence(job: WhatIfJob, admin: Client, queues: list[UUID]) -> None:
    payload = ask(admin, queues[0], rank=1)
    job.run(payload)
    assert read(admin, payload)["failure_code"] == "routing_log.no_history"
    record(job, begin_ms=BEGIN_MS + 5 * 86_400_000)
    payload = ask(admin, queues[0], rank=1)
    job.run(payload)
    told = read(admin, payload)
    assert (told["state"], told["failure_code"]) == ("failed", "what_if.not_recorded")
    assert "Choose a day within it" in told["sentence"]


def test_a_cancelled_run_stops_its_player(
    job: WhatIfJob, admin: Client, queues: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A player that never says anything: it is looked after all the same."""
    monkeypatch.setattr(job_module, "_PLAYER", ("sleep", "600"))
    monkeypatch.setattr(players, "LOOK_EACH_S", 0.01)
    payload = ask(admin, queues[0], rank=1)
    real = job_module.work.is_wanted

    def cancelled_meanwhile(tenant_id: UUID, run_id: UUID) -> bool:
        admin.post(f"{RUNS}/{payload['run_id']}/cancel")
        return real(tenant_id, run_id)

    monkeypatch.setattr(job_module.work, "is_wanted", cancelled_meanwhile)
    job.run(payload)
    assert read(admin, payload)["state"] == "cancelled"


def test_a_player_that_breaks_is_told(
    job: WhatIfJob, admin: Client, queues: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_module, "_PLAYER", ("sh", "-c", "read question; exit 3"))
    payload = ask(admin, queues[0], rank=1)
    job.run(payload)
    told = read(admin, payload)
    assert (told["state"], told["failure_code"]) == ("failed", "player.broken")
    assert "exit code 3" in told["sentence"]


def test_a_worker_that_stops_or_is_busy_puts_the_run_back(
    job: WhatIfJob, admin: Client, queues: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_module, "_PLAYER", ("sleep", "600"))
    monkeypatch.setattr(players, "LOOK_EACH_S", 0.01)
    payload = ask(admin, queues[0], rank=1)
    job.stopping.set()
    job.run(payload)
    assert read(admin, payload)["state"] == "waiting"
    busy = WhatIfJob(job.settings, threading.Event())
    busy._is_playing.acquire()
    busy.run(payload)
    assert read(admin, payload)["state"] == "waiting"
    assert [one.payload["payload"] for one in outbox.pending("job")] == [payload] * 3
