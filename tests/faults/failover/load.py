"""Simulated callers and telephones behind a real node link, with a ledger of what they saw.

The link, its spool and the protocol are the node's own; only calls and agents' legs are played. Every phone is answered
after `RING_S`, every caller hangs up after `TALK_S`. Agents with a desk (`desks`) answer there, and who of the two
hangs up first is left to chance."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline.kernel.clock import SystemClock
from hotline.kernel.ids import new_id
from hotline.kernel.sealing import Keyring
from hotline.live.node.spool import Spool
from hotline.live.node.switch_link import SwitchLink
from hotline.live.switch_address import SwitchAddress
from hotline.messages import routing
from hotline.messages.configuration import RoutingConfiguration
from hotline.messages.effects import (
    AnswerAgentLeg,
    AnyEffect,
    ForgetContact,
    HangUp,
    NodeCondition,
    Refused,
    RingAgent,
    StopRinging,
)
from hotline.messages.routing import NodeContact, RoutingCommand
from tests.unit.live.switch.house import TENANT, agent, queue

RING_S, TALK_S = 0.05, 0.4
TALK_AT_A_DESK_S = 3.0  # longer than a takeover: most faults find an agent in a conversation
AGENTS, DESKS, QUEUES = 300, 40, 6
NODE = "node-1"
AT_DESKS = tuple(f"agent-{n}" for n in range(DESKS))
CONFIGURATION = RoutingConfiguration(
    version=1,
    queues=tuple(
        queue(f"queue-{n}", wrap_up_s=0, is_wrap_up_automatic=True, offer_timeout_s=30) for n in range(QUEUES)
    ),
    agents=tuple(agent(f"agent-{n}", device="simulated") for n in range(AGENTS)),
)


class AnsweredLink(SwitchLink):
    """The node's link, which notes when each answer came."""

    answered_at_s: list[float]

    def _forget(self, command_id: str) -> RoutingCommand | None:
        self.answered_at_s.append(time.monotonic())
        return super()._forget(command_id)


@dataclass(slots=True)
class Call:
    """A caller who has asked for a person and has not hung up."""

    contact_id: str
    offer_id: str = ""
    agent_id: str = ""
    is_talking: bool = False


