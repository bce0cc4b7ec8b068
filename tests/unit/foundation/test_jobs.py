"""Jobs survive: asked for in a transaction, done once, gone on with after a crash."""

import os
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from hotline.foundation import jobs, outbox

_WORKER = textwrap.dedent(
    """
    import sys
    import threading
    import django
    django.setup()
    from django.utils import timezone
    from django.conf import settings
    from hotline.foundation import jobs
    from hotline.foundation.job_runner import JobRunner
    from hotline.foundation.outbox import OutboxMessage

    def say(text):
        print(text, flush=True)

    @jobs.job("test.wait", attempts=1)
    def wait(payload):
        say(f"begun {payload['number']}")
        sys.stdin.readline()
        say(f"done {payload['number']}")

    runner = JobRunner(settings.HOTLINE)
    runner.start()
    asked = {"name": "test.wait", "payload": {"number": 7}, "key": "seven", "run_at": timezone.now().isoformat()}
    for _ in range(2):
        runner.launch(OutboxMessage(1, "job", asked, None))
    threading.Event().wait()  # until killed; standard input is the job's
    """
)


class _Worker:
    """A worker process that does what it is told over its standard input."""

    def __init__(self, data_dir: Path) -> None:
        environment = {
            **os.environ,
            "HOTLINE_DATA_DIR": str(data_dir),
            "HOTLINE_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "hotline.foundation.django_settings",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", _WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def hears(self, wanted: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == wanted:
                return
        raise AssertionError(f"the worker ended without saying {wanted!r}")

    def tell(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def test_a_job_cut_short_by_kill_9_is_done_after_the_restart(tmp_path: Path) -> None:
    first = _Worker(tmp_path)
    try:
        first.hears("begun 7")
    finally:
        first.kill()
    second = _Worker(tmp_path)
    try:
        second.hears("begun 7")
        second.tell("go on")
        second.hears("done 7")
    finally:
        second.kill()


_FORGETTING = textwrap.dedent(
    """
    import threading
    from datetime import timedelta
    import django
    django.setup()
    from django.utils import timezone
    from django.conf import settings
    from dbos import DBOS
    from hotline.foundation import jobs
    from hotline.foundation.job_runner import JobRunner
    from hotline.foundation.outbox import OutboxMessage

    jobs.job("test.quick")(lambda payload: None)
    runner = JobRunner(settings.HOTLINE)
    runner.start()

    def launch(key, run_at):
        asked = {"name": "test.quick", "payload": {}, "key": key, "run_at": run_at.isoformat()}
        return runner.launch(OutboxMessage(1, "job", asked, None))

    for number in range(3):
        DBOS.retrieve_workflow(launch(f"ended-{number}", timezone.now())).get_result()
    waiting = launch("waiting", timezone.now() + timedelta(days=30))
    week_later = timezone.now() + timedelta(days=7, minutes=1)
    print("now", runner.forget_ended(timezone.now()))
    print("portions", [runner.forget_ended(week_later, limit=2) for _ in range(3)])
    print("left", [one.workflow_id for one in DBOS.list_workflows()] == [waiting])
    runner.stop()
    """
)


def test_ended_jobs_are_forgotten_after_a_week_in_portions_and_waiting_ones_are_kept(tmp_path: Path) -> None:
    environment = os.environ | {
        "HOTLINE_DATA_DIR": str(tmp_path),
        "HOTLINE_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "hotline.foundation.django_settings",
    }
    command = [sys.executable, "-c", _FORGETTING]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.splitlines() == ["now 0", "portions [2, 1, 0]", "left True"], done.stderr


@pytest.mark.django_db
def test_asking_for_a_job_is_part_of_the_transaction() -> None:
    name = "tests.once"
    if name not in jobs.registered():
        jobs.job(name)(lambda payload: None)
    with transaction.atomic():
        jobs.enqueue(name, {"a": 1}, delay=timedelta(hours=1), key="k")
        transaction.set_rollback(True)
    assert outbox.pending("job") == []
    with transaction.atomic():
        jobs.enqueue(name, {"a": 1}, key="k")
    (message,) = outbox.pending("job")
    assert (message.payload["name"], message.payload["payload"], message.payload["key"]) == (name, {"a": 1}, "k")


@pytest.mark.django_db
def test_an_unknown_job_is_refused_where_it_is_asked_for() -> None:
    with pytest.raises(KeyError, match="no job is called"), transaction.atomic():
        jobs.enqueue("tests.unknown", {})


def test_a_period_has_one_slot_and_the_next_another() -> None:
    schedule = jobs.Schedule(jobs.Job("x", lambda payload: None), timedelta(minutes=15))
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert schedule.slot(noon) == schedule.slot(noon + timedelta(minutes=14, seconds=59))
    assert schedule.slot(noon + timedelta(minutes=15)) == schedule.slot(noon) + 1
