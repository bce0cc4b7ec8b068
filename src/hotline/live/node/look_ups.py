"""Look-ups of calls: asked of web beside the call, which goes on with its default when nothing comes in time."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from hotline.kernel.errors import HotlineError
from hotline.live.node.call.messages import LookUpDone
from hotline.live.node.call.record import CallRecord
from hotline.live.node.web_link import WebLink

log = structlog.get_logger()


class WebLookUps:
    """Asks web; `deliver` brings the answer to the call of that contact."""

    def __init__(self, web: WebLink, deliver: Callable[[str, LookUpDone], None]) -> None:
        self._web = web
        self._deliver = deliver
        self._running: set[asyncio.Task[None]] = set()

    def start(self, record: CallRecord, purpose: str, name: str, arguments: dict[str, str], limit_ms: int) -> None:
        """Ask without waiting: LookUpDone follows within the limit."""
        task = asyncio.get_running_loop().create_task(self._ask(record, purpose, name, arguments, limit_ms))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _ask(self, record: CallRecord, purpose: str, name: str, arguments: dict[str, str], limit_ms: int) -> None:
        values: dict[str, Any] | None = None
        try:
            values = await self._web.look_up(name, record.tenant_id, record.caller, record.called, arguments, limit_ms)
        except (HotlineError, ValueError) as error:
            log.info("a look-up gave nothing", contact=record.contact_id, name=name, cause=str(error))
        self._deliver(record.contact_id, LookUpDone(purpose, values))
