"""A second listener at Asterisk's own interface: everything with Asterisk's stamps, past our driver."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import aiohttp
import msgspec

Json = dict[str, Any]


class Observer:
    """Every event of one Asterisk since it was opened."""

    def __init__(self) -> None:
        self.events: list[Json] = []

    def first(self, kind: str, holds: Callable[[Json], bool] = lambda event: True) -> Json:
        """The first event of the kind for which this holds."""
        found = [event for event in self.events if event["type"] == kind and holds(event)]
        assert found, f"Asterisk told of no {kind}"
        return found[0]

    def at(self, kind: str, holds: Callable[[Json], bool] = lambda event: True) -> datetime:
        """When that was, as Asterisk stamped it."""
        return datetime.fromisoformat(self.first(kind, holds)["timestamp"])

    async def read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            self.events.append(msgspec.json.decode(message.data, type=Json))


@contextlib.asynccontextmanager
async def observing(base_url: str, user: str, password: str) -> AsyncIterator[Observer]:
    """Listen under an application name of the test's own until the block ends."""
    observer = Observer()
    headers = {"Authorization": aiohttp.encode_basic_auth(user, password)}
    query = {"app": "observer", "subscribeAll": "true"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.ws_connect(f"{base_url}/ari/events", params=query, max_msg_size=0) as socket,
    ):
        reading = asyncio.create_task(observer.read(socket))
        try:
            yield observer
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
