"""What the worker process does, in threads that do not wait for each other: relay, projector, housekeeping.

A thread that fails says why and tries again after a pause; what cannot mend itself ends the process with one clear
line. Every second the state is written to a file that the supervisor and people can read, and the metrics to one
that web hands out with its own."""

import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from django.db import close_old_connections, connection

from hotline.foundation.pages import METRICS_FILE
from hotline.kernel.errors import HotlineError
from hotline.live.worker_metrics import WorkerMetrics

PORTION = 500  # rows in one transaction, at most
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
STOP_WITHIN_S = 6.0

log = structlog.get_logger()
Step = Callable[[], bool]  # True when there may be more to do at once


@dataclass
class Part:
    """One thread's work. `make` gives its step and is called again after a failure, so that no half-done state stays.

    `idle_wait` waits until there may be something to do, at most a second or so; `close` lets go of what it holds."""

    name: str
    make: Callable[[], Step]
    idle_wait: Callable[[threading.Event], object]
    fatal: tuple[type[HotlineError], ...] = ()
    close: Callable[[], None] = lambda: None
    last_success_ms: int = 0
    failure: str = ""


@dataclass
class Worker:
    """Runs its parts until `stop`. `failed` is the error that ended it, if one did."""

    parts: Sequence[Part]
    health_path: Path
    metrics: WorkerMetrics
    stopping: threading.Event = field(default_factory=threading.Event)
    failed: HotlineError | None = None

    def run(self) -> None:
        """Run until stopped, or until a part fails for good; then its error is raised."""
        threads = [threading.Thread(target=self._run_part, args=(part,), name=part.name) for part in self.parts]
        for thread in threads:
            thread.start()
        while not self.stopping.wait(1.0):
            self._write_health()
        deadline = time.monotonic() + STOP_WITHIN_S
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        for path in (self.health_path, self._metrics_path):
            path.unlink(missing_ok=True)
        if self.failed is not None:
            raise self.failed

    def stop(self) -> None:
        """Let every part finish what it has in hand, and `run` return."""
        self.stopping.set()

    def health(self) -> dict[str, object]:
        """Since when each part has succeeded last, and what keeps it from doing so."""
        parts = {part.name: {"last_success_ms": part.last_success_ms, "failure": part.failure} for part in self.parts}
        return {"pid": os.getpid(), "at_ms": time.time_ns() // 1_000_000, "parts": parts}

    def _run_part(self, part: Part) -> None:
        pause_s = FIRST_PAUSE_S
        while not self.stopping.is_set():
            try:
                self._work(part)
            except part.fatal as error:
                self.failed = error
                self.stop()
            except Exception as error:  # whatever it was, the thread must live on and say so
                has_succeeded = not part.failure
                pause_s = FIRST_PAUSE_S if has_succeeded else min(pause_s * 2, LONGEST_PAUSE_S)
                part.failure = f"{type(error).__name__}: {error}"
                log.exception("a part of the worker failed, trying again", part=part.name, pause_s=pause_s)
                self.stopping.wait(pause_s)
                close_old_connections()
        part.close()
        connection.close()

    def _work(self, part: Part) -> None:
        step = part.make()
        while not self.stopping.is_set():
            has_more = step()
            part.last_success_ms, part.failure = time.time_ns() // 1_000_000, ""
            if not has_more:
                part.idle_wait(self.stopping)

    @property
    def _metrics_path(self) -> Path:
        return self.health_path.with_name(METRICS_FILE)

    def _write_health(self) -> None:
        _replace(self.health_path, json.dumps(self.health()).encode())
        for part in self.parts:
            self.metrics.part_worked(part.name, part.last_success_ms / 1000)
        _replace(self._metrics_path, self.metrics.exposition())


def _replace(path: Path, content: bytes) -> None:
    """Whoever reads it finds all of the former content or all of the new."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(content)
    draft.replace(path)


def waiting(seconds: float) -> Callable[[threading.Event], object]:
    """Wait so long, or until the worker stops."""
    return lambda stopping: stopping.wait(seconds)


@dataclass
class Chore:
    """Something to be done again and again, each `every_s` seconds. `run` does at most `portion` of it and answers how
    many things it did: a whole portion means that there may be more, which is done after what others have due."""

    name: str
    every_s: float
    run: Callable[[], int]
    portion: int = PORTION
    is_told: bool = True  # in the log, when it did something
    due_s: float = 0.0


class Housekeeping:
    """Does what is due, the longest overdue first; a chore that fails does not keep the others from their turn."""

    def __init__(
        self, chores: Sequence[Chore], metrics: WorkerMetrics, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._chores = list(chores)
        self._metrics = metrics
        self._now_s = now_s

    def step(self) -> bool:
        """Do one chore that is due; False when none is."""
        now_s = self._now_s()
        due = [chore for chore in self._chores if chore.due_s <= now_s]
        if not due:
            return False
        chore = min(due, key=lambda one: one.due_s)
        chore.due_s = now_s + chore.every_s
        started_s = time.monotonic()
        done = chore.run()
        took_s = time.monotonic() - started_s
        self._metrics.chore_done(chore.name, done, took_s)
        if done and chore.is_told:
            log.info("housekeeping", chore=chore.name, done=done, took_ms=round(took_s * 1000))
        if done >= chore.portion:
            chore.due_s = now_s
        return True
