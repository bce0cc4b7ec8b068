"""Durable jobs: work that goes on after a crash. The only door to DBOS, which only the worker starts.

An action calls `enqueue` in its transaction; the row travels through the outbox, and the worker starts the flow under
an id that is derived from the row, so that starting it twice runs it once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from hotline.foundation import outbox

TOPIC: Final = "job"
JobFunction = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A registered job. The function takes the payload and must be able to run again after a crash in its middle."""

    name: str
    run: JobFunction
    attempts: int = 5


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job that is due again and again: once per `every`, counted from 1970, whether the worker restarts or not."""

    job: Job
    every: timedelta

    def slot(self, now: datetime) -> int:
        """The number of the period that `now` lies in."""
        return int((now - _EPOCH) / self.every)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_JOBS: Final[dict[str, Job]] = {}
_DECLARED: Final[set[str]] = set()
_SCHEDULES: Final[list[Schedule]] = []


def job(name: str, *, attempts: int = 5) -> Callable[[JobFunction], JobFunction]:
    """Register a function as the durable job of that name. Names are kept on disk: never rename one."""

    def register(function: JobFunction) -> JobFunction:
        if name in _JOBS:
            raise ValueError(f"the job {name} is registered twice")
        _JOBS[name] = Job(name, function, attempts)
        return function

    return register


def declare(name: str) -> str:
    """Name a job that a room asks for and whose code stands above it; the worker gives that with `provide`."""
    _DECLARED.add(name)
    return name


def provide(name: str, run: JobFunction, *, attempts: int = 1) -> None:
    """The code of a declared job; the last one given is run. Raises KeyError for a job that nobody declared."""
    if name not in _DECLARED:
        raise KeyError(f"no job called {name} was declared")
    _JOBS[name] = Job(name, run, attempts)


def scheduled(name: str, *, every: timedelta) -> Callable[[JobFunction], JobFunction]:
    """Register a function as the job of that name, due once in each period. Its payload is empty."""

    def register(function: JobFunction) -> JobFunction:
        job(name)(function)
        _SCHEDULES.append(Schedule(_JOBS[name], every))
        return function

    return register


def schedules() -> tuple[Schedule, ...]:
    """Every scheduled job."""
    return tuple(_SCHEDULES)


def registered() -> dict[str, Job]:
    """Every job by name."""
    return dict(_JOBS)


def enqueue(
    name: str,
    payload: dict[str, Any],
    *,
    run_at: datetime | None = None,
    delay: timedelta | None = None,
    key: str | None = None,
    tenant_id: UUID | str | None = None,
) -> None:
    """Ask, in the caller's transaction, for a job to be done: now, after `delay`, or at `run_at`.

    The same `key` is done once, however often it is asked for. Raises KeyError for an unknown job."""
    if name not in _JOBS and name not in _DECLARED:
        raise KeyError(f"no job is called {name}")
    due = run_at or timezone.now() + (delay or timedelta())
    message = {"name": name, "payload": payload, "run_at": due.isoformat(), "key": key}
    outbox.emit(TOPIC, message, tenant_id)
