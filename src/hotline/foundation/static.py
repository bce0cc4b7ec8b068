"""The built front end: hashed assets that may be kept for ever, the public pages of chats and web forms, and one page
for every other address outside the API."""

import mimetypes
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

_SERVER_PREFIXES = ("/api/", "/_allauth/", "/internal/", "/health", "/ready", "/metrics", "/live", "/sip")
_VISITOR_PREFIXES = ("/chat/", "/form/")
_PAGES = ("index.html", "visitor.html")
_FOR_EVER = "public, max-age=31536000, immutable"


class FrontEndMiddleware:
    """Serves files before sessions and log-in are looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.root = Path(settings.FRONT_END_DIR)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(_SERVER_PREFIXES) or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        return self._file(request.path) or self._page(request.path)

    def _file(self, path: str) -> HttpResponseBase | None:
        """The file of that name inside the build, or None; `..` and links out of it find nothing."""
        root = self.root.resolve()
        found = (root / path.lstrip("/")).resolve()
        if not found.is_relative_to(root) or not found.is_file() or found.name in _PAGES:
            return None
        kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        # Closed by Django with the response.
        answer = FileResponse(found.open("rb"), content_type=kind)
        is_hashed = found.parent.name == "assets"
        answer["Cache-Control"] = _FOR_EVER if is_hashed else "no-cache"
        return answer

    def _page(self, path: str) -> HttpResponseBase:
        index = self.root / ("visitor.html" if path.startswith(_VISITOR_PREFIXES) else "index.html")
        if Path(path).suffix or not index.is_file():
            return HttpResponse("Not found. The front end is built by `make`.\n", status=404, content_type="text/plain")
        answer = HttpResponse(index.read_bytes(), content_type="text/html; charset=utf-8")
        answer["Cache-Control"] = "no-cache"
        return answer
