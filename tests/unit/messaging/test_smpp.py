"""SMS through a short-message centre that speaks SMPP 3.4."""

import ssl
from collections.abc import Callable

import pytest

from hotline.messages.sending import Accepted, AccountSettings, Outcome, Outgoing, Refused, TryLater, down
from hotline.messaging.contract import Driver
from hotline.messaging.drivers import driver_of
from hotline.messaging.reach import Reach
from tests.factories.sms_centre import PASSWORD, sms_centre

Drivers = Callable[..., Driver]


def account(port: int, **values: str) -> AccountSettings:
    plain = {"driver": "smpp", "address": f"127.0.0.1:{port}", "encryption": "none", "username": "hotline"}
    return AccountSettings(**{**plain, "secret": PASSWORD, "sender": "12345", **values})  # type: ignore[arg-type]


def short(text: str = "Your roster is published.") -> Outgoing:
    return Outgoing(key="0193-c", to="+8613900005521", subject="", text=text)


def test_a_plain_text_goes_in_one_message(driver: Drivers) -> None:
    with sms_centre() as centre:
        assert driver(account(centre.port)).send(short()) == Accepted(reference="m1")
        (one,) = centre.messages
    assert (one.sender, one.receiver, one.coding, one.text) == (
        "12345",
        "8613900005521",
        0,
        "Your roster is published.",
    )


def test_chinese_goes_in_ucs2_and_a_long_text_in_parts_that_join_again(driver: Drivers) -> None:
    text = "班表已发布，请查看。" * 12  # 120 characters: 67 fit into a part
    with sms_centre() as centre:
        assert driver(account(centre.port)).send(short(text)) == Accepted(reference="m1,m2")
    assert [one.coding for one in centre.messages] == [8, 8]
    assert "".join(one.text for one in centre.messages) == text
    assert [one.content[:3] + one.content[4:6] for one in centre.messages] == [
        b"\x05\x00\x03\x02\x01",
        b"\x05\x00\x03\x02\x02",
    ]


def test_a_connection_is_kept_its_questions_are_answered_and_it_ends_with_a_word(driver: Drivers) -> None:
    with sms_centre() as centre:
        one = driver(account(centre.port))
        centre.asks_first = True
        assert [type(one.send(short())) for _ in range(3)] == [Accepted] * 3
        one.close()
        assert (centre.binds, centre.unbinds) == (1, 1)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (0x0B, Refused(code="recipient_refused", status="11")),
        (0x45, Refused(code="content_refused", status="69")),
        (0x58, TryLater(code="busy", status="88")),
        (0x14, TryLater(code="busy", status="20")),
        (0x0A, down("sender_refused", "10")),
    ],
)
def test_answers_are_told_apart_and_the_next_message_goes(driver: Drivers, status: int, outcome: Outcome) -> None:
    with sms_centre() as centre:
        one = driver(account(centre.port))
        centre.status = status
        assert one.send(short()) == outcome
        centre.status = 0
        assert isinstance(one.send(short()), Accepted)
        one.close()


def test_a_wrong_password_and_a_silent_centre_hold_the_account(driver: Drivers) -> None:
    quick = Reach(("127.0.0.0/8",), timeout_s=0.3)
    with sms_centre() as centre:
        assert driver(account(centre.port, secret="wrong"), quick).send(short()) == down("login_refused", "14")
        centre.is_silent = True
        assert driver(account(centre.port), quick).send(short()).code in {"timeout", "broken_off"}  # type: ignore[union-attr]


def test_a_centre_that_stands_in_a_network_nobody_named_is_not_called(driver: Drivers) -> None:
    with sms_centre() as centre:
        assert driver(account(centre.port), Reach()).send(short()) == down("private_address")
        assert centre.binds == 0


def test_tls_is_spoken_when_it_was_chosen(driver: Drivers, server_tls: ssl.SSLContext) -> None:
    with sms_centre() as centre:  # which speaks none
        quick = Reach(("127.0.0.0/8",), timeout_s=0.3)
        wanted = account(centre.port, encryption="tls")
        assert driver(wanted, quick).send(short()).code in {"timeout", "tls_failed"}  # type: ignore[union-attr]
        assert centre.binds == 0


def test_each_account_has_the_driver_that_it_names(reach: Reach) -> None:
    simulated = driver_of(AccountSettings(driver="simulated"), reach).send(short())
    assert simulated == Accepted(reference="simulated-0193-c", is_simulated=True)
    named = {
        name: type(driver_of(AccountSettings(driver=name), reach)).__name__ for name in ("smtp", "webhook", "smpp")
    }
    assert named == {"smtp": "SmtpDriver", "webhook": "WebhookDriver", "smpp": "SmppDriver"}
