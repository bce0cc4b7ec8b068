"""What log-ins leave behind and nobody needs any more."""

from datetime import datetime, timedelta
from typing import Final

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

ATTEMPTS_KEPT: Final = timedelta(days=1)  # far beyond the longest lockout


def forget_expired_sessions(limit: int) -> int:
    """Delete sessions past their end, at most `limit`; answers how many."""
    ended = Session.objects.filter(expire_date__lt=timezone.now()).order_by("expire_date")
    return Session.objects.filter(pk__in=list(ended.values_list("pk", flat=True)[:limit])).delete()[0]


def forget_failed_log_ins(limit: int, now: datetime | None = None) -> int:
    """Delete failed log-ins of more than a day ago, at most `limit`; answers how many."""
    old = AccessAttempt.objects.filter(attempt_time__lt=(now or timezone.now()) - ATTEMPTS_KEPT).order_by(
        "attempt_time"
    )
    return int(AccessAttempt.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0])
