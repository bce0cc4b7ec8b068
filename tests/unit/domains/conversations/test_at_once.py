"""What is written at the same instant: every message has its own number, and what is sent twice is done once."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from hotline.domains.conversations.models import Conversation, Message
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.conversations import Visitor, hand_in_sms, make_sms_number, make_written, ordered
from tests.factories.foundation import make_tenant
from tests.factories.same_moment import at_once, shared_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with shared_database(tmp_path):
        yield


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


def numbered(tenant: Tenant) -> list[list[int]]:
    """The numbers of the messages of each conversation."""
    with tenant_scope(tenant.pk):
        rows = Conversation.objects.order_by("id")
        return [
            list(Message.objects.filter(conversation=row).order_by("seq").values_list("seq", flat=True)) for row in rows
        ]


def test_messages_of_the_same_instant_have_numbers_without_gaps(tenant: Tenant) -> None:
    visitor = Visitor(make_written(tenant, "chat"))
    visitor.begin()
    answers = at_once(tenant, *(partial(visitor.write, f"{number}") for number in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4  # type: ignore[attr-defined]
    assert numbered(tenant) == [[1, 2, 3, 4, 5]]


def test_what_is_sent_twice_at_once_is_done_once_and_answered_alike(tenant: Tenant) -> None:
    visitor = Visitor(make_written(tenant, "chat"))
    begun = at_once(tenant, *(partial(Visitor(visitor.key).begin, id="begun-twice-0001") for _ in range(2)))
    first, second = (answer.json() for answer in begun)  # type: ignore[attr-defined]
    assert (first["conversation_id"], first["secret"]) == (second["conversation_id"], second["secret"])
    visitor.conversation_id, visitor.secret = first["conversation_id"], first["secret"]
    written = at_once(tenant, *(partial(visitor.write, "hallo", "written-twice-01") for _ in range(2)))
    assert {answer.json()["seq"] for answer in written} == {2}  # type: ignore[attr-defined]
    assert numbered(tenant) == [[1, 2]]
    assert len(ordered()) == 1


def test_short_messages_of_one_sender_at_once_begin_one_conversation(tenant: Tenant) -> None:
    number, secret = make_sms_number(tenant)
    answers = at_once(tenant, *(partial(hand_in_sms, number, secret, text) for text in ("没有水", "还是没有")))
    assert [answer.status_code for answer in answers] == [202, 202]  # type: ignore[attr-defined]
    assert numbered(tenant) == [[1, 2]]


def test_a_message_and_the_leaving_of_the_same_instant_come_in_one_order(tenant: Tenant) -> None:
    visitor = Visitor(make_written(tenant, "chat"))
    visitor.begin()
    written, left = at_once(tenant, partial(visitor.write, "noch etwas"), visitor.end)
    assert left.status_code == 200  # type: ignore[attr-defined]
    messages = visitor.read().json()["messages"]
    is_taken = written.status_code == 201  # type: ignore[attr-defined]
    assert is_taken or written.json()["code"] == "conversations.ended"  # type: ignore[attr-defined]
    assert messages[-1]["code"] == "customer_left"
    assert len(messages) == (3 if is_taken else 2)
