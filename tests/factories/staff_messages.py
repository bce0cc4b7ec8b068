"""Accounts, confirmed addresses and a worker's sender, for tests of messages to staff."""

from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from hotline.domains.conversations import sending as replies
from hotline.domains.staff_messages import accounts, addresses, choices, sending
from hotline.domains.staff_messages.models import StaffMessage
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.live.message_sender import MessageSender
from hotline.messaging.reach import Reach
from tests.factories.setup import administrator_of

ACCOUNT: dict[str, Any] = {
    "driver": "simulated",
    "address": "",
    "encryption": "none",
    "username": "",
    "sender": "Hotline <roster@example.org>",
    "keep_days": 30,
    "is_active": True,
}


def make_account(tenant: Tenant, way: str = "email", secret: str | None = None, **values: Any) -> None:
    """The tenant's account of that way; simulated unless said."""
    accounts.keep(administrator_of(tenant), way, 0, {**ACCOUNT, **values}, secret)


def make_mail_account(tenant: Tenant, port: int) -> None:
    """An account at a mail server of this machine."""
    make_account(tenant, driver="smtp", address=f"127.0.0.1:{port}")


def newest_code(tenant: Tenant) -> str:
    """The code that waits in the outbox."""
    with tenant_scope(tenant.pk):
        return StaffMessage.objects.filter(topic="code").order_by("-id")[0].secret_text


def confirm(tenant: Tenant, agent: Actor, address: str = "lin@example.org", way: str = "email") -> None:
    """The agent has proved that the address is theirs."""
    addresses.keep(agent, way, address)
    assert addresses.confirm(agent, way, newest_code(tenant)).result == "confirmed"
    with tenant_scope(tenant.pk):
        StaffMessage.objects.filter(topic="code").delete()


def choose(agent: Actor, **values: Any) -> None:
    """The agent's choices; without quiet hours unless said, so that the hour of the test run does not matter."""
    kept = choices.own(agent)
    ways = {**kept.ways.dict(), **values.pop("ways", {})}
    quiet = values.pop("quiet", ("", ""))
    choices.keep(agent, kept.version, ways, quiet, urgent_breaks_quiet=values.pop("urgent_breaks_quiet", False))


def outbox_of(tenant: Tenant) -> list[StaffMessage]:
    """The tenant's messages, the oldest first."""
    with tenant_scope(tenant.pk):
        return list(StaffMessage.objects.order_by("id"))


def stored(tenant: Tenant, message_id: UUID) -> StaffMessage:
    with tenant_scope(tenant.pk):
        return StaffMessage.objects.get(pk=message_id)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = timezone.now()

    def __call__(self) -> datetime:
        return self.time


def make_sender(clock: Clock | None = None, timeout_s: float = 5) -> MessageSender:
    """A worker's sender that may reach this machine."""
    return MessageSender((replies, sending), Reach(("127.0.0.0/8",), timeout_s=timeout_s), clock or Clock(), Random(7))


def send_all(sender: MessageSender) -> int:
    """Let it send until nothing is due; answers how many steps did something."""
    steps = 0
    while sender.step():
        steps += 1
    return steps
