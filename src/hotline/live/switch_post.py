"""Commands to the switch from a process that is no node: one frame out, one answer back, over the unix socket."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from hotline.kernel.errors import HotlineError
from hotline.messages.effects import (
    FRAME_LIMIT_BYTES,
    Acknowledged,
    CommandFrame,
    LogProjected,
    Refused,
    SwitchToNode,
    encode_frame,
)
from hotline.messages.routing import RoutingCommand

_decoder: msgspec.msgpack.Decoder[SwitchToNode] = msgspec.msgpack.Decoder(SwitchToNode)


class SwitchAwayError(HotlineError):
    code = "switch.away"
    status = 503
    sentence = "The switch does not answer ({cause}). What it should know waits and is sent again."


class SwitchPost:
    """Posts to the switch's socket; each command on a connection of its own, which a restart of the switch cannot leave
    half open."""

    def __init__(self, path: Path, timeout_s: float = 5.0) -> None:
        self._path = path
        self._timeout_s = timeout_s

    def post(self, command: RoutingCommand) -> Acknowledged | Refused:
        """The switch's answer, given after its commit. Raises SwitchAwayError; then the command may be sent again."""
        with self._connected() as connection:
            connection.sendall(encode_frame(CommandFrame(command=command)))
            return _answer_to(connection, command.command_id)

    def tell(self, message: LogProjected) -> None:
        """Say it without waiting for an answer. Raises SwitchAwayError."""
        with self._connected() as connection:
            connection.sendall(encode_frame(message))

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(self._timeout_s)
                connection.connect(str(self._path))
                yield connection
        except (OSError, EOFError, msgspec.MsgspecError) as error:
            raise SwitchAwayError(cause=str(error) or type(error).__name__) from error


def _answer_to(connection: socket.socket, command_id: str) -> Acknowledged | Refused:
    while True:
        size = int.from_bytes(_exactly(connection, 4), "big")
        if size > FRAME_LIMIT_BYTES:
            raise EOFError("a frame larger than allowed was announced")
        message = _decoder.decode(_exactly(connection, size))
        if isinstance(message, Acknowledged | Refused) and message.command_id == command_id:
            return message


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            raise EOFError("the switch closed the connection")
        parts += part
    return bytes(parts)
