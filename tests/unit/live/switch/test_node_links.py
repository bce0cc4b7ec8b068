"""The socket for nodes and the relay."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from hotline.live.switch import node_links, service
from hotline.live.switch.node_links import NodeLinks, SocketTakenError
from hotline.messages import routing
from hotline.messages.effects import (
    FRAME_LIMIT_BYTES,
    STANDING_BY,
    Acknowledged,
    AskWait,
    CommandFrame,
    EffectFrame,
    NodeCondition,
    NodeHello,
    Refused,
    RingAgent,
    StopRinging,
    SwitchHello,
    WaitTold,
    encode_frame,
)
from tests.unit.live.switch.exchange import Exchange, Peer, enqueue, prepare
from tests.unit.live.switch.house import CONFIGURATION, House


async def test_a_call_travels_over_the_socket(exchange: Exchange) -> None:
    node = await exchange.node()
    await prepare(node)
    frames = await node.give(routing.EnqueueContact, **enqueue("c-1"))
    assert isinstance(frames[-1], Acknowledged)
    if not any(isinstance(getattr(frame, "effect", None), RingAgent) for frame in frames):
        frames += await node.read_until(EffectFrame)
    rings = [frame.effect for frame in frames if isinstance(getattr(frame, "effect", None), RingAgent)]
    assert [(ring.contact_id, ring.agent_id) for ring in rings] == [("c-1", "ann")]
    await node.give(routing.AnswerOffer, offer_id=rings[0].offer_id)
    view = exchange.house.switch.state.router.contact("c-1")
    assert view is not None
    assert view.agent_id == "ann"


class Written:
    """What a link writes, and the transport to which it goes."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.pieces: list[bytes] = []

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def write(self, data: bytes) -> None:
        self.pieces.append(data)
        self._transport.write(data)

    def abort(self) -> None:
        self._transport.abort()


async def test_effects_and_answers_of_one_round_are_written_in_one_go(exchange: Exchange) -> None:
    node = await exchange.node()
    await prepare(node)
    link: Any = exchange.links._nodes["node-1"]
    written = link._transport = Written(link._transport)
    frames = await node.give(routing.EnqueueContact, **enqueue("c-1"))
    effects = [frame.effect for frame in frames[:-1]]
    assert any(isinstance(effect, RingAgent) for effect in effects)
    assert isinstance(frames[-1], Acknowledged)
    assert len(written.pieces) == 1


async def test_the_hello_tells_where_the_log_stands(exchange: Exchange) -> None:
    peer = await exchange.peer()
    log = exchange.house.switch.log
    assert await peer.hello() == SwitchHello(epoch=log.epoch, seq=log.seq)


async def test_what_cannot_be_is_refused_with_code_and_sentence(exchange: Exchange) -> None:
    relay = await exchange.peer()
    (answer,) = await relay.give(routing.SignIn, agent_id="nobody", session_id="s")
    assert isinstance(answer, Refused)
    assert answer.code
    assert answer.sentence.endswith(".")


async def test_a_node_that_returns_hears_what_happened_meanwhile(exchange: Exchange) -> None:
    node = await exchange.node()
    await prepare(node)
    await node.give(routing.EnqueueContact, **enqueue("c-1"))
    node.close()
    again = await exchange.peer()
    await again.hello()
    held = (routing.NodeContact("c-1"),)
    frames = await again.give(routing.ReconcileNode, node_id="node-1", contacts=held)
    frames.append(await again.read())
    while not isinstance(getattr(frames[-1], "effect", None), RingAgent):
        frames.append(await again.read())
    numbers = [(frame.epoch, frame.seq, frame.index) for frame in frames if isinstance(frame, EffectFrame)]
    assert numbers == sorted(set(numbers))


async def test_contacts_that_a_node_no_longer_holds_are_ended(exchange: Exchange) -> None:
    node = await exchange.node()
    await prepare(node)
    await node.give(routing.EnqueueContact, **enqueue("c-1"))
    again = await exchange.peer()
    await again.hello()
    await again.give(routing.ReconcileNode, node_id="node-1", contacts=())
    ended = [event for event in exchange.house.logged() if isinstance(event, routing.ContactEnded)]
    assert [(event.contact_id, event.outcome) for event in ended] == [("c-1", "platform_failure")]


