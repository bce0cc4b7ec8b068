"""The one thread in which the routing log's blocking calls are made, one after the other.

Cheaper than an executor with its futures: each call to a person passes through here more than twice. Cheaper still is
not to change threads: what this machine's disk takes in the wink of an eye may be done where it was asked for."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from hotline.live.disk_pace import DiskPace

Result = TypeVar("Result")


class LogThread:
    """Takes work until `close`. It is a daemon: a process that fails ends although a commit hangs.

    Give it work from one thread."""

    def __init__(self, pace: DiskPace | None = None) -> None:
        self._work: SimpleQueue[tuple[Callable[[], None], Callable[[], None] | None] | None] = SimpleQueue()
        self._given = self._done = 0  # each is counted by one thread alone
        self._pace = pace or DiskPace()  # of work that may be done at once
        self._thread = threading.Thread(target=self._run, name="routing-log", daemon=True)
        self._thread.start()

    def start(self, work: Callable[[], None], then: Callable[[], None] | None = None) -> None:
        """Do this when what came before is done, and `then` this; nobody hears how it went, so neither may raise."""
        self._given += 1
        self._work.put((work, then))

    async def call(self, work: Callable[[], Result]) -> Result:
        """What `work` returns or raises."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Result] = loop.create_future()
        outcome: Callable[[], None]

        def carry_out() -> None:
            nonlocal outcome
            try:
                outcome = partial(_return, answer, work())
            except Exception as error:
                outcome = partial(_raise, answer, error)

        def tell() -> None:
            with suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
                loop.call_soon_threadsafe(outcome)

        self.start(carry_out, tell)
        return await answer

    async def call_local(self, work: Callable[[], Result]) -> Result:
        """The same for work that only this machine's disk can hold up: done here and now, unless there is work before
        it or such work has not been quick of late."""
        if self._given == self._done and self._pace.is_quick:
            return self._timed(work)
        return await self.call(partial(self._timed, work))

    def _timed(self, work: Callable[[], Result]) -> Result:
        began_s = self._pace.now_s()
        try:
            return work()
        finally:
            self._pace.note(began_s)

    def close(self) -> None:
        """Finish what was taken and end."""
        self._work.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (given := self._work.get()) is not None:
            work, then = given
            work()
            self._done += 1  # before anybody is told: who is has nothing before them any more
            if then is not None:
                then()


def _return(answer: asyncio.Future[Result], result: Result) -> None:
    if not answer.done():  # who asked may have been cancelled meanwhile
        answer.set_result(result)


def _raise(answer: asyncio.Future[Result], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
