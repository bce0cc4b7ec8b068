"""A chat from its first message to its end, as its visitor and its agent see it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hotline.domains.contacts.models import Contact
from hotline.domains.conversations import visitors
from hotline.domains.conversations.models import Conversation
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.contacts import project
from tests.factories.conversations import (
    ASKED,
    Desk,
    Visitor,
    WrittenRoad,
    codes,
    make_written,
    news,
    ordered,
    road_of,
    sit_down,
)
from tests.factories.customers import make_customer
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.setup import make_calendar

pytestmark = pytest.mark.django_db


def begin(tenant: Tenant, **values: Any) -> tuple[Visitor, WrittenRoad, Desk]:
    """A visitor who has begun a chat, the road of its contact, and the agent who will take it."""
    visitor, desk = Visitor(make_written(tenant, "chat")), sit_down(tenant)
    assert visitor.begin(**values).status_code == 201
    return visitor, road_of(ordered()[-1], desk.agent.pk), desk


def test_a_chat_is_ordered_into_its_queue_taken_answered_and_ended() -> None:
    visitor, road, desk = begin(make_tenant())
    assert (road.channel, ordered()[0]["node_id"], ordered()[0]["type"]) == ("chat", "house", "EnqueueContact")
    contact_id = visitor.conversation_id
    project([road.queued(), road.offered()])
    assert desk.read(contact_id).status_code == 409  # while it rings it is nobody's

    project([road.connected(wait_ms=1)])
    read = visitor.read().json()
    assert (read["state"], read["agent_name"]) == ("talking", desk.agent.user.name)
    thread = desk.read(contact_id).json()
    assert thread["can_reply"]
    assert thread["sender_name"] == "陈瑜"
    assert codes(thread["messages"]) == [ASKED, "agent_joined"]

    assert desk.reply(contact_id, "您好").status_code == 201
    assert visitor.write("谢谢").status_code == 201
    assert codes(visitor.read(after=2).json()["messages"]) == ["您好", "谢谢"]
    assert news() == [(contact_id, seq) for seq in (1, 2, 3, 4)]

    project([road.interaction_ended(1), road.ended("handled", 2, 1, "agent")])
    over = visitor.read().json()
    assert (over["state"], over["ended_by"], over["agent_name"]) == ("ended", "agent", None)
    assert visitor.write("还在吗").json()["code"] == "conversations.ended"
    assert desk.read(contact_id).status_code == 200  # in wrap-up it is still in hand
    assert desk.reply(contact_id, "再见").json()["code"] == "conversations.customer_gone"
    project([road.wrapped_up(3, 1)[1]])
    assert desk.read(contact_id).status_code == 409


def test_what_no_node_tells_stands_at_the_contact() -> None:
    tenant = make_tenant()
    customer_id = make_customer(tenant, phones=[{"number": "13900005521", "label": "mobile"}])
    visitor, road, desk = begin(tenant, phone="139 0000 5521")
    assert road.customer_id == str(customer_id)
    project([road.queued(), road.connected(wait_ms=1)])
    with tenant_scope(tenant.pk):
        row = Contact.objects.get(pk=visitor.contact_id)
    assert (row.channel, row.caller, row.called_address) == ("chat", "+8613900005521", visitor.key)
    assert (row.customer_id, row.arrived_at.timestamp() * 1000) == (customer_id, road.asked_ms)
    reader = client_of(make_user(tenant=tenant, role="supervisor"))
    (found,) = reader.get("/api/v1/contacts?number=13900005521").json()["items"]
    assert (found["id"], found["caller"]) == (visitor.conversation_id, "139****5521")
    page = reader.get(f"/api/v1/contacts/{visitor.conversation_id}").json()
    assert page["timeline"][0]["kind"] == "arrived"
    popped = desk.browser.get(f"/api/v1/desk/contacts/{visitor.conversation_id}").json()
    assert popped["customer"]["id"] == str(customer_id)


def test_the_record_is_read_by_who_may_read_the_contact_and_the_look_is_audited() -> None:
    tenant = make_tenant()
    visitor, road, desk = begin(tenant)
    project([road.queued(), road.connected(wait_ms=1)])
    path = f"/api/v1/contacts/{visitor.conversation_id}/conversation"
    read = client_of(make_user(tenant=tenant, role="supervisor")).get(path).json()
    assert (codes(read["messages"]), read["can_reply"]) == ([ASKED, "agent_joined"], False)
    assert AuditEntry.objects.filter(action="conversation.read", object_id=visitor.conversation_id).count() == 1
    assert desk.browser.get(path).status_code == 200
    assert sit_down(tenant).browser.get(path).status_code == 404
    assert client_of(make_user(tenant=make_tenant(), role="supervisor")).get(path).status_code == 404


def test_another_agent_and_another_tenants_agent_neither_read_nor_reply() -> None:
    tenant = make_tenant()
    visitor, road, _ = begin(tenant)
    project([road.queued(), road.connected(wait_ms=1)])
    for other in (sit_down(tenant), sit_down(make_tenant())):
        assert other.read(visitor.conversation_id).json()["code"] == "conversations.not_in_hand"
        assert other.reply(visitor.conversation_id, "您好").json()["code"] == "conversations.not_in_hand"
    assert codes(visitor.read().json()["messages"]) == [ASKED, "agent_joined"]


def test_an_agent_of_another_company_who_has_it_in_hand_by_a_shared_pool_answers_for_that_company() -> None:
    tenant, lender = make_tenant(), make_tenant()
    visitor = Visitor(make_written(tenant, "chat"))
    visitor.begin()
    lent = sit_down(lender)
    road = road_of(ordered()[-1], lent.agent.pk)
    project([road.queued(), road.connected(wait_ms=1)])
    assert codes(lent.read(visitor.conversation_id).json()["messages"]) == [ASKED, "agent_joined"]
    assert lent.reply(visitor.conversation_id, "您好").status_code == 201
    assert visitor.read().json()["messages"][-1]["text"] == "您好"
    entry = AuditEntry.objects.get(action="conversation.replied")
    assert (entry.tenant_id, entry.actor_id) == (tenant.pk, lent.agent.user_id)
    project([road.interaction_ended(1), road.ended("handled", 2, 1), road.wrapped_up(3, 1)[1]])
    assert lent.read(visitor.conversation_id).status_code == 409


def test_the_same_message_sent_again_is_done_once_and_answered_alike() -> None:
    tenant = make_tenant()
    visitor, road, desk = begin(tenant, id="begun-once-00001")
    again = Visitor(visitor.key)
    assert again.begin(id="begun-once-00001").status_code == 201
    assert (again.conversation_id, again.secret) == (visitor.conversation_id, visitor.secret)
    other = Visitor(visitor.key).begin("etwas anderes", id="begun-once-00001")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.conflict")
    project([road.queued(), road.connected(wait_ms=1)])
    first, second = (visitor.write("hallo", "written-once-001").json() for _ in range(2))
    assert first == second
    first, second = (desk.reply(visitor.conversation_id, "ja", "replied-once-001").json() for _ in range(2))
    assert first == second
    assert [message["seq"] for message in visitor.read().json()["messages"]] == [1, 2, 3, 4]
    assert len(ordered()) == 1


def test_a_visitor_who_leaves_ends_the_contact_once() -> None:
    visitor, road, desk = begin(make_tenant())
    project([road.queued(), road.connected(wait_ms=1)])
    assert visitor.end().json()["state"] == "ended"
    assert visitor.end().json()["ended_by"] == "customer"
    (ending,) = ordered()[1:]
    assert (ending["type"], ending["ended_by"]) == ("EndContact", "caller")
    assert desk.reply(visitor.conversation_id, "noch da?").json()["code"] == "conversations.customer_gone"
    project([road.interaction_ended(1), road.ended("handled", 2, 1)])
    assert codes(visitor.read().json()["messages"]) == [ASKED, "agent_joined", "customer_left"]


def test_a_connection_told_late_does_not_bring_back_what_has_ended() -> None:
    visitor, road, _ = begin(make_tenant())
    visitor.end()
    project([road.queued(), road.connected(wait_ms=1)])
    assert visitor.read().json()["state"] == "ended"


def test_a_chat_passed_on_waits_again_and_is_the_next_agents_alone() -> None:
    tenant = make_tenant()
    visitor, road, desk = begin(tenant)
    successor = sit_down(tenant)
    project([road.queued(), road.connected(wait_ms=1), road.interaction_ended(1), road.requeued(3)])
    assert visitor.read().json()["state"] == "waiting"
    assert desk.reply(visitor.conversation_id, "gleich").status_code == 409
    following = road.next_agent(str(successor.agent.pk))
    project([following.connected(wait_ms=5)])
    assert successor.reply(visitor.conversation_id, "ja bitte").status_code == 201
    assert desk.read(visitor.conversation_id).status_code == 409
    assert codes(visitor.read().json()["messages"]) == [ASKED, "agent_joined", "passed_on", "agent_joined", "ja bitte"]


@pytest.mark.parametrize(
    ("cause", "code"),
    [("full", "queue_full"), ("too_long", "waited_too_long"), ("disaster", "out_of_order")],
)
def test_out_of_the_queue_without_an_agent_the_visitor_is_told_and_it_ends(cause: Any, code: str) -> None:
    visitor, road, _ = begin(make_tenant())
    project([road.queued(), road.diverted(cause)])
    read = visitor.read().json()
    assert (read["state"], read["ended_by"], read["messages"][-1]["code"]) == ("ended", "house", code)
    assert (ordered()[-1]["type"], ordered()[-1]["ended_by"]) == ("EndContact", "flow")


def test_a_silent_visitor_who_waits_has_given_up_and_one_who_asks_has_not() -> None:
    tenant = make_tenant()
    silent, _, _ = begin(tenant)
    asking, _, _ = begin(tenant)
    later = timezone.now() + timedelta(minutes=3)
    with tenant_scope(tenant.pk):
        Conversation.objects.filter(pk=asking.contact_id).update(seen_at=later)
    assert visitors.give_up_silent(later, 100, since=later) == 0  # who could not ask is not silent
    assert visitors.give_up_silent(later, 100, since=timezone.now()) == 1
    assert visitors.give_up_silent(later, 100, since=timezone.now()) == 0
    assert silent.read().json()["ended_by"] == "customer"
    assert asking.read().json()["state"] == "waiting"
    assert [command["type"] for command in ordered()].count("EndContact") == 1


def test_a_closed_chat_says_when_it_opens_and_begins_nothing() -> None:
    tenant = make_tenant()
    key = make_written(tenant, "chat", calendar_id=make_calendar(tenant, weekly=[[]] * 7))
    visitor = Visitor(key)
    page = visitor.page.get(f"/api/v1/public/chat/{key}").json()
    assert (page["is_open"], page["opens_at"], page["tenant_name"]) == (False, None, tenant.name)
    assert visitor.begin().json()["code"] == "conversations.chat_shut"
    assert ordered() == []


def test_a_wrong_secret_and_an_unknown_key_look_like_nothing() -> None:
    visitor, _, _ = begin(make_tenant())
    stranger = Visitor(visitor.key)
    stranger.conversation_id, stranger.secret = visitor.conversation_id, "0" * 64
    for answer in (stranger.read(), stranger.write("hallo"), stranger.end()):
        assert (answer.status_code, answer.json()["code"]) == (404, "conversations.unknown")
    assert Visitor("no-such-page").begin().json()["code"] == "conversations.page_not_in_use"


@pytest.mark.parametrize("text", ["", "  \n ", "\a\x1b", "x" * 4_001])
def test_an_empty_or_endless_text_is_refused(text: str) -> None:
    visitor, _, _ = begin(make_tenant())
    assert visitor.write(text).status_code == 422
