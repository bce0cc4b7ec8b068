"""E-mail through a real server: what arrives, and what each of its answers means."""

import socket
import ssl
import threading
from collections.abc import Callable

import pytest

from hotline.messages.sending import Accepted, AccountSettings, Outgoing, Refused, TryLater, down
from hotline.messaging.contract import Driver
from hotline.messaging.reach import Reach
from hotline.messaging.smtp import SmtpDriver, host_and_port
from tests.factories.mail_server import PASSWORD, USER, mail_server

MAIL = Outgoing(
    key="0193-a", to="lin@example.org", subject="班表已发布", text="请看班表。\nMy roster: https://x/my-roster"
)

Drivers = Callable[..., Driver]


def account(port: int, **values: str) -> AccountSettings:
    plain = {"driver": "smtp", "address": f"localhost:{port}", "encryption": "none"}
    return AccountSettings(**{**plain, "sender": "热线 Hotline <roster@example.org>", **values})  # type: ignore[arg-type]


def test_mail_arrives_whole_in_chinese_with_a_mark_made_of_its_key(driver: Drivers) -> None:
    with mail_server() as box:
        outcome = driver(account(box.port)).send(MAIL)
        (mail,) = box.mails
    assert outcome == Accepted(reference="<0193-a@example.org>")
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == (MAIL.to, MAIL.subject, "<0193-a@example.org>")
    assert mail["From"] == "热线 Hotline <roster@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n").strip() == MAIL.text


def test_several_mails_share_a_connection_and_a_new_one_is_opened_when_it_was_closed(driver: Drivers) -> None:
    with mail_server() as box:
        one = driver(account(box.port))
        assert isinstance(one, SmtpDriver)
        assert [type(one.send(MAIL)) for _ in range(3)] == [Accepted] * 3
        assert box.connections == 1
        assert one._client is not None
        assert one._client.sock is not None
        one._client.sock.shutdown(socket.SHUT_RDWR)
        assert isinstance(one.send(MAIL), Accepted)
        assert (len(box.mails), box.connections) == (4, 2)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the server's, which cannot see our TLS
@pytest.mark.parametrize("encryption", ["starttls", "tls"])
def test_log_in_over_an_encrypted_connection(driver: Drivers, server_tls: ssl.SSLContext, encryption: str) -> None:
    server = {"starttls": server_tls} if encryption == "starttls" else {"tls": server_tls}
    with mail_server(**server, needs_log_in=True) as box:
        known = account(box.port, encryption=encryption, username=USER, secret=PASSWORD)
        assert isinstance(driver(known).send(MAIL), Accepted)
        wrong = account(box.port, encryption=encryption, username=USER, secret="wrong")
        assert driver(wrong).send(MAIL) == down("login_refused", "535")
        assert len(box.mails) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(driver: Drivers, server_tls: ssl.SSLContext) -> None:
    stranger = Reach(("127.0.0.0/8",), timeout_s=5)
    with mail_server(tls=server_tls) as box:
        assert driver(account(box.port, encryption="tls"), stranger).send(MAIL) == down("tls_failed")
    with mail_server(starttls=server_tls) as box:
        assert driver(account(box.port, encryption="starttls"), stranger).send(MAIL) == down("tls_failed")
        assert box.mails == []


def test_nothing_goes_in_the_open_when_encryption_was_chosen(driver: Drivers) -> None:
    with mail_server() as box:
        assert driver(account(box.port, encryption="starttls")).send(MAIL) == down("not_encrypted")
        assert box.mails == []


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("rcpt", "550 5.1.1 no such user lin@example.org", Refused(code="recipient_refused", status="550")),
        ("rcpt", "450 4.2.1 try again", TryLater(code="busy", status="450")),
        ("mail", "553 not your address", down("sender_refused", "553")),
        ("mail", "451 later", down("busy", "451")),
        ("data", "554 spam", Refused(code="content_refused", status="554")),
        ("data", "452 disk full", TryLater(code="busy", status="452")),
    ],
)
def test_answers_for_good_and_for_now_are_told_apart(
    driver: Drivers, step: str, answer: str, outcome: Refused | TryLater
) -> None:
    with mail_server() as box:
        one = driver(account(box.port))
        box.answers[step] = answer
        assert one.send(MAIL) == outcome
        box.answers.clear()
        assert isinstance(one.send(MAIL), Accepted)


def test_a_server_that_accepts_and_says_nothing_ends_in_a_time_out(driver: Drivers) -> None:
    quick = Reach(("127.0.0.0/8",), timeout_s=0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        one = driver(account(silent.getsockname()[1]), quick)
        assert one.send(MAIL) == down("timeout")


def test_a_server_that_hangs_up_at_once_is_told(driver: Drivers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        hanging_up = threading.Thread(target=lambda: listener.accept()[0].close())
        hanging_up.start()
        outcome = driver(account(listener.getsockname()[1])).send(MAIL)
        hanging_up.join()
    assert outcome == down("broken_off")


@pytest.mark.parametrize("to", ["no address", "", "a@b\r\nBcc: all@example.org", "a@", "@b.org"])
def test_an_address_that_is_none_is_refused_before_anything_is_sent(driver: Drivers, to: str) -> None:
    with mail_server() as box:
        one = driver(account(box.port))
        wrong = Outgoing(key="k", to=to, subject="s", text="t")
        assert one.send(wrong) == Refused(code="address_invalid")
        assert (box.mails, box.connections) == ([], 0)


def test_a_subject_of_two_lines_cannot_add_a_header(driver: Drivers) -> None:
    with mail_server() as box:
        sly = Outgoing(key="k", to="a@example.org", subject="Hello\r\nBcc: all@example.org", text="t")
        assert isinstance(driver(account(box.port)).send(sly), Accepted)
        (mail,) = box.mails
    assert (mail["Subject"], mail["Bcc"]) == ("Hello Bcc: all@example.org", None)


@pytest.mark.parametrize(
    ("address", "taken_apart"),
    [
        ("mail.example.org:2525", ("mail.example.org", 2525)),
        ("mail.example.org", ("mail.example.org", 587)),
        ("[fd00::1]:25", ("fd00::1", 25)),
        ("fd00::1", ("fd00::1", 587)),
    ],
)
def test_server_and_port(address: str, taken_apart: tuple[str, int]) -> None:
    assert host_and_port(address, 587) == taken_apart
