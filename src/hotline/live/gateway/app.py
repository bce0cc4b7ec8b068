"""The ASGI application of the switch: `/live` for browsers; `/health`, `/ready` and `/metrics` for this machine."""

import json
from collections.abc import Callable, MutableMapping
from typing import Any

from hotline.live.gateway.connection import Connection, Desk, Receive, Scope, Send

Report = Callable[[], MutableMapping[str, Any]]
_JSON = "application/json"
_METRICS = "text/plain; version=0.0.4; charset=utf-8"


class Gateway:
    """One ASGI application; `report` says how the switch is, `is_ready` among it."""

    def __init__(self, desk: Desk, report: Report) -> None:
        self._desk, self._report = desk, report

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._live(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, send)
        else:
            raise NotImplementedScopeError(scope["type"])

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        if scope["path"] != "/live" or not _is_same_origin(scope):
            # Refused before the hand-shake: the client sees HTTP 403 and a foreign page learns nothing.
            await send({"type": "websocket.close", "code": 4403})
            return
        await send({"type": "websocket.accept"})
        await Connection(receive, send, self._desk).serve()

    async def _answer(self, scope: Scope, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await _respond(send, 405, _JSON, b'{"code": "method_not_allowed"}')
        elif scope["path"] == "/health":
            await _respond(send, 200, _JSON, b'{"status": "ok"}')
        elif scope["path"] == "/ready":
            report = self._report()
            await _respond(send, 200 if report["is_ready"] else 503, _JSON, json.dumps(report).encode())
        elif scope["path"] == "/metrics":
            await _respond(send, 200, _METRICS, self._desk.metrics.exposition())
        else:
            await _respond(send, 404, _JSON, b'{"code": "not_found"}')


class NotImplementedScopeError(Exception):
    """A protocol that this application does not speak (the server is told so and goes on without it)."""


def _is_same_origin(scope: Scope) -> bool:
    """Whether a page of this very host asks; programs that send no Origin have only their token to show."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin")
    if origin is None:
        return True
    _, separator, address = origin.partition("://")
    return bool(separator) and address.lower() == headers.get(b"host", "").lower()


async def _respond(send: Send, status: int, content_type: str, body: bytes) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
