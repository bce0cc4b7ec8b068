"""What is emitted leaves with its transaction, in order, and stays until it is done."""

import socket
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hotline.foundation import outbox


@pytest.mark.django_db
def test_messages_come_in_order_until_they_are_done() -> None:
    with transaction.atomic():
        first = outbox.emit("routing.configuration", {"n": 1})
        outbox.emit("job", {"n": 2})
        outbox.emit("routing.other", {"n": 3})
    assert [message.payload["n"] for message in outbox.pending()] == [1, 2, 3]
    assert [message.payload["n"] for message in outbox.pending("routing.", limit=1)] == [1]
    assert outbox.mark_done([first]) == 1
    assert outbox.mark_done([first]) == 0
    assert [message.payload["n"] for message in outbox.pending("routing.")] == [3]


@pytest.mark.django_db
def test_a_transaction_that_fails_leaves_no_message() -> None:
    with transaction.atomic():
        outbox.emit("job", {})
        transaction.set_rollback(True)
    assert outbox.pending() == []


@pytest.mark.django_db(transaction=True)
def test_a_message_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        outbox.emit("job", {})


@pytest.mark.django_db(transaction=True)
def test_the_relay_is_woken_after_the_commit_and_not_before() -> None:
    path = Path(settings.HOTLINE.relay_wake_socket)
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as relay:
        relay.bind(str(path))
        relay.setblocking(False)
        with transaction.atomic():
            outbox.emit("job", {})
            with pytest.raises(BlockingIOError):
                relay.recv(1)
        assert relay.recv(1) == b"1"
    path.unlink()


@pytest.mark.django_db(transaction=True)
def test_without_a_relay_the_message_waits() -> None:
    with transaction.atomic():
        outbox.emit("job", {})
    assert len(outbox.pending()) == 1


@pytest.mark.django_db
def test_done_messages_are_forgotten_after_their_time() -> None:
    with transaction.atomic():
        done, _open = outbox.emit("job", {}), outbox.emit("job", {})
    outbox.mark_done([done])
    assert outbox.forget_done(timezone.now() - timedelta(days=1)) == 0
    assert outbox.forget_done(timezone.now() + timedelta(seconds=1)) == 1
    assert len(outbox.pending()) == 1
