"""What comes in from outside: a chat begins, a web form is handed in, a short message arrives.

None of them has a log-in. Whose it is is found by the entry point's public key; all else is done in that tenant's
scope. A sender's own id makes it one, however often it is sent."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from hotline.domains.channels.queries import PublicEntryPoint, public_entry_point
from hotline.domains.channels.rules import bare_number, secret_mark
from hotline.domains.conversations import errors, limits, rules, thread, visitors
from hotline.domains.conversations.models import Conversation, Message
from hotline.domains.conversations.steering import Known, known_sender
from hotline.domains.conversations.views import Begun, PageView
from hotline.domains.customers.numbers import number_index, read_number
from hotline.domains.enterprise.queries import calendar_hours
from hotline.foundation import audit
from hotline.foundation.errors import IdempotencyConflictError
from hotline.foundation.fields import normalise_phone
from hotline.foundation.ids import new_uuid
from hotline.foundation.tenancy import tenant_scope
from hotline.kernel.clock import to_ms
from hotline.messages.routing import HOUSE_NODE, EnqueueContact

_OPEN: Final = (Conversation.State.WAITING, Conversation.State.TALKING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a visitor or a gateway hands in. `phone` is as it was typed."""

    client_id: str
    text: str
    language: str = ""  # empty: the entry point's
    name: str = ""
    phone: str = ""
    email: str = ""


def page(channel: str, key: str, address: str) -> PageView:
    """What the page of a chat or web form says before anything is written. Raises PageNotInUseError."""
    point = _point(channel, key, address)
    with tenant_scope(point.tenant_id):
        is_open, opens_at = calendar_hours(point.calendar_id, timezone.now())
    return PageView(
        name=point.name,
        tenant_name=point.tenant_name,
        language=point.language,
        is_open=is_open,
        opens_at=opens_at,
    )


def begin_chat(key: str, letter: Letter, address: str) -> Begun:
    """Begin a chat with its first message. Raises PageNotInUseError, ChatClosedError, ChatShutError, PhoneNumberError,
    RateLimitedError, and IdempotencyConflictError when the id was sent with another text."""
    point = _point("chat", key, address)
    limits.count_begin(address)
    sender = normalise_phone(letter.phone) if letter.phone else ""
    with tenant_scope(point.tenant_id):
        begun = _begun(point, letter)
        if begun is None:
            _check_open(point)
            begun = _once(point, letter, sender, address)
        return visitors.begun(begun)


def take_form(key: str, letter: Letter, address: str) -> str:
    """Take a web form; answers the reference to tell its visitor. Raises PageNotInUseError, AnswerAddressNeededError,
    PhoneNumberError, RateLimitedError, and IdempotencyConflictError."""
    point = _point("form", key, address)
    limits.count_begin(address)
    if not letter.phone and not letter.email:
        raise errors.AnswerAddressNeededError
    sender = normalise_phone(letter.phone) if letter.phone else ""
    with tenant_scope(point.tenant_id):
        return rules.reference_of(_once(point, letter, sender, address).pk)


def take_sms(key: str, secret: str, letter: Letter, address: str) -> None:
    """Take a short message from the gateway: it goes on with its sender's open conversation, or begins a new one.

    Raises GatewayUnknownError, RateLimitedError for the sender, and IdempotencyConflictError."""
    point = public_entry_point("sms", bare_number(key))
    if point is None or not hmac.compare_digest(secret_mark(secret), point.secret_sha256):
        limits.count_refusal(address)
        raise errors.GatewayUnknownError
    sender = read_number(letter.phone)
    limits.count_message(f"{point.entry_point_id}/{sender}")
    with tenant_scope(point.tenant_id):
        _once(point, letter, sender, address)


def carry_on(ended: Conversation, ended_at: datetime) -> None:
    """What the sender of short messages has written since the contact ended, and before this was known here, begins
    their next conversation: it was taken, and else nobody would read it. In the projector's transaction and scope."""
    late = Message.objects.filter(conversation=ended, side=Message.Side.CUSTOMER, at__gt=ended_at).order_by("seq")
    letters = list(late) if ended.channel == "sms" else []
    point = public_entry_point("sms", ended.called_address) if letters else None
    if point is None or point.entry_point_id != ended.entry_point_id:
        return
    row = _new_row(point, Letter(client_id="", text="", language=ended.language), ended.sender)
    _open(row, point.queue_id, known_sender(point.tenant_id, point.time_zone, ended.sender))
    # The same text stays where it came in; its sender's id is the new one's, so that it is still taken once.
    late.update(client_id="")
    for one in letters:
        thread.append(row, "customer", one.text, client_id=one.client_id, origin_id=one.origin_id, at=one.at)


