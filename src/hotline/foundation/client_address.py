"""The address a request came from."""

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The browser's address. The front door overwrites X-Real-IP, and web listens on localhost only, so that the
    header cannot be forged from outside; without a front door the peer's own address counts."""
    return request.META.get("HTTP_X_REAL_IP") or request.META.get("REMOTE_ADDR") or ""
