"""Short messages: handed in by a gateway, one conversation a sender, replies that leave by the tenant's account."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hotline.domains.channels import actions as channels
from hotline.domains.channels.models import EntryPoint
from hotline.domains.conversations.models import Conversation, Message
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.contacts import project
from tests.factories.conversations import (
    Desk,
    WrittenRoad,
    hand_in_sms,
    make_sms_number,
    ordered,
    road_of,
    sit_down,
)
from tests.factories.customers import CALLER, make_customer
from tests.factories.foundation import make_tenant
from tests.factories.setup import administrator_of
from tests.factories.sms_centre import PASSWORD, SmsCentre, sms_centre
from tests.factories.staff_messages import Clock, make_account, make_sender, send_all

pytestmark = pytest.mark.django_db
SENDER = "+8613900005521"


def take(tenant: Tenant, number: str, secret: str, text: str = "没有水", **values: Any) -> tuple[WrittenRoad, Desk]:
    """The road of a short message's contact, in the hands of an agent."""
    desk = sit_down(tenant)
    assert hand_in_sms(number, secret, text, **values).status_code == 202
    road = road_of(ordered()[-1], desk.agent.pk)
    project([road.queued(), road.connected(wait_ms=1)])
    return road, desk


def talks(tenant: Tenant) -> list[list[str]]:
    """What each conversation of the tenant says, the oldest first."""
    with tenant_scope(tenant.pk):
        rows = Conversation.objects.order_by("id").prefetch_related("messages")
        return [[one.code or one.text for one in sorted(row.messages.all(), key=lambda m: m.seq)] for row in rows]


def replies_of(tenant: Tenant) -> list[Message]:
    with tenant_scope(tenant.pk):
        return list(Message.objects.exclude(delivery="").order_by("id"))


def make_smpp_account(tenant: Tenant, centre: SmsCentre) -> None:
    """An account at a short-message centre of this machine, which names no sender of its own."""
    make_account(tenant, "sms", PASSWORD, driver="smpp", address=f"127.0.0.1:{centre.port}", sender="")


def test_a_sender_goes_on_with_the_open_conversation_and_then_begins_anew() -> None:
    tenant = make_tenant()
    number, secret = make_sms_number(tenant)
    road, _ = take(tenant, number, secret)
    hand_in_sms(number, secret, "还是没有", sender="0086 139 0000 5521")
    hand_in_sms(number, secret, "别人", sender="13911112222")
    assert talks(tenant) == [["没有水", "agent_joined", "还是没有"], ["别人"]]
    project([road.interaction_ended(1), road.ended("handled", 600_000, 1, "agent")])
    hand_in_sms(number, secret, "谢谢")
    assert talks(tenant)[2] == ["谢谢"]
    assert [command["type"] for command in ordered()] == ["EnqueueContact"] * 3


@pytest.mark.parametrize(("days", "is_waited_for"), [(30, True), (0, False)])
def test_the_customers_next_message_waits_for_who_wrote_with_them_as_long_as_the_tenant_says(
    days: int, is_waited_for: bool
) -> None:
    tenant = make_tenant()
    customer_id = make_customer(tenant)
    number, secret = make_sms_number(tenant)
    Tenant.objects.filter(pk=tenant.pk).update(last_agent_days=days)
    road, desk = take(tenant, number, secret, sender=CALLER)
    assert desk.reply(road.contact_id, "您好").status_code == 201
    project([road.interaction_ended(1), road.ended("handled", 600_000, 1, "agent")])
    hand_in_sms(number, secret, "又没有水了", sender=CALLER)
    first, second = ordered()
    assert first.get("wanted_agent_id") is None
    assert second["customer_id"] == str(customer_id)
    assert second.get("wanted_agent_id") == (str(desk.agent.pk) if is_waited_for else None)


def test_the_same_message_handed_in_again_is_taken_once() -> None:
    tenant = make_tenant()
    number, secret = make_sms_number(tenant)
    for _ in range(2):
        assert hand_in_sms(number, secret, "没有水", client_id="sms-1").status_code == 202
    assert talks(tenant) == [["没有水"]]


def test_without_the_present_secret_nothing_is_taken() -> None:
    tenant = make_tenant()
    number, former = make_sms_number(tenant)
    with tenant_scope(tenant.pk):
        point_id = EntryPoint.objects.get(address=number).pk
    present = channels.make_secret(administrator_of(tenant), point_id)
    for wrong in (former, "", "x"):
        answer = hand_in_sms(number, wrong, "没有水")
        assert (answer.status_code, answer.json()["code"]) == (401, "conversations.gateway_unknown")
    assert hand_in_sms("10690000", present, "没有水").status_code == 401
    assert hand_in_sms(number, present, "没有水").status_code == 202
    _, foreign = make_sms_number(make_tenant())
    assert hand_in_sms(number, foreign, "没有水").status_code == 401


