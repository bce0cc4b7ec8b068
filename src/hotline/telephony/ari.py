"""A thin client of Asterisk's REST interface: events over a WebSocket that reconnects, requests over kept connections.

What concerns calls (`command`) is sent over the WebSocket, at a fraction of the cost; there Asterisk answers strictly
one after the other, so that it goes by a connection of its own while an answer is late."""

import asyncio
import base64
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

import msgspec

from hotline.kernel.errors import HotlineError
from hotline.kernel.http_client import HttpClient, request_target
from hotline.telephony.ari_stream import ECHO_NAME, EventStream, Json, StreamAnswer, open_stream

_CONNECTIONS = 32
_REQUEST_LIMIT_S = 10.0
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0
_JSON = {"Content-Type": "application/json"}


class AriError(HotlineError):
    """Asterisk refused a request."""

    code: ClassVar[str] = "voice.ari"
    status: ClassVar[int] = 502
    sentence: ClassVar[str] = "Asterisk refused {method} {path}: {answer} ({http_status})."

    @property
    def http_status(self) -> int:
        found = self.data.get("http_status")
        return found if isinstance(found, int) else 0


class AriDownError(HotlineError):
    """Asterisk did not answer."""

    code = "voice.ari_down"
    status = 503
    sentence = "Asterisk does not answer {method} {path}: {cause}. It restarts by itself; try again in a few seconds."


class Connected(msgspec.Struct, frozen=True):
    """The event stream is open."""


class Disconnected(msgspec.Struct, frozen=True):
    """The event stream broke; it is being opened again."""

    cause: str


class Command(NamedTuple):
    """A request that concerns a call; its answer is of no interest."""

    method: str
    path: str
    body: Json | None = None
    query: Mapping[str, str | int] = {}


