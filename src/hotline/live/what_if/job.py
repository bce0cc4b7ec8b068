"""The durable job of a what-if: starts the player, keeps the run told, and stops the player when nobody wants it.

A worker that is killed takes its player with it; the job is run again after the restart, from its beginning."""

import os
import selectors
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
import structlog

from hotline.domains.routing import what_if_work as work
from hotline.domains.routing.what_ifs import JOB
from hotline.foundation import jobs
from hotline.kernel.clock import to_ms
from hotline.kernel.errors import HotlineError
from hotline.kernel.settings import Settings
from hotline.live.what_if.errors import PlayerBrokenError
from hotline.live.what_if.playing import Question

LOOK_EACH_S = 0.5  # whether it was cancelled, or the worker stops
_NEXT_TRY_S = 5.0
_PLAYER = (sys.executable, "-m", "hotline.live.what_if")

log = structlog.get_logger()


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
            self._play(tenant_id, run_id)
        finally:
            self._is_playing.release()

    def _play(self, tenant_id: UUID, run_id: UUID) -> None:
        try:
            taken = work.take(tenant_id, run_id)
            if taken is not None:
                self._follow(tenant_id, run_id, taken)
        except HotlineError as error:
            work.fail(tenant_id, run_id, work.failure_of(error))
        except Exception as error:  # it is told on the page, else the run would seem to go on for ever
            log.exception("a what-if broke", run_id=str(run_id))
            work.fail(tenant_id, run_id, work.failure_of(PlayerBrokenError(cause=type(error).__name__)))

    def _follow(self, tenant_id: UUID, run_id: UUID, taken: work.Work) -> None:
        with subprocess.Popen(_PLAYER, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as player:
            try:
                _ask(player, self._question(tenant_id, taken))
                has_ended = any(self._heard(tenant_id, run_id, line) for line in _lines(player))
            finally:
                player.kill()
        if not has_ended:
            raise PlayerBrokenError(cause=f"exit code {player.returncode}")

    def _heard(self, tenant_id: UUID, run_id: UUID, line: dict[str, Any]) -> bool:
        """Do what a line, or a silence, asks for; whether nothing more is to be heard."""
        if "result" in line:
            work.finish(tenant_id, run_id, line["result"])
            return True
        if "failed" in line:
            work.fail(tenant_id, run_id, work.Failure(**line["failed"]))
            return True
        if self.stopping.is_set():
            work.give_back(tenant_id, run_id)
            return True
        if "steps" in line:
            work.tell(tenant_id, run_id, line["steps"])
        return not work.is_wanted(tenant_id, run_id)

    def _question(self, tenant_id: UUID, taken: work.Work) -> Question:
        return Question(
            data_dir=str(self.settings.data_dir.absolute()),
            database_url=self.settings.database_url,
            pool=self.settings.pool,
            tenant_id=str(tenant_id),
            begin_ms=to_ms(taken.begins_at),
            end_ms=to_ms(taken.ends_at),
            time_zone=taken.time_zone,
            replays=taken.replays,
            changed=taken.changed,
        )


def _ask(player: "subprocess.Popen[bytes]", question: Question) -> None:
    assert player.stdin is not None
    player.stdin.write(msgspec.json.encode(question) + b"\n")
    player.stdin.flush()


def _lines(player: "subprocess.Popen[bytes]") -> Iterator[dict[str, Any]]:
    """What the player says, and nothing ({}) each time that it has been silent for a while; ends with its output."""
    assert player.stdout is not None
    descriptor = player.stdout.fileno()
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while True:
            if not selector.select(LOOK_EACH_S):
                yield {}
                continue
            read = os.read(descriptor, 65_536)
            if not read:
                return
            *whole, rest = (rest + read).split(b"\n")
            yield from (msgspec.json.decode(line) for line in whole)
