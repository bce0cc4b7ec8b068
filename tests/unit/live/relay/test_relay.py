"""The relay: woken by a datagram, tells the switch the valid set-up once, and marks rows only after the answer."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

import msgspec
import pytest
from django.db import transaction

from hotline.domains.contacts import abandoned
from hotline.domains.enterprise.announcements import ROUTING, announce
from hotline.foundation import outbox
from hotline.foundation.models import OutboxRow, Tenant
from hotline.kernel.clock import FakeClock
from hotline.kernel.ids import new_id
from hotline.live.relay import CallBackRelay, ConfigurationRelay, ConversationRelay, WakeSocket, carry_jobs
from hotline.live.switch_address import SocketAddress
from hotline.live.switch_post import SwitchPost
from hotline.messages.base import Message
from hotline.messages.conversations import COMMAND_TOPIC, NEWS_TOPIC, ConversationNews, WrittenMessage
from hotline.messages.effects import (
    STANDING_BY,
    Acknowledged,
    CommandFrame,
    NodeToSwitch,
    Refused,
    SwitchHello,
    encode_frame,
)
from hotline.messages.routing import HOUSE_NODE, EndContact, EnqueueContact
from tests.factories.customers import make_queue
from tests.factories.foundation import make_tenant

pytestmark = pytest.mark.django_db(transaction=True)
Answer = Callable[[str], Message | None]


class FakeSwitch:
    """Takes frames on a unix socket and answers each command as told; None closes the connection instead."""

    def __init__(self, path: Path, answer: Answer) -> None:
        self.taken: list[Any] = []
        self._answer = answer
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                size = int.from_bytes(stream.read(4), "big")
                frame = msgspec.msgpack.decode(stream.read(size), type=NodeToSwitch)
                assert isinstance(frame, CommandFrame | ConversationNews)
                taken = frame.command if isinstance(frame, CommandFrame) else frame
                self.taken.append(taken)
                answer = self._answer(taken.command_id)
                if answer is not None:
                    connection.sendall(encode_frame(SwitchHello(epoch=1, seq=1)) + encode_frame(answer))

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@pytest.fixture
def path() -> Path:
    return Path(mkdtemp(prefix="hl-")) / "switch.sock"


@pytest.fixture
def start(path: Path) -> Iterator[Callable[[Answer], FakeSwitch]]:
    running: list[FakeSwitch] = []

    def begin(answer: Answer) -> FakeSwitch:
        path.unlink(missing_ok=True)
        running.append(FakeSwitch(path, answer))
        return running[-1]

    yield begin
    for switch in running:
        switch.close()


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


def changed(tenant: Tenant, times: int = 1) -> None:
    for _ in range(times):
        with transaction.atomic():
            announce(tenant.pk, ROUTING)


def acknowledged(command_id: str) -> Message:
    return Acknowledged(command_id=command_id)


def relay_to(path: Path) -> ConfigurationRelay:
    return ConfigurationRelay(SwitchPost([SocketAddress(path)], timeout_s=5.0), FakeClock())


def test_many_changes_reach_the_switch_as_one_set_up(
    tenant: Tenant, path: Path, start: Callable[[Answer], FakeSwitch]
) -> None:
    queue = make_queue(tenant)
    changed(tenant, times=3)
    switch = start(acknowledged)
    assert relay_to(path).step() == 3
    (command,) = switch.taken
    assert [one.queue_id for one in command.configuration.queues] == [str(queue.pk)]
    assert outbox.pending("routing.") == []


def test_rows_wait_while_the_switch_is_away(tenant: Tenant, path: Path, start: Callable[[Answer], FakeSwitch]) -> None:
    changed(tenant)
    relay = relay_to(path)
    assert (relay.step(), relay.step()) == (0, 0)
    assert len(outbox.pending("routing.")) == 1
    start(acknowledged)
    assert relay.step() == 1
    assert outbox.pending("routing.") == []


def test_a_switch_that_dies_before_its_answer_is_told_again(
    tenant: Tenant, path: Path, start: Callable[[Answer], FakeSwitch]
) -> None:
    changed(tenant)
    answers: list[Answer] = [lambda _: None, acknowledged]
    switch = start(lambda command_id: answers.pop(0)(command_id))
    relay = relay_to(path)
    assert (relay.step(), relay.step()) == (0, 1)
    first, second = switch.taken
    assert first.command_id == second.command_id


def test_a_refused_set_up_is_not_sent_for_ever(
    tenant: Tenant, path: Path, start: Callable[[Answer], FakeSwitch]
) -> None:
    changed(tenant)
    switch = start(lambda command_id: Refused(command_id=command_id, code="x", sentence="No."))
    relay = relay_to(path)
    assert (relay.step(), relay.step()) == (1, 0)
    assert len(switch.taken) == 1


def test_a_new_relay_tells_the_switch_even_without_news(
    tenant: Tenant, path: Path, start: Callable[[Answer], FakeSwitch]
) -> None:
    switch = start(acknowledged)
    relay = relay_to(path)
    assert (relay.step(), relay.step()) == (0, 0)
    assert len(switch.taken) == 1


def test_a_committed_change_wakes_the_relay_and_a_rolled_back_one_does_not(tenant: Tenant, settings: object) -> None:
    wake_path = settings.HOTLINE.relay_wake_socket  # type: ignore[attr-defined]
    wake = WakeSocket(wake_path)
    try:
        with transaction.atomic():
            announce(tenant.pk, ROUTING)
            transaction.set_rollback(True)
        assert not wake.wait(0)
        changed(tenant, times=3)
        assert wake.wait(1.0)
        assert not wake.wait(0)
    finally:
        wake.close()
    assert not wake_path.exists()


def test_jobs_are_marked_one_by_one_after_their_launch() -> None:
    with transaction.atomic():
        for number in range(3):
            outbox.emit("job", {"name": "x", "payload": {}, "run_at": "", "key": str(number)})
    launched: list[str] = []

    def launch(row: outbox.OutboxMessage) -> None:
        if len(launched) == 2:
            raise OSError("jobs file is full")
        launched.append(row.payload["key"])

    with pytest.raises(OSError, match="full"):
        carry_jobs(launch)
    assert launched == ["0", "1"]
    assert OutboxRow.objects.filter(done_at=None).count() == 1


# --- call-backs -------------------------------------------------------------------------------------------------------


def ordered(tenant: Tenant, contact_id: str) -> EnqueueContact:
    """A call-back that somebody has asked for."""
    command = EnqueueContact(
        command_id=f"call-back-{contact_id}",
        at_ms=1,
        contact_id=contact_id,
        tenant_id=str(tenant.pk),
        queue_id="q",
        node_id="node-1",
        asked_at_ms=1,
        arrived_at_ms=1,
        callback="sealed",
    )
    with transaction.atomic():
        outbox.emit(abandoned.CALL_BACK_TOPIC, msgspec.to_builtins(command), tenant.pk)
    return command


def test_call_back_reaches_the_switch_once(tenant: Tenant, path: Path, start: Callable[[Answer], FakeSwitch]) -> None:
    command = ordered(tenant, new_id())
    switch = start(acknowledged)
    relay = CallBackRelay(SwitchPost([SocketAddress(path)]))
    assert (relay.step(), relay.step()) == (1, 0)
    assert switch.taken == [command]


def test_call_back_waits_while_the_switch_is_away(tenant: Tenant, path: Path) -> None:
    ordered(tenant, new_id())
    assert CallBackRelay(SwitchPost([SocketAddress(path)])).step() == 0
    assert len(outbox.pending(abandoned.CALL_BACK_TOPIC)) == 1


def test_refused_call_back_is_not_sent_again(tenant: Tenant, path: Path, start: Callable[[Answer], FakeSwitch]) -> None:
    ordered(tenant, new_id())
    start(lambda command_id: Refused(command_id=command_id, code="routing.queue_unknown", sentence="No such queue."))
    assert CallBackRelay(SwitchPost([SocketAddress(path)])).step() == 1
    assert outbox.pending(abandoned.CALL_BACK_TOPIC) == []


# --- conversations in writing -----------------------------------------------------------------------------------------


class Refusals(list[tuple[str, str]]):
    """What web is told that the switch did not take."""

    def note(self, contact_id: UUID, code: str) -> None:
        self.append((str(contact_id), code))


def asked_and_left(tenant: Tenant, contact_id: str) -> list[Any]:
    """A customer writes, writes again, and leaves."""
    asked = EnqueueContact(
        command_id=new_id(),
        at_ms=1,
        contact_id=contact_id,
        tenant_id=str(tenant.pk),
        queue_id="q",
        node_id=HOUSE_NODE,
        asked_at_ms=1,
        arrived_at_ms=1,
        channel="chat",
    )
    left = EndContact(command_id=new_id(), at_ms=2, contact_id=contact_id, ended_by="caller", cause="left")
    with transaction.atomic():
        outbox.emit(COMMAND_TOPIC, msgspec.to_builtins(asked), tenant.pk)
        for seq in (1, 2):
            outbox.emit(NEWS_TOPIC, msgspec.to_builtins(WrittenMessage(contact_id, seq)), tenant.pk)
        outbox.emit(COMMAND_TOPIC, msgspec.to_builtins(left), tenant.pk)
    return [asked, left]


def conversations_to(path: Path, refusals: Refusals | None = None) -> ConversationRelay:
    noted = Refusals() if refusals is None else refusals
    return ConversationRelay(SwitchPost([SocketAddress(path)], timeout_s=5.0), noted.note)


def test_what_is_asked_in_writing_reaches_the_switch_in_order_and_news_in_one_frame(
    tenant: Tenant, path: Path, start: Callable[[Answer], FakeSwitch]
) -> None:
    contact_id = new_id()
    commands = asked_and_left(tenant, contact_id)
    switch = start(acknowledged)
    relay = conversations_to(path)
    assert (relay.step(), relay.step()) == (4, 0)
    *carried, news = switch.taken
    assert carried == commands
    assert news.messages == (WrittenMessage(contact_id, 1), WrittenMessage(contact_id, 2))


def test_conversations_wait_while_the_switch_is_away(
    tenant: Tenant, path: Path, start: Callable[[Answer], FakeSwitch]
) -> None:
    asked_and_left(tenant, new_id())
    relay = conversations_to(path)
    assert (relay.step(), relay.step()) == (0, 0)
    start(acknowledged)
    assert relay.step() == 4
    assert outbox.pending("conversations.") == []


def test_a_conversation_is_carried_again_when_the_switch_dies_before_its_answer(
    tenant: Tenant, path: Path, start: Callable[[Answer], FakeSwitch]
) -> None:
    asked, left = asked_and_left(tenant, new_id())
    answers: list[Answer] = [acknowledged, lambda _: None, acknowledged, acknowledged]
    switch = start(lambda command_id: answers.pop(0)(command_id))
    relay = conversations_to(path)
    assert (relay.step(), relay.step()) == (1, 3)
    assert [one.command_id for one in switch.taken[:3]] == [asked.command_id, left.command_id, left.command_id]


def test_web_is_told_what_the_switch_refused_and_the_rest_goes_on(
    tenant: Tenant, path: Path, start: Callable[[Answer], FakeSwitch]
) -> None:
    contact_id = new_id()
    asked, _ = asked_and_left(tenant, contact_id)

    def answer(command_id: str) -> Message:
        if command_id == asked.command_id:
            return Refused(command_id=command_id, code="routing.queue_unknown", sentence="No such queue.")
        return Acknowledged(command_id=command_id)

    start(answer)
    refusals = Refusals()
    assert conversations_to(path, refusals).step() == 4
    assert refusals == [(contact_id, "routing.queue_unknown")]


def test_a_switch_that_stands_by_does_not_swallow_news(
    tenant: Tenant, path: Path, start: Callable[[Answer], FakeSwitch]
) -> None:
    with transaction.atomic():
        outbox.emit(NEWS_TOPIC, msgspec.to_builtins(WrittenMessage(new_id(), 1)), tenant.pk)
    start(lambda command_id: Refused(command_id=command_id, code=STANDING_BY, sentence="Ask the other."))
    assert conversations_to(path).step() == 0
    assert len(outbox.pending(NEWS_TOPIC)) == 1
