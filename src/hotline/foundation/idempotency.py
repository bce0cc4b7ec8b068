"""Idempotency keys: the same POST sent twice is done once, and answered twice with the same answer."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from hotline.foundation.actors import Actor
from hotline.foundation.errors import IdempotencyConflictError, IdempotencyKeyError
from hotline.foundation.models import IdempotencyRecord

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
KEPT_FOR = timedelta(hours=24)
_KEY = re.compile(r"[A-Za-z0-9._-]{8,100}\Z")


def answer_once(request: HttpRequest, actor: Actor | None, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The view's answer, or the stored one when this key has been answered.

    View and record share one transaction: either both are kept or neither, so that a process that dies in between
    leaves a key that can be sent again. Raises IdempotencyConflictError when the key belongs to another request."""
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST" or actor is None or actor.kind != "user":
        return answer()
    if not _KEY.match(key):
        raise IdempotencyKeyError
    try:
        with transaction.atomic():
            response = _stored_answer(request, actor, key) or _first_answer(request, actor, key, answer)
    except IntegrityError:
        # On PostgreSQL two first requests may run side by side; the slower one's work was rolled back.
        stored = _stored_answer(request, actor, key)
        if stored is None:
            raise
        return stored
    if response.status_code >= 400:
        # The slower one may also have waited for a lock, and been refused because the first had done it.
        return _stored_answer(request, actor, key) or response
    return response


def _fingerprint(request: HttpRequest) -> str:
    body = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    body.update(request.body)
    return body.hexdigest()


def _stored_answer(request: HttpRequest, actor: Actor, key: str) -> HttpResponse | None:
    record = IdempotencyRecord.objects.filter(user_id=actor.person_id, key=key).first()
    if record is None:
        return None
    if record.fingerprint != _fingerprint(request):
        raise IdempotencyConflictError
    stored = HttpResponse(bytes(record.body), status=record.status, content_type=record.content_type)
    stored[REPLAYED_HEADER] = "true"
    return stored


def _first_answer(
    request: HttpRequest, actor: Actor, key: str, answer: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    response = answer()
    if not isinstance(response, HttpResponse) or response.status_code >= 400:
        transaction.set_rollback(True)
        return response
    IdempotencyRecord.objects.create(
        user_id=actor.person_id,
        key=key,
        fingerprint=_fingerprint(request),
        status=response.status_code,
        content_type=response.get("Content-Type", ""),
        body=response.content,
    )
    return response


def forget_old(limit: int = 500) -> int:
    """Delete records past their time, at most `limit`; answers how many."""
    old = IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).order_by("id")
    return IdempotencyRecord.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]
