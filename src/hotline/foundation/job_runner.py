"""Runs durable jobs in the worker: the one module that knows DBOS (3.4; its API breaks between minors).

A job is a DBOS workflow of one step. Workflows are written down before they run, under an id derived from what asked
for them; after a crash DBOS runs again those that had not ended. Nothing here calls out: no conductor, no telemetry."""

import logging
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID
from django.db import close_old_connections

from hotline.foundation import jobs
from hotline.foundation.outbox import OutboxMessage
from hotline.kernel.settings import Settings

_QUEUE: Final = "hotline-jobs"
_WORKFLOW: Final = "hotline.job"
_JOBS_SCHEMA: Final = "jobs"
_AT_ONCE: Final = 4
_FIRST_RETRY_S: Final = 2.0
_LEFT_FOR_JOBS_S: Final = 5
_KEPT_FOR: Final = timedelta(days=7)
_log = logging.getLogger(__name__)


class JobRunner:
    """DBOS, started and stopped. There can be one per process, because DBOS is one per process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._launched_slots: dict[str, int] = {}

    def start(self) -> None:
        """Start DBOS; jobs that were cut short by a crash go on at once."""
        if not self._settings.is_postgresql:
            _set_wal(self._settings)
        DBOS(config=configuration(self._settings))
        self._workflow = DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=None)(_run_job)
        DBOS.launch()
        DBOS.register_queue(_QUEUE, worker_concurrency=_AT_ONCE, on_conflict="always_update")

    def stop(self) -> None:
        """Stop DBOS; jobs that do not end in five seconds are run again after the next start."""
        DBOS.destroy(workflow_completion_timeout_sec=_LEFT_FOR_JOBS_S, destroy_registry=True)

    def launch(self, message: OutboxMessage) -> str:
        """Write down the job that an outbox row asks for, and answer its workflow id. Doing so twice runs it once."""
        asked = message.payload
        key = asked["key"] or f"outbox-{message.id}"
        run_at = datetime.fromisoformat(asked["run_at"])
        return self._enqueue(asked["name"], asked["payload"], f"{asked['name']}/{key}", run_at)

    def launch_scheduled(self, now: datetime) -> list[str]:
        """Write down each scheduled job whose period has begun; answers the ids of new ones. Call it every second."""
        launched: list[str] = []
        for schedule in jobs.schedules():
            slot = schedule.slot(now)
            if self._launched_slots.get(schedule.job.name) != slot:
                launched.append(self._enqueue(schedule.job.name, {}, f"{schedule.job.name}@{slot}", now))
                self._launched_slots[schedule.job.name] = slot
        return launched

    def _enqueue(self, name: str, payload: dict[str, Any], workflow_id: str, run_at: datetime) -> str:
        delay_s = (run_at - datetime.now(UTC)).total_seconds()
        with SetWorkflowID(workflow_id), SetEnqueueOptions(delay_seconds=delay_s if delay_s > 0 else None):
            DBOS.enqueue_workflow(_QUEUE, self._workflow, name, payload)
        return workflow_id

    def forget_ended(self, now: datetime, limit: int = 100) -> int:
        """Delete the records of jobs that ended a week ago, whose keys may then be used again, at most `limit`; answers
        how many."""
        before = now - _KEPT_FOR
        ended = DBOS.list_workflows(
            completed_before=before.isoformat(), limit=limit, load_input=False, load_output=False
        )
        DBOS.delete_workflows([workflow.workflow_id for workflow in ended])
        return len(ended)


def configuration(settings: Settings) -> DBOSConfig:
    """DBOS's configuration: stable names, so that a restart finds its own jobs again whatever version runs."""
    return DBOSConfig(
        name="hotline",
        system_database_url=_database_url(settings),
        dbos_system_schema=_JOBS_SCHEMA,
        executor_id="worker",
        application_version="1",
        enable_otlp=False,
        log_level="WARNING",
        use_listen_notify=False,
    )


def _database_url(settings: Settings) -> str:
    if not settings.is_postgresql:
        return f"sqlite:///{settings.sqlite_path('jobs')}"
    parts = urlsplit(settings.database_url)
    return parts._replace(scheme="postgresql").geturl()


def _set_wal(settings: Settings) -> None:
    """DBOS leaves the journal mode alone; with WAL its readers and writers do not stop each other."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(settings.sqlite_path("jobs")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _run_job(name: str, payload: dict[str, Any]) -> None:
    """Run one job, with growing pauses between its attempts."""
    found = jobs.registered().get(name)
    if found is None:
        # A job of an older version that nobody knows any more: trying again cannot help.
        _log.error("a job has no code any more", extra={"job": name})
        return
    DBOS.run_step(
        {
            "name": name,
            "retries_allowed": found.attempts > 1,
            "max_attempts": found.attempts,
            "interval_seconds": _FIRST_RETRY_S,
        },
        _attempt,
        found.run,
        payload,
    )


def _attempt(run: Callable[[dict[str, Any]], None], payload: dict[str, Any]) -> None:
    close_old_connections()
    started = time.monotonic()
    try:
        run(payload)
    finally:
        close_old_connections()
        _log.debug("a job took %.3f s", time.monotonic() - started)
