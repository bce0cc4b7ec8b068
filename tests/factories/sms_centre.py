"""A small short-message centre in the test's own process: it takes connections and messages over SMPP 3.4, written from
the protocol's own text and not with the library that it tests."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_BIND, _SUBMIT, _UNBIND, _ENQUIRE = 0x02, 0x04, 0x06, 0x15
_ANSWER = 0x80000000
PASSWORD = "secret8"


@dataclass(frozen=True, slots=True)
class Short:
    """One short message as it came in."""

    sender: str
    receiver: str
    coding: int
    is_part: bool
    content: bytes

    @property
    def text(self) -> str:
        body = self.content[6:] if self.is_part else self.content
        return body.decode("utf-16-be" if self.coding == 8 else "latin-1")


@dataclass
class SmsCentre:
    """What came in, and with which status messages and log-ins are answered."""

    port: int
    messages: list[Short] = field(default_factory=list)
    status: int = 0
    is_silent: bool = False
    binds: int = 0
    unbinds: int = 0
    asks_first: bool = False  # sends an enquire_link before it answers

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, EOFError):
            while True:
                head = _exactly(connection, 16)
                length, command, _, sequence = struct.unpack(">LLLL", head)
                self._answer(connection, command, sequence, _exactly(connection, length - 16))

    def _answer(self, connection: socket.socket, command: int, sequence: int, body: bytes) -> None:
        if self.is_silent:
            return
        if command == _BIND:
            self.binds += 1
            is_right = body.split(b"\0")[1].decode() == PASSWORD
            connection.sendall(_frame(command | _ANSWER, 0 if is_right else 0x0E, sequence, b"centre\0"))
        elif command == _SUBMIT:
            if self.asks_first:
                connection.sendall(_frame(_ENQUIRE, 0, 7, b""))
            if self.status == 0:
                self.messages.append(_short(body))
            mark = f"m{len(self.messages)}\0".encode()
            connection.sendall(_frame(command | _ANSWER, self.status, sequence, mark if self.status == 0 else b""))
        elif command == _UNBIND:
            self.unbinds += 1
            connection.sendall(_frame(command | _ANSWER, 0, sequence, b""))


@contextmanager
def sms_centre() -> Iterator[SmsCentre]:
    """A centre on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        centre = SmsCentre(port=listener.getsockname()[1])
        threading.Thread(target=_accept, args=(listener, centre), daemon=True).start()
        yield centre
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, centre: SmsCentre) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=centre.serve, args=(connection,), daemon=True).start()


def _exactly(connection: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        part = connection.recv(size - len(got))
        if not part:
            raise EOFError
        got += part
    return got


def _frame(command: int, status: int, sequence: int, body: bytes) -> bytes:
    return struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body


def _short(body: bytes) -> Short:
    """submit_sm: service type, source (ton, npi, text), destination (ton, npi, text), esm_class, protocol, priority,
    two times, registered, replace, coding, default message, length, content."""
    _, rest = body.split(b"\0", 1)
    sender, rest = rest[2:].split(b"\0", 1)
    receiver, rest = rest[2:].split(b"\0", 1)
    esm_class = rest[0]
    _, rest = rest[3:].split(b"\0", 1)
    _, rest = rest.split(b"\0", 1)
    coding, length = rest[2], rest[4]
    content = rest[5 : 5 + length]
    return Short(sender.decode(), receiver.decode(), coding, bool(esm_class & 0x40), content)
