"""What contacts need to keep only for a while."""

from datetime import timedelta

from django.utils import timezone

from hotline.domains.contacts.models import Draft
from hotline.foundation.tenancy import register_escape, without_scope

DRAFTS_KEPT = timedelta(days=30)
OLD_DRAFTS = register_escape(
    "contacts.old_drafts", "Drafts that nobody came back to for a month are deleted in every tenant alike."
)


def forget_old_drafts(limit: int) -> int:
    """Delete drafts that were not touched for a month, at most `limit`; answers how many."""
    with without_scope(OLD_DRAFTS):
        old = Draft.objects.filter(saved_at__lt=timezone.now() - DRAFTS_KEPT).order_by("saved_at")
        return int(Draft.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0])
