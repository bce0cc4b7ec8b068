"""The web-hook: what is posted and signed, and what each answer means."""

import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Callable

import pytest

from hotline.messages.sending import Accepted, AccountSettings, Outcome, Outgoing, Refused, TryLater, down
from hotline.messaging.contract import Driver
from hotline.messaging.reach import Reach
from tests.factories.web_hook import web_hook

SECRET = "a-secret-of-sixteen"
SHORT = Outgoing(key="0193-b", to="+8613900005521", subject="班表", text="班表已发布。")

Drivers = Callable[..., Driver]


def account(url: str) -> AccountSettings:
    return AccountSettings(driver="webhook", address=url, secret=SECRET, sender="Hotline")


def test_message_is_posted_over_tls_and_its_signature_can_be_checked(
    driver: Drivers, server_tls: ssl.SSLContext
) -> None:
    with web_hook(server_tls) as hook:
        outcome = driver(account(f"https://localhost:{hook.port}/sms?v=1")).send(SHORT)
        ((path, headers, body),) = hook.posts
    assert outcome == Accepted(reference="gw-1")
    assert path == "/sms?v=1"
    assert headers["Host"] == f"localhost:{hook.port}"
    assert headers["Idempotency-Key"] == SHORT.key
    assert json.loads(body) == {
        "key": SHORT.key,
        "to": SHORT.to,
        "sender": "Hotline",
        "subject": SHORT.subject,
        "text": SHORT.text,
    }
    stamp = headers["Hotline-Timestamp"]
    assert abs(int(stamp) - time.time()) < 60
    expected = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["Hotline-Signature"] == f"sha256={expected}"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (202, Accepted(reference="gw-1")),
        (400, Refused(code="gateway_refused", status="400")),
        (422, Refused(code="gateway_refused", status="422")),
        (429, TryLater(code="busy", status="429")),
        (503, TryLater(code="busy", status="503")),
        (401, down("gateway_misdirected", "401")),
        (404, down("gateway_misdirected", "404")),
        (302, down("gateway_misdirected", "302")),
    ],
)
def test_answers_are_told_apart_and_no_redirection_is_followed(driver: Drivers, status: int, outcome: Outcome) -> None:
    with web_hook() as hook:
        hook.status, hook.headers = status, {"Location": f"http://localhost:{hook.port}/elsewhere"}
        assert driver(account(f"http://localhost:{hook.port}/")).send(SHORT) == outcome
        assert len(hook.posts) == 1


def test_an_answer_that_is_no_json_is_taken_without_a_mark(driver: Drivers) -> None:
    with web_hook() as hook:
        hook.answer = {"id": {"deep": 1}}
        assert driver(account(f"http://localhost:{hook.port}")).send(SHORT) == Accepted()


def test_private_addresses_and_plain_http_to_the_world_are_refused(driver: Drivers, server_tls: ssl.SSLContext) -> None:
    with web_hook(server_tls) as hook:
        address = f"https://localhost:{hook.port}/"
        assert driver(account(address), Reach()).send(SHORT) == down("private_address")
        assert hook.posts == []
    assert driver(account("http://8.8.8.8/"), Reach()).send(SHORT) == down("not_encrypted")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "https://", "nonsense"])
def test_what_is_no_web_address_is_not_called(driver: Drivers, url: str) -> None:
    assert driver(account(url)).send(SHORT) == down("address_of_account")


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(driver: Drivers, server_tls: ssl.SSLContext) -> None:
    with web_hook(server_tls) as hook:
        stranger = Reach(("127.0.0.0/8",), timeout_s=5)
        assert driver(account(f"https://localhost:{hook.port}/"), stranger).send(SHORT) == down("tls_failed")
        assert hook.posts == []
