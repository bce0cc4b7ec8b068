"""The worker's frame: parts that fail are made anew, what cannot mend itself ends it, chores take turns."""

import json
import threading
from pathlib import Path

import pytest

from hotline.kernel.errors import HotlineError
from hotline.live import worker as worker_module
from hotline.live.worker import Chore, Housekeeping, Part, Step, Worker, waiting


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
    worker = Worker(parts, tmp_path / "health.json")
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
        Worker(parts, tmp_path / "health.json").run()


def test_the_health_file_says_what_keeps_a_part_from_work(tmp_path: Path) -> None:
    part = Part("relay", lambda: lambda: False, waiting(0))
    part.failure = "OSError: gone"
    worker = Worker([part], tmp_path / "health.json")
    worker._write_health()
    told = json.loads((tmp_path / "health.json").read_text())
    assert told["parts"]["relay"] == {"last_success_ms": 0, "failure": "OSError: gone"}


def test_chores_come_when_they_are_due_and_none_starves() -> None:
    now, done = [0.0], []

    def chore(name: str, every_s: float, more: bool = False) -> Chore:
        return Chore(name, every_s, lambda: done.append(name) or more)

    house = Housekeeping([chore("busy", 1.0, more=True), chore("rare", 10.0)], lambda: now[0])
    while len(done) < 4:
        assert house.step()
        now[0] += 0.1
    assert done.count("rare") == 1
    calm = Housekeeping([chore("calm", 10.0)], lambda: now[0])
    assert (calm.step(), calm.step()) == (True, False)
    now[0] += 10
    assert calm.step()
