"""The link to the switch over a real unix socket: commands arrive, effects are carried out once."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from hotline.kernel.clock import FakeClock
from hotline.kernel.ids import new_id
from hotline.kernel.sealing import Keyring
from hotline.live.node.condition import Condition
from hotline.live.node.spool import Spool
from hotline.live.node.switch_link import SwitchLink
from hotline.live.switch_address import SocketAddress
from hotline.messages.base import Message
from hotline.messages.effects import (
    Acknowledged,
    AnyEffect,
    AskWait,
    CommandFrame,
    EffectFrame,
    ExpectedWait,
    HangUp,
    NodeCondition,
    NodeHello,
    NodeToSwitch,
    Refused,
    SwitchHello,
    WaitTold,
    encode_frame,
)
from hotline.messages.routing import EndContact, NodeContact, ReconcileNode, RoutingCommand

KEYRING = Keyring({"k1": b"k" * 32})


class Listener:
    """Keeps what the link tells."""

    def __init__(self) -> None:
        self.held = [NodeContact("held")]
        self.effects: list[AnyEffect] = []
        self.refusals: list[tuple[RoutingCommand, Refused]] = []
        self.told: list[WaitTold] = []
        self.changes: asyncio.Queue[bool] = asyncio.Queue()
        self.heard = asyncio.Event()

    def held_contacts(self) -> list[NodeContact]:
        return self.held

    def former_contact(self, contact_id: str) -> NodeContact:
        return NodeContact(contact_id, ("its-agent",))

    def effect(self, effect: AnyEffect) -> None:
        self.effects.append(effect)
        self.heard.set()

    def refused(self, command: RoutingCommand, refusal: Refused) -> None:
        self.refusals.append((command, refusal))
        self.heard.set()

    def wait_told(self, told: WaitTold) -> None:
        self.told.append(told)
        self.heard.set()

    def switch_changed(self, is_connected: bool) -> None:
        self.changes.put_nowait(is_connected)


class Peer:
    """One accepted connection, as the switch sees it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self) -> Message:
        size = int.from_bytes(await asyncio.wait_for(self._reader.readexactly(4), 5), "big")
        message: Message = msgspec.msgpack.decode(await self._reader.readexactly(size), type=NodeToSwitch)
        return message

    async def command(self) -> RoutingCommand:
        frame = await self.read()
        assert isinstance(frame, CommandFrame)
        return frame.command

    def write(self, message: Message) -> None:
        self._writer.write(encode_frame(message))

    async def greet(self, epoch: int = 1, seq: int = 0) -> tuple[NodeHello, ReconcileNode]:
        """The first frames of a connection."""
        hello = await self.read()
        assert isinstance(hello, NodeHello)
        self.write(SwitchHello(epoch=epoch, seq=seq))
        reconciliation = await self.command()
        assert isinstance(reconciliation, ReconcileNode)
        return hello, reconciliation

    async def is_closed_by_the_node(self) -> bool:
        return await asyncio.wait_for(self._reader.read(), 5) == b""

    def close(self) -> None:
        self._writer.transport.abort()


