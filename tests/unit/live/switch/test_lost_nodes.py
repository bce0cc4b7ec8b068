"""A node that dies takes its own callers out of the offers, not the agents: those of both sites serve the other site
(row JS-01)."""

import asyncio
from pathlib import Path
from typing import Any

from hotline.live.switch.node_links import NodeLinks, Patience
from hotline.messages import routing
from hotline.messages.effects import EffectFrame, RingAgent
from tests.unit.live.switch.exchange import Exchange, Peer, enqueue
from tests.unit.live.switch.house import CONFIGURATION, TENANT, House, agent, queue

AGENTS = ("ann", "bob", "nan-1", "nan-2")
TWO_SITES = routing.RoutingConfiguration(
    version=1,
    queues=(queue("repair", offer_timeout_s=15, callback_attempts=2),),
    agents=tuple(agent(agent_id, site_id="nanjing" if "-" in agent_id else "huaian") for agent_id in AGENTS),
)
PATIENCE = Patience()
TIMES = {"hold_after_ms": 5_000, "give_up_after_ms": 90_000, "clear_after_ms": 900_000}


async def man(exchange: Exchange) -> Peer:
    """Everybody at both sites is available; the way by which the test tells of them."""
    relay = await exchange.peer()
    await relay.give(routing.ApplyConfiguration, configuration=TWO_SITES)
    for agent_id in AGENTS:
        await relay.give(routing.SignIn, agent_id=agent_id, session_id="s")
        await relay.give(routing.SetAgentState, agent_id=agent_id, state="available")
    return relay


async def round_of(exchange: Exchange) -> None:
    """Let the switch look at the clock."""
    answered = asyncio.Event()
    command = exchange.house.command(routing.SignIn, agent_id="nobody", session_id="s")
    exchange.house.switch.submit(command, lambda _: answered.set())
    await answered.wait()


async def later(exchange: Exchange, seconds: int) -> None:
    for _ in range(seconds):
        exchange.house.clock.advance_ms(1000)
        await round_of(exchange)


async def is_gone(exchange: Exchange, node_id: str) -> None:
    while exchange.links.nodes()[node_id]:
        await asyncio.sleep(0.001)
    await round_of(exchange)


def stages(exchange: Exchange, *contact_ids: str) -> list[str | None]:
    found = [exchange.house.switch.state.router.contact(contact_id) for contact_id in contact_ids]
    return [contact.stage if contact else None for contact in found]


def states(exchange: Exchange) -> dict[str, tuple[str, str | None]]:
    return {one.agent_id: (one.state, one.reason) for one in exchange.house.switch.state.router.agents()}


def logged(exchange: Exchange, kind: type[Any]) -> list[Any]:
    return [event for event in exchange.house.logged() if isinstance(event, kind)]


async def serve(exchange: Exchange, node: Peer, contact_id: str) -> str:
    """A caller of this node is rung, answered and done with; by whom."""
    asking = {**enqueue(contact_id), "node_id": "huaian"}
    frames = await node.give(routing.EnqueueContact, **asking)
    while not any(isinstance(getattr(frame, "effect", None), RingAgent) for frame in frames):
        frames += await node.read_until(EffectFrame)
    ring = next(frame.effect for frame in frames if isinstance(getattr(frame, "effect", None), RingAgent))
    assert ring.contact_id == contact_id
    await node.give(routing.AnswerOffer, offer_id=ring.offer_id)
    await node.give(routing.HangUpContact, agent_id=ring.agent_id, contact_id=contact_id)
    await node.give(routing.FinishWrapUp, agent_id=ring.agent_id, contact_id=contact_id)
    return str(ring.agent_id)


