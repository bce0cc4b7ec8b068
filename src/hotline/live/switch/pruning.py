"""Old batches leave the routing log, a few at a time, in the log's own thread."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from hotline.kernel.clock import Clock
from hotline.kernel.errors import HotlineError
from hotline.live.switch.log import PRUNED_AT_ONCE, RoutingLog
from hotline.live.switch.metrics import SwitchMetrics
from hotline.messages.effects import LogProjected

LOOK_EACH_S = 60.0
PAUSE_S = 1.0  # between two rounds while there is more: commits go first
log = structlog.get_logger()

InLogThread = Callable[[Callable[[], int]], Awaitable[int]]


class Pruning:
    """Removes what is old enough and was projected; nothing before the worker has told how far it is."""

    def __init__(self, routing_log: RoutingLog, clock: Clock, metrics: SwitchMetrics) -> None:
        self._log, self._clock, self._metrics = routing_log, clock, metrics
        self._projected_seq = 0

    def note(self, message: LogProjected) -> None:
        """The projector has come so far."""
        if message.pool == self._log.pool:
            self._projected_seq = message.seq

    async def run(self, in_log_thread: InLogThread) -> None:
        """Look each minute, until cancelled. A round that fails is told, and tried again a minute later."""
        while True:
            try:
                removed = await self.round(in_log_thread)
            except HotlineError as error:
                log.warning("the routing log was not pruned", cause=str(error))
                removed = 0
            await asyncio.sleep(PAUSE_S if removed == PRUNED_AT_ONCE else LOOK_EACH_S)

    async def round(self, in_log_thread: InLogThread) -> int:
        """Remove one portion; answers how many batches that were."""
        if not self._projected_seq:
            return 0
        removed = await in_log_thread(lambda: self._log.prune(self._projected_seq, self._clock.now_ms()))
        if removed:
            self._metrics.pruned.inc(removed)
            log.info("old batches removed from the routing log", pool=self._log.pool, removed=removed)
        return removed
