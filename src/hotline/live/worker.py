"""What the worker process does, in threads that do not wait for each other: relay, projector, housekeeping.

A thread that fails says why and tries again after a pause; what cannot mend itself ends the process with one clear
line. Every second the state is written to a file that the supervisor and people can read."""

import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from django.db import close_old_connections, connection

from hotline.kernel.errors import HotlineError

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
        self.health_path.unlink(missing_ok=True)
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

    def _write_health(self) -> None:
        draft = self.health_path.with_suffix(".draft")
        draft.write_text(json.dumps(self.health()), "utf-8")
        draft.replace(self.health_path)


def waiting(seconds: float) -> Callable[[threading.Event], object]:
    """Wait so long, or until the worker stops."""
    return lambda stopping: stopping.wait(seconds)


@dataclass
class Chore:
    """Something to be done again and again, each `every_s` seconds. `run` answers whether more of it is left."""

    name: str
    every_s: float
    run: Callable[[], bool]
    due_s: float = 0.0


class Housekeeping:
    """Does what is due, the longest overdue first; a chore that fails does not keep the others from their turn."""

    def __init__(self, chores: Sequence[Chore], now_s: Callable[[], float] = time.monotonic) -> None:
        self._chores = list(chores)
        self._now_s = now_s

    def step(self) -> bool:
        """Do one chore that is due; False when none is."""
        now_s = self._now_s()
        due = [chore for chore in self._chores if chore.due_s <= now_s]
        if not due:
            return False
        chore = min(due, key=lambda one: one.due_s)
        chore.due_s = now_s + chore.every_s
        if chore.run():
            chore.due_s = now_s
        return True
