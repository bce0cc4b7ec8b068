"""Commands to the switch from a process that is no node: one frame out, one answer back."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from hotline.kernel.errors import HotlineError
from hotline.live.switch_address import SwitchAddress
from hotline.messages.conversations import ConversationNews
from hotline.messages.effects import (
    FRAME_LIMIT_BYTES,
    STANDING_BY,
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
    """Posts to whichever switch leads; each command on a connection of its own, which a restart of the switch cannot
    leave half open. The switch that answered last is asked first."""

    def __init__(self, addresses: Sequence[SwitchAddress], timeout_s: float = 5.0) -> None:
        self._addresses = list(addresses)
        self._timeout_s = timeout_s

    def post(self, command: RoutingCommand | ConversationNews) -> Acknowledged | Refused:
        """The leader's answer, given after its commit. Raises SwitchAwayError; then the same may be sent again."""
        frame = encode_frame(command if isinstance(command, ConversationNews) else CommandFrame(command=command))
        problem = SwitchAwayError(cause="no address is known")
        for address in tuple(self._addresses):
            try:
                answer = self._ask(address, frame, command.command_id)
            except SwitchAwayError as error:
                problem = error
                continue
            if isinstance(answer, Refused) and answer.code == STANDING_BY:
                problem = SwitchAwayError(cause=answer.sentence)
                continue
            self._addresses.remove(address)
            self._addresses.insert(0, address)
            return answer
        raise problem

    def _ask(self, address: SwitchAddress, frame: bytes, command_id: str) -> Acknowledged | Refused:
        with self._connected(address) as connection:
            connection.sendall(frame)
            return _answer_to(connection, command_id)

    def tell(self, message: LogProjected) -> None:
        """Say it to every switch without waiting for an answer. Raises SwitchAwayError when none is there."""
        frame = encode_frame(message)
        problems = []
        for address in self._addresses:
            try:
                with self._connected(address) as connection:
                    connection.sendall(frame)
            except SwitchAwayError as error:
                problems.append(error)
        if len(problems) == len(self._addresses):
            raise problems[0]

    @contextmanager
    def _connected(self, address: SwitchAddress) -> Iterator[socket.socket]:
        try:
            with address.connect(self._timeout_s) as connection:
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
