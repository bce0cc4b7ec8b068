"""One connection of the node to a switch."""

import asyncio
from collections.abc import Callable

import msgspec

from hotline.live.frames import FramedPeer, OversizeError, whole_frames
from hotline.messages.effects import SwitchToNode

_decode = msgspec.msgpack.Decoder(SwitchToNode).decode
_CLOSED = "it closed the connection"


class StaleSwitchError(Exception):
    """The switch that answered is an older leader than one we have heard."""


class SwitchConnection(FramedPeer):
    """`hear` is given each message of the switch as it comes, with this connection."""

    def __init__(self, hear: Callable[["SwitchConnection", SwitchToNode], None]) -> None:
        super().__init__()
        self._hear = hear
        self._closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.is_greeted = False

    async def until_closed(self) -> str:
        """Why it was closed."""
        return await self._closed

    def data_received(self, data: bytes) -> None:
        self.unread += data
        try:
            for body in whole_frames(self.unread):
                if not self._closed.done():
                    self._hear(self, _decode(body))
        except (msgspec.MsgspecError, OversizeError, StaleSwitchError) as error:
            self.end(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        self.end(str(exc or _CLOSED))

    def end(self, cause: str) -> None:
        """Nothing more is heard. At once: a switch that is frozen would never take what is still to be sent."""
        if not self._closed.done():
            self._closed.set_result(cause)
        self.cut()
