"""The worker's side of the outbox: the next message is claimed under a lease, sent, and settled.

A lease is a due time in the future: two workers cannot have the same message, and what a killed one had in hand is due
again when its lease is over. So a message may be sent twice, under the same key, and is never lost."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Q

from hotline.domains.staff_messages import outbox, rules, wording
from hotline.domains.staff_messages.models import (
    AccountSecret,
    MessageAccount,
    StaffAddress,
    StaffChoices,
    StaffMessage,
)
from hotline.foundation.tenancy import register_escape, tenant_scope, without_scope
from hotline.messages.sending import Accepted, AccountSettings, Outcome, Outgoing, Refused, TryLater

DUE = register_escape(
    "staff_messages.due_rows",
    "The worker finds which tenant's message is due next; what it says is read in that tenant's scope.",
)
_OPEN: Final = (StaffMessage.State.WAITING, StaffMessage.State.SENDING)
_STATE, _TOPIC = StaffMessage.State, StaffMessage.Topic
_OWN_ADDRESS: Final = frozenset({_TOPIC.CODE, _TOPIC.TRIAL})  # they say themselves where they go

Account = tuple[UUID, str]  # tenant and way


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A message that this worker may send until its lease is over."""

    message_id: UUID
    account: Account
    lease: datetime
    settings: AccountSettings
    outgoing: Outgoing


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """One that was due but need not or cannot be sent. `is_account_down`: no other of the account's can, either."""

    account: Account
    is_account_down: bool = False


class _NotToSendError(Exception):
    """The message is not to be sent now: what becomes of it instead."""

    def __init__(self, state: str, code: str = "", due_at: datetime | None = None, *, is_down: bool = False) -> None:
        self.state, self.code, self.due_at, self.is_down = state, code, due_at, is_down
        super().__init__(code)


def claim(now: datetime, resting: Collection[Account] = ()) -> Claimed | Ended | None:
    """The message that is due the longest, None when there is none. Accounts that rest are passed over."""
    found = _next_due(now, resting)
    if found is None:
        return None
    message_id, tenant_id, due_at = found
    lease = now + rules.LEASE
    with tenant_scope(tenant_id), transaction.atomic():
        mine = StaffMessage.objects.filter(pk=message_id, due_at=due_at, state__in=_OPEN)
        if not mine.update(state=_STATE.SENDING, due_at=lease):
            return Ended(account=(tenant_id, ""))  # another worker was faster
        message = StaffMessage.objects.select_related("tenant", "agent__user").get(pk=message_id)
        account: Account = (tenant_id, message.way)
        try:
            settings, outgoing = _prepared(message, now)
        except _NotToSendError as verdict:
            _apply(message, verdict, now)
            return Ended(account=account, is_account_down=verdict.is_down)
        return Claimed(message_id=message_id, account=account, lease=lease, settings=settings, outgoing=outgoing)


def settle(claimed: Claimed, outcome: Outcome, now: datetime, chance: float) -> bool:
    """Keep what became of it; False when the lease was over and somebody else has it.

    `chance`, 0 to 1, sways the pause before the next try."""
    with tenant_scope(claimed.account[0]), transaction.atomic():
        rows = StaffMessage.objects.select_for_update(of=("self",))
        message = rows.filter(pk=claimed.message_id, state=_STATE.SENDING, due_at=claimed.lease).first()
        if message is None:
            return False
        message.attempts += 1
        match outcome:
            case Accepted():
                message.reference, message.is_simulated = outcome.reference[:200], outcome.is_simulated
                message.error_code = message.error_status = ""
                _end(message, _STATE.SENT, now)
            case Refused():
                message.error_code, message.error_status = outcome.code, outcome.status
                _end(message, _STATE.FAILED, now)
            case TryLater():
                message.error_code, message.error_status = outcome.code, outcome.status
                _put_back(message, now, chance)
        message.save()
    return True


def give_up_expired(now: datetime, limit: int) -> int:
    """End at most `limit` messages that are no longer worth sending; answers how many."""
    with without_scope(DUE), transaction.atomic():
        rows = StaffMessage.objects.filter(state=_STATE.WAITING, expires_at__lte=now).order_by("expires_at")
        ids = list(rows.values_list("pk", flat=True)[:limit])
        ended = {"state": _STATE.FAILED, "ended_at": now, "to": "", "secret_text": ""}
        # What kept it from going is told; only of those that nothing had kept it is said that it is too late.
        open_rows = StaffMessage.objects.filter(pk__in=ids, state=_STATE.WAITING)
        late = open_rows.filter(error_code="").update(**ended, error_code="expired")
        return late + open_rows.update(**ended)


def forget_old(now: datetime, limit: int) -> int:
    """Delete at most `limit` messages whose account's days of keeping are over; answers how many."""
    gone = 0
    for tenant_id, keep_days in _keep_days().items():
        with tenant_scope(tenant_id), transaction.atomic():
            rows = StaffMessage.objects.filter(tenant_id=tenant_id, ended_at__lt=now - timedelta(days=keep_days))
            ids = list(rows.order_by("ended_at").values_list("pk", flat=True)[: limit - gone])
            StaffMessage.objects.filter(pk__in=ids).delete()
            gone += len(ids)
        if gone >= limit:
            break
    return gone