async def test_effects_go_to_the_newest_connection_of_a_node_only(exchange: Exchange) -> None:
    older = await exchange.node()
    newer = await exchange.node()
    assert await older.is_cut()
    await prepare(newer)
    await newer.give(routing.EnqueueContact, **enqueue("c-1"))
    await newer.give(routing.EndContact, contact_id="c-1", ended_by="caller", cause="gone")
    assert exchange.links.nodes() == {"node-1": True}


async def test_a_withdrawn_offer_reaches_the_node(exchange: Exchange) -> None:
    node = await exchange.node()
    await prepare(node)
    await node.give(routing.EnqueueContact, **enqueue("c-1"))
    frames = await node.give(routing.EndContact, contact_id="c-1", ended_by="caller", cause="gone")
    assert any(isinstance(getattr(frame, "effect", None), StopRinging) for frame in frames)


@pytest.mark.parametrize(
    "rubbish",
    [
        (5).to_bytes(4, "big") + b"\xc1\xc1\xc1\xc1\xc1",
        (FRAME_LIMIT_BYTES + 1).to_bytes(4, "big"),
        (1).to_bytes(4, "big") + b"\x80",
        encode_frame(Acknowledged(command_id="backwards")),
    ],
)
async def test_a_broken_frame_ends_its_connection_and_no_other(exchange: Exchange, rubbish: bytes) -> None:
    sound, broken = await exchange.node(), await exchange.peer()
    broken.writer.write(rubbish)
    assert await broken.is_cut()
    answers = await sound.give(routing.ApplyConfiguration, configuration=CONFIGURATION)
    assert isinstance(answers[-1], Acknowledged)


async def test_frames_count_however_the_network_cuts_them(exchange: Exchange) -> None:
    node = await exchange.node()
    commands = [
        exchange.house.command(routing.SignIn, agent_id=f"nobody-{number}", session_id="s") for number in range(3)
    ]
    stream = b"".join(encode_frame(CommandFrame(command=command)) for command in commands)
    for piece in (stream[:2], stream[2:9], stream[9:-5], stream[-5:]):
        node.writer.write(piece)
        await node.writer.drain()
        await asyncio.sleep(0)
    answers = [await node.read() for _ in commands]
    assert [answer.command_id for answer in answers] == [command.command_id for command in commands]


async def test_a_node_that_sends_faster_than_is_decided_waits_and_is_answered_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_INBOX_LIMIT", 5)
    monkeypatch.setattr(node_links, "_ROOM_ASKED_EACH", 3)
    house = House(tmp_path)
    links, path = NodeLinks(), tmp_path / "busy.sock"
    await links.start(path)
    links.attach(house.switch)
    peer = Peer(house, *await asyncio.open_unix_connection(str(path)))
    commands = [house.command(routing.SignIn, agent_id="nobody", session_id=str(number)) for number in range(40)]
    for command in commands:
        peer.send(CommandFrame(command=command))
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert "hotline_routing_inbox 6.0" in house.switch.metrics.exposition().decode()
    running = asyncio.create_task(house.switch.run())
    assert [(await peer.read()).command_id for _ in commands] == [command.command_id for command in commands]
    peer.close()
    await links.close()
    house.switch.stop()
    await running
    house.close()


async def test_a_peer_that_does_not_read_is_cut_off_and_does_not_block(exchange: Exchange) -> None:
    deaf, sound = await exchange.peer(), await exchange.node()
    deaf.reading().pause_reading()
    big = "x" * 1_000_000
    for _ in range(40):
        command = exchange.house.command(routing.SignIn, agent_id="nobody", session_id="s", command_id=big)
        deaf.send(CommandFrame(command=command))
    answers = await sound.give(routing.ApplyConfiguration, configuration=CONFIGURATION)
    assert isinstance(answers[-1], Acknowledged)
    deaf.reading().resume_reading()
    while not await deaf.is_cut():
        pass


async def test_a_node_that_leaves_is_known_to_be_gone(exchange: Exchange) -> None:
    node = await exchange.node()
    assert exchange.links.nodes() == {"node-1": True}
    node.close()
    relay = await exchange.peer()
    await relay.give(routing.SignIn, agent_id="nobody", session_id="s")
    assert exchange.links.nodes() == {"node-1": False}


