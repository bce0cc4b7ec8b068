"""Writes to messages that are there already."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hotline.domains.staff_messages import errors, rules
from hotline.domains.staff_messages.models import StaffMessage
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.tenancy import scope_of


def send_again(actor: Actor, message_id: UUID) -> None:
    """Let a notice that failed go out once more, with all its tries before it. The person's quiet hours still count.

    Raises NotFoundError and NotToBeSentAgainError; the second of two clicks gets the latter."""
    with scope_of(actor), transaction.atomic():
        rows = StaffMessage.objects.select_for_update(of=("self",))
        row = rows.filter(pk=message_id).first()
        if row is None:
            raise NotFoundError(object_type=StaffMessage.object_type, object_id=str(message_id))
        if row.state != StaffMessage.State.FAILED or row.topic not in rules.NOTICES:
            raise errors.NotToBeSentAgainError
        now = timezone.now()
        row.state, row.attempts, row.ended_at = StaffMessage.State.WAITING, 0, None
        row.due_at, row.expires_at = now, now + rules.WORTH[row.topic]
        row.save()
        audit.record(actor, "staff_message.sent_again", row.object_type, row.pk, row.tenant_id)
