"""How much those without a log-in may do: by address, by conversation, and never at another's cost."""

from typing import Any

import pytest

from hotline.foundation import rate_limits
from hotline.foundation.errors import RateLimitedError
from hotline.foundation.models import RateWindow
from hotline.foundation.rate_limits import Limit, count_try, line_of
from tests.factories.conversations import Visitor, hand_in_sms, make_sms_number, make_written
from tests.factories.foundation import make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def narrow(settings: Any) -> None:
    """An installation that lets little through."""
    settings.HOTLINE = settings.HOTLINE.model_copy(
        update={
            "public_begins_per_address": 2,
            "public_messages_per_conversation": 3,
            "public_messages_per_address": 5,
            "public_refusals_per_address": 2,
        }
    )


def statuses(answers: Any) -> list[int]:
    return [answer.status_code for answer in answers]


@pytest.mark.usefixtures("narrow")
def test_an_address_begins_only_so_many_and_another_is_not_kept_out() -> None:
    key = make_written(make_tenant(), "chat")
    assert statuses(Visitor(key).begin() for _ in range(3)) == [201, 201, 429]
    assert Visitor(key).begin().headers["Retry-After"]
    assert Visitor(key, **{"x-real-ip": "198.51.100.7"}).begin().status_code == 201


@pytest.mark.usefixtures("narrow")
def test_a_conversation_takes_only_so_many_messages_and_its_reading_goes_on() -> None:
    visitor = Visitor(make_written(make_tenant(), "chat"))
    visitor.begin()
    assert statuses(visitor.write(f"{number}") for number in range(4)) == [201, 201, 201, 429]
    assert visitor.read().status_code == 200


@pytest.mark.usefixtures("narrow")
def test_wrong_secrets_and_keys_are_counted_and_what_is_right_is_still_read() -> None:
    visitor = Visitor(make_written(make_tenant(), "chat"))
    visitor.begin()
    guessing = Visitor(visitor.key)
    guessing.conversation_id, guessing.secret = visitor.conversation_id, "0" * 64
    assert statuses(guessing.read() for _ in range(3)) == [404, 404, 429]
    assert visitor.read().status_code == 200


@pytest.mark.usefixtures("narrow")
def test_one_senders_flood_of_short_messages_does_not_keep_others_out() -> None:
    number, secret = make_sms_number(make_tenant())
    assert statuses(hand_in_sms(number, secret, f"{n}") for n in range(4)) == [202, 202, 202, 429]
    assert hand_in_sms(number, secret, "别人", sender="13911112222").status_code == 202


def test_a_count_outlives_what_it_was_counted_for_and_is_forgotten_when_its_time_is_over() -> None:
    limit = Limit("tests", 1, 10)
    count_try(limit, "somebody")
    with pytest.raises(RateLimitedError) as refused:
        count_try(limit, "somebody")
    assert 1 <= int(str(refused.value.data["wait_s"])) <= 10
    count_try(limit, "somebody else")
    assert rate_limits.forget_old(100) == 0
    RateWindow.objects.update(ends_s=1)
    assert rate_limits.forget_old(100) == 2


def test_who_was_counted_cannot_be_read_from_the_counts() -> None:
    count_try(Limit("tests", 1, 10), "198.51.100.7")
    assert "198.51.100.7" not in str(list(RateWindow.objects.values()))


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("not an address", "not an address"),
    ],
)
def test_an_ipv6_subscriber_is_one_line(address: str, line: str) -> None:
    assert line_of(address) == line