class LoadNode:
    """A LinkListener. `problems` is what must never happen; `rung` counts first rings, `ended` calls to their end."""

    present = NodeCondition()

    def __init__(self, directory: Path, addresses: Sequence[SwitchAddress]) -> None:
        self.spool = Spool(directory / "spool.sqlite3", Keyring({"k1": b"k" * 32}))
        self.link = AnsweredLink(addresses, NODE, self.spool, SystemClock(), self, self)
        self.link.answered_at_s = []
        self.calls: dict[str, Call] = {}
        self.asked: list[str] = []
        self.problems: list[str] = []
        self.rings = 0
        self.hung_up_at_desks: set[str] = set()  # contacts whose agent has asked for their end
        self._busy: dict[str, str] = {}  # agent -> contact whose leg rings or talks
        self._former: dict[str, tuple[str, ...]] = {}  # contact that is over -> who talked with it
        self._chance = random.Random(3)
        self._running = asyncio.create_task(self.link.run())

    def give(self, kind: type[Any], **fields: Any) -> str:
        command = kind(command_id=new_id(), at_ms=SystemClock().now_ms(), **fields)
        self.link.send(command)
        return str(command.command_id)

    async def settled(self, command_ids: Sequence[str]) -> None:
        """Return when the switch has answered all of these."""
        async with asyncio.timeout(60):
            while any(self.link.is_pending(one) for one in command_ids):
                await asyncio.sleep(0.05)

    async def set_up(self) -> None:
        """Configure, and sign everybody in who has no desk."""
        await self.settled([self.give(routing.ApplyConfiguration, configuration=CONFIGURATION)])
        given = []
        for one in CONFIGURATION.agents[DESKS:]:
            session_id = f"simulated-{one.agent_id}"
            given.append(self.give(routing.SignIn, agent_id=one.agent_id, session_id=session_id))
            given.append(self.give(routing.SetAgentState, agent_id=one.agent_id, state="available"))
        await self.settled(given)

    async def call(self, rate: float) -> None:
        """Poisson arrivals until cancelled."""
        due_s = time.monotonic()
        while True:
            due_s += self._chance.expovariate(rate)
            await asyncio.sleep(due_s - time.monotonic())
            self._ask()

    def _ask(self) -> None:
        contact_id, now_ms = new_id(), SystemClock().now_ms()
        self.asked.append(contact_id)
        self.calls[contact_id] = Call(contact_id)
        self.give(
            routing.EnqueueContact,
            contact_id=contact_id,
            tenant_id=TENANT,
            queue_id=f"queue-{self._chance.randrange(QUEUES)}",
            node_id=NODE,
            asked_at_ms=now_ms,
            arrived_at_ms=now_ms,
            is_simulated=True,
        )

    async def drain(self) -> None:
        """Return when every call has been answered and has ended, and the switch has answered everything."""
        async with asyncio.timeout(60):
            while self.calls or self.link._pending:
                await asyncio.sleep(0.1)

    async def close(self) -> None:
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        await self.spool.close()

    # --- LinkListener

    def held_contacts(self) -> list[NodeContact]:
        return [
            NodeContact(call.contact_id, (call.agent_id,) if call.is_talking else ()) for call in self.calls.values()
        ]

    def former_contact(self, contact_id: str) -> NodeContact:
        return NodeContact(contact_id, self._former.get(contact_id, ()))

    def switch_changed(self, is_connected: bool) -> None: ...

    def effect(self, effect: AnyEffect) -> None:
        call = self.calls.get(effect.contact_id)
        if call is None:
            return
        if isinstance(effect, RingAgent):
            self._ring(call, effect)
        elif isinstance(effect, StopRinging) and (effect.offer_id or (call.offer_id and not call.is_talking)):
            self.problems.append(f"{call.contact_id}: an agent who would have answered stopped ringing")
        elif isinstance(effect, AnswerAgentLeg):
            self._answer(call)
        elif isinstance(effect, HangUp | ForgetContact) and call.contact_id in self.hung_up_at_desks:
            self._over(call)
        elif isinstance(effect, HangUp | ForgetContact):
            self.problems.append(f"{call.contact_id}: {type(effect).__name__} while the caller is there")

    def _ring(self, call: Call, ring: RingAgent) -> None:
        if call.offer_id == ring.offer_id:
            return  # told again after a reconciliation
        if call.offer_id:
            self.problems.append(f"{call.contact_id} rings {ring.agent_id} and was with {call.agent_id}")
        other = self._busy.get(ring.agent_id)
        if other is not None:
            self.problems.append(f"{ring.agent_id} rings for {call.contact_id} and has {other}")
        self.rings += 1
        self._busy[ring.agent_id] = call.contact_id
        call.offer_id, call.agent_id = ring.offer_id, ring.agent_id
        if ring.agent_id not in AT_DESKS:
            asyncio.get_running_loop().call_later(RING_S, self._answer, call)

    def _answer(self, call: Call) -> None:
        if call.is_talking:
            return  # told again after a reconciliation
        call.is_talking = True
        self.give(routing.AnswerOffer, offer_id=call.offer_id)
        talk_s = TALK_AT_A_DESK_S if call.agent_id in AT_DESKS else TALK_S
        asyncio.get_running_loop().call_later(talk_s * self._chance.uniform(0.5, 1.5), self._end, call)

    def _over(self, call: Call) -> None:
        del self.calls[call.contact_id]
        del self._busy[call.agent_id]
        self._former[call.contact_id] = (call.agent_id,)

    def _end(self, call: Call) -> None:
        if call.contact_id not in self.calls:
            return  # the agent has hung up
        self._over(call)
        self.give(routing.EndContact, contact_id=call.contact_id, ended_by="caller", cause="normal_clearing")

    def refused(self, command: RoutingCommand, refusal: Refused) -> None:
        self.problems.append(f"{type(command).__name__} was refused: {refusal.code}")
