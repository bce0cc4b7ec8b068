"""One open event stream of Asterisk: its events in order, answers to requests between them, and the echo that proves
that it is not open only in name.

A WebSocket (websockets' sans-I/O protocol opens and closes it) whose bytes become events without a task or a queue on
the way: a call has more than twenty."""

import asyncio
import base64
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import msgspec
import structlog
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

ECHO_TYPE, ECHO_NAME = "ChannelUserevent", "hotline-echo"
"""How an echo looks in the stream: its type, and the name that it was made under."""
ANSWER_TYPE = "RESTResponse"
"""The type of an answer to a request that was sent over the stream."""

_ACCEPTED, _HEADER_END = b"HTTP/1.1 101", b"\r\n\r\n"
_WHOLE_TEXT = 0x80 | Opcode.TEXT
_MASKED = 0x80
_ANSWER_BEGINS = b'{"type":"RESTResponse"'
_BEAT_S = 2.5  # after one or two of silence Asterisk is asked, after one more it is given up
_CLOSING_S = 2.0
_SLOW_S, _ANSWER_LIMIT_S = 0.02, 10.0
_MOST_UNANSWERED = 32

Json = dict[str, Any]  # what Asterisk sends; every field is checked where it is read
_log = structlog.get_logger(__name__)


class StreamError(ConnectionError):
    """The stream broke, or could not be opened."""


class StreamAnswer(msgspec.Struct, frozen=True):
    """Asterisk's answer to a request that was sent over the stream."""

    request_id: str = ""
    status_code: int = 0
    message_body: str = ""


class _Request(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="RESTRequest"):
    request_id: str
    method: str
    uri: str
    content_type: str = ""
    message_body: str = ""


_decode_answer = msgspec.json.Decoder(StreamAnswer).decode
_decode_event = msgspec.json.Decoder(Json).decode
_encode = msgspec.json.Encoder().encode


