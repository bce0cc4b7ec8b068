"""One WebSocket of one window: hello, frames in, frames out, and the reasons to end it.

Reading and writing are separate tasks. The writer takes from the window's stream whatever it has not sent yet, so a
slow browser delays only itself; when it has fallen too far behind it gets a snapshot."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

import msgspec

from hotline.kernel.clock import Clock
from hotline.kernel.errors import HotlineError
from hotline.live.gateway.errors import (
    BadFirstFrameError,
    BadFrameError,
    ClosedError,
    FloodError,
    HelloMissingError,
    TokenExpiredError,
    TooFastError,
    TooManyBadFramesError,
)
from hotline.live.gateway.streams import Stream
from hotline.live.gateway.viewer import Viewer
from hotline.live.switch.metrics import SwitchMetrics
from hotline.messages.base import Message
from hotline.messages.live import Do, Done, Failed, FromBrowser, Hello, Ping, RenewToken, Watch

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

FRAME_LIMIT_BYTES = 64 * 1024
HELLO_WITHIN_S = 5.0
FRAMES_PER_S = 50  # and as many at once
_FLOOD_FRAMES = 200  # refused beyond those that were welcome: nobody types like that
_BAD_FRAMES = 20
_UNSENT_REPLIES = 500
_CLOSING_S = 2.0

_decode = msgspec.json.Decoder(FromBrowser).decode
_encode = msgspec.json.Encoder().encode


class Desk(Protocol):
    """What a connection needs of the house behind it (`hub.Hub`)."""

    clock: Clock
    metrics: SwitchMetrics

    def open(self, hello: Hello, connection: "Connection") -> Stream: ...
    def renew(self, renewal: RenewToken, connection: "Connection") -> None: ...
    def watch(self, watch: Watch, connection: "Connection") -> None: ...
    def act(self, action: Do, connection: "Connection") -> None: ...
    def left(self, connection: "Connection") -> None: ...


class Budget:
    """A token bucket: `FRAMES_PER_S` in the long run, as many in one burst."""

    def __init__(self, now_s: float) -> None:
        self._left = float(FRAMES_PER_S)
        self._at_s = now_s
        self.refused = 0  # more than were welcome since

    def take(self, now_s: float) -> bool:
        """Whether one more frame is welcome."""
        self._left = min(FRAMES_PER_S, self._left + (now_s - self._at_s) * FRAMES_PER_S)
        self._at_s = now_s
        if self._left < 1:
            self.refused += 1
            return False
        self._left -= 1
        self.refused = max(0, self.refused - 1)
        return True


class Connection:
    """A window that is, or is about to be, connected. `stream` and `viewer` are there once hello was accepted."""

    def __init__(self, receive: Receive, send: Send, desk: Desk) -> None:
        self._receive, self._send, self._desk = receive, send, desk
        self._loop = asyncio.get_running_loop()
        self._replies: deque[str] = deque()
        self._budget = Budget(self._loop.time())
        self._bad_frames = 0
        self._closing: ClosedError | None = None
        self._sent_seq = -1  # nothing: a snapshot is due
        self._wake = asyncio.Event()
        self.heard_ms = desk.clock.now_ms()
        self.viewer: Viewer
        self.stream: Stream

    async def serve(self) -> None:
        """Carry the connection from the accepted hand-shake to its end."""
        try:
            hello = await self._first_frame()
            self.stream = self._desk.open(hello, self)
        except ClosedError as error:
            await self._send_close(error)
            return
        except _GoneError:
            return
        self._resume_after(hello)
        self._desk.metrics.browsers.inc()
        try:
            await self._carry()
        finally:
            self._desk.metrics.browsers.dec()
            self._desk.left(self)

    async def _first_frame(self) -> Hello:
        try:
            frame = await asyncio.wait_for(self._next_frame(), HELLO_WITHIN_S)
        except TimeoutError as error:
            raise HelloMissingError from error
        except BadFrameError as error:
            raise BadFirstFrameError from error
        if not isinstance(frame, Hello):
            raise BadFirstFrameError
        return frame

    def _resume_after(self, hello: Hello) -> None:
        if hello.stream == self.stream.name and hello.after is not None:
            self._sent_seq = hello.after
        self._wake = self.stream.wake
        self._wake.set()

    async def _carry(self) -> None:
        reader = asyncio.create_task(self._read())
        writer = asyncio.create_task(self._write())
        try:
            await asyncio.wait((reader, writer), return_when=asyncio.FIRST_COMPLETED)
            if self._closing is not None:
                # A window that no longer reads must not keep us waiting for its farewell.
                await asyncio.wait((writer,), timeout=_CLOSING_S)
        finally:
            for task in (reader, writer):
                task.cancel()
            for outcome in await asyncio.gather(reader, writer, return_exceptions=True):
                if isinstance(outcome, Exception) and not isinstance(outcome, OSError | _GoneError):
                    raise outcome

    # --- in ---

    async def _next_frame(self) -> Any:
        """One decoded frame. Raises BadFrameError, and _GoneError when the window has left."""
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise _GoneError
        text = message.get("text")
        if text is None:
            raise BadFrameError(cause="frames are text")
        if len(text) > FRAME_LIMIT_BYTES:
            raise BadFrameError(cause=f"more than {FRAME_LIMIT_BYTES} bytes")
        try:
            return _decode(text)
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadFrameError(cause=str(error)[:200]) from error

    async def _read(self) -> None:
        while self._closing is None:
            try:
                frame = await self._next_frame()
            except BadFrameError as error:
                self._note_bad_frame(error)
                continue
            self.heard_ms = self._desk.clock.now_ms()
            if self._budget.take(self._loop.time()):
                if isinstance(frame, Ping):
                    # By far the most frequent frame: answered here, without waking the writer.
                    await self._send_text(f'{{"type":"Pong","sent_ms":{frame.sent_ms!r},"server_ms":{self.heard_ms}}}')
                else:
                    self._take(frame)
            elif self._budget.refused > _FLOOD_FRAMES:
                self.close(FloodError())
            else:
                self.fail(frame.id if isinstance(frame, Do) else None, TooFastError())

    def _note_bad_frame(self, error: BadFrameError) -> None:
        self._bad_frames += 1
        if self._bad_frames > _BAD_FRAMES:
            self.close(TooManyBadFramesError())
        else:
            self.fail(None, error)

    def _take(self, frame: Any) -> None:
        request_id = frame.id if isinstance(frame, Do) else None
        try:
            self._dispatch(frame)
        except ClosedError as error:
            self.close(error)
        except HotlineError as error:
            self.fail(request_id, error)

    def _dispatch(self, frame: Any) -> None:
        if isinstance(frame, RenewToken):
            self._desk.renew(frame, self)
        elif self.viewer.expires_at_ms <= self.heard_ms:
            raise TokenExpiredError
        elif isinstance(frame, Do):
            self._desk.act(frame, self)
        elif isinstance(frame, Watch):
            self._desk.watch(frame, self)
        else:
            raise BadFrameError(cause="Hello was said already")

    # --- out ---

    def reply(self, message: Message) -> None:
        """Send outside the numbered stream."""
        self._replies.append(_encode(message).decode())
        if len(self._replies) > _UNSENT_REPLIES:
            self.close(FloodError())
        self._wake.set()

    def done(self, request_id: str) -> None:
        self.reply(Done(id=request_id))

    def fail(self, request_id: str | None, error: HotlineError) -> None:
        self._replies.append(_failure(request_id, error))
        self._wake.set()

    def close(self, error: ClosedError) -> None:
        """End the connection, with a reason that the window understands."""
        if self._closing is None:
            self._closing = error
        self._wake.set()

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self._closing is not None:
                await self._send_close(self._closing)
                return
            for frame in self._unsent_frames():
                await self._send_text(frame)
            while self._replies:
                await self._send_text(self._replies.popleft())

    def _unsent_frames(self) -> list[str]:
        stream, frames = self.stream, self.stream.frames_after(self._sent_seq)
        self._sent_seq = stream.seq
        if frames is None:
            self._desk.metrics.resyncs.inc()
            return [stream.snapshot(self._desk.clock.now_ms())]
        return frames

    async def _send_text(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})
        self._desk.metrics.frames_sent += 1

    async def _send_close(self, error: ClosedError) -> None:
        self._desk.metrics.closures.labels(str(int(error.close_code))).inc()
        await self._send({"type": "websocket.close", "code": int(error.close_code), "reason": str(error)[:120]})


class _GoneError(Exception):
    """The window has left."""


def _failure(request_id: str | None, error: HotlineError) -> str:
    data = {name: str(value)[:200] for name, value in error.data.items()}
    return _encode(Failed(id=request_id, code=error.code, sentence=str(error), data=data)).decode()
