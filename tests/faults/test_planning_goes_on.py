"""A forecast whose worker is killed while it is made: it is made again after the restart; on both databases."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.centre import Centre, Session, eventually
from tests.connections import process_tree
from tests.factories import call_history
from tests.on_postgresql import centre_on_postgresql

FORECASTS = "/api/v1/workforce/forecasts"
QUEUES = ("repair", "billing", "general", "complaint", "emergency")
DAYS = 250


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def centre(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    make = partial(centre_on_postgresql, "hotline_planning") if request.param == "postgresql" else Centre
    running = make(tmp_path_factory.mktemp("planning"), HOTLINE_VOICE="off")
    try:
        yield running.start()
    finally:
        running.stop()


def players(centre: Centre) -> list[int]:
    return [pid for pid in process_tree(centre.pid("worker")) if is_player(pid)]


def is_player(pid: int) -> bool:
    try:
        return b"hotline.live.planning" in (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except OSError:
        return False


def ask(session: Session) -> str:
    today = datetime.now(call_history.ZONE).date()
    first = today - timedelta(days=DAYS)
    texts = [call_history.csv_text(queue, first, DAYS, 900, seed) for seed, queue in enumerate(QUEUES)]
    history = texts[0] + "".join(text.split("\n", 1)[1] for text in texts[1:])
    last = today + timedelta(days=30)
    details = {"name": "next", "first_day": today.isoformat(), "last_day": last.isoformat(), "interval_min": 15}
    body, kind = call_history.form_body(json.dumps(details), history)
    status, told = session.request("POST", f"{FORECASTS}/from-file", body, Content_Type=kind)
    assert status == 202, told
    return str(told["id"])


def read(session: Session, forecast_id: str) -> dict[str, Any]:
    return dict(session.get(f"{FORECASTS}/{forecast_id}"))


def test_a_killed_worker_takes_its_player_along_and_the_forecast_is_made_after_the_restart(centre: Centre) -> None:
    session = centre.log_in("admin")
    forecast_id = ask(session)
    eventually(lambda: read(session, forecast_id)["run"]["steps_done"] >= 1, "it is being made")
    orphans = players(centre)
    dead = centre.kill("worker")
    assert len(orphans) == 1
    eventually(lambda: not any(map(is_player, orphans)), "the player has gone with its worker")
    centre.wait_for_restart("worker", dead)
    forecast = eventually(lambda: (told := read(session, forecast_id))["run"]["ended_at"] and told, "it ends", 120)
    assert (forecast["run"]["state"], forecast["is_ready"]) == ("done", True)
    assert len(forecast["series"]) == len(QUEUES)
    eventually(lambda: not players(centre), "its player has ended")


def test_a_cancelled_forecast_ends_its_process_and_keeps_nothing(centre: Centre) -> None:
    session = centre.log_in("admin")
    forecast_id = ask(session)
    eventually(lambda: players(centre), "it is being made")
    run = read(session, forecast_id)["run"]
    assert session.request("POST", f"/api/v1/workforce/runs/{run['id']}/cancel")[0] == 204
    eventually(lambda: not players(centre), "nothing is worked out any more")
    told = read(session, forecast_id)
    assert (told["run"]["state"], told["is_ready"], told["series"]) == ("cancelled", False, [])
