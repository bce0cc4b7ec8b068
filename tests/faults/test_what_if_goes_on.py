"""A what-if of the example tenant on a whole centre, whose worker is killed in the middle of the replay; on both
databases."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.centre import Centre, Session, eventually
from tests.connections import process_tree
from tests.factories.recorded_log import start_recorded, write_example_day
from tests.on_postgresql import centre_on_postgresql

RUNS = "/api/v1/admin/routing/what-ifs"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, date]]:
    """A running centre without voice, and the day that its log knows."""
    make = partial(centre_on_postgresql, "hotline_what_if") if request.param == "postgresql" else Centre
    centre = make(tmp_path_factory.mktemp("what-if"), HOTLINE_VOICE="off")
    try:
        day = write_example_day(centre)
        start_recorded(centre)
        yield centre, day
    finally:
        centre.stop()


def players(centre: Centre) -> list[int]:
    """The processes that replay."""
    return [pid for pid in process_tree(centre.pid("worker")) if is_player(pid)]


def is_player(pid: int) -> bool:
    try:
        return b"hotline.live.what_if" in (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except OSError:
        return False


def ask(session: Session, day: date, replays: int = 6) -> str:
    queue = session.get("/api/v1/admin/queues?limit=1")["items"][0]
    change = {"object_type": "queue", "record_id": queue["id"]}
    change["values"] = {"version": queue["version"], "max_waiting": 1}
    body = {"day": day.isoformat(), "replays": replays, "change": change}
    status, run = session.request("POST", RUNS, body)
    assert status == 202, run
    return str(run["id"])


def run_of(session: Session, run_id: str) -> dict[str, Any]:
    return dict(session.get(f"{RUNS}/{run_id}"))


def test_a_killed_worker_takes_its_player_along_and_the_run_is_played_after_the_restart(
    recorded: tuple[Centre, date],
) -> None:
    centre, day = recorded
    session = centre.log_in("admin")
    run_id = ask(session, day)
    eventually(lambda: run_of(session, run_id)["steps_done"] >= 1, "it is played")
    orphans = players(centre)
    dead = centre.kill("worker")
    assert len(orphans) == 1
    eventually(lambda: not any(map(is_player, orphans)), "the player has gone with its worker")
    centre.wait_for_restart("worker", dead)
    run = eventually(lambda: (found := run_of(session, run_id))["state"] != "running" and found, "it ends", 120)
    assert (run["state"], run["sentence"]) == ("done", None)
    (asked,) = [one for one in run["result"]["figures"] if (one["queue_id"], one["metric"]) == (None, "asked")]
    assert asked["recorded"] > 100
    assert asked["before"]["value"] == asked["after"]["value"] == asked["recorded"]
    assert not players(centre)


def test_a_run_is_cancelled_while_it_is_played_and_its_process_ends(recorded: tuple[Centre, date]) -> None:
    centre, day = recorded
    session = centre.log_in("admin")
    run_id = ask(session, day)
    eventually(lambda: players(centre), "it is played")
    assert session.request("POST", f"{RUNS}/{run_id}/cancel")[0] == 204
    eventually(lambda: not players(centre), "nothing is played any more")
    assert run_of(session, run_id)["state"] == "cancelled"