class EventStream(asyncio.Protocol):
    """The events of one WebSocket. They are kept until `deliver` says who takes them; from then on they are taken as
    they come. `until_closed` waits for its end."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._socket = ClientProtocol(parse_uri(url), max_size=None)
        self._credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._closed = asyncio.Event()
        self._cause = ""
        self._rest = b""  # of a frame that has not come whole
        self._fragments: list[bytes | bytearray | memoryview] = []
        self._echo = asyncio.Event()
        self._kept: list[Json] = []
        self._taker: Callable[[Json], None] | None = None
        self._has_heard, self._is_asked = True, False
        self._beat: asyncio.TimerHandle | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._unanswered: dict[str, tuple[float, asyncio.Future[StreamAnswer]]] = {}  # oldest first, with its moment
        self._request_number = 0
        self._is_gathering = False  # what is asked is sent later
        self.is_open = False
        """Whether events come, as far as pings can tell."""
        self.answers_requests = False
        """Whether Asterisk is known to answer requests here, which one before 22.5 does not."""

    # --- for its user -------------------------------------------------------------------------------------------------

    async def until_open(self) -> None:
        """Raises StreamError when Asterisk refuses it."""
        await self._opened

    async def until_closed(self) -> str:
        """Why it was closed."""
        await self._closed.wait()
        return self._cause or "Asterisk closed the event stream"

    def deliver(self, taker: Callable[[Json], None]) -> None:
        """From now on every event but echoes goes to the taker, first those that were kept."""
        self._taker = taker
        kept, self._kept = self._kept, []
        for event in kept:
            self._hand_over(event)

    def expect_echo(self) -> asyncio.Event:
        """Is set when the next echo comes."""
        self._echo.clear()
        return self._echo

    def close(self, cause: str) -> None:
        """Say farewell; an Asterisk that does not answer it is cut off."""
        if self.is_open:
            self.is_open = False
            self._cause = self._cause or cause
            self._socket.send_close(1000)
            self._write_out()
            self._cut_off_soon()

    def abort(self, cause: str) -> None:
        self._cause = self._cause or cause
        self._transport.abort()

    # --- requests over the stream -------------------------------------------------------------------------------------

    @property
    def is_quick(self) -> bool:
        """Whether a request sent now is answered at once: Asterisk works them off strictly one after the other, so
        that behind one that takes its time all others would wait."""
        if not self.answers_requests or not self.is_open or len(self._unanswered) >= _MOST_UNANSWERED:
            return False
        return not self._unanswered or self._loop.time() - self._oldest_s() < _SLOW_S

    def _oldest_s(self) -> float:
        """The moment of the oldest request that is not answered."""
        return next(iter(self._unanswered.values()))[0]

    def ask(self, method: str, uri: str, body: bytes = b"") -> asyncio.Future[StreamAnswer]:
        """The answer to a request that is sent now: StreamError when the stream breaks, TimeoutError after some ten
        seconds."""
        answer: asyncio.Future[StreamAnswer] = self._loop.create_future()
        if not self.is_open:
            answer.set_exception(StreamError("the event stream is closed"))
            return answer
        self._request_number += 1
        request_id = str(self._request_number)
        kind = "application/json" if body else ""
        self._unanswered[request_id] = self._loop.time(), answer
        self._socket.send_text(_encode(_Request(request_id, method, uri, kind, body.decode())))
        if not self._is_gathering:
            self._write_out()
        return answer

    @contextmanager
    def in_one_go(self) -> Iterator[None]:
        """What is asked within is sent together at its end."""
        self._is_gathering = True
        try:
            yield
        finally:
            self._is_gathering = False
            self._write_out()

    # --- what the transport tells -------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class
        request = self._socket.connect()
        request.headers["Authorization"] = f"Basic {self._credentials}"
        self._socket.send_request(request)
        self._write_out()
        self._beat = self._loop.call_later(_BEAT_S, self._look_after)

    def data_received(self, data: bytes) -> None:
        self._has_heard = True
        if self._rest:
            data = self._rest + data
        at = 0
        if not self._opened.done():
            at = self._answer_end(data)
            self._shake_hands(data[:at])
        while self._opened.done() and (place := _frame_at(data, at)) is not None:
            body_at, end = place
            if data[at] == _WHOLE_TEXT and not data[at + 1] & _MASKED:
                self._read(data[body_at:end])
            else:
                self._read_unusual(data[at:end])
            at = end
        self._rest = data[at:]

    def _answer_end(self, data: bytes) -> int:
        """How much of it belongs to the answer to our hand-shake, as far as it is whole; a refusal is nothing else."""
        if len(data) < len(_ACCEPTED):
            return 0
        if not data.startswith(_ACCEPTED):
            return len(data)
        at = data.find(_HEADER_END)
        return 0 if at < 0 else at + len(_HEADER_END)

    def _shake_hands(self, answer: bytes) -> None:
        if len(answer) < len(_ACCEPTED):
            return
        self._socket.receive_data(answer)
        error = self._socket.handshake_exc
        if self._socket.state is State.OPEN:
            self._socket.events_received()
            self.is_open = True
            self._opened.set_result(None)
        elif error is not None:
            self._opened.set_exception(StreamError(str(error) or repr(error)))
            self._transport.abort()

    def _read_unusual(self, frame: bytes) -> None:
        """Pings, closing, messages in pieces, and what is no frame of a server: websockets knows what to do."""
        self._socket.receive_data(frame)
        for event in self._socket.events_received():
            if isinstance(event, Frame):
                self._take(event)
        self.is_open = self.is_open and self._socket.state is State.OPEN
        self._write_out()

    def eof_received(self) -> None:
        self.is_open = False
        self._socket.receive_eof()
        self._write_out()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        self._cause = self._cause or str(exc or "")
        for timer in (self._beat, self._deadline):
            if timer is not None:
                timer.cancel()
        broken = StreamError(self._cause or "Asterisk closed the event stream")
        if not self._opened.done():
            self._opened.set_exception(broken)
        for _, waiting in self._unanswered.values():
            if not waiting.done():
                waiting.set_exception(broken)
        self._unanswered.clear()
        self._closed.set()

    # --- what comes in ------------------------------------------------------------------------------------------------

    def _take(self, frame: Frame) -> None:
        """Pings and closing are answered by the protocol itself."""
        if frame.opcode not in (Opcode.TEXT, Opcode.CONT):
            return
        self._fragments.append(frame.data)
        if frame.fin:
            whole = b"".join(self._fragments)
            self._fragments.clear()
            self._read(whole)

    def _read(self, text: bytes) -> None:
        try:
            if text.startswith(_ANSWER_BEGINS):
                self._answered(_decode_answer(text))
            else:
                self._hand_over(_decode_event(text))
        except msgspec.DecodeError as error:  # one broken event must not cost the stream
            _log.warning("asterisk_event_unreadable", cause=str(error))

    def _answered(self, answer: StreamAnswer) -> None:
        _, waiting = self._unanswered.pop(answer.request_id, (0.0, None))
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _hand_over(self, event: Json) -> None:
        kind = event.get("type")
        if kind == ECHO_TYPE and event.get("eventname") == ECHO_NAME:
            self._echo.set()
        elif kind == ANSWER_TYPE:  # as no Asterisk writes it so far: with its fields in another order
            self._answered(msgspec.convert(event, StreamAnswer))
        elif self._taker is None:
            self._kept.append(event)
        else:
            self._taker(event)

    # --- what goes out ------------------------------------------------------------------------------------------------

    def _write_out(self) -> None:
        """What the protocol has to say; an empty piece is its end."""
        for piece in _joined(self._socket.data_to_send()):
            if piece:
                self._transport.write(piece)
            elif not self._transport.is_closing():
                self._transport.write_eof()
                self._cut_off_soon()

    def _cut_off_soon(self) -> None:
        if self._deadline is None:
            self._deadline = self._loop.call_later(_CLOSING_S, self._transport.abort)

    def _look_after(self) -> None:
        """Ask a silent Asterisk whether it is still there."""
        self._beat = self._loop.call_later(_BEAT_S, self._look_after)
        self._give_up_late_answers()
        if self._has_heard:
            self._has_heard = self._is_asked = False
        elif self._is_asked or self._socket.state is not State.OPEN:
            self.abort("it has not answered pings")
        else:
            self._is_asked = True
            self._socket.send_ping(b"")
            self._write_out()

    def _give_up_late_answers(self) -> None:
        """No timer for each of many requests: they are looked at now and then."""
        latest_s = self._loop.time() - _ANSWER_LIMIT_S
        for request_id, (asked_s, waiting) in tuple(self._unanswered.items()):
            if asked_s >= latest_s:
                return
            del self._unanswered[request_id]
            if not waiting.done():
                waiting.set_exception(TimeoutError())


async def open_stream(base_url: str, target: str, user: str, password: str, limit_s: float) -> EventStream:
    """An open event stream. Raises StreamError (an OSError), OSError or TimeoutError."""
    url = f"ws{base_url.removeprefix('http')}{target}"
    place = parse_uri(url)
    tls = ssl.create_default_context() if place.secure else None
    stream = EventStream(url, user, password)
    async with asyncio.timeout(limit_s):
        await asyncio.get_running_loop().create_connection(lambda: stream, place.host, place.port, ssl=tls)
        try:
            await stream.until_open()
        except asyncio.CancelledError:
            stream.abort("it was not opened in time")
            raise
    return stream


def _joined(pieces: list[bytes]) -> list[bytes]:
    """The same bytes in as few pieces as possible; an empty one stays by itself."""
    if len(pieces) < 2 or b"" in pieces:
        return pieces
    return [b"".join(pieces)]


def _frame_at(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the body of the frame that begins there begins and ends; None when it is not whole yet (RFC 6455, 5.2)."""
    if len(data) < at + 2:
        return None
    size, body_at = data[at + 1], at + 2
    if size & _MASKED:
        return body_at, len(data)  # no server may do that: the connection ends
    if size >= 126:
        more = 2 if size == 126 else 8
        body_at += more
        if len(data) < body_at:
            return None
        size = int.from_bytes(data[body_at - more : body_at], "big")
    end = body_at + size
    return (body_at, end) if end <= len(data) else None
