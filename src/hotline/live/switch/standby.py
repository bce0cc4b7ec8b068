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

LOOK_EACH_S = 0.1
log = structlog.get_logger()


class Standby:
    """A switch that does not lead yet. Blocking calls are made in the log's thread, which the leader goes on with."""

    def __init__(self, routing_log: RoutingLog, thread: LogThread) -> None:
        self._log, self._thread = routing_log, thread

    async def until_leading(self, standing_by: Callable[[], None]) -> Follower:
        """What has followed the log up to the fence record that this switch has written.

        `standing_by` is called once when another leads and this one has to wait.
        Raises StoreFailedError when the database is away, LogPrunedError when the log was cut before all snapshots."""
        follower = await self._thread.call(partial(Follower, self._log))
        is_waiting = False
        while not await self._thread.call(partial(self._look, follower)):
            if not is_waiting:
                is_waiting = True
                log.info("another switch leads, standing by", pool=self._log.pool, seq=follower.seq)
                standing_by()
            await asyncio.sleep(LOOK_EACH_S)
        return follower

    def _look(self, follower: Follower) -> bool:
        """Follow, and take the lead if it is free: what the former leader wrote last is read after the fence."""
        follower.catch_up()
        if not self._log.try_to_lead():
            return False
        follower.catch_up()
        return True
