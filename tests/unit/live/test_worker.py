"""The worker's frame: parts that fail are made anew, what cannot mend itself ends it, chores take turns."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hotline.foundation.pages import METRICS_FILE
from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings
from hotline.live import worker as worker_module
from hotline.live.worker import Chore, Housekeeping, Part, Step, Worker, waiting
from hotline.live.worker_metrics import WorkerMetrics


class HopelessError(HotlineError):
    code = "test.hopeless"
    sentence = "Nothing can be done."


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "FIRST_PAUSE_S", 0.0)
    monkeypatch.setattr(worker_module, "LONGEST_PAUSE_S", 0.0)


def started(worker: Worker) -> threading.Thread:
    thread = threading.Thread(target=worker.run)
    thread.start()
    return thread


@pytest.mark.django_db
def test_a_part_that_fails_is_made_anew_and_others_go_on(tmp_path: Path) -> None:
    made, worked, closed = [], threading.Event(), threading.Event()

    def make() -> Step:
        made.append(1)
        return fails if len(made) == 1 else works

    def fails() -> bool:
        raise OSError("gone")

    def works() -> bool:
        worked.set()
        return False

    other = threading.Event()
    parts = [
        Part("first", make, waiting(0.01), close=closed.set),
        Part("second", lambda: lambda: bool(other.set()), waiting(0.01)),
    ]
    worker = Worker(parts, tmp_path / "health.json", WorkerMetrics())
    thread = started(worker)
    assert worked.wait(5)
    assert other.wait(5)
    worker.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert len(made) == 2
    assert closed.is_set()


@pytest.mark.django_db
def test_what_cannot_mend_itself_ends_the_worker_with_its_error(tmp_path: Path) -> None:
    def make() -> Step:
        raise HopelessError

    parts = [
        Part("hopeless", make, waiting(0.01), fatal=(HopelessError,)),
        Part("idle", lambda: lambda: False, waiting(0.01)),
    ]
    with pytest.raises(HopelessError):
        Worker(parts, tmp_path / "health.json", WorkerMetrics()).run()


def test_the_health_file_says_what_keeps_a_part_from_work(tmp_path: Path) -> None:
    part = Part("relay", lambda: lambda: False, waiting(0))
    part.failure = "OSError: gone"
    worker = Worker([part], tmp_path / "health.json", WorkerMetrics())
    worker._write_health()
    told = json.loads((tmp_path / "health.json").read_text())
    assert told["parts"]["relay"] == {"last_success_ms": 0, "failure": "OSError: gone"}


def test_metrics_tell_what_housekeeping_did_and_when_parts_worked(tmp_path: Path) -> None:
    metrics = WorkerMetrics()
    Housekeeping([Chore("forget old things", 1.0, lambda: 7)], metrics).step()
    part = Part("relay", lambda: lambda: False, waiting(0), last_success_ms=1_772_000_000_500)
    Worker([part], tmp_path / "health.json", metrics)._write_health()
    told = (tmp_path / METRICS_FILE).read_text()
    assert 'hotline_housekeeping_done_total{chore="forget old things"} 7.0' in told
    assert 'hotline_housekeeping_seconds_count{chore="forget old things"} 1.0' in told
    assert 'hotline_worker_last_success_timestamp_seconds{part="relay"} 1.7720000005e+09' in told


def test_web_hands_out_the_workers_metrics_with_its_own(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.HOTLINE = Settings(data_dir=tmp_path)
    settings.HOTLINE.run_dir.mkdir()
    assert b"hotline_worker" not in client.get("/metrics").content
    Worker([], settings.HOTLINE.run_dir / "worker.health.json", WorkerMetrics())._write_health()
    told = client.get("/metrics").content
    assert b"hotline_web_requests_total" in told
    assert b"hotline_worker_last_success_timestamp_seconds" in told


def test_a_chore_that_fails_waits_for_its_next_turn_and_the_others_have_theirs() -> None:
    done = []

    def fails() -> int:
        raise OSError("gone")

    house = Housekeeping([Chore("bad", 60.0, fails), Chore("good", 60.0, lambda: done.append(1) or 0)], WorkerMetrics())
    with pytest.raises(OSError, match="gone"):
        house.step()
    assert house.step()
    assert done == [1]
    assert not house.step()


def test_chores_come_when_they_are_due_and_none_starves() -> None:
    now, done = [0.0], []

    def chore(name: str, every_s: float, did: int = 0) -> Chore:
        return Chore(name, every_s, lambda: done.append(name) or did, portion=5)

    house = Housekeeping([chore("busy", 1.0, did=5), chore("rare", 10.0)], WorkerMetrics(), lambda: now[0])
    while len(done) < 4:
        assert house.step()
        now[0] += 0.1
    assert done.count("rare") == 1
    calm = Housekeeping([chore("calm", 10.0, did=4)], WorkerMetrics(), lambda: now[0])
    assert (calm.step(), calm.step()) == (True, False)
    now[0] += 10
    assert calm.step()
