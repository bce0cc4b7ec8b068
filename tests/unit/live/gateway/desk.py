"""A gateway in memory: browser tabs that speak ASGI to it, and a switch behind it that really commits."""

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec

from hotline.kernel.ids import new_id
from hotline.kernel.signing import sign
from hotline.live.gateway.app import Gateway
from hotline.live.gateway.hub import Hub
from hotline.live.gateway.views import Views
from hotline.messages.live import LiveToken
from tests.unit.live.switch.house import TENANT, House

KEY = b"k" * 32
SUPERVISOR = ("floor.view", "floor.monitor", "floor.force_state")


class Tab:
    """One browser tab. `store` is what its page would hold; closing codes end up in `closed`."""

    def __init__(self, office: "Office", headers: list[tuple[bytes, bytes]]) -> None:
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.reading = asyncio.Event()  # cleared: the browser no longer takes anything from the network
        self.reading.set()
        self.store: dict[str, Any] = {}
        self.stream: str | None = None
        self.seq = -1
        self.kinds: list[str] = []
        self._inbox.put_nowait({"type": "websocket.connect"})
        scope = {"type": "websocket", "path": "/live", "headers": headers}
        self.task = asyncio.create_task(office.gateway(scope, self._inbox.get, self._take))

    async def _take(self, message: Any) -> None:
        await self.reading.wait()
        self._outbox.put_nowait(message)

    # --- browser -> gateway ---

    def say(self, kind: str, **fields: Any) -> None:
        self.raw(json.dumps({"type": kind, **fields}))

    def raw(self, text: str) -> None:
        self._inbox.put_nowait({"type": "websocket.receive", "text": text})

    def binary(self, body: bytes) -> None:
        self._inbox.put_nowait({"type": "websocket.receive", "bytes": body})

    async def leave(self) -> None:
        self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.task, 5)

    # --- gateway -> browser ---

    async def next(self) -> dict[str, Any]:
        """The next frame, taken into the store as a page does; a close comes as {"closed": code}."""
        message = await asyncio.wait_for(self._outbox.get(), 5)
        if message["type"] == "websocket.accept":
            return await self.next()
        if message["type"] == "websocket.close":
            return {"type": "closed", "code": message["code"], "reason": message.get("reason", "")}
        frame: dict[str, Any] = json.loads(message["text"])
        self.kinds.append(frame["type"])
        if frame["type"] == "Snapshot":
            self.stream, self.seq, self.store = frame["stream"], frame["seq"], frame["documents"]
        elif frame["type"] == "Changes":
            assert frame["seq"] == self.seq + 1
            self.seq = frame["seq"]
            self.store |= frame["put"]
            for key in frame["drop"]:
                del self.store[key]
        return frame

    async def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next frame of this kind with these fields."""
        while True:
            frame = await self.next()
            if frame["type"] == kind and all(frame[name] == value for name, value in fields.items()):
                return frame

    async def do(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Ask for an action; its Done or Failed."""
        request_id = new_id()
        self.say("Do", id=request_id, name=name, arguments=arguments)
        while True:
            frame = await self.next()
            if frame["type"] in ("Done", "Failed") and frame["id"] == request_id:
                return frame

    async def must(self, name: str, **arguments: Any) -> None:
        answer = await self.do(name, **arguments)
        assert answer["type"] == "Done", answer

    async def catch_up(self) -> None:
        """Read everything that is under way."""
        self.say("Ping", sent_ms=1.5)
        await self.until("Pong")
        while not self._outbox.empty():
            await self.next()

    @property
    def me(self) -> dict[str, Any]:
        document: dict[str, Any] = self.store["me"]
        return document


class Office:
    """A running switch and its gateway."""

    def __init__(self, directory: Path) -> None:
        self.house = House(directory)
        self.tabs: list[Tab] = []
        self.nodes: dict[str, bool] = {}
        self.voiceless: set[str] = set()

    async def start(self) -> None:
        """Start, or start again after a kill: the browsers' tabs are cut."""
        views = Views(self.house.switch, lambda: self.nodes, self.with_voice, "auto")
        self.hub = Hub(self.house.switch, views, KEY)
        self.gateway = Gateway(self.hub, lambda: {"is_ready": self.house.switch.is_running})
        self._running = asyncio.create_task(self.house.switch.run())
        await asyncio.sleep(0)

    def with_voice(self) -> dict[str, bool]:
        return {node_id: is_up and node_id not in self.voiceless for node_id, is_up in self.nodes.items()}

    async def stop(self) -> None:
        for tab in self.tabs:
            tab.task.cancel()
        await asyncio.gather(*(tab.task for tab in self.tabs), return_exceptions=True)
        self.tabs.clear()
        self.house.switch.stop()
        await self._running

    async def restart(self) -> None:
        await self.stop()
        self.house.start()
        await self.start()

    async def give(self, kind: type[Any], **fields: Any) -> None:
        """A command of a node or the relay, until it is committed."""
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.house.switch.submit(self.house.command(kind, **fields), answered.set_result)
        assert await asyncio.wait_for(answered, 5) is None

    # --- browsers ---

    def token(self, user: str, permissions: tuple[str, ...] = ("desk.use",), **given: Any) -> str:
        fields = {
            "user_id": f"user-{user}",
            "session_id": "login",
            "expires_at_ms": self.house.clock.now_ms() + 300_000,
            "agent_id": user,
            "tenant_ids": (TENANT,),
            "permissions": permissions,
            "name": user.title(),
            **given,
        }
        return sign(msgspec.json.encode(LiveToken(**fields)), KEY)

    def tab(self, *headers: tuple[bytes, bytes]) -> Tab:
        """A connection that has said nothing yet."""
        tab = Tab(self, [(b"host", b"hotline.example:8443"), *headers])
        self.tabs.append(tab)
        return tab

    async def open(self, user: str, permissions: tuple[str, ...] = ("desk.use",), **hello: Any) -> Tab:
        """A tab that has said hello and holds what it was sent first."""
        given = hello.pop("given", {})
        tab = self.tab()
        tab.say("Hello", token=self.token(user, permissions, **given), **hello)
        await tab.next()
        return tab

    async def reopen(self, tab: Tab, user: str, **hello: Any) -> Tab:
        """The same page connects again and asks for what it missed."""
        again = self.tab()
        again.store, again.stream, again.seq = dict(tab.store), tab.stream, tab.seq
        again.say("Hello", token=self.token(user), stream=tab.stream, after=tab.seq, **hello)
        return again

    async def supervisor(self, *tenant_ids: str, boards: tuple[str, ...] = ("floor",)) -> Tab:
        given = {"agent_id": None, "tenant_ids": tenant_ids or (TENANT,)}
        return await self.open("sue", SUPERVISOR, boards=boards, given=given)

    async def working(self, user: str) -> Tab:
        """An agent who has signed in and is available."""
        tab = await self.open(user)
        await tab.must("SignIn")
        await tab.must("SetAgentState", state="available")
        return tab