class Bench:
    """A link, its spool, and the socket that it connects to."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.peers: asyncio.Queue[Peer] = asyncio.Queue()
        self.standby_peers: asyncio.Queue[Peer] = asyncio.Queue()
        self.standby: asyncio.Server | None = None
        self.addresses = [SocketAddress(directory / "switch.sock")]
        self._writers: list[asyncio.StreamWriter] = []
        self.listener = Listener()
        self.condition = Condition(directory / "health.json")
        self.condition.set_voice("")
        self.condition.set_setup("")

    async def open(self) -> None:
        self.server = await asyncio.start_unix_server(self._accept, self.directory / "switch.sock")

    async def open_standby(self) -> None:
        """A second switch; the link that is started next knows it."""
        self.standby = await asyncio.start_unix_server(self._accept_standby, self.directory / "standby.sock")
        self.addresses.append(SocketAddress(self.directory / "standby.sock"))

    async def _accept_standby(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self.standby_peers.put_nowait(Peer(reader, writer))

    async def standby_peer(self) -> Peer:
        return await asyncio.wait_for(self.standby_peers.get(), 5)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self.peers.put_nowait(Peer(reader, writer))

    async def close(self) -> None:
        await self.stop_link()
        self.server.close()
        if self.standby is not None:
            self.standby.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*(writer.wait_closed() for writer in self._writers), return_exceptions=True)

    def start_link(self) -> None:
        self.spool = Spool(self.directory / "spool.sqlite3", KEYRING)
        self.link = SwitchLink(self.addresses, "node-1", self.spool, FakeClock(), self.listener, self.condition)
        self.condition.listeners = [self.link.tell_condition]
        self.running = asyncio.create_task(self.link.run())

    async def stop_link(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        await self.spool.close()

    async def peer(self) -> Peer:
        return await asyncio.wait_for(self.peers.get(), 5)

    async def heard(self) -> None:
        await asyncio.wait_for(self.listener.heard.wait(), 5)
        self.listener.heard.clear()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    await made.open()
    made.start_link()
    yield made
    await made.close()


async def test_what_keeps_the_node_from_its_work_is_told_at_once_and_to_every_new_switch(bench: Bench) -> None:
    first = await bench.peer()
    await first.greet()
    bench.condition.set_voice("no platform")
    assert await first.read() == NodeCondition(voice_problem="no platform")
    first.close()
    second = await bench.peer()
    assert isinstance(await second.read(), NodeHello)
    second.write(SwitchHello(epoch=2, seq=0))
    assert await second.read() == NodeCondition(voice_problem="no platform")


def end(contact_id: str = "c-1") -> EndContact:
    return EndContact(command_id=new_id(), at_ms=5, contact_id=contact_id, ended_by="caller", cause="normal")


def effect(epoch: int, seq: int, index: int, contact_id: str = "c") -> EffectFrame:
    return EffectFrame(epoch=epoch, seq=seq, index=index, effect=HangUp(contact_id=contact_id, cause=f"{seq}.{index}"))


async def test_hello_then_reconciliation_then_commands(bench: Bench) -> None:
    peer = await bench.peer()
    hello, reconciliation = await peer.greet()
    assert hello.node_id == "node-1"
    assert reconciliation.contacts == (NodeContact("held"),)
    command = end()
    bench.link.send(command)
    assert await peer.command() == command


async def test_command_is_sent_again_on_every_connection_until_acknowledged(bench: Bench) -> None:
    command = end()
    bench.link.send(command)
    first = await bench.peer()
    _, reconciliation = await first.greet()
    assert (
        NodeContact("c-1", ("its-agent",)) in reconciliation.contacts
    )  # its end is still to be told: not ours to lose
    assert await first.command() == command
    first.close()
    second = await bench.peer()
    await second.greet()
    assert await second.command() == command
    second.write(Acknowledged(command_id=command.command_id))
    second.write(effect(1, 1, 0))
    await bench.heard()
    assert not bench.link.is_pending(command.command_id)
    second.close()
    third = await bench.peer()
    _, reconciliation = await third.greet()
    assert reconciliation.contacts == (NodeContact("held"),)


async def test_unacknowledged_command_outlives_the_node(bench: Bench) -> None:
    command = end()
    bench.link.send(command)
    await (await bench.peer()).greet()
    await bench.spool.settle()
    await bench.stop_link()
    bench.start_link()
    peer = await bench.peer()
    await peer.greet()
    assert await peer.command() == command


@pytest.fixture
async def slow_disk(bench: Bench) -> AsyncIterator[threading.Event]:
    """The spool writes nothing until this is set: its checkpoint waits for the disk."""
    gate = threading.Event()
    bench.spool._thread.submit(gate.wait, 10)
    bench.spool._keep_for(bench.spool._checkpoint)
    yield gate
    gate.set()


async def test_what_would_be_told_again_does_not_wait_for_the_disk(bench: Bench, slow_disk: threading.Event) -> None:
    peer = await bench.peer()
    await peer.greet()
    command = end()
    bench.link.send_at_once(command)
    assert await peer.command() == command
    assert bench.link.is_pending(command.command_id)
    slow_disk.set()
    await bench.spool.settle()
    assert bench.spool.commands() == [command]


async def test_what_need_not_wait_does_not_overtake_what_must(bench: Bench, slow_disk: threading.Event) -> None:
    peer = await bench.peer()
    await peer.greet()
    first, second = end("c-1"), end("c-2")
    bench.link.send(first)
    bench.link.send_at_once(second)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(peer.command(), 0.2)
    slow_disk.set()
    assert [await peer.command(), await peer.command()] == [first, second]


async def test_refused_command_is_told_and_not_sent_again(bench: Bench) -> None:
    peer = await bench.peer()
    await peer.greet()
    command = end()
    bench.link.send(command)
    await peer.command()
    peer.write(Refused(command_id=command.command_id, code="x", sentence="No."))
    await bench.heard()
    assert bench.listener.refusals[0][0] == command
    assert not bench.link.is_pending(command.command_id)


async def test_effects_already_seen_are_dropped(bench: Bench) -> None:
    peer = await bench.peer()
    await peer.greet()
    for number in [(1, 1, 0), (1, 1, 1), (1, 1, 0), (1, 1, 1), (1, 2, 0)]:
        peer.write(effect(*number))
    peer.write(effect(1, 3, 0, "last"))
    while not bench.listener.effects or bench.listener.effects[-1].contact_id != "last":
        await bench.heard()
    causes = [found.cause for found in bench.listener.effects if isinstance(found, HangUp)]
    assert causes == ["1.0", "1.1", "2.0", "3.0"]


async def test_effects_of_an_older_epoch_are_refused(bench: Bench) -> None:
    peer = await bench.peer()
    await peer.greet(epoch=5)
    peer.write(effect(4, 9, 0, "old"))
    peer.write(effect(5, 1, 0, "new"))
    await bench.heard()
    assert [found.contact_id for found in bench.listener.effects] == ["new"]


async def test_older_switch_is_left_even_by_a_restarted_node(bench: Bench) -> None:
    await (await bench.peer()).greet(epoch=7)
    assert await asyncio.wait_for(bench.listener.changes.get(), 5) is True
    await bench.spool.settle()
    await bench.stop_link()
    bench.start_link()
    peer = await bench.peer()
    hello = await peer.read()
    assert isinstance(hello, NodeHello)
    assert hello.seen_epoch == 7
    peer.write(SwitchHello(epoch=6, seq=100))
    assert await peer.is_closed_by_the_node()


async def test_listener_is_told_when_the_switch_comes_and_goes(bench: Bench) -> None:
    peer = await bench.peer()
    await peer.greet()
    assert await asyncio.wait_for(bench.listener.changes.get(), 5) is True
    assert bench.link.is_connected
    peer.close()
    assert await asyncio.wait_for(bench.listener.changes.get(), 5) is False
    await (await bench.peer()).greet()
    assert await asyncio.wait_for(bench.listener.changes.get(), 5) is True


async def test_broken_frame_costs_only_the_connection(bench: Bench) -> None:
    peer = await bench.peer()
    await peer.greet()
    peer._writer.write((5).to_bytes(4, "big") + b"\xc1junk")
    await (await bench.peer()).greet()


async def test_announced_oversize_costs_only_the_connection(bench: Bench) -> None:
    peer = await bench.peer()
    await peer.greet()
    peer._writer.write((2**31).to_bytes(4, "big"))
    await (await bench.peer()).greet()


async def test_an_error_of_ours_costs_only_the_connection(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def errs(told: WaitTold) -> None:
        raise RuntimeError("we mistreat it")

    peer = await bench.peer()
    await peer.greet()
    with monkeypatch.context() as patch:
        patch.setattr(bench.listener, "wait_told", errs)
        peer.write(WaitTold(waits=()))
        peer = await bench.peer()
    await peer.greet()
    peer.write(WaitTold(waits=()))
    await bench.heard()
    assert bench.listener.told == [WaitTold(waits=())]


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Bench]:
    """A link that knows a leader and a standby."""
    made = Bench(tmp_path)
    await made.open()
    await made.open_standby()
    made.start_link()
    yield made
    await made.close()


async def test_a_standby_gets_a_hello_and_nothing_else_until_it_leads(pair: Bench) -> None:
    leader, standby = await pair.peer(), await pair.standby_peer()
    await leader.greet(epoch=1)
    command = end()
    pair.link.send(command)
    assert await leader.command() == command
    _, reconciliation = await standby.greet(epoch=2, seq=9)
    assert NodeContact("held") in reconciliation.contacts
    assert await standby.command() == command  # not acknowledged by the former leader: sent again
    standby.write(Acknowledged(command_id=command.command_id))
    standby.write(effect(2, 9, 0))
    await pair.heard()
    assert not pair.link.is_pending(command.command_id)


async def test_a_former_leader_that_was_only_frozen_is_left_and_not_obeyed(pair: Bench) -> None:
    former, standby = await pair.peer(), await pair.standby_peer()
    await former.greet(epoch=1)
    await standby.greet(epoch=2)
    assert await former.is_closed_by_the_node()
    again = await pair.peer()  # it may come back as a standby
    assert isinstance(await again.read(), NodeHello)
    again.write(SwitchHello(epoch=1, seq=50))  # or still believe that it leads
    assert await again.is_closed_by_the_node()
    standby.write(effect(2, 1, 0, "new"))
    await pair.heard()
    assert [found.contact_id for found in pair.listener.effects] == ["new"]
    assert pair.link.is_connected


async def test_the_leader_may_be_any_of_them(pair: Bench) -> None:
    await pair.peer()
    leader = await pair.standby_peer()
    await leader.greet()
    command = end()
    pair.link.send(command)
    assert await leader.command() == command


async def test_callers_of_one_moment_are_asked_about_in_one_frame(bench: Bench) -> None:
    peer = await bench.peer()
    await peer.greet()
    bench.link.ask_wait("c-1")
    bench.link.ask_wait("c-2")
    assert await peer.read() == AskWait(contact_ids=("c-1", "c-2"))
    told = WaitTold(waits=(ExpectedWait("c-1", 1, 20),))
    peer.write(told)
    await bench.heard()
    assert bench.listener.told == [told]
