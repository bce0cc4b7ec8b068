"""One window's connection: hello, frames in, frames out, and the reasons to end it.

Whatever is to be sent is written at once, unless the window does not read: then it stays in the window's stream. So a
slow browser delays only itself; when it has fallen too far behind it gets a snapshot."""

import asyncio
from collections import deque
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
from hotline.messages.live import Do, Done, Explain, Explained, Failed, FromBrowser, Hello, Ping, RenewToken, Watch

HELLO_WITHIN_S = 5.0
FRAMES_PER_S = 50  # and as many at once
_FLOOD_FRAMES = 200  # refused beyond those that were welcome: nobody types like that
_BAD_FRAMES = 20
_UNSENT_REPLIES = 500

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
    def explain(self, question: Explain, connection: "Connection") -> None: ...
    def left(self, connection: "Connection") -> None: ...


class Socket(Protocol):
    """What a connection needs of the transport below it (`live_socket.LiveSocket`)."""

    @property
    def can_write(self) -> bool: ...
    def send(self, frame: bytes) -> None: ...
    def close(self, code: int, reason: str) -> None: ...


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

    def __init__(self, socket: Socket, desk: Desk) -> None:
        self._socket, self._desk = socket, desk
        self._loop = asyncio.get_running_loop()
        self._replies: deque[bytes] = deque()
        self._budget = Budget(self._loop.time())
        self._bad_frames = 0
        self._is_seated = self._is_closing = False
        self._sent_seq = -1  # nothing: a snapshot is due
        self._hello_missing = self._loop.call_later(HELLO_WITHIN_S, lambda: self.close(HelloMissingError()))
        self.heard_ms = desk.clock.now_ms()
        self.viewer: Viewer
        self.stream: Stream

    # --- in ---

    def received(self, text: str | None) -> None:
        """Take one message; None when it was not text."""
        if self._is_closing:
            return
        try:
            frame = _frame_of(text)
        except BadFrameError as error:
            self._note_bad_frame(error)
            return
        self.heard_ms = self._desk.clock.now_ms()
        if not self._is_seated:
            self._begin(frame)
        elif self._budget.take(self._loop.time()):
            self._take(frame)
        elif self._budget.refused > _FLOOD_FRAMES:
            self.close(FloodError())
        else:
            self.fail(frame.id if isinstance(frame, Do | Explain) else None, TooFastError())

    def _begin(self, hello: Any) -> None:
        """The first frame: let the window in, or say why not."""
        if not isinstance(hello, Hello):
            self.close(BadFirstFrameError())
            return
        try:
            self.stream = self._desk.open(hello, self)
        except ClosedError as error:
            self.close(error)
            return
        self._hello_missing.cancel()
        self._is_seated = True
        self._desk.metrics.browsers.inc()
        if hello.stream == self.stream.name and hello.after is not None:
            self._sent_seq = hello.after
        self.stream.flush = self.flush
        self.flush()

    def _note_bad_frame(self, error: BadFrameError) -> None:
        self._bad_frames += 1
        if not self._is_seated:
            self.close(BadFirstFrameError())
        elif self._bad_frames > _BAD_FRAMES:
            self.close(TooManyBadFramesError())
        else:
            self.fail(None, error)

    def _take(self, frame: Any) -> None:
        if isinstance(frame, Ping):
            self._answer_ping(frame)
            return
        request_id = frame.id if isinstance(frame, Do | Explain) else None
        try:
            self._dispatch(frame)
        except ClosedError as error:
            self.close(error)
        except HotlineError as error:
            self.fail(request_id, error)

    def _answer_ping(self, ping: Ping) -> None:
        """By far the most frequent frame. A window that does not read needs no answer."""
        if self._socket.can_write:
            self._send(b'{"type":"Pong","sent_ms":%a,"server_ms":%d}' % (ping.sent_ms, self.heard_ms))

    def _dispatch(self, frame: Any) -> None:
        if isinstance(frame, RenewToken):
            self._desk.renew(frame, self)
        elif self.viewer.expires_at_ms <= self.heard_ms:
            raise TokenExpiredError
        elif isinstance(frame, Do):
            self._desk.act(frame, self)
        elif isinstance(frame, Explain):
            self._desk.explain(frame, self)
        elif isinstance(frame, Watch):
            self._desk.watch(frame, self)
        else:
            raise BadFrameError(cause="Hello was said already")

    # --- out ---

    def done(self, request_id: str) -> None:
        self._reply(Done(id=request_id))

    def explained(self, request_id: str, why: dict[str, Any] | None) -> None:
        self._reply(Explained(id=request_id, server_ms=self._desk.clock.now_ms(), why=why))

    def fail(self, request_id: str | None, error: HotlineError) -> None:
        data = {name: str(value)[:200] for name, value in error.data.items()}
        self._reply(Failed(id=request_id, code=error.code, sentence=str(error), data=data))

    def _reply(self, message: Message) -> None:
        """Send outside the numbered stream, after what is in it."""
        self._replies.append(_encode(message))
        self.flush()
        if len(self._replies) > _UNSENT_REPLIES:
            self.close(FloodError())

    def flush(self) -> None:
        """Send what was not sent yet, if the window reads."""
        if self._is_closing or not self._is_seated or not self._socket.can_write:
            return
        sent_seq, newest = self._sent_seq, self.stream.seq
        if sent_seq + 1 == newest:
            self._sent_seq = newest
            self._send(self.stream.newest())
        elif sent_seq != newest:
            self._catch_up()
        while self._replies:
            self._send(self._replies.popleft())

    def _catch_up(self) -> None:
        """Send all frames that are missing, or a snapshot in their place."""
        stream, frames = self.stream, self.stream.frames_after(self._sent_seq)
        self._sent_seq = stream.seq
        if frames is None:
            self._desk.metrics.resyncs.inc()
            frames = [stream.snapshot(self._desk.clock.now_ms())]
        for frame in frames:
            self._send(frame)

    def _send(self, frame: bytes) -> None:
        self._socket.send(frame)
        self._desk.metrics.frames_sent += 1

    # --- the end ---

    def close(self, error: ClosedError) -> None:
        """End the connection, with a reason that the window understands."""
        if self._is_closing:
            return
        self._is_closing = True
        self._desk.metrics.closures.labels(str(int(error.close_code))).inc()
        self._socket.close(int(error.close_code), str(error)[:120])
        self._loop.call_soon(self.lost)  # not at once: whoever closes is in the middle of something

    def lost(self) -> None:
        """The window has left, or was told to."""
        self._is_closing = True
        self._hello_missing.cancel()
        if self._is_seated:
            self._is_seated = False
            self._desk.metrics.browsers.dec()
            self._desk.left(self)


def _frame_of(text: str | None) -> Any:
    """The decoded frame. Raises BadFrameError."""
    if text is None:
        raise BadFrameError(cause="frames are text")
    try:
        return _decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadFrameError(cause=str(error)[:200]) from error
