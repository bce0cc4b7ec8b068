"""The durable job of a what-if: has the player replay it, and keeps the run told."""

import sys
import threading
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from hotline.domains.routing import what_if_work as work
from hotline.domains.routing.what_ifs import JOB
from hotline.foundation import jobs
from hotline.kernel.clock import to_ms
from hotline.kernel.failure import Failure
from hotline.kernel.settings import Settings
from hotline.live.players import Wish, play
from hotline.live.what_if.playing import Question
from hotline.simulation.moving import Move

_NEXT_TRY_S = 5.0
_PLAYER = (sys.executable, "-m", "hotline.live.what_if")


@dataclass
class WhatIfJob:
    """One at a time in a worker, whoever asks: a replay takes a processor, and other jobs need theirs."""

    settings: Settings
    stopping: threading.Event = field(default_factory=threading.Event)
    _is_playing: threading.Lock = field(default_factory=threading.Lock)

    def provide(self) -> None:
        """Make this the code of the job."""
        jobs.provide(JOB, self.run)

    def run(self, payload: dict[str, Any]) -> None:
        """Play the run that the payload names, or put it back when another is played or the worker stops."""
        tenant_id, run_id = UUID(payload["tenant_id"]), UUID(payload["run_id"])
        if not self._is_playing.acquire(blocking=False):
            work.give_back(tenant_id, run_id, after_s=_NEXT_TRY_S)
            return
        try:
            play(_Replay(self.settings, tenant_id, run_id), _PLAYER, self.stopping)
        finally:
            self._is_playing.release()


@dataclass(frozen=True)
class _Replay:
    settings: Settings
    tenant_id: UUID
    run_id: UUID

    def question(self) -> bytes | None:
        taken = work.take(self.tenant_id, self.run_id)
        return None if taken is None else msgspec.json.encode(self._question(taken))

    def wish(self) -> Wish:
        return "on" if work.is_wanted(self.tenant_id, self.run_id) else "off"

    def tell(self, news: dict[str, Any]) -> None:
        work.tell(self.tenant_id, self.run_id, news["steps"])

    def finish(self, result: Any) -> None:
        work.finish(self.tenant_id, self.run_id, result)

    def fail(self, failure: Failure) -> None:
        work.fail(self.tenant_id, self.run_id, failure)

    def give_back(self) -> None:
        work.give_back(self.tenant_id, self.run_id)

    def _question(self, taken: work.Work) -> Question:
        return Question(
            data_dir=str(self.settings.data_dir.absolute()),
            database_url=self.settings.database_url,
            pool=self.settings.pool,
            tenant_id=str(self.tenant_id),
            begin_ms=to_ms(taken.begins_at),
            end_ms=to_ms(taken.ends_at),
            time_zone=taken.time_zone,
            replays=taken.replays,
            changed=taken.changed,
            moves=tuple(Move(*move) for move in taken.moves),
        )
