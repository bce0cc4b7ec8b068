"""The way to the lead: follow the leader's log until its lease runs out, then fence it off and know everything it knew.

On one machine (SQLite) the lease is always free and the way takes no time. On PostgreSQL a second switch stands by: it
applies each batch some 0.1 s after its commit, so that at a takeover only the newest are left to read."""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from hotline.live.switch.log import RoutingLog
from hotline.live.switch.log_thread import LogThread
from hotline.live.switch.state import Follower
from hotline.live.switch.stores import StoreFailedError

LOOK_EACH_S = 0.1
log = structlog.get_logger()


class Standby:
    """A switch that does not lead yet. Blocking calls are made in the log's thread, which the leader goes on with."""

    def __init__(self, routing_log: RoutingLog, thread: LogThread) -> None:
        self._log, self._thread = routing_log, thread

    async def until_leading(self, standing_by: Callable[[], None]) -> Follower:
        """What has followed the log up to the fence record that this switch has written.

        `standing_by` is called once when another leads and this one has to wait.
        Raises StoreFailedError when the database is away from the start, LogPrunedError when the log was cut before all
        snapshots."""
        follower = await self._thread.call(partial(Follower, self._log))
        if await self._thread.call(partial(self._look, follower)):
            return follower
        log.info("another switch leads, standing by", pool=self._log.pool, seq=follower.seq)
        standing_by()
        while True:
            await asyncio.sleep(LOOK_EACH_S)
            try:
                if await self._thread.call(partial(self._look, follower)):
                    return follower
            except StoreFailedError as error:
                log.warning("following again as soon as the database answers", cause=str(error))
                follower = await self._begin_anew()

    async def _begin_anew(self) -> Follower:
        """A follower of the log that the database has when it answers again. This process lives on meanwhile: it can
        lead before the former leader has been started again.

        What was followed is forgotten: the database may be another one by now, which lacks the newest batches."""
        while True:
            try:
                await self._thread.call(self._log.reopen)
                return await self._thread.call(partial(Follower, self._log))
            except StoreFailedError:
                await asyncio.sleep(LOOK_EACH_S)

    def _look(self, follower: Follower) -> bool:
        """Follow, and take the lead if it is free: what the former leader wrote last is read after the fence."""
        follower.catch_up()
        if not self._log.try_to_lead():
            return False
        follower.catch_up()
        return True
