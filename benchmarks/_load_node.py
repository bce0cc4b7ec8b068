"""A node without telephony, for the switch's benchmarks: its callers ask, its phones ring, answer, talk and hang up."""

import asyncio
import random
import time
from pathlib import Path

import msgspec

from hotline.kernel.ids import new_id
from hotline.messages.configuration import RoutingConfiguration
from hotline.messages.effects import (
    Acknowledged,
    CommandFrame,
    EffectFrame,
    NodeHello,
    Refused,
    RingAgent,
    SwitchToNode,
    encode_frame,
)
from hotline.messages.routing import (
    AnswerOffer,
    ApplyConfiguration,
    EndContact,
    EnqueueContact,
    ReconcileNode,
    RoutingCommand,
)

_decode = msgspec.msgpack.Decoder(SwitchToNode).decode


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class LoadNode:
    """Speaks the switch's frames; every phone answers after `ring_s`, every caller hangs up after about `talk_s`."""

    def __init__(self, tenant_id: str, queue_ids: list[str], ring_s: float, talk_s: float) -> None:
        self.node_id = "load-node"
        self._tenant_id, self._queue_ids, self._ring_s, self._talk_s = tenant_id, queue_ids, ring_s, talk_s
        self._chance = random.Random(11)
        self._unanswered: dict[str, asyncio.Future[None]] = {}
        self._contacts: set[str] = set()
        self._rung: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.queued = self.refused = self.ended = 0

    async def connect(self, path: Path) -> None:
        for _ in range(1_200):  # a minute: a full machine starts the switch slowly
            try:
                self._reader, self._writer = await asyncio.open_unix_connection(str(path))
                break
            except OSError:
                await asyncio.sleep(0.05)
        self._reading = asyncio.create_task(self._read())
        self._writer.write(encode_frame(NodeHello(node_id=self.node_id, seen_epoch=0, seen_seq=0)))
        await self.send(ReconcileNode(command_id=new_id(), at_ms=now_ms(), node_id=self.node_id, contacts=()))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._reading.cancel()
        self._writer.close()

    async def apply(self, configuration: RoutingConfiguration) -> None:
        await self.send(ApplyConfiguration(command_id=new_id(), at_ms=now_ms(), configuration=configuration))

    def missing(self) -> int:
        """Contacts that were queued and neither rang nor ended."""
        return len(self._contacts - self._rung)

    async def send(self, command: RoutingCommand) -> None:
        """Return when the switch has acknowledged (or refused, which is counted)."""
        answered = asyncio.get_running_loop().create_future()
        self._unanswered[command.command_id] = answered
        self._writer.write(encode_frame(CommandFrame(command=command)))
        await answered

    async def _read(self) -> None:
        while True:
            size = int.from_bytes(await self._reader.readexactly(4), "big")
            message = _decode(await self._reader.readexactly(size))
            if isinstance(message, Acknowledged | Refused):
                if isinstance(message, Refused):
                    self.refused += 1
                    print("refused:", message.code, message.sentence)
                answered = self._unanswered.pop(message.command_id, None)
                if answered is not None and not answered.done():
                    answered.set_result(None)
            elif isinstance(message, EffectFrame) and isinstance(message.effect, RingAgent):
                self._rung.add(message.effect.contact_id)
                self._start(self._converse(message.effect))

    def _start(self, work: "asyncio.Coroutine[None, None, None]") -> None:  # type: ignore[name-defined]
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def call(self, rate: float, seconds: float) -> None:
        """Poisson arrivals, each to a random queue."""
        end = time.monotonic() + seconds
        due = time.monotonic()
        while due < end:
            due += self._chance.expovariate(rate)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self._start(self._ask())

    async def _ask(self) -> None:
        at_ms, contact_id = now_ms(), new_id()
        self._contacts.add(contact_id)
        await self.send(
            EnqueueContact(
                command_id=new_id(),
                at_ms=at_ms,
                contact_id=contact_id,
                tenant_id=self._tenant_id,
                queue_id=self._chance.choice(self._queue_ids),
                node_id=self.node_id,
                asked_at_ms=at_ms,
                arrived_at_ms=at_ms,
            )
        )
        self.queued += 1

    async def _converse(self, ring: RingAgent) -> None:
        await asyncio.sleep(self._ring_s)
        await self.send(AnswerOffer(command_id=new_id(), at_ms=now_ms(), offer_id=ring.offer_id))
        await asyncio.sleep(self._talk_s * self._chance.uniform(0.8, 1.2))
        await self.send(
            EndContact(
                command_id=new_id(),
                at_ms=now_ms(),
                contact_id=ring.contact_id,
                ended_by="caller",
                cause="normal_clearing",
            )
        )
        self.ended += 1