async def test_agents_of_both_sites_serve_the_other_one_within_30_s_when_a_node_dies(exchange: Exchange) -> None:
    """Four callers of the dead node ring and two wait; they have their places and waits when it is back."""
    relay = await man(exchange)
    dying, living = await exchange.node(node_id="nanjing"), await exchange.node(node_id="huaian")
    callers = [f"dead-{number}" for number in range(6)]
    for contact_id in callers:
        await dying.give(routing.EnqueueContact, **{**enqueue(contact_id), "node_id": "nanjing"})
    assert stages(exchange, *callers) == ["proposed"] * 4 + ["waiting"] * 2
    dying.close()
    await is_gone(exchange, "nanjing")
    await later(exchange, PATIENCE.hold_s)
    assert set(states(exchange).values()) == {("available", None)}
    served = [await serve(exchange, living, f"living-{number}") for number in range(8)]
    assert set(served) == set(AGENTS)
    await later(exchange, 60)
    assert set(states(exchange).values()) == {("available", None)}
    assert not logged(exchange, routing.OfferExpired)
    held = [routing.NodeContact(contact_id) for contact_id in callers]
    again = await exchange.node(*held, node_id="nanjing")
    assert stages(exchange, *callers) == ["proposed"] * 4 + ["waiting"] * 2
    assert not logged(exchange, routing.ContactEnded)[8:]
    for peer in (relay, again):
        peer.close()


async def test_a_node_that_is_back_at_once_has_changed_nothing(exchange: Exchange) -> None:
    """As when the only node of a small centre is started again."""
    await man(exchange)
    node = await exchange.node(node_id="huaian")
    await node.give(routing.EnqueueContact, **{**enqueue("k1"), "node_id": "huaian"})
    offered = logged(exchange, routing.ContactOffered)
    node.close()
    await is_gone(exchange, "huaian")
    await later(exchange, PATIENCE.hold_s - 1)
    await exchange.node(routing.NodeContact("k1"), node_id="huaian")
    await later(exchange, PATIENCE.hold_s)
    assert logged(exchange, routing.ContactOffered) == offered
    assert stages(exchange, "k1") == ["proposed"]


async def test_who_waits_is_lost_when_the_node_stays_away_and_conversations_can_be_ended(exchange: Exchange) -> None:
    relay = await man(exchange)
    node = await exchange.node(node_id="nanjing")
    await node.give(routing.EnqueueContact, **{**enqueue("talk"), "node_id": "nanjing"})
    offer = logged(exchange, routing.ContactOffered)[0]
    await node.give(routing.AnswerOffer, offer_id=offer.offer_id)
    await node.give(routing.EnqueueContact, **{**enqueue("wait"), "node_id": "nanjing"})
    node.close()
    await is_gone(exchange, "nanjing")
    await later(exchange, PATIENCE.give_up_s)
    ended = logged(exchange, routing.ContactEnded)
    assert [(event.contact_id, event.outcome) for event in ended] == [("wait", "platform_failure")]
    await relay.give(routing.HangUpContact, agent_id=offer.agent_id, contact_id="talk")
    await relay.give(routing.FinishWrapUp, agent_id=offer.agent_id, contact_id="talk")
    assert states(exchange)[offer.agent_id] == ("available", None)


async def test_call_backs_of_a_lost_node_are_made_by_a_living_one(exchange: Exchange) -> None:
    """Those that it had promised, and those that people order for its lost callers."""
    relay = await man(exchange)
    dying, living = await exchange.node(node_id="nanjing"), await exchange.node(node_id="huaian")
    for agent_id in AGENTS:
        await relay.give(routing.SetAgentState, agent_id=agent_id, state="away")
    await dying.give(routing.EnqueueContact, **{**enqueue("k1"), "node_id": "nanjing"})
    await dying.give(routing.RequestCallback, contact_id="k1", number="sealed")
    dying.close()
    await is_gone(exchange, "nanjing")
    await later(exchange, PATIENCE.give_up_s)
    await round_of(exchange)
    ordered = {**enqueue("k2"), "node_id": "nanjing", "callback": "sealed"}
    await relay.give(routing.EnqueueContact, **ordered)
    assert [exchange.house.switch.state.router.node_of(one) for one in ("k1", "k2")] == ["huaian", "huaian"]
    await relay.give(routing.SetAgentState, agent_id="ann", state="available")
    frames = await living.read_until(EffectFrame)
    while not isinstance(getattr(frames[-1], "effect", None), RingAgent):
        frames += await living.read_until(EffectFrame)
    assert frames[-1].effect.callback_number == "sealed"


