"""A thin client of Asterisk's REST interface: requests over kept connections, events over a WebSocket that reconnects.

Requests do not go over the WebSocket although Asterisk could: there they are answered strictly one after the other."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

import aiohttp
import msgspec

from hotline.kernel.errors import HotlineError
from hotline.kernel.http_client import HttpClient
from hotline.telephony.ari_stream import ECHO_NAME, EventStream, Json

_CONNECTIONS = 32
_REQUEST_LIMIT_S = 10.0
_HEARTBEAT_S = 5.0
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


class Ari:
    """One Asterisk's interface for one application. Use `open`, then `events`, then `close`."""

    def __init__(self, base_url: str, user: str, password: str, application: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._application = application
        self._user = user
        self._password = password
        self._authorization = {"Authorization": aiohttp.encode_basic_auth(user, password)}
        self._client = HttpClient(self._base_url, self._authorization, _CONNECTIONS)
        self._session: aiohttp.ClientSession | None = None  # for the event stream alone
        self._manager_session = ""  # the cookie of a manager that has let us in
        self._closing = asyncio.Event()
        self._stream: EventStream | None = None

    async def open(self) -> None:
        """Make ready; nothing is sent yet."""
        timeout = aiohttp.ClientTimeout(total=_REQUEST_LIMIT_S)
        self._session = aiohttp.ClientSession(headers=self._authorization, timeout=timeout)

    async def close(self) -> None:
        self._closing.set()
        await self._client.close()
        if self._session is not None:
            await self._session.close()

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

    async def events(self) -> AsyncIterator[Json | Connected | Disconnected]:
        """Every event in order, with Connected and Disconnected between them, until `close`."""
        pause_s = _FIRST_PAUSE_S
        while not self._closing.is_set():
            try:
                async with self._socket() as socket:
                    pause_s, self._stream = _FIRST_PAUSE_S, EventStream(socket)
                    yield Connected()
                    async for event in self._stream.events():
                        yield event
                cause = self._stream.why_closed
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                cause = str(error) or type(error).__name__
            if self._closing.is_set():
                return
            yield Disconnected(cause)
            await asyncio.sleep(pause_s * random.uniform(0.8, 1.2))  # noqa: S311 - spreads nodes, protects nothing
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    @property
    def is_streaming(self) -> bool:
        """Whether the event stream is open, as far as pings can tell."""
        return self._stream is not None and self._stream.is_open

    async def is_silent(self, within_s: float) -> bool:
        """Whether the event stream is open, and no event that is made now comes out. Raises AriError or AriDownError.

        An open stream is no proof: after a hang Asterisk may switch the application off under the new connection
        (probably by cleaning up the former one late), which stays open and silent while new calls pass us by."""
        stream = self._stream
        if stream is None:
            return False
        echo = stream.expect_echo()
        await self.request("POST", f"events/user/{ECHO_NAME}", application=self._application)
        try:
            async with asyncio.timeout(within_s):
                await echo.wait()
        except TimeoutError:
            return stream.is_open
        return False

    async def drop_stream(self, cause: str) -> None:
        """Close the event stream; a new one is opened."""
        if self._stream is not None:
            await self._stream.close(cause)

    def _socket(self) -> Any:
        return self._open_session.ws_connect(
            f"{self._base_url}/ari/events",
            params={"app": self._application, "subscribeAll": "false"},
            heartbeat=_HEARTBEAT_S,
            max_msg_size=0,
        )

    @property
    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("open the client first")
        return self._session


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
