"""A gateway in memory: browser tabs that speak WebSocket to it, and a switch behind it that really commits."""

import asyncio
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
from websockets.client import ClientProtocol
from websockets.frames import Close, Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.uri import parse_uri

from hotline.kernel.ids import new_id
from hotline.kernel.signing import sign
from hotline.live.gateway.app import Gateway
from hotline.live.gateway.hub import Hub
from hotline.live.gateway.live_socket import LiveSocket
from hotline.live.gateway.views import Views
from hotline.messages.live import Grant, LiveToken
from tests.unit.live.switch.house import TENANT, House

KEY = b"k" * 32
SUPERVISOR = ("floor.view", "floor.monitor", "floor.force_state", "floor.handle_alarms", "floor.steer")


class Wire(asyncio.Transport):
    """The network between the switch's port and one client."""

    def __init__(self, office: "Office", arrived: Callable[[bytes], None]) -> None:
        super().__init__()
        self._arrived, self._is_closing = arrived, False
        self.port = LiveSocket(office.gateway)
        self.port.connection_made(self)

    def write(self, data: Any) -> None:
        self._arrived(bytes(data))

    def write_eof(self) -> None:
        """The client sees it in what was written."""

    def is_closing(self) -> bool:
        return self._is_closing

    def abort(self) -> None:
        if not self._is_closing:
            self._is_closing = True
            self.port.connection_lost(None)


class Tab:
    """One browser tab. `store` is what its page would hold; `response` is what the hand-shake was answered."""

    def __init__(self, office: "Office", headers: dict[str, str]) -> None:
        self._outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.store: dict[str, Any] = {}
        self.stream: str | None = None
        self.seq = -1
        self.kinds: list[str] = []
        self.response: Response | None = None
        self._client = ClientProtocol(parse_uri("ws://hotline.example:8443/live"), max_size=None)
        self._wire = Wire(office, self._take)
        request = self._client.connect()
        for name, value in headers.items():
            request.headers[name] = value
        self._client.send_request(request)
        self._send()

    def _take(self, data: bytes) -> None:
        self._client.receive_data(data)
        for event in self._client.events_received():
            if isinstance(event, Response):
                self.response = event
            elif event.opcode is Opcode.TEXT:
                self._outbox.put_nowait(json.loads(bytes(event.data)))
            elif event.opcode is Opcode.CLOSE:
                close = Close.parse(event.data)
                self._outbox.put_nowait({"type": "closed", "code": int(close.code), "reason": close.reason})
        asyncio.get_running_loop().call_soon(self._send)

    def _send(self) -> None:
        for piece in self._client.data_to_send():
            if piece and not self._wire.is_closing():
                self._wire.port.data_received(piece)

    # --- browser -> gateway ---

    def say(self, kind: str, **fields: Any) -> None:
        self.raw(json.dumps({"type": kind, **fields}))

    def raw(self, text: str) -> None:
        self.fragment(text.encode())

    def fragment(self, body: bytes, *, is_last: bool = True, is_first: bool = True) -> None:
        """Some of a text message."""
        if self._client.state is not State.OPEN:
            return  # as a browser does
        if is_first:
            self._client.send_text(body, fin=is_last)
        else:
            self._client.send_continuation(body, fin=is_last)
        self._send()

    def cut(self, *texts: str, at: tuple[int, ...] = ()) -> None:
        """Several messages as one run of bytes, which the network cuts at these places."""
        for text in texts:
            self._client.send_text(text.encode())
        run = b"".join(self._client.data_to_send())
        for start, end in pairwise((0, *at, len(run))):
            self._wire.port.data_received(run[start:end])

    def interrupt(self, text: str) -> None:
        """A whole message, whether or not another one is in the middle of its pieces."""
        self._wire.port.data_received(Frame(Opcode.TEXT, text.encode()).serialize(mask=True))

    def binary(self, body: bytes) -> None:
        self._client.send_binary(body)
        self._send()

    def stop_reading(self) -> None:
        """The browser no longer takes anything from the network."""
        self._wire.port.pause_writing()

    def read_again(self) -> None:
        self._wire.port.resume_writing()

    def leave(self) -> None:
        """Close the tab."""
        self._wire.abort()

    # --- gateway -> browser ---

    async def next(self) -> dict[str, Any]:
        """The next frame, taken into the store as a page does; a close comes as one of type "closed"."""
        frame = await asyncio.wait_for(self._outbox.get(), 5)
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
            tab.leave()
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
            "grants": (Grant(tenant_ids=(TENANT,), permissions=permissions),),
            "name": user.title(),
            **given,
        }
        return sign(msgspec.json.encode(LiveToken(**fields)), KEY)

    def tab(self, **headers: str) -> Tab:
        """A connection that has said nothing yet."""
        tab = Tab(self, headers)
        self.tabs.append(tab)
        return tab

    async def open(self, user: str, permissions: tuple[str, ...] = ("desk.use",), **hello: Any) -> Tab:
        """A tab that has said hello and holds what it was sent first."""
        given = hello.pop("given", {})
        tab = self.tab()
        tab.say("Hello", token=self.token(user, permissions, **given), **hello)
        await tab.next()
        return tab

    def ask(self, method: str, path: str) -> tuple[int, bytes]:
        """A plain HTTP question; the answer's status and body."""
        answer = bytearray()
        wire = Wire(self, answer.extend)
        wire.port.data_received(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        wire.abort()
        head, _, body = bytes(answer).partition(b"\r\n\r\n")
        return int(head.split()[1]), body

    async def reopen(self, tab: Tab, user: str, **hello: Any) -> Tab:
        """The same page connects again and asks for what it missed."""
        again = self.tab()
        again.store, again.stream, again.seq = dict(tab.store), tab.stream, tab.seq
        again.say("Hello", token=self.token(user), stream=tab.stream, after=tab.seq, **hello)
        return again

    async def supervisor(self, *tenant_ids: str, boards: tuple[str, ...] = ("floor",)) -> Tab:
        grant = Grant(tenant_ids=tenant_ids or (TENANT,), permissions=SUPERVISOR)
        given = {"agent_id": None, "grants": (grant,)}
        return await self.open("sue", SUPERVISOR, boards=boards, given=given)

    async def working(self, user: str) -> Tab:
        """An agent who has signed in and is available."""
        tab = await self.open(user)
        await tab.must("SignIn")
        await tab.must("SetAgentState", state="available")
        return tab
