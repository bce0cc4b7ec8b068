"""Answers outside the API: health, readiness, metrics, and the page for a failed CSRF check."""

import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

from hotline.foundation.errors import CsrfError
from hotline.foundation.language import language_of
from hotline.foundation.text import sentence_of

METRICS_FILE = "worker.prom"  # in the run directory
REQUESTS = Counter("hotline_web_requests_total", "Answers by route, method and status.", ["route", "method", "status"])
REQUEST_SECONDS = Histogram("hotline_web_request_seconds", "Time from request to answer, seconds.", ["route", "method"])


def health(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and every migration is applied, else 503 with what is missing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = _missing_migrations()
    except DatabaseError as error:
        return JsonResponse({"status": "down", "database": type(error).__name__}, status=503)
    if missing:
        return JsonResponse({"status": "down", "missing_migrations": missing}, status=503)
    return JsonResponse({"status": "ready"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, with the figures of this machine's worker, which has no port of its own. The front door
    does not pass this address on."""
    try:
        of_worker = (settings.HOTLINE.run_dir / METRICS_FILE).read_bytes()
    except FileNotFoundError:
        of_worker = b""
    return HttpResponse(generate_latest() + of_worker, content_type=CONTENT_TYPE_LATEST)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A plain answer to a request without a valid CSRF token."""
    error = CsrfError()
    body = {"code": error.code, "sentence": sentence_of(error, language_of(request)), "data": {}}
    return JsonResponse(body, status=error.status)


def _missing_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def measured(route: str, method: str, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer, counted and timed under its route's name."""
    started = time.perf_counter()
    response = answer()
    REQUEST_SECONDS.labels(route, method).observe(time.perf_counter() - started)
    REQUESTS.labels(route, method, str(response.status_code)).inc()
    return response
