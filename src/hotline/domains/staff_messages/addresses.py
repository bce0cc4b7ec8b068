"""Where a person gets their messages, and the code that proves it is theirs."""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final, Literal

from django.utils import timezone
from email_validator import EmailNotValidError, validate_email

from hotline.domains.staff_messages import errors, rules
from hotline.domains.staff_messages.models import MessageAccount, StaffAddress, StaffMessage
from hotline.domains.staff_messages.own_agent import OwnAgent, own_write
from hotline.domains.staff_messages.schemas import OwnConfirmationOut
from hotline.foundation import audit
from hotline.foundation.actors import Actor
from hotline.foundation.errors import RateLimitedError
from hotline.foundation.fields import blind_index, normalise_phone

MOST_TRIES: Final = 5
_CODES_AN_HOUR: Final = 5
_PAUSE: Final = timedelta(seconds=30)
_PURPOSE: Final = "staff-address-code"


def checked(way: str, address: str) -> str:
    """The address in the form in which it is kept. Raises AddressInvalidError or PhoneNumberError."""
    if way == "sms":
        return normalise_phone(address)
    try:
        return validate_email(address.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise errors.AddressInvalidError from error


def keep(actor: Actor, way: str, address: str) -> None:
    """Note the agent's address of that way and send a code to it; a confirmed other one is replaced.

    Raises NoAccountError, what `checked` raises, and RateLimitedError: a code each half a minute, five in an hour."""
    wanted = checked(way, address)
    with own_write(actor) as me:
        if not MessageAccount.objects.filter(tenant_id=me.tenant_id, way=way, is_active=True).exists():
            raise errors.NoAccountError
        _check_rate(me)
        rows = StaffAddress.objects.select_for_update(of=("self",))
        found = rows.filter(agent_id=me.agent_id, way=way).first()
        found = found or StaffAddress(tenant_id=me.tenant_id, agent_id=me.agent_id, way=way)
        if found.address != wanted:
            found.address, found.confirmed_at = wanted, None
        _send_code(me, found)
        audit.record(actor, "staff_address.code_sent", found.object_type, found.pk, me.tenant_id, {"way": way})


def confirm(actor: Actor, way: str, code: str) -> OwnConfirmationOut:
    """Whether the code is the one that was sent last. A wrong one is an answer and no error, so that it is counted
    whatever the caller does."""
    with own_write(actor) as me:
        rows = StaffAddress.objects.select_for_update(of=("self",))
        found = rows.filter(agent_id=me.agent_id, way=way).first()
        result = _judged(found, code, me.now)
        if found is None or result == "too_old":
            return OwnConfirmationOut(result="too_old", tries_left=0)
        if result == "wrong":
            found.code_tries += 1
            found.save()
            return OwnConfirmationOut(result="wrong", tries_left=MOST_TRIES - found.code_tries)
        found.confirmed_at, found.code_hash, found.code_until = me.now, "", None
        found.save()
        audit.record(actor, "staff_address.confirmed", found.object_type, found.pk, me.tenant_id, {"way": way})
    return OwnConfirmationOut(result="confirmed", tries_left=0)


def forget(actor: Actor, way: str) -> None:
    """The agent gets nothing by this way any more. Nothing happens when there is no address."""
    with own_write(actor) as me:
        found = StaffAddress.objects.filter(agent_id=me.agent_id, way=way).first()
        if found is not None:
            audit.record(actor, "staff_address.removed", found.object_type, found.pk, me.tenant_id, {"way": way})
            found.delete()


def _judged(found: StaffAddress | None, code: str, now: datetime) -> Literal["right", "wrong", "too_old"]:
    if found is None or found.code_until is None or found.code_until <= now or found.code_tries >= MOST_TRIES:
        return "too_old"
    return "right" if hmac.compare_digest(found.code_hash, _hash(found, code)) else "wrong"


def _send_code(me: OwnAgent, found: StaffAddress) -> None:
    code = f"{secrets.randbelow(1_000_000):06d}"
    found.code_hash, found.code_tries = _hash(found, code), 0
    found.code_until = me.now + rules.WORTH["code"]
    found.save()
    # One that was sent to the former address must not go there any more.
    unsent = StaffMessage.objects.filter(agent_id=me.agent_id, way=found.way, topic=StaffMessage.Topic.CODE)
    unsent.filter(state=StaffMessage.State.WAITING).delete()
    StaffMessage.objects.create(
        tenant_id=me.tenant_id,
        agent_id=me.agent_id,
        way=found.way,
        topic=StaffMessage.Topic.CODE,
        text_code="code",
        to=found.address,
        secret_text=code,
        due_at=me.now,
        expires_at=found.code_until,
    )


def _check_rate(me: OwnAgent) -> None:
    """Codes go to an address that nobody has confirmed: it may be a stranger's."""
    recent = StaffMessage.objects.filter(
        agent_id=me.agent_id, topic=StaffMessage.Topic.CODE, created_at__gt=me.now - timedelta(hours=1)
    ).order_by("-created_at")
    sent = list(recent.values_list("created_at", flat=True)[:_CODES_AN_HOUR])
    if sent and timezone.now() - sent[0] < _PAUSE:
        raise RateLimitedError(wait_s=int(_PAUSE.total_seconds()))
    if len(sent) == _CODES_AN_HOUR:
        raise RateLimitedError(wait_s=3600)


def _hash(found: StaffAddress, code: str) -> str:
    return blind_index(f"{found.pk}:{code}", _PURPOSE)
