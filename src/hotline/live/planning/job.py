"""The durable job of planning: has a player do what was asked, and keeps the run told."""

import sys
import threading
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import msgspec

from hotline.domains.workforce import planning_run_work as work
from hotline.domains.workforce.planning_runs import JOB
from hotline.foundation import jobs
from hotline.kernel.failure import Failure
from hotline.live.players import Wish, play

_NEXT_TRY_S = 5.0
_PLAYER = (sys.executable, "-m", "hotline.live.planning")
_LONG: Final = frozenset({"roster"})  # takes minutes, for which the shorter kinds do not wait


@dataclass
class PlanningJob:
    """In a worker one roster and one other run at a time, whoever asks: other jobs need their share."""

    stopping: threading.Event = field(default_factory=threading.Event)
    _long: threading.Lock = field(default_factory=threading.Lock)
    _short: threading.Lock = field(default_factory=threading.Lock)

    def provide(self) -> None:
        """Make this the code of the job."""
        jobs.provide(JOB, self.run)

    def run(self, payload: dict[str, Any]) -> None:
        """Play the run that the payload names, or put it back when another is played or the worker stops."""
        tenant_id, run_id = UUID(payload["tenant_id"]), UUID(payload["run_id"])
        place = self._long if work.kind_of(tenant_id, run_id) in _LONG else self._short
        if not place.acquire(blocking=False):
            work.give_back(tenant_id, run_id, after_s=_NEXT_TRY_S)
            return
        try:
            play(_Played(tenant_id, run_id), _PLAYER, self.stopping)
        finally:
            place.release()


@dataclass(frozen=True)
class _Played:
    tenant_id: UUID
    run_id: UUID

    def question(self) -> bytes | None:
        taken = work.take(self.tenant_id, self.run_id)
        return None if taken is None else msgspec.json.encode(taken)

    def wish(self) -> Wish:
        return work.wish(self.tenant_id, self.run_id)

    def tell(self, news: dict[str, Any]) -> None:
        work.tell(self.tenant_id, self.run_id, news)

    def finish(self, result: Any) -> None:
        work.finish(self.tenant_id, self.run_id, result)

    def fail(self, failure: Failure) -> None:
        work.fail(self.tenant_id, self.run_id, failure)

    def give_back(self) -> None:
        work.give_back(self.tenant_id, self.run_id)
