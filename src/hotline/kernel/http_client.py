"""A small HTTP/1.1 client over kept connections, for the many short requests between the processes of one centre.

A general client spends a quarter of a millisecond of CPU on each of them, and a call needs ten. What these servers do
not use is left out: redirects, compression, proxies, requests in pieces."""

import asyncio
import re
import ssl
from collections.abc import Mapping
from typing import NamedTuple, cast
from urllib.parse import quote, quote_plus, urlsplit

_KEPT_S = 30.0  # shorter than servers keep an idle connection, or they close it under the next request
_REPEATABLE = frozenset(("GET", "HEAD", "PUT", "DELETE", "OPTIONS"))
_LARGEST_HEAD_BYTES = 64 * 1024
_LARGEST_BODY_BYTES = 64 * 1024 * 1024
_PATH_SAFE = "/:@!$&'()*+,;=~"
_is_plain = re.compile("[A-Za-z0-9_.~-]*").fullmatch
_is_plain_path = re.compile("[A-Za-z0-9_.~/-]*").fullmatch


class HttpError(ConnectionError):
    """The server closed the connection, or its answer makes no sense."""


class HttpAnswer(NamedTuple):
    """`head` is the answer's head without its first line."""

    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str:
        """The value of the first header of that name, written in lower case; empty without one."""
        return _header(self.head, name)


class HttpClient:
    """Requests to one server, at most `connections` at a time. Use from one event loop; `close` ends what runs."""

    def __init__(self, base_url: str, headers: Mapping[str, str], connections: int = 32) -> None:
        base = urlsplit(base_url)
        self._tls = ssl.create_default_context() if base.scheme == "https" else None
        self._host = base.hostname or ""
        self._port = base.port or (443 if self._tls else 80)
        self._prefix = base.path.rstrip("/")
        self._head = _header_lines({"Host": base.netloc.rpartition("@")[2], **headers})
        self._gate = asyncio.Semaphore(connections)
        self._idle: list[_Connection] = []
        self._open: set[_Connection] = set()
        self._is_closed = False

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        limit_s: float,
    ) -> HttpAnswer:
        """The whole answer, whatever its status. Raises TimeoutError or OSError (HttpError is one)."""
        message = self._message(method, path, query, headers, body)
        until_s = asyncio.get_running_loop().time() + limit_s
        if self._idle and not self._gate.locked():  # nearly always: a timeout of its own would cost as much as the rest
            async with self._gate:
                return await self._exchange(method, message, until_s)
        async with asyncio.timeout_at(until_s), self._gate:
            return await self._exchange(method, message, until_s)

    async def _exchange(self, method: str, message: bytes, until_s: float) -> HttpAnswer:
        connection = self._take_idle()
        if connection is not None:
            try:
                return await self._ask(connection, message, until_s)
            except HttpError:
                # The server may have closed it while it was idle. Who knows what became of a POST?
                if method not in _REPEATABLE or connection.has_heard:
                    raise
        return await self._ask(await self._connect(until_s), message, until_s)

    async def close(self) -> None:
        """Running requests fail."""
        self._is_closed = True
        for connection in tuple(self._open):
            connection.abort()

    def _message(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None,
        headers: Mapping[str, str] | None,
        body: bytes,
    ) -> bytes:
        target = self._prefix + (path if _is_plain_path(path) else quote(path, safe=_PATH_SAFE))
        if query:
            target = f"{target}?{'&'.join(f'{_quoted(name)}={_quoted(value)}' for name, value in query.items())}"
        own = _header_lines(headers) if headers else ""
        length = "" if method == "GET" and not body else f"Content-Length: {len(body)}\r\n"
        return f"{method} {target} HTTP/1.1\r\n{self._head}{own}{length}\r\n".encode("latin-1") + body

    def _take_idle(self) -> "_Connection | None":
        """The connection used last: the others grow old and go."""
        oldest_s = asyncio.get_running_loop().time() - _KEPT_S
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open and connection.used_at_s > oldest_s:
                return connection
            connection.abort()
        return None

    async def _connect(self, until_s: float) -> "_Connection":
        if self._is_closed:
            raise HttpError("the client is closed")
        loop = asyncio.get_running_loop()
        async with asyncio.timeout_at(until_s):
            _, connection = await loop.create_connection(
                lambda: _Connection(self._open), self._host, self._port, ssl=self._tls
            )
        return connection

    async def _ask(self, connection: "_Connection", message: bytes, until_s: float) -> HttpAnswer:
        try:
            answer = await connection.ask(message, until_s)
        except BaseException:
            connection.abort()  # an answer that is still to come must not be taken for that of the next request
            raise
        if connection.is_open and not self._is_closed:
            connection.used_at_s = asyncio.get_running_loop().time()
            self._idle.append(connection)
        else:
            connection.abort()
        return answer


