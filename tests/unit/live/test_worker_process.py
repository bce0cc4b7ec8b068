"""The worker as a process: starts, says so, stops cleanly, and refuses a log that does not belong to its database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hotline.kernel.settings import Settings
from hotline.live.switch.log import RoutingLog
from hotline.live.switch.stores import SqliteStore
from tests.factories.routing_log import agent_noise

CONFIGURATION_EXIT = 3


@pytest.fixture(scope="module")
def centre() -> Iterator[Settings]:
    """The settings of an installation of its own, migrated. A short path: unix sockets allow 107 bytes."""
    with TemporaryDirectory(prefix="hl-") as directory:
        settings = Settings(data_dir=Path(directory), database_url="")
        subprocess.run(_command("migrate"), env=_environment(settings), check=True, timeout=120)
        yield settings


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "hotline.entrypoints", *words]


def _environment(settings: Settings) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "DJANGO_"))}
    return kept | {"HOTLINE_DATA_DIR": str(settings.data_dir), "HOTLINE_LOG_FORMAT": "json"}


def _started(settings: Settings) -> subprocess.Popen[str]:
    return subprocess.Popen(
        _command("role", "worker"), env=_environment(settings), stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


def _line_with(process: subprocess.Popen[str], text: str) -> str:
    assert process.stderr is not None
    seen = []
    for line in process.stderr:
        if text in line:
            return line
        seen.append(line)
    raise AssertionError("".join(seen))


def _log_of(settings: Settings) -> RoutingLog:
    log = RoutingLog(SqliteStore(settings.sqlite_path("routing")), settings.pool)
    log.take_lead()
    return log


def test_the_worker_stops_cleanly_and_refuses_a_log_that_is_too_short(centre: Settings) -> None:
    log = _log_of(centre)
    log.append(tuple(agent_noise(3)))
    log.close()
    with _started(centre) as worker:
        _line_with(worker, "projected what the log held")
        worker.terminate()
        _line_with(worker, "worker stopped")
        assert worker.wait(20) == 0
    assert not centre.relay_wake_socket.exists()

    for path in centre.data_dir.glob("routing.sqlite3*"):
        path.unlink()
    with _started(centre) as worker:
        _line_with(worker, "do not belong together")
        assert worker.wait(20) == CONFIGURATION_EXIT
