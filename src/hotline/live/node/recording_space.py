"""Whether there is room to record. Some is kept for everything else: a full disk would stop the databases too."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import structlog

from hotline.live.node.condition import Condition

log = structlog.get_logger()

_LOOK_EACH_S = 5.0
_MEGABYTE = 1_000_000
_CALM = 1.1  # room is there again when so much more than the reserve is free: no flutter at the edge


def least_free_bytes(directories: Sequence[Path]) -> int:
    """Free bytes of the fullest file system among those of the directories, which may not exist yet."""
    existing = [next(path for path in (one, *one.parents) if path.exists()) for one in directories]
    return min(shutil.disk_usage(path).free for path in existing)


class RecordingSpace:
    """`run` looks every few seconds. When the reserve is touched, recordings in progress are cut short (`on_full`) and
    none begin until there is room again; calls go on."""

    def __init__(self, free_bytes: Callable[[], int], reserve_bytes: int, condition: Condition) -> None:
        self._free_bytes = free_bytes
        self._reserve_bytes = reserve_bytes
        self._condition = condition
        self.has_room = True
        self.on_full: list[Callable[[], Awaitable[None]]] = []

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(_LOOK_EACH_S)

    async def look(self) -> None:
        """Measure once, and do what follows."""
        free_bytes = await asyncio.to_thread(self._free_bytes)
        if self.has_room and free_bytes < self._reserve_bytes:
            await self._fill(free_bytes)
        elif not self.has_room and free_bytes >= self._reserve_bytes * _CALM:
            log.info("there is room to record again", free_mb=free_bytes // _MEGABYTE)
            self.has_room = True
            self._condition.set_recording("")

    async def _fill(self, free_bytes: int) -> None:
        self.has_room = False
        free_mb, reserve_mb = free_bytes // _MEGABYTE, self._reserve_bytes // _MEGABYTE
        log.error("no room to record: calls go on without", free_mb=free_mb, reserve_mb=reserve_mb)
        self._condition.set_recording(
            f"There is no room for recordings ({free_mb} MB free, {reserve_mb} MB are kept for everything else): "
            "calls go on and are not recorded. Free some space; recording begins again by itself."
        )
        for act in self.on_full:
            await act()
