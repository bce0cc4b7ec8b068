"""Numbered frames: a Stream for each window, an Audience for those who see the same documents.

An audience knows what it last published. It works out the difference once, encodes it once, and hands the same bytes to
each of its streams, which only put their own number before it. A stream keeps its newest frames: a window that was away
asks for what it missed, and one that is too slow or too late gets a snapshot instead, so that nobody has to wait."""

import re
import secrets
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import msgspec

from hotline.messages.live import Snapshot

KEPT_FRAMES = 256
KEPT_MS = 60_000  # a window that was away for longer gets a snapshot; of 1,800 desks older frames would fill memory

_WINDOW_NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[0-9a-f]{8}")

Document = dict[str, Any]
Documents = dict[str, Document]

_encode = msgspec.json.Encoder().encode


def window_of(stream_name: str | None) -> str | None:
    """The window that a stream's name speaks of, None when it is no such name."""
    match = _WINDOW_NAME.fullmatch(stream_name or "")
    return match[1] if match else None


class Stream:
    """The frames of one window, numbered from 1 without gaps; they outlive a broken connection for a while.

    `window_id` is the window's for as long as it is open. `name` is of this numbering only: after a restart the window
    comes back with a name that no longer exists, and gets a snapshot."""

    __slots__ = ("_audiences", "_frames", "flush", "name", "seq", "window_id")

    def __init__(self, window_id: str) -> None:
        self.window_id = window_id
        self.name = f"{window_id}.{secrets.token_hex(4)}"
        self.seq = 0
        self.flush: Callable[[], None] = _nobody_reads  # the window's connection puts its own here
        self._frames: deque[tuple[int, bytes]] = deque(maxlen=KEPT_FRAMES)
        self._audiences: list[Audience] = []

    def push(self, body: bytes, now_ms: int) -> None:
        self.seq += 1
        frames = self._frames
        frames.append((now_ms, body))
        while frames[0][0] < now_ms - KEPT_MS:
            frames.popleft()
        self.flush()

    def frames_after(self, seq: int) -> list[bytes] | None:
        """The Changes frames after `seq`, or None when they are no longer kept (or never were)."""
        missing = self.seq - seq
        if not 0 <= missing <= len(self._frames):
            return None
        return [self._numbered(place) for place in range(-missing, 0)]

    def newest(self) -> bytes:
        """The Changes frame that was pushed last."""
        return self._numbered(-1)

    def _numbered(self, place: int) -> bytes:
        """One of the kept frames, counted from the end: -1 is the newest."""
        now_ms, body = self._frames[place]
        return b'{"type":"Changes","seq":%d,"server_ms":%d,' % (self.seq + place + 1, now_ms) + body

    def snapshot(self, now_ms: int) -> bytes:
        """Everything published to this stream so far, as one Snapshot frame numbered like the newest change."""
        return _encode(Snapshot(stream=self.name, seq=self.seq, server_ms=now_ms, documents=self.documents()))

    def documents(self) -> Documents:
        """What a window that has read every frame holds."""
        return {key: document for audience in self._audiences for key, document in audience.documents.items()}

    def listen_to(self, audiences: Iterable["Audience"], now_ms: int) -> None:
        """Belong to these audiences only; the difference is pushed as one change."""
        before = self.documents()
        for audience in self._audiences:
            audience.streams.pop(self, None)
        self._audiences = list(audiences)
        for audience in self._audiences:
            audience.streams[self] = None
        body = difference_text(before, self.documents())
        if body:
            self.push(body, now_ms)

    def leave(self) -> None:
        """Hear nothing more."""
        for audience in self._audiences:
            audience.streams.pop(self, None)
        self._audiences = []


class Audience:
    """Streams that see the same documents, and what was last published to them. Keys of two audiences never overlap."""

    __slots__ = ("documents", "key", "streams")

    def __init__(self, key: Hashable, documents: Documents) -> None:
        self.key = key  # under which its owner finds it
        self.documents = documents
        self.streams: dict[Stream, None] = {}

    def replace(self, documents: Documents, now_ms: int) -> None:
        """Publish these documents in place of all former ones."""
        self._tell(difference_text(self.documents, documents), now_ms)
        self.documents = documents

    def update(self, changed: Mapping[str, Document | None], now_ms: int) -> None:
        """Publish these documents, None for those that are gone; the others stay."""
        put = {key: doc for key, doc in changed.items() if doc is not None and self.documents.get(key) != doc}
        drop = [key for key, doc in changed.items() if doc is None and key in self.documents]
        self.documents.update(put)
        for key in drop:
            del self.documents[key]
        self._tell(_body(put, drop), now_ms)

    def _tell(self, body: bytes, now_ms: int) -> None:
        if body:
            for stream in self.streams:
                stream.push(body, now_ms)


def difference_text(before: Documents, after: Documents) -> bytes:
    """What turns the one into the other, as the tail of a Changes frame; empty when nothing does."""
    put = {key: document for key, document in after.items() if before.get(key) != document}
    return _body(put, [key for key in before if key not in after])


def _body(put: Documents, drop: list[str]) -> bytes:
    return _encode({"put": put, "drop": drop})[1:] if put or drop else b""


def _nobody_reads() -> None:
    """The window is away: its frames wait."""