class Ari:
    """One Asterisk's interface for some applications. Use `connections`, then `close`."""

    def __init__(self, base_url: str, user: str, password: str, *applications: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._applications = applications
        self._user = user
        self._password = password
        credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._client = HttpClient(self._base_url, {"Authorization": f"Basic {credentials}"}, _CONNECTIONS)
        self._manager_session = ""  # the cookie of a manager that has let us in
        self._closing = asyncio.Event()
        self._stream: EventStream | None = None

    async def close(self) -> None:
        self._closing.set()
        if self._stream is not None:
            self._stream.close("the node lets go")
            await self._stream.until_closed()
        await self._client.close()

    async def request(self, method: str, path: str, body: Json | None = None, **query: str | int) -> Any:
        """The decoded answer of `/ari/<path>`. Raises AriError (refused) or AriDownError (no answer)."""
        sent, headers = (b"", None) if body is None else (msgspec.json.encode(body), _JSON)
        try:
            answer = await self._client.request(
                method, f"/ari/{path}", query=query, headers=headers, body=sent, limit_s=_REQUEST_LIMIT_S
            )
        except (OSError, TimeoutError) as error:
            raise AriDownError(method=method, path=path, cause=str(error) or type(error).__name__) from error
        if answer.status >= 400:
            raise AriError(method=method, path=path, http_status=answer.status, answer=_message(answer.body))
        return msgspec.json.decode(answer.body) if answer.body else None

    async def command(self, command: Command) -> None:
        """Raises AriError (refused) or AriDownError (no answer)."""
        stream = self._stream
        if stream is None or not stream.is_quick:
            await self.request(command.method, command.path, command.body, **command.query)
        else:
            await _settled(command, _send(stream, command))

    async def commands(self, commands: Sequence[Command]) -> None:
        """Carry them out in this order; raises the first error. What follows it may have been carried out too."""
        stream = self._stream
        if not commands:
            return
        if stream is None or not stream.is_quick:
            for command in commands:
                await self.command(command)
            return
        with stream.in_one_go():
            answers = [_send(stream, command) for command in commands]
        try:
            for command, answer in zip(commands, answers, strict=True):
                await _settled(command, answer)
        finally:
            for answer in answers:
                answer.add_done_callback(_look_at)

    async def manager(self, action: str, **fields: str) -> dict[str, str]:
        """The answer of a manager action, by header. Raises AriError or AriDownError."""
        answer = await self._manager(action, fields)
        if answer.get("Message", "") in ("Permission denied", "Authentication Required") and action != "Login":
            await self._manager("Login", {"Username": self._user, "Secret": self._password})
            answer = await self._manager(action, fields)
        if answer.get("Response") != "Success":
            raise AriError(method="action", path=action, http_status=0, answer=answer.get("Message", "no answer"))
        return answer

    async def _manager(self, action: str, fields: Mapping[str, str]) -> dict[str, str]:
        query = {"action": action, **fields}
        headers = {"Cookie": self._manager_session} if self._manager_session else None
        try:
            answer = await self._client.request(
                "GET", "/rawman", query=query, headers=headers, limit_s=_REQUEST_LIMIT_S
            )
        except (OSError, TimeoutError) as error:
            raise AriDownError(method="action", path=action, cause=str(error) or type(error).__name__) from error
        if cookie := answer.headers.get("set-cookie"):
            self._manager_session = cookie.partition(";")[0]
        text = answer.body.decode(errors="replace")
        pairs = (line.partition(":") for line in text.splitlines())
        return {name.strip(): value.strip() for name, colon, value in pairs if colon}

    async def connections(self) -> AsyncIterator[Connected | Disconnected]:
        """Connected for each open event stream and Disconnected at its end, until `close`."""
        pause_s = _FIRST_PAUSE_S
        target = request_target("/ari/events", {"app": ",".join(self._applications), "subscribeAll": "false"})
        while not self._closing.is_set():
            try:
                stream = await open_stream(self._base_url, target, self._user, self._password, _REQUEST_LIMIT_S)
            except (OSError, TimeoutError) as error:
                cause = str(error) or type(error).__name__
            else:
                pause_s, self._stream = _FIRST_PAUSE_S, stream
                yield Connected()
                cause = await stream.until_closed()
            if self._closing.is_set():
                return
            yield Disconnected(cause)
            await asyncio.sleep(pause_s * random.uniform(0.8, 1.2))  # noqa: S311 - spreads nodes, protects nothing
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    def deliver(self, taker: Callable[[Json], None]) -> None:
        """Every event of the open stream, in order, goes to the taker: first those that came since it was opened."""
        if self._stream is not None:
            self._stream.deliver(taker)

    async def try_commands(self, limit_s: float) -> bool:
        """Whether Asterisk carries out commands over the open stream, which one before 22.5 does not; from now on
        they are sent there."""
        stream = self._stream
        if stream is None:
            return False
        try:
            async with asyncio.timeout(limit_s):
                await stream.ask("GET", "asterisk/ping")
        except (OSError, TimeoutError):
            return False
        stream.answers_requests = True
        return True

    @property
    def is_streaming(self) -> bool:
        """Whether the event stream is open, as far as pings can tell."""
        return self._stream is not None and self._stream.is_open

    async def is_silent(self, within_s: float) -> bool:
        """Whether the event stream is open, and no event that is made now for one of the applications comes out.
        Raises AriError or AriDownError.

        An open stream is no proof: after a hang Asterisk may switch an application off under the new connection
        (probably by cleaning up the former one late), which stays open and silent while new calls pass us by."""
        for application in self._applications:
            if await self._is_application_silent(application, within_s):
                return True
        return False

    async def _is_application_silent(self, application: str, within_s: float) -> bool:
        stream = self._stream
        if stream is None:
            return False
        echo = stream.expect_echo()
        await self.request("POST", f"events/user/{ECHO_NAME}", application=application)
        try:
            async with asyncio.timeout(within_s):
                await echo.wait()
        except TimeoutError:
            return stream.is_open
        return False

    def drop_stream(self, cause: str) -> None:
        """Close the event stream; a new one is opened."""
        if self._stream is not None:
            self._stream.close(cause)


def _send(stream: EventStream, command: Command) -> asyncio.Future[StreamAnswer]:
    sent = b"" if command.body is None else msgspec.json.encode(command.body)
    return stream.ask(command.method, request_target(command.path, command.query), sent)


async def _settled(command: Command, sent: asyncio.Future[StreamAnswer]) -> None:
    """Raises AriError (refused) or AriDownError (no answer)."""
    method, path = command.method, command.path
    try:
        answer = await sent
    except (OSError, TimeoutError) as error:
        raise AriDownError(method=method, path=path, cause=str(error) or type(error).__name__) from error
    if answer.status_code >= 400:
        message = _message(answer.message_body.encode())
        raise AriError(method=method, path=path, http_status=answer.status_code, answer=message)


def _look_at(answer: asyncio.Future[StreamAnswer]) -> None:
    """The error of an answer that nobody waits for any more is of no interest."""
    if not answer.cancelled():
        answer.exception()


def event_ms(event: Json) -> int:
    """Asterisk's stamp of an event in epoch milliseconds."""
    return stamp_ms(str(event["timestamp"]))


def stamp_ms(text: str) -> int:
    """Epoch milliseconds of Asterisk's form of a moment, 2026-11-22T03:30:00.123+0000."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def _message(answer: bytes) -> str:
    try:
        found = msgspec.json.decode(answer)
    except msgspec.DecodeError:
        return answer.decode(errors="replace").strip()[:200]
    return str(found.get("message") or found.get("error") or found) if isinstance(found, dict) else str(found)
