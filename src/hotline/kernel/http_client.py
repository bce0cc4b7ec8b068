"""A small HTTP/1.1 client over kept connections, for the many short requests between the processes of one centre.

A general client spends a quarter of a millisecond of CPU on each of them, and a call needs ten. Answers are read by
llhttp (httptools); what these servers do not use is left out: redirects, compression, proxies, requests in pieces."""

import asyncio
import re
import ssl
from collections.abc import Mapping
from typing import NamedTuple, cast
from urllib.parse import quote, quote_plus, urlsplit

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

_KEPT_S = 30.0  # shorter than servers keep an idle connection, or they close it under the next request
_REPEATABLE = frozenset(("GET", "HEAD", "PUT", "DELETE", "OPTIONS"))
_LARGEST_BODY_BYTES = 64 * 1024 * 1024
_PATH_SAFE = "/:@!$&'()*+,;=~"
_is_plain = re.compile("[A-Za-z0-9_.~-]*").fullmatch
_is_plain_path = re.compile("[A-Za-z0-9_.~/-]*").fullmatch


class HttpError(ConnectionError):
    """The server closed the connection, or its answer makes no sense."""


class HttpAnswer(NamedTuple):
    """Header names are in lower case; of several of one name the last counts."""

    status: int
    headers: dict[str, str]
    body: bytes


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
        await asyncio.sleep(0)  # until the transports have let go of their sockets

    def _message(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None,
        headers: Mapping[str, str] | None,
        body: bytes,
    ) -> bytes:
        target = self._prefix + request_target(path, query)
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
    """One request after the other; llhttp reads the answers and calls the methods `on_…`."""

    def __init__(self, everybody: "set[_Connection]") -> None:
        self._everybody = everybody
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[HttpAnswer] | None = None
        self._begin()
        self.used_at_s = 0.0
        self.has_heard = False  # something of the present answer has come
        self.is_open = False

    def _begin(self) -> None:
        self._parser = HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._has_head = False

    async def ask(self, message: bytes, until_s: float) -> HttpAnswer:
        """Raises TimeoutError when the answer is not whole by then, by the loop's clock."""
        if self._transport is None or not self.is_open:
            raise HttpError("the server closed the connection")
        loop = asyncio.get_running_loop()
        self._begin()
        self.has_heard = False
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
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade, UnicodeDecodeError) as error:
            self._fail(f"the answer cannot be read: {error}")

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        self._everybody.discard(self)
        if self._answer is None or self._answer.done():
            return
        if self._has_head and not {"content-length", "transfer-encoding"} & self._headers.keys():
            self._give()  # its body ends with the connection
        self._fail(str(exc) if exc else "the server closed the connection")

    # --- llhttp

    def on_message_begin(self) -> None:
        if self._answer is not None and self._answer.done():
            self.is_open = False  # more than was asked for

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1").strip()

    def on_headers_complete(self) -> None:
        self._has_head = True

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > _LARGEST_BODY_BYTES:
            self._fail("the answer is too long")

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() < 200:  # an interim answer: the one that counts follows
            self._headers, self._has_head = {}, False
            return
        self.is_open = self.is_open and self._parser.should_keep_alive()
        self._give()

    def _give(self) -> None:
        if self._answer is not None and not self._answer.done():
            answer = HttpAnswer(self._parser.get_status_code(), self._headers, bytes(self._body))
            self._answer.set_result(answer)

    def _fail(self, cause: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(HttpError(cause))
        self.abort()


def request_target(path: str, query: Mapping[str, str | int] | None = None) -> str:
    """The path and the query as a request line has them."""
    target = path if _is_plain_path(path) else quote(path, safe=_PATH_SAFE)
    if not query:
        return target
    return f"{target}?{'&'.join(f'{_quoted(name)}={_quoted(value)}' for name, value in query.items())}"


def _quoted(value: str | int) -> str:
    text = str(value)
    return text if _is_plain(text) else quote_plus(text)


def _header_lines(headers: Mapping[str, str]) -> str:
    """Raises ValueError for a value that would add a line."""
    for name, value in headers.items():
        if "\r" in value or "\n" in value:
            raise ValueError(f"a line break in the header {name}")
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())