def _keep_days() -> dict[UUID, int]:
    """How long each tenant that has messages keeps them: the longest of its accounts, a month without any."""
    usual = MessageAccount._meta.get_field("keep_days").default
    with without_scope(DUE):
        owners = StaffMessage.objects.order_by("tenant_id").values_list("tenant_id", flat=True).distinct()
        found: dict[UUID, int] = dict.fromkeys(owners, 0)
        for tenant_id, days in MessageAccount.objects.values_list("tenant_id", "keep_days"):
            found[tenant_id] = max(found.get(tenant_id, 0), days)
    return {tenant_id: days or usual for tenant_id, days in found.items()}


def _next_due(now: datetime, resting: Collection[Account]) -> tuple[UUID, UUID, datetime] | None:
    passed_over = Q(pk__in=[])
    for tenant_id, way in resting:
        passed_over |= Q(tenant_id=tenant_id, way=way)
    with without_scope(DUE):
        rows = StaffMessage.objects.filter(state__in=_OPEN, due_at__lte=now).exclude(passed_over)
        return rows.order_by("due_at").values_list("pk", "tenant_id", "due_at").first()


def _prepared(message: StaffMessage, now: datetime) -> tuple[AccountSettings, Outgoing]:
    """What the driver needs. Raises _NotToSendError when the message is not to be sent now."""
    if message.expires_at <= now:
        raise _NotToSendError(_STATE.FAILED, message.error_code or "expired")
    to, choices = message.to, None
    if message.topic not in _OWN_ADDRESS:
        to, choices = _receiver(message, now)
    settings = _settings(message)
    return settings, _outgoing(message, to, choices)


def _receiver(message: StaffMessage, now: datetime) -> tuple[str, StaffChoices | None]:
    agent = message.agent
    if agent is None or not agent.is_active or not agent.user.is_active:
        raise _NotToSendError(_STATE.DROPPED, "person_left")
    address = StaffAddress.objects.filter(agent_id=agent.pk, way=message.way).exclude(confirmed_at=None).first()
    if address is None:
        raise _NotToSendError(_STATE.DROPPED, "no_address")
    choices = StaffChoices.objects.filter(agent_id=agent.pk).first()
    if not outbox.is_wanted(choices, message.topic, message.way):
        raise _NotToSendError(_STATE.DROPPED, "not_wanted")
    due = outbox.due_at(message.topic, choices, now, outbox.time_zone(message.tenant_id))
    if due > now:
        raise _NotToSendError(_STATE.WAITING, message.error_code, due)
    return address.address, choices


def _settings(message: StaffMessage) -> AccountSettings:
    settings = account_settings(message.tenant_id, message.way)
    if settings is None:
        raise _NotToSendError(_STATE.WAITING, "no_account", is_down=True)
    return settings


def account_settings(tenant_id: UUID, way: str, sender: str = "") -> AccountSettings | None:
    """The tenant's account of that way as drivers need it, None without one in use; `sender` where it names none.
    Needs a scope."""
    account = MessageAccount.objects.filter(tenant_id=tenant_id, way=way, is_active=True).first()
    if account is None:
        return None
    secret = AccountSecret.objects.filter(account_id=account.pk).first()
    driver: Any = account.driver
    encryption: Any = account.encryption
    return AccountSettings(
        driver=driver,
        address=account.address,
        encryption=encryption,
        username=account.username,
        secret=secret.text if secret else "",
        sender=account.sender or sender,
    )


def _outgoing(message: StaffMessage, to: str, choices: StaffChoices | None) -> Outgoing:
    language = message.language or (message.agent.user.language if message.agent else "zh")
    has_calendar = message.way == "email" and message.topic == _TOPIC.ROSTER and choices is not None
    said = wording.words(
        message.text_code,
        message.data,
        language,
        centre=message.tenant.name,
        code=message.secret_text,
        calendar_path=choices.calendar_path if has_calendar and choices else "",
        has_link=message.topic not in _OWN_ADDRESS,
    )
    return Outgoing(key=str(message.pk), to=to, subject=said.subject, text=said.text)


def _apply(message: StaffMessage, verdict: _NotToSendError, now: datetime) -> None:
    message.error_code = verdict.code
    if verdict.state == _STATE.WAITING:
        message.state = _STATE.WAITING
        message.due_at = verdict.due_at or now + rules.FIRST_PAUSE
    else:
        _end(message, verdict.state, now)
    message.save()


def _put_back(message: StaffMessage, now: datetime, chance: float) -> None:
    # A code or a trial is awaited by somebody: its pauses stay short.
    longest = rules.FIRST_PAUSE if message.topic in _OWN_ADDRESS else rules.LONGEST_PAUSE
    due = now + rules.pause_after(message.attempts, chance, longest)
    if due >= message.expires_at or message.attempts >= rules.MOST_ATTEMPTS:
        _end(message, _STATE.FAILED, now)
        return
    message.state, message.due_at = _STATE.WAITING, due


def _end(message: StaffMessage, state: str, now: datetime) -> None:
    message.state, message.ended_at = state, now
    message.to = message.secret_text = ""