async def test_a_node_without_voice_counts_as_connected_and_says_why(exchange: Exchange) -> None:
    node, relay = await exchange.node(), await exchange.peer()
    node.send(NodeCondition(voice_problem="no platform", recording_problem="disk full"))
    await node.give(routing.SignIn, agent_id="nobody", session_id="s")
    assert (exchange.links.nodes(), exchange.links.with_voice()) == ({"node-1": True}, {"node-1": False})
    assert exchange.links.problems() == {"node-1": ["no platform", "disk full"]}
    metrics = exchange.house.switch.metrics.exposition().decode()
    assert "hotline_nodes_with_voice 0.0" in metrics
    assert "hotline_nodes_not_recording 1.0" in metrics
    relay.send(NodeCondition(voice_problem="somebody else's"))
    node.send(NodeCondition())
    await node.give(routing.SignIn, agent_id="nobody", session_id="s")
    assert (exchange.links.with_voice(), exchange.links.problems()) == ({"node-1": True}, {})


async def test_a_node_that_knows_no_numbers_yet_does_not_count_as_taking_calls(exchange: Exchange) -> None:
    node = await exchange.node()
    node.send(NodeCondition(setup_problem="no numbers yet"))
    await node.give(routing.SignIn, agent_id="nobody", session_id="s")
    assert exchange.links.with_voice() == {"node-1": False}
    assert exchange.links.problems() == {"node-1": ["no numbers yet"]}


async def test_the_socket_of_a_killed_switch_is_replaced_and_of_a_living_one_respected(exchange: Exchange) -> None:
    with pytest.raises(SocketTakenError, match="Another switch answers"):
        await NodeLinks().start(exchange.path)
    stale = exchange.path.with_name("stale.sock")
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(stale))
    links = NodeLinks()
    await links.start(stale)
    assert stale.stat().st_mode & 0o777 == 0o600
    await links.close()


@pytest.mark.parametrize("is_early", [False, True])
async def test_a_switch_that_stands_by_refuses_commands_and_greets_nodes_when_it_leads(
    tmp_path: Path, is_early: bool
) -> None:
    """Also those that had said hello before it was known whether it leads."""
    house = House(tmp_path)
    links, path = NodeLinks(), tmp_path / "standby.sock"
    await links.start(path)
    if not is_early:
        links.stand_by()
    node = Peer(house, *await asyncio.open_unix_connection(str(path)))
    node.send(NodeHello(node_id="node-1", seen_epoch=0, seen_seq=0))
    greeting = asyncio.create_task(node.read())
    await asyncio.sleep(0.05)
    links.stand_by()
    relay = Peer(house, *await asyncio.open_unix_connection(str(path)))
    (refused,) = await relay.give(routing.ApplyConfiguration, configuration=CONFIGURATION)
    assert isinstance(refused, Refused)
    assert (refused.code, "leads" in refused.sentence) == (STANDING_BY, True)
    assert not greeting.done()
    links.attach(house.switch)
    running = asyncio.create_task(house.switch.run())
    assert await greeting == SwitchHello(epoch=house.switch.log.epoch, seq=house.switch.log.seq)
    (answer,) = await relay.give(routing.ApplyConfiguration, configuration=CONFIGURATION)
    assert isinstance(answer, Acknowledged)
    relay.close()
    node.close()
    await links.close()
    house.switch.stop()
    await running
    house.close()


async def test_node_is_told_the_position_of_those_who_wait_and_of_no_others(exchange: Exchange) -> None:
    node = await exchange.node()
    await node.give(routing.ApplyConfiguration, configuration=CONFIGURATION)
    for contact_id in ("c-1", "c-2"):
        await node.give(routing.EnqueueContact, **enqueue(contact_id))
    node.send(AskWait(contact_ids=("c-2", "unknown", "c-1")))
    told = (await node.read_until(WaitTold))[-1]
    assert [(wait.contact_id, wait.position, wait.wait_s) for wait in told.waits] == [
        ("c-2", 2, None),
        ("c-1", 1, None),
    ]