def test_what_was_written_after_the_agent_had_ended_it_begins_the_next_conversation() -> None:
    tenant = make_tenant()
    number, secret = make_sms_number(tenant)
    road, _ = take(tenant, number, secret)
    # The switch has ended the contact, which is told here only after the customer has written again.
    assert hand_in_sms(number, secret, "还有一个问题", client_id="sms-late").status_code == 202
    with tenant_scope(tenant.pk):
        Message.objects.filter(client_id="sms-late").update(at=timezone.now() + timedelta(hours=1))
    project([road.interaction_ended(0), road.ended("handled", 600_000, 1, "agent")])
    assert hand_in_sms(number, secret, "还有一个问题", client_id="sms-late").status_code == 202
    before, after = talks(tenant)
    assert (before[0], after) == ("没有水", ["还有一个问题"])
    assert [command["type"] for command in ordered()] == ["EnqueueContact"] * 2


def test_a_reply_leaves_once_from_the_number_that_was_written_to() -> None:
    tenant = make_tenant()
    number, secret = make_sms_number(tenant)
    road, desk = take(tenant, number, secret)
    with sms_centre() as centre:
        make_smpp_account(tenant, centre)
        assert desk.reply(road.contact_id, "马上来", "replied-once-001").json()["delivery"] == "pending"
        desk.reply(road.contact_id, "马上来", "replied-once-001")
        sender = make_sender()
        assert send_all(sender) == 1
        assert send_all(sender) == 0
        sender.close()
        (short,) = centre.messages
    assert (short.sender, short.receiver.lstrip("+"), short.text) == (number, SENDER[1:], "马上来")
    assert desk.read(road.contact_id).json()["messages"][-1]["delivery"] == "sent"


def test_without_an_account_the_agent_is_told_that_the_reply_did_not_leave() -> None:
    tenant = make_tenant()
    number, secret = make_sms_number(tenant)
    road, desk = take(tenant, number, secret)
    desk.reply(road.contact_id, "马上来")
    send_all(make_sender())
    message = desk.read(road.contact_id).json()["messages"][-1]
    assert message["delivery"] == "failed"
    assert message["failure"]


def test_a_gateway_that_is_away_is_tried_again_and_then_given_up() -> None:
    tenant = make_tenant()
    number, secret = make_sms_number(tenant)
    road, desk = take(tenant, number, secret)
    make_account(tenant, "sms", driver="smpp", address="127.0.0.1:1", sender="")
    desk.reply(road.contact_id, "马上来")
    clock = Clock()
    sender = make_sender(clock, timeout_s=0.2)
    send_all(sender)
    (waiting,) = replies_of(tenant)
    assert (waiting.delivery, waiting.attempts) == ("pending", 1)
    clock.time += timedelta(hours=5)
    send_all(sender)
    (given_up,) = replies_of(tenant)
    assert given_up.delivery == "failed"
    assert given_up.error_code


def test_what_is_simulated_never_leaves_by_the_tenants_account() -> None:
    tenant = make_tenant()
    number, secret = make_sms_number(tenant, is_simulated=True)
    road, desk = take(tenant, number, secret)
    with sms_centre() as centre:
        make_smpp_account(tenant, centre)
        desk.reply(road.contact_id, "马上来")
        send_all(make_sender())
        assert centre.messages == []
    assert desk.read(road.contact_id).json()["messages"][-1]["delivery"] == "sent"


def test_who_cannot_be_taken_is_told_by_a_short_message() -> None:
    tenant = make_tenant()
    number, secret = make_sms_number(tenant)
    hand_in_sms(number, secret, "没有水")
    road = road_of(ordered()[-1])
    with sms_centre() as centre:
        make_smpp_account(tenant, centre)
        project([road.queued(), road.diverted("full")])
        sender = make_sender()
        send_all(sender)
        sender.close()
        (short,) = centre.messages
    assert short.text.startswith(tenant.name["zh"])
    assert talks(tenant) == [["没有水", "queue_full"]]


def test_neither_texts_nor_numbers_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    tenant = make_tenant()
    number, secret = make_sms_number(tenant)
    road, desk = take(tenant, number, secret, text="私密的话")
    make_account(tenant, "sms", driver="smpp", address="127.0.0.1:1", sender="")
    desk.reply(road.contact_id, "私密的答复")
    send_all(make_sender(timeout_s=0.2))
    for secret_text in ("私密", "5521", secret):
        assert secret_text not in caplog.text
