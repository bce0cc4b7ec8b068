"""Either end of a socket of frames (`messages.effects`) without a stream or a task: what comes is taken where it
arrives, and what is sent in one round of the loop goes out in one piece, because each write wakes the other end."""

import asyncio
from collections.abc import Iterator
from typing import cast

from hotline.messages.base import Message
from hotline.messages.effects import FRAME_LIMIT_BYTES, encode_frame

_PREFIX_BYTES = 4


class OversizeError(Exception):
    """A frame larger than allowed was announced."""


class FramedPeer(asyncio.Protocol):
    """The other end, as this one sees it. What it has sent and nobody has taken yet is in `unread`."""

    def __init__(self) -> None:
        self.unread = bytearray()
        self._unsent: list[bytes] = []
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class

    def put(self, message: Message) -> None:
        """Send this, with all else that is put in the same round of the loop."""
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._write_out)
        self._unsent.append(encode_frame(message))

    def _write_out(self) -> None:
        unsent, self._unsent = self._unsent, []
        if not self._transport.is_closing():
            self._transport.write(b"".join(unsent))

    def cut(self) -> None:
        """End it without a word, and without waiting for what is still to be sent."""
        self._transport.abort()


def whole_frames(unread: bytearray) -> Iterator[bytes]:
    """The bodies of the frames that are there as a whole; they are taken out. Raises OversizeError."""
    while len(unread) >= _PREFIX_BYTES:
        size = int.from_bytes(unread[:_PREFIX_BYTES], "big")
        if size > FRAME_LIMIT_BYTES:
            raise OversizeError(f"{size} bytes announced, {FRAME_LIMIT_BYTES} allowed")
        end = _PREFIX_BYTES + size
        if len(unread) < end:
            return
        body = bytes(unread[_PREFIX_BYTES:end])
        del unread[:end]
        yield body