class _Connection(asyncio.Protocol):
    """One request after the other."""

    def __init__(self, everybody: "set[_Connection]") -> None:
        self._everybody = everybody
        self._transport: asyncio.Transport | None = None
        self._came = bytearray()
        self._head: _Head | None = None
        self._answer: asyncio.Future[HttpAnswer] | None = None
        self.used_at_s = 0.0
        self.has_heard = False  # something of the present answer has come
        self.is_open = False

    async def ask(self, message: bytes, until_s: float) -> HttpAnswer:
        """Raises TimeoutError when the answer is not whole by then, by the loop's clock."""
        if self._transport is None or not self.is_open:
            raise HttpError("the server closed the connection")
        loop = asyncio.get_running_loop()
        self._head, self.has_heard = None, False
        self._answer = loop.create_future()
        timer = loop.call_at(until_s, self._time_out)
        try:
            self._transport.write(message)
            return await self._answer
        finally:
            timer.cancel()

    def _time_out(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(TimeoutError())

    def abort(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()

    # --- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self.is_open = cast(asyncio.Transport, transport), True  # uvloop's is none by class
        self._everybody.add(self)

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            self.abort()  # nobody has asked for this
            return
        self.has_heard = True
        self._came += data
        try:
            self._read(is_at_end=False)
        except ValueError as error:
            self._fail(f"the answer cannot be read: {error}")

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        self._everybody.discard(self)
        if self._answer is None or self._answer.done():
            return
        try:
            self._read(is_at_end=True)
        except ValueError as error:
            self._fail(f"the answer cannot be read: {error}")
        self._fail(str(exc) if exc else "the server closed the connection")

    def _fail(self, cause: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(HttpError(cause))
        self.abort()

    def _read(self, *, is_at_end: bool) -> None:
        """Give the answer once it is whole. Raises ValueError when it is none."""
        if self._head is None:
            self._head = _taken_head(self._came)
        if self._head is None:
            return
        body = self._head.taken_body(self._came, is_at_end)
        if body is None:
            return
        if self._head.ends_connection or self._came:
            self.is_open = False
        assert self._answer is not None
        self._answer.set_result(HttpAnswer(self._head.status, self._head.text, body))


class _Head(NamedTuple):
    """An answer's head. `length` is None when its body comes in chunks or ends with the connection."""

    status: int
    text: str
    length: int | None
    is_chunked: bool
    ends_connection: bool

    def taken_body(self, came: bytearray, is_at_end: bool) -> bytes | None:
        """The whole body, taken out; None while some of it is missing."""
        if len(came) > _LARGEST_BODY_BYTES:
            raise ValueError("it is too long")
        if self.is_chunked:
            return _taken_chunks(came)
        if self.length is None:
            length = len(came)
            if not is_at_end:
                return None
        else:
            length = self.length
            if len(came) < length:
                return None
        body = bytes(came[:length])
        del came[:length]
        return body


def _taken_head(came: bytearray) -> _Head | None:
    """The head, taken out; interim answers are passed over. Raises ValueError."""
    while True:
        end = came.find(b"\r\n\r\n")
        if end < 0:
            if len(came) > _LARGEST_HEAD_BYTES:
                raise ValueError("its head has no end")
            return None
        first, _, head = came[:end].decode("latin-1").partition("\r\n")
        del came[: end + 4]
        protocol, _, rest = first.partition(" ")
        if not protocol.startswith("HTTP/1."):
            raise ValueError(first[:80])
        status = int(rest[:3])
        if status >= 200:
            return _read_head(status, protocol, head)


def _read_head(status: int, protocol: str, head: str) -> _Head:
    is_chunked, length = _header(head, "transfer-encoding").lower() == "chunked", None
    if status in (204, 304):
        is_chunked, length = False, 0
    elif not is_chunked and (stated := _header(head, "content-length")):
        length = _size(stated, 10)
    wish = _header(head, "connection").lower()
    is_kept = wish != "close" if protocol == "HTTP/1.1" else wish == "keep-alive"
    return _Head(status, head, length, is_chunked, not is_kept or (length is None and not is_chunked))


def _header(head: str, name: str) -> str:
    lower = f"\r\n{head}\r\n".lower()
    place = lower.find(f"\r\n{name}:")
    if place < 0:
        return ""
    begin = place + len(name) + 1
    return head[begin : lower.index("\r\n", place + 2) - 2].strip()


def _size(text: str, base: int) -> int:
    """Raises ValueError unless it is a size."""
    size = int(text, base)
    if size < 0:
        raise ValueError("a size below nothing")
    return size


def _taken_chunks(came: bytearray) -> bytes | None:
    """The body of a chunked answer, taken out; None while some of it is missing. Raises ValueError."""
    parts: list[bytes] = []
    place = 0
    while True:
        end = came.find(b"\r\n", place)
        if end < 0:
            return None
        size = _size(came[place:end].decode("latin-1").partition(";")[0], 16)
        begin, place = end + 2, end + 2 + size + 2
        if size == 0:
            return _taken_trailer(came, begin, parts)
        if len(came) < place:
            return None
        parts.append(bytes(came[begin : begin + size]))


def _taken_trailer(came: bytearray, place: int, parts: list[bytes]) -> bytes | None:
    while (end := came.find(b"\r\n", place)) > place:
        place = end + 2
    if end < 0:
        return None
    del came[: end + 2]
    return b"".join(parts)


def _quoted(value: str | int) -> str:
    text = str(value)
    return text if _is_plain(text) else quote_plus(text)


def _header_lines(headers: Mapping[str, str]) -> str:
    """Raises ValueError for a value that would add a line."""
    for name, value in headers.items():
        if "\r" in value or "\n" in value:
            raise ValueError(f"a line break in the header {name}")
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())
