"""What is found at the switch's port: `/live` for browsers; `/health`, `/ready` and `/metrics` for this machine."""

import json
from collections.abc import Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from hotline.live.gateway.connection import Desk

Report = Callable[[], MutableMapping[str, Any]]
_JSON = "application/json"
_METRICS = "text/plain; version=0.0.4; charset=utf-8"


class Gateway:
    """Answers every request; `report` says how the switch is, `is_ready` among it."""

    def __init__(self, desk: Desk, report: Report) -> None:
        self.desk, self._report = desk, report

    def answer(self, http: ServerProtocol, request: Request) -> Response:
        """The hand-shake where a window may come in, else the answer to a plain question."""
        path = request.path.partition("?")[0]
        if path == "/live":
            # A foreign page is refused before the hand-shake and learns nothing.
            return http.accept(request) if _is_same_origin(request) else http.reject(HTTPStatus.FORBIDDEN, "")
        if request.method != "GET":
            return _plain(http, HTTPStatus.METHOD_NOT_ALLOWED, '{"code": "method_not_allowed"}')
        if path == "/health":
            return _plain(http, HTTPStatus.OK, '{"status": "ok"}')
        if path == "/ready":
            report = self._report()
            status = HTTPStatus.OK if report["is_ready"] else HTTPStatus.SERVICE_UNAVAILABLE
            return _plain(http, status, json.dumps(report))
        if path == "/metrics":
            return _plain(http, HTTPStatus.OK, self.desk.metrics.exposition().decode(), _METRICS)
        return _plain(http, HTTPStatus.NOT_FOUND, '{"code": "not_found"}')


def _is_same_origin(request: Request) -> bool:
    """Whether a page of this very host asks; programs that send no Origin have only their token to show."""
    origins = request.headers.get_all("Origin")
    if not origins:
        return True
    _, separator, address = origins[0].partition("://")
    hosts = [host.lower() for host in request.headers.get_all("Host")]
    return len(origins) == 1 and bool(separator) and [address.lower()] == hosts


def _plain(http: ServerProtocol, status: HTTPStatus, body: str, content_type: str = _JSON) -> Response:
    response = http.reject(status, body)
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = "no-store"
    return response