async def test_call_backs_of_a_lost_node_wait_for_the_first_that_comes(exchange: Exchange) -> None:
    relay = await man(exchange)
    dying = await exchange.node(node_id="nanjing")
    for agent_id in AGENTS:
        await relay.give(routing.SetAgentState, agent_id=agent_id, state="away")
    await dying.give(routing.EnqueueContact, **{**enqueue("k1"), "node_id": "nanjing"})
    await dying.give(routing.RequestCallback, contact_id="k1", number="sealed")
    dying.close()
    await is_gone(exchange, "nanjing")
    await later(exchange, PATIENCE.give_up_s)
    assert exchange.house.switch.state.router.node_of("k1") == "nanjing"
    await relay.give(routing.LoseNodeConnection, **{"node_id": "huaian", **TIMES})  # as one that was here long ago
    await exchange.node(node_id="huaian")
    await round_of(exchange)
    assert exchange.house.switch.state.router.node_of("k1") == "huaian"


async def test_a_call_back_that_is_ordered_while_there_is_no_node_blames_nobody(exchange: Exchange) -> None:
    relay = await man(exchange)
    await relay.give(routing.EnqueueContact, **{**enqueue("k1"), "node_id": "nanjing", "callback": "sealed"})
    await later(exchange, 120)
    assert set(states(exchange).values()) == {("available", None)}
    await exchange.node(routing.NodeContact("k1"), node_id="nanjing")
    assert stages(exchange, "k1") == ["proposed"]


async def start_again(house: House, tmp_path: Path) -> Exchange:
    """Another switch leads on the same log; nobody has said hello to it yet."""
    house.start()
    exchange = Exchange(house, tmp_path / f"switch-{house.switch.log.epoch}.sock")
    await exchange.start()
    await round_of(exchange)
    return exchange


async def test_a_new_leader_waits_for_nodes_anew_and_loses_those_that_do_not_come(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.configure(CONFIGURATION)
    for contact_id, node_id in (("k1", "nanjing"), ("k2", "huaian")):
        now_ms = house.clock.now_ms()
        asked = {"tenant_id": TENANT, "queue_id": "repair", "asked_at_ms": now_ms, "arrived_at_ms": now_ms}
        await house.must(routing.EnqueueContact, contact_id=contact_id, node_id=node_id, **asked)
    first = await start_again(house, tmp_path)
    await later(first, PATIENCE.give_up_s - 1)
    await first.stop()
    house.clock.advance_ms(600_000)
    second = await start_again(house, tmp_path)
    await second.node(routing.NodeContact("k2"), node_id="huaian")
    await later(second, PATIENCE.give_up_s - 1)
    assert stages(second, "k1", "k2") == ["waiting", "waiting"]
    await later(second, 2)
    assert stages(second, "k1", "k2") == [None, "waiting"]
    assert [event.contact_id for event in logged(second, routing.ContactEnded)] == ["k1"]
    await second.stop()
    house.close()


async def test_a_switch_that_stops_does_not_take_its_nodes_for_lost(tmp_path: Path) -> None:
    house = House(tmp_path)
    exchange = Exchange(house, tmp_path / "switch.sock")
    await exchange.start()
    await exchange.node()
    await exchange.links.close()
    await asyncio.sleep(0.01)
    await round_of(exchange)
    assert not logged(exchange, routing.NodeConnectionLost)
    await exchange.stop()
    house.close()


async def test_a_standby_that_is_left_loses_nobody(tmp_path: Path) -> None:
    links = NodeLinks()
    await links.start(tmp_path / "standby.sock")
    links.stand_by()
    _, writer = await asyncio.open_unix_connection(str(tmp_path / "standby.sock"))
    writer.close()
    await asyncio.sleep(0.01)
    await links.close()
