"""The worker's side of replies that leave the house: by the tenant's account for short messages, or for e-mail.

Claimed, sent and settled one by one, as messages to staff are (`staff_messages.sending`): never lost, and under one key
however often a crash has it sent."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hotline.domains.conversations import rules
from hotline.domains.conversations.models import Message
from hotline.domains.staff_messages.rules import LEASE, MOST_ATTEMPTS, pause_after
from hotline.domains.staff_messages.sending import Account, Claimed, Ended, account_settings
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import register_escape, tenant_scope, without_scope
from hotline.foundation.text import catalogue, in_language
from hotline.messages.sending import Accepted, AccountSettings, Outcome, Outgoing, Refused, TryLater

DUE = register_escape(
    "conversations.due_replies",
    "The worker finds which tenant's reply is due next; what it says is read in that tenant's scope.",
)
# Accounts as the sender of messages knows them, by way. What is simulated never leaves by a tenant's account.
_SIMULATED: Final = "simulated"
_PENDING, _SENT, _FAILED = Message.Delivery.PENDING, Message.Delivery.SENT, Message.Delivery.FAILED


def claim(now: datetime, resting: Collection[Account] = ()) -> Claimed | Ended | None:
    """The reply that is due the longest, None when there is none. Accounts that rest are passed over."""
    found = _next_due(now, resting)
    if found is None:
        return None
    message_id, tenant_id, due_at = found
    with tenant_scope(tenant_id), transaction.atomic():
        lease = now + LEASE
        if not Message.objects.filter(pk=message_id, due_at=due_at, delivery=_PENDING).update(due_at=lease):
            return Ended(account=(tenant_id, ""))  # another worker was faster
        message = Message.objects.select_related("conversation").get(pk=message_id)
        account: Account = (tenant_id, _way(message))
        settings = _settings(message)
        if settings is None or _is_late(message, now):
            _fail(message, message.error_code or ("expired" if settings else "no_account"))
            return Ended(account=account)
        return Claimed(
            message_id=message_id, account=account, lease=lease, settings=settings, outgoing=_outgoing(message)
        )


def settle(claimed: Claimed, outcome: Outcome, now: datetime, chance: float) -> bool:
    """Keep what became of it; False when the lease was over and somebody else has it.

    `chance`, 0 to 1, sways the pause before the next try."""
    with tenant_scope(claimed.account[0]), transaction.atomic():
        rows = Message.objects.select_for_update()
        message = rows.filter(pk=claimed.message_id, delivery=_PENDING, due_at=claimed.lease).first()
        if message is None:
            return False
        message.attempts += 1
        match outcome:
            case Accepted():
                message.delivery, message.due_at, message.reference = _SENT, None, outcome.reference[:200]
                message.error_code = message.error_status = ""
                message.save()
            case Refused():
                _fail(message, outcome.code, outcome.status)
            case TryLater():
                _put_back(message, outcome, now, chance)
    return True


def _next_due(now: datetime, resting: Collection[Account]) -> tuple[UUID, UUID, datetime] | None:
    passed_over = Q(pk__in=[])
    for tenant_id, way in resting:
        passed_over |= Q(tenant_id=tenant_id, conversation__channel="form" if way == "email" else "sms")
    with without_scope(DUE):
        rows = Message.objects.filter(delivery=_PENDING, due_at__lte=now).exclude(passed_over)
        found: Any = rows.order_by("due_at").values_list("pk", "tenant_id", "due_at").first()
        return found  # type: ignore[no-any-return]


def _way(message: Message) -> str:
    row = message.conversation
    return _SIMULATED if row.is_simulated else rules.leaves_by(row.channel, message.side, message.code)


def _settings(message: Message) -> AccountSettings | None:
    """How it leaves, None where the tenant has no account in use. From the number that the customer has written to,
    where the account names no sender of its own."""
    if _way(message) == _SIMULATED:
        return AccountSettings(driver="simulated")
    return account_settings(message.tenant_id, _way(message), sender=message.conversation.called_address)


def _is_late(message: Message, now: datetime) -> bool:
    return message.expires_at is not None and message.expires_at <= now


def _outgoing(message: Message) -> Outgoing:
    row = message.conversation
    texts = catalogue(row.language)
    centre = in_language(dict(Tenant.objects.get(pk=row.tenant_id).name), row.language)
    subject = texts["conversations.reply_subject"].format(centre=centre, reference=rules.reference_of(row.pk))
    text = message.text or texts[f"conversations.house.{message.code}"].format(centre=centre)
    return Outgoing(
        key=str(message.pk), to=row.email if row.channel == "form" else row.sender, subject=subject, text=text
    )


def _put_back(message: Message, outcome: TryLater, now: datetime, chance: float) -> None:
    due = now + pause_after(message.attempts, chance, rules.LONGEST_PAUSE)
    if message.attempts >= MOST_ATTEMPTS or (message.expires_at is not None and due >= message.expires_at):
        _fail(message, outcome.code, outcome.status)
        return
    message.error_code, message.error_status, message.due_at = outcome.code, outcome.status, due
    message.save()


def _fail(message: Message, code: str, status: str = "") -> None:
    message.delivery, message.due_at = _FAILED, None
    message.error_code, message.error_status = code, status
    message.save()
