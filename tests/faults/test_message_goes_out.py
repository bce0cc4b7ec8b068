"""kill -9 of the worker while a mail server has a message in hand: it is neither lost nor forgotten."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from tests.centre import ADMINISTRATOR, Centre, Session, eventually
from tests.factories.mail_server import Mailbox, mail_server


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    settings = {"HOTLINE_VOICE": "off", "HOTLINE_MESSAGE_PRIVATE_NETWORKS": '["127.0.0.0/8"]'}
    running = Centre(tmp_path / "centre", is_prepared=False, **settings)  # the first start of a new centre
    try:
        yield running.start()
    finally:
        running.stop()


def make_account(session: Session, box: Mailbox) -> None:
    account = {
        "version": 0,
        "driver": "smtp",
        "address": f"127.0.0.1:{box.port}",
        "encryption": "none",
        "sender": "Hotline <roster@example.org>",
    }
    status, answer = session.request("PUT", "/api/v1/admin/message-accounts/email", account)
    assert status == 200, answer


def end_lease(centre: Centre, message_id: str) -> None:
    """Three minutes go by for this message."""
    with closing(sqlite3.connect(centre.data_dir / "main.sqlite3", timeout=10)) as database, database:
        moved = database.execute(
            "UPDATE staff_messages_staffmessage SET due_at = ? WHERE id = ? AND state = 'sending'",
            (datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"), UUID(message_id).hex),
        )
        assert moved.rowcount == 1


def test_a_message_in_hand_is_sent_by_the_next_worker(centre: Centre) -> None:
    session = centre.log_in(ADMINISTRATOR)
    with mail_server() as box:
        make_account(session, box)
        box.is_holding = True
        status, trial = session.request("POST", "/api/v1/admin/message-accounts/email/trials", {"to": "it@example.org"})
        assert status == 202, trial
        address = f"/api/v1/admin/message-trials/{trial['id']}"
        assert box.has_in_hand.wait(30)

        centre.wait_for_restart("worker", centre.kill("worker"))
        box.is_holding = False
        assert session.get(address)["state"] == "sending"  # under the dead worker's lease: nobody else takes it yet
        end_lease(centre, trial["id"])
        eventually(lambda: session.get(address)["state"] == "sent", "the next worker has sent it")
        marks = {str(mail["Message-ID"]) for mail in box.mails}
    assert marks == {f"<{trial['id']}@example.org>"}
