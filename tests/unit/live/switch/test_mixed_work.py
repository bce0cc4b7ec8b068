"""Calls, chats, messages and forms for the same agents, by way of the real socket: what the log says afterwards is that
nobody ever had more than one call, or three chats, or one chat and two messages (row CQ-43)."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hotline.messages import routing
from hotline.messages.base import Command
from hotline.messages.effects import Acknowledged, CommandFrame, EffectFrame, Refused
from tests.unit.live.switch.exchange import Exchange, Peer
from tests.unit.live.switch.house import TENANT, agent, queue

CAPACITY = {"voice": 1, "chat": 3, "sms": 3, "form": 1}
AGENTS = ("ann", "bob", "cai", "dan")
RESERVE = 1
MIXED = routing.RoutingConfiguration(
    version=1,
    queues=(
        queue("repair", is_wrap_up_automatic=True, wrap_up_s=0),
        queue("forms", is_wrap_up_automatic=True, wrap_up_s=0, is_background=True, reserve=RESERVE),
    ),
    agents=tuple(agent(agent_id, capacity=CAPACITY) for agent_id in AGENTS),
    interruptible=("form",),
)


@dataclass
class Hands:
    """What each agent has in hand, by the log alone: offers and conversations with their channels."""

    channels: dict[str, str] = field(default_factory=dict)  # of contacts
    in_hand: dict[str, dict[str, str]] = field(default_factory=lambda: {agent_id: {} for agent_id in AGENTS})
    seen: set[tuple[tuple[str, int], ...]] = field(default_factory=set)  # every mixture that somebody had

    def follow(self, event: Any) -> None:
        if isinstance(event, routing.ContactQueued):
            self.channels[event.contact_id] = event.channel
        elif isinstance(event, routing.ContactOffered):
            self.in_hand[event.agent_id][event.contact_id] = self.channels[event.contact_id]
            self._check(event.agent_id)
        elif isinstance(
            event, routing.OfferExpired | routing.OfferRefused | routing.OfferWithdrawn | routing.WrappedUp
        ):
            del self.in_hand[event.agent_id][event.contact_id]

    def _check(self, agent_id: str) -> None:
        counted = Counter(self.in_hand[agent_id].values())
        self.seen.add(tuple(sorted(counted.items())))
        forms = counted.pop("form", 0)
        assert forms <= 1
        assert sum(Fraction(many, CAPACITY[channel]) for channel, many in counted.items()) <= 1, counted


class Rush:
    """Customers who come and go by the socket; agents who take what they are offered, or do not."""

    def __init__(self, exchange: Exchange, relay: Peer, node: Peer, seed: int) -> None:
        self._exchange, self._relay, self._node = exchange, relay, node
        self._draw = random.Random(seed)
        self._asked = 0
        self._number = 0
        self.told: list[Any] = []  # what the node was asked to do

    def command(self, kind: type[Any], **fields: Any) -> Any:
        self._number += 1
        now_ms = self._exchange.house.clock.now_ms()
        return kind(**{"command_id": f"m-{self._number}", "at_ms": now_ms, **fields})

    async def pour(self, peer: Peer, commands: Iterable[Command]) -> None:
        """All at once, as they come in a rush; until each has its answer."""
        open_ids = {}
        for command in commands:
            open_ids[command.command_id] = command
            peer.send(CommandFrame(command=command))  # type: ignore[arg-type]
        while open_ids:
            frame = await peer.read()
            if isinstance(frame, Acknowledged | Refused):
                del open_ids[frame.command_id]
            elif isinstance(frame, EffectFrame):
                self.told.append(frame.effect)

    async def step(self, channels: tuple[str, ...]) -> None:
        """Some ask, what is offered is mostly taken, some are done; a browser goes or comes back."""
        draw, router = self._draw, self._exchange.house.switch.state.router
        asking = [self._ask(draw.choice(channels)) for _ in range(draw.randint(0, 5))]
        await self.pour(self._node, [one for one in asking if one.channel == "voice"])
        await self.pour(self._relay, [one for one in asking if one.channel != "voice"])
        await self._take_offers()
        talking = [one for one in router.contacts() if one.stage == "talking"]
        done = [one.contact_id for one in talking if draw.random() < 0.25]
        ends = [self.command(routing.EndContact, contact_id=k, ended_by="caller", cause="left") for k in done]
        await self.pour(self._relay, ends)
        await self._move_browsers()
        self._exchange.house.clock.advance_ms(draw.choice((200, 1_000, 4_000)))

    def _ask(self, channel: str) -> Any:
        self._asked += 1
        now_ms = self._exchange.house.clock.now_ms()
        return self.command(
            routing.EnqueueContact,
            contact_id=f"k{self._asked}",
            tenant_id=TENANT,
            queue_id="forms" if channel == "form" else "repair",
            node_id="node-1" if channel == "voice" else routing.HOUSE_NODE,
            channel=channel,
            asked_at_ms=now_ms,
            arrived_at_ms=now_ms,
        )

    async def _take_offers(self) -> None:
        router = self._exchange.house.switch.state.router
        accepted, answered = [], []
        for one in router.agents():
            for offer in filter(None, map(router.offer, one.offer_ids)):
                contact = router.contact(offer.contact_id)
                assert contact is not None
                fields = {"offer_id": offer.offer_id}
                if self._draw.random() < 0.1:
                    accepted.append(self.command(routing.RefuseOffer, agent_id=one.agent_id, **fields))
                elif contact.details.channel == "voice":
                    answered.append(self.command(routing.AnswerOffer, **fields))
                else:
                    accepted.append(self.command(routing.AcceptOffer, agent_id=one.agent_id, **fields))
        await self.pour(self._relay, accepted)
        await self.pour(self._node, answered)

    async def _move_browsers(self) -> None:
        router = self._exchange.house.switch.state.router
        moved = []
        for one in router.agents():
            who = {"agent_id": one.agent_id, "session_id": "s"}
            if one.state == "signed_out":
                moved.append(self.command(routing.SignIn, **who))
            elif not one.is_connected and self._draw.random() < 0.2:
                moved.append(self.command(routing.RestoreAgentConnection, **who))
            elif self._draw.random() < 0.03:
                moved.append(self.command(routing.LoseAgentConnection, **who))
            if one.state in ("signed_out", "away") and (one.is_connected or one.session_id is None):
                moved.append(self.command(routing.SetAgentState, agent_id=one.agent_id, state="available"))
        await self.pour(self._relay, moved)


async def begin(exchange: Exchange, seed: int) -> Rush:
    relay, node = await exchange.peer(), await exchange.node()
    rush = Rush(exchange, relay, node, seed)
    await rush.pour(relay, [rush.command(routing.ApplyConfiguration, configuration=MIXED)])
    for agent_id in AGENTS:
        await rush.pour(
            relay,
            [
                rush.command(routing.SignIn, agent_id=agent_id, session_id="s"),
                rush.command(routing.SetAgentState, agent_id=agent_id, state="available"),
            ],
        )
    return rush


async def test_nobody_ever_has_more_than_their_capacity(exchange: Exchange) -> None:
    rush = await begin(exchange, seed=43)
    for channels in (("voice", "chat", "chat", "sms", "sms", "form"), ("chat",), ("chat", "sms", "sms")):
        for _ in range(60):
            await rush.step(channels)
    hands = Hands()
    log = exchange.house.logged()
    for event in log:
        hands.follow(event)
        if isinstance(event, routing.ContactOffered) and event.queue_id == "forms":
            assert event.candidates > RESERVE
    full = {(("voice", 1),), (("chat", 3),), (("chat", 1), ("sms", 2)), (("sms", 3),), (("form", 1), ("voice", 1))}
    assert full <= hands.seen, "the rush was too slack to show anything"
    assert not any(hands.channels[effect.contact_id] != "voice" for effect in rush.told)
    back = [one for one in log if isinstance(one, routing.ContactRequeued) and one.cause == "agent_lost"]
    assert {hands.channels[one.contact_id] for one in back} & {"chat", "sms"}


async def test_a_form_waits_under_a_call_and_is_begun_at_low_load_only(exchange: Exchange) -> None:
    rush = await begin(exchange, seed=1)
    clock, router = exchange.house.clock, exchange.house.switch.state.router

    async def ask(channel: str) -> str:
        peer = rush._node if channel == "voice" else rush._relay
        command = rush._ask(channel)
        await rush.pour(peer, [command])
        return str(command.contact_id)

    form = await ask("form")
    await rush._take_offers()
    calls = [await ask("voice") for _ in AGENTS]
    await rush._take_offers()
    (part,) = [one for name in AGENTS for one in router.interactions_of(name) if one.contact_id == form]
    assert part.is_interrupted
    late = await ask("form")
    found = router.contact(late)
    assert found is not None
    assert found.stage == "waiting"
    clock.advance_ms(30_000)
    ends = [rush.command(routing.EndContact, contact_id=one, ended_by="caller", cause="x") for one in calls]
    await rush.pour(rush._relay, ends[:2])
    await rush.pour(rush._relay, ends[2:])
    await rush.pour(rush._relay, [rush.command(routing.EndContact, contact_id=form, ended_by="agent", cause="x")])
    (ended,) = [
        one for one in exchange.house.logged() if isinstance(one, routing.InteractionEnded) and one.contact_id == form
    ]
    assert (ended.talk_ms, ended.hold_ms) == (0, 30_000)
    found = router.contact(late)
    assert found is not None
    assert found.stage == "proposed"
