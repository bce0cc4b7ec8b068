"""One connection to the switch's port: a WebSocket on `/live`, or one plain HTTP question.

Bytes become messages and messages bytes (websockets' sans-I/O protocol does the parsing), without a task or a queue per
window: there are 1,800 of them, and each says something every two seconds."""

import asyncio
from typing import cast

from websockets.frames import Frame, Opcode, apply_mask  # type: ignore[attr-defined]  # the one in C, if there is one
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from hotline.live.gateway.app import Gateway
from hotline.live.gateway.connection import HELLO_WITHIN_S, Connection

FRAME_LIMIT_BYTES = 64 * 1024
_CLOSING_S = 2.0
_WHOLE_TEXT = 0x80 | Opcode.TEXT
_MASKED = 0x80
_SHORT = 126  # bytes: the length of less stands in the header's second byte


class LiveSocket(asyncio.Protocol):
    """The transport's side of a connection; `Connection` is the window's side."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._protocol = ServerProtocol(max_size=FRAME_LIMIT_BYTES)
        self._connection: Connection | None = None
        self._fragments: list[bytes | bytearray | memoryview] = []
        self._is_text = True
        self._does_read = True
        self._unparsed = 0  # bytes that came since the hand-shake and belong to no whole frame yet
        self._is_between_frames = False  # open, and neither in a frame nor in a message of several
        self._transport: asyncio.Transport
        self._deadline: asyncio.TimerHandle

    # --- what the transport tells ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._deadline = asyncio.get_running_loop().call_later(HELLO_WITHIN_S, self._transport.abort)

    def data_received(self, data: bytes) -> None:
        if self._is_between_frames and (body := _short_text(data)) is not None:
            self._hand_over(body, is_text=True)
        else:
            self._parse(data)

    def _parse(self, data: bytes) -> None:
        self._unparsed += len(data)
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._unparsed -= _size_of(event)
                self._take(event)
            elif isinstance(event, Request):
                self._answer(event)
                if _is_one_request(data):
                    self._unparsed = 0  # else it is never known where a frame begins, and every one is parsed
        self._write_out()
        is_open = self._connection is not None and self._protocol.state is State.OPEN
        self._is_between_frames = is_open and self._unparsed == 0 and not self._fragments

    def pause_writing(self) -> None:
        self._does_read = False

    def resume_writing(self) -> None:
        self._does_read = True
        if self._connection is not None:
            self._connection.flush()

    def connection_lost(self, cause: Exception | None) -> None:
        self._deadline.cancel()
        if self._connection is not None:
            self._connection.lost()

    # --- what comes in ---

    def _answer(self, request: Request) -> None:
        """The hand-shake, or the one answer of a plain question."""
        self._protocol.send_response(self._gateway.answer(self._protocol, request))
        self._write_out()
        if self._protocol.state is State.OPEN:
            self._deadline.cancel()
            self._connection = Connection(self, self._gateway.desk)

    def _take(self, frame: Frame) -> None:
        """Pings and closing are answered by the protocol itself."""
        if frame.opcode is Opcode.TEXT or frame.opcode is Opcode.BINARY:
            self._is_text = frame.opcode is Opcode.TEXT
        elif frame.opcode is not Opcode.CONT:
            return
        self._fragments.append(frame.data)
        if frame.fin:
            body = self._fragments[0] if len(self._fragments) == 1 else b"".join(self._fragments)
            self._fragments.clear()
            self._hand_over(body, is_text=self._is_text)

    def _hand_over(self, body: bytes | bytearray | memoryview, *, is_text: bool) -> None:
        if self._connection is None:
            return
        try:
            text = str(body, "utf-8") if is_text else None
        except UnicodeDecodeError:
            self._protocol.fail(1007)
            self._is_between_frames = False
            self._write_out()
            return
        self._connection.received(text)

    # --- what goes out ---

    @property
    def can_write(self) -> bool:
        """Whether the window reads what it is sent; `Connection.flush` is called when it does so again."""
        return self._does_read and self._protocol.state is State.OPEN

    def send(self, frame: bytes) -> None:
        """One text frame, in UTF-8."""
        self._transport.write(_header(len(frame)) + frame)

    def close(self, code: int, reason: str) -> None:
        """Say farewell; who does not answer it is cut off."""
        self._is_between_frames = False
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(code, reason)
            self._write_out()
            self._cut_off_soon()

    def _write_out(self) -> None:
        """What the protocol itself has to say; an empty piece is its end."""
        for piece in self._protocol.data_to_send():
            if piece:
                self._transport.write(piece)
            elif not self._transport.is_closing():
                self._transport.write_eof()
                self._cut_off_soon()

    def _cut_off_soon(self) -> None:
        self._deadline.cancel()
        self._deadline = asyncio.get_running_loop().call_later(_CLOSING_S, self._transport.abort)


def _short_text(data: bytes) -> bytes | None:
    """The text of the one short frame that these bytes are, as nearly all are (heart-beats); None for anything else,
    which the protocol parses (RFC 6455, 5.2)."""
    size = len(data) - 6
    if 0 <= size < _SHORT and data[0] == _WHOLE_TEXT and data[1] == _MASKED | size:
        return apply_mask(data[6:], data[2:6])
    return None


def _size_of(frame: Frame) -> int:
    """How many bytes a browser's frame was, if its length was written as short as it can be."""
    size = len(frame.data)
    return size + (6 if size < _SHORT else 8 if size < 65_536 else 14)


def _is_one_request(data: bytes) -> bool:
    """Whether the bytes end where the only head of a request in them does."""
    return data.find(b"\r\n\r\n") == len(data) - 4 >= 0


def _header(size: int) -> bytes:
    """The header of a server's text frame of so many bytes, whole, neither masked nor compressed (RFC 6455, 5.2)."""
    if size < _SHORT:
        return bytes((_WHOLE_TEXT, size))
    if size < 65_536:
        return bytes((_WHOLE_TEXT, 126)) + size.to_bytes(2, "big")
    return bytes((_WHOLE_TEXT, 127)) + size.to_bytes(8, "big")