def _point(channel: str, key: str, address: str) -> PublicEntryPoint:
    point = public_entry_point(channel, key)
    if point is None:
        limits.count_refusal(address)
        raise errors.PageNotInUseError
    return point


def _check_open(point: PublicEntryPoint) -> None:
    is_open, opens_at = calendar_hours(point.calendar_id, timezone.now())
    if is_open:
        return
    if opens_at is None:
        raise errors.ChatShutError
    raise errors.ChatClosedError(opens_at=f"{opens_at:%Y-%m-%d %H:%M}")


def _begun(point: PublicEntryPoint, letter: Letter) -> Conversation | None:
    """The conversation in which this letter is already."""
    rows = Message.objects.select_related("conversation")
    message = rows.filter(
        origin_id=point.entry_point_id, side=Message.Side.CUSTOMER, client_id=letter.client_id
    ).first()
    if message is None:
        return None
    if message.text != rules.clean_text(letter.text):
        raise IdempotencyConflictError
    return message.conversation


def _once(point: PublicEntryPoint, letter: Letter, sender: str, address: str) -> Conversation:
    known = known_sender(point.tenant_id, point.time_zone, sender)
    return thread.once(
        lambda: _begun(point, letter),
        lambda: _gone_on(point, letter, sender) or _begin(point, letter, sender, known, address),
    )


def _gone_on(point: PublicEntryPoint, letter: Letter, sender: str) -> Conversation | None:
    """The open conversation of this sender of short messages, with the letter added to it."""
    if point.channel != "sms":
        return None
    rows = Conversation.objects.select_for_update().filter(
        tenant_id=point.tenant_id,
        entry_point_id=point.entry_point_id,
        channel="sms",
        sender_index=number_index(sender),
        state__in=_OPEN,
    )
    row = rows.first()
    if row is not None:
        _append(row, letter)
    return row


def _begin(point: PublicEntryPoint, letter: Letter, sender: str, known: Known, address: str) -> Conversation:
    row = _new_row(point, letter, sender)
    _open(row, point.queue_id, known, address)
    _append(row, letter)
    return row


def _new_row(point: PublicEntryPoint, letter: Letter, sender: str) -> Conversation:
    return Conversation(
        id=new_uuid(),
        tenant_id=point.tenant_id,
        entry_point_id=point.entry_point_id,
        channel=point.channel,
        called_address=point.address,
        language=letter.language or point.language,
        sender_name=rules.clean_text(letter.name),
        sender=sender,
        sender_index=number_index(sender),
        email=letter.email,
        is_simulated=point.is_simulated,
        seen_at=timezone.now() if point.channel == "chat" else None,
    )


def _open(row: Conversation, queue_id: UUID, known: Known, address: str = "") -> None:
    """Keep a new conversation, and order its contact into the queue."""
    row.customer_id = known.customer_id
    row.save(force_insert=True)
    thread.order(row, _command(row, queue_id, known))
    actor = visitors.visitor(row.tenant_id, address)
    audit.record(actor, "conversation.begun", row.object_type, row.pk, row.tenant_id, {"channel": row.channel})


def _append(row: Conversation, letter: Letter) -> None:
    text = rules.clean_text(letter.text)
    thread.append(row, "customer", text, client_id=letter.client_id, origin_id=row.entry_point_id)


def _command(row: Conversation, queue_id: UUID, known: Known) -> EnqueueContact:
    now_ms = to_ms(timezone.now())
    channel: Any = row.channel
    return EnqueueContact(
        command_id=f"conversation-{row.pk}",
        at_ms=now_ms,
        contact_id=str(row.pk),
        tenant_id=str(row.tenant_id),
        queue_id=str(queue_id),
        node_id=HOUSE_NODE,
        asked_at_ms=now_ms,
        arrived_at_ms=now_ms,
        channel=channel,
        entry_point_id=str(row.entry_point_id),
        language=row.language,
        customer_id=str(row.customer_id) if row.customer_id else None,
        is_simulated=row.is_simulated,
        attributes=known.attributes,
        wanted_agent_id=known.wanted_agent_id,
        wanted_cause=known.wanted_cause,
    )
