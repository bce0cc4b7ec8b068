"""A desk without a browser: speaks the live protocol for the demonstration, tests and benchmarks."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from hotline.kernel.errors import HotlineError
from hotline.kernel.ids import new_id
from hotline.messages.live import Changes, Do, Done, Failed, Hello, Ping, Pong, RenewToken, Snapshot, ToBrowser

Documents = dict[str, dict[str, Any]]
TokenSource = Callable[[], Awaitable[str]]
PING_EACH_S = 2.0
DEAD_AFTER_S = 4.0  # two pings were not answered: given up, as by a page
RENEW_EACH_S = 120.0
RECONNECT_AFTER_S = (0.25, 0.5, 1.0)  # a first time, a second, each further one
_TICK_S, _HELD_UP_S = 0.5, 1.5

_decode = msgspec.json.Decoder(ToBrowser).decode
_encode = msgspec.json.Encoder().encode


class ActionFailedError(HotlineError):
    code = "desk_client.action_failed"
    status = 409
    sentence = "{name}: {answer}"

    def __init__(self, name: str, failure: Failed) -> None:
        self.failure = failure
        super().__init__(name=name, answer=f"{failure.code}: {failure.sentence}")


class DeskClient:
    """One window. Keeps its documents fresh over reconnections; actions wait for their answer.

    `on_change` is called after each frame, with the frame's stamp of arrival in milliseconds."""

    def __init__(
        self,
        url: str,
        token: TokenSource,
        boards: tuple[Any, ...] = (),
        on_change: Callable[["DeskClient"], None] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._url, self._token, self._boards, self._on_change, self._tls = url, token, boards, on_change, tls
        self.documents: Documents = {}
        self.stream: str | None = None
        self.seq = -1
        self.received_at_ms = 0.0
        self.server_ms = 0
        self._socket: ClientConnection | None = None
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._unanswered: dict[str, str] = {}
        self._changed = asyncio.Event()
        self._heard_s = 0.0
        self._breaks = 0  # since the gateway was last heard
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "DeskClient":
        self._task = asyncio.create_task(self._run())
        await self.until(lambda documents: "me" in documents or "system" in documents, 20)
        return self

    async def __aexit__(self, *reason: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    # --- asking ---

    async def do(self, name: str, **arguments: Any) -> str:
        """Send one action, again after a reconnection; its id once answered. Raises ActionFailedError."""
        request_id = new_id()
        frame = _encode(Do(id=request_id, name=name, arguments=arguments)).decode()
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[request_id], self._unanswered[request_id] = answer, frame
        try:
            if self._socket is not None:
                await self._send(frame)
            await asyncio.wait_for(answer, 30)
        finally:
            self._waiting.pop(request_id, None)
            self._unanswered.pop(request_id, None)
        return request_id

    async def until(self, holds: Callable[[Documents], Any], seconds: float = 15.0) -> Any:
        """The first true value of `holds` over the documents. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not (found := holds(self.documents)):
                self._changed.clear()
                await self._changed.wait()
        return found

    def of_kind(self, prefix: str) -> list[dict[str, Any]]:
        """The documents whose key begins so, for example `offer/`."""
        return [document for key, document in self.documents.items() if key.startswith(prefix)]

    # --- the connection ---

    async def _run(self) -> None:
        while True:
            try:
                async with connect(self._url, ssl=self._tls, max_size=None, proxy=None) as socket:
                    await self._serve(socket)
            except (OSError, ConnectionClosed, InvalidHandshake, TimeoutError):
                pass
            finally:
                self._socket = None
            pause_s = RECONNECT_AFTER_S[min(self._breaks, len(RECONNECT_AFTER_S) - 1)]
            self._breaks += 1
            await asyncio.sleep(pause_s)

    async def _serve(self, socket: ClientConnection) -> None:
        self._heard_s = time.monotonic()
        token = await self._token()
        hello = Hello(token=token, boards=self._boards, stream=self.stream, after=self.seq if self.stream else None)
        await socket.send(_encode(hello).decode())
        self._socket = socket
        for frame in list(self._unanswered.values()):
            await socket.send(frame)
        beat = asyncio.create_task(self._beat(socket))
        try:
            async for text in socket:
                self._take(_decode(text))
        finally:
            beat.cancel()

    async def _beat(self, socket: ClientConnection) -> None:
        renewed_s = pinged_s = now_s = time.monotonic()
        while True:
            await asyncio.sleep(_TICK_S)
            former_s, now_s = now_s, time.monotonic()
            has_listened = now_s - former_s < _HELD_UP_S  # who was held up reads first what has come meanwhile
            if now_s - self._heard_s > DEAD_AFTER_S and has_listened:
                socket.transport.abort()
                return
            if now_s - pinged_s >= PING_EACH_S:
                pinged_s = now_s
                await socket.send(_encode(Ping(sent_ms=time.time() * 1000)).decode())
            if now_s - renewed_s > RENEW_EACH_S:
                renewed_s = now_s
                await socket.send(_encode(RenewToken(token=await self._token())).decode())

    async def _send(self, frame: str) -> None:
        assert self._socket is not None
        try:
            await self._socket.send(frame)
        except ConnectionClosed:
            return  # It is sent again when the connection is back.

    def _take(self, frame: Any) -> None:
        self.received_at_ms, self._heard_s, self._breaks = time.time() * 1000, time.monotonic(), 0
        if isinstance(frame, Snapshot):
            self.stream, self.seq, self.server_ms = frame.stream, frame.seq, frame.server_ms
            self.documents = dict(frame.documents)
        elif isinstance(frame, Changes):
            self.seq, self.server_ms = frame.seq, frame.server_ms
            self.documents.update(frame.put)
            for key in frame.drop:
                self.documents.pop(key, None)
        elif isinstance(frame, Pong):
            return
        else:
            self._answer(frame)
            return
        self._changed.set()
        if self._on_change is not None:
            self._on_change(self)

    def _answer(self, frame: Done | Failed) -> None:
        future = self._waiting.get(frame.id or "")
        if future is None or future.done():
            return
        if isinstance(frame, Done):
            future.set_result(None)
        else:
            future.set_exception(ActionFailedError("action", frame))
