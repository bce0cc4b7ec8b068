"""One open event stream of Asterisk: its events in order, and the echo that proves that it is not open only in name."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec

ECHO_TYPE, ECHO_NAME = "ChannelUserevent", "hotline-echo"
"""How an echo looks in the stream: its type, and the name that it was made under."""

_TWIN_AMONG = 8  # an event and its twin come one after the other, as far as other threads of Asterisk let them

Json = dict[str, Any]  # what Asterisk sends; every field is checked where it is read


class EventStream:
    """The events of one WebSocket, read as they come, also while nobody takes them.

    What happens to a channel is told twice, for the channel and for its endpoint, in the same words: told once here."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._came: asyncio.Queue[Json | None] = asyncio.Queue()
        self._latest: deque[str] = deque(maxlen=_TWIN_AMONG)
        self._echo = asyncio.Event()
        self._cause: str | None = None
        self._reader = asyncio.create_task(self._read())

    @property
    def is_open(self) -> bool:
        return not self._socket.closed

    @property
    def why_closed(self) -> str:
        error = self._socket.exception()
        if self._cause is not None:
            return self._cause
        if isinstance(error, TimeoutError):
            return "it has not answered pings"
        return str(error) if error else "Asterisk closed the event stream"

    async def events(self) -> AsyncIterator[Json]:
        """Every event but echoes, until the stream is closed."""
        try:
            while (event := await self._came.get()) is not None:
                yield event
        finally:
            self._reader.cancel()

    def expect_echo(self) -> asyncio.Event:
        """Is set when the next echo comes."""
        self._echo.clear()
        return self._echo

    async def close(self, cause: str) -> None:
        self._cause = cause
        await self._socket.close()

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if message.type is aiohttp.WSMsgType.TEXT and not self._is_twin(message.data):
                    with contextlib.suppress(msgspec.DecodeError):  # one broken event must not cost the stream
                        self._take(msgspec.json.decode(message.data, type=Json))
        finally:
            self._came.put_nowait(None)

    def _is_twin(self, text: str) -> bool:
        """Whether the same has just come; each echo answers a question of its own."""
        if text in self._latest:
            return ECHO_NAME not in text
        self._latest.append(text)
        return False

    def _take(self, event: Json) -> None:
        if event.get("type") == ECHO_TYPE and event.get("eventname") == ECHO_NAME:
            self._echo.set()
        else:
            self._came.put_nowait(event)
