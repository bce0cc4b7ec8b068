"""A call-back on a real Asterisk: the caller presses 1 and is let go, an agent answers, then the customer is called and
both hear each other. Who does not answer is tried again; who calls meanwhile and reaches an agent is not called."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hotline.kernel.clock import SystemClock
from hotline.live.node.call.services import NodeOptions
from hotline.live.node.configuration import LocalConfiguration
from hotline.live.node.node import Node
from hotline.live.node.recording_intake import RecordingIntake
from hotline.live.node.recording_space import RecordingSpace
from hotline.live.node.recordings import RecordingStore
from hotline.live.node.sounds import Sounds
from hotline.live.node.spool import Spool
from hotline.messages.configuration import AgentDevice, QueueSpeech
from hotline.messages.routing import (
    ApplyConfiguration,
    CallbackMet,
    CallbackPostponed,
    CallbackPromised,
    ContactConnected,
    ContactEnded,
    ContactOffered,
    EndContact,
    FailCallback,
    OfferWithdrawn,
)
from hotline.telephony.contract import RecordingFinished
from hotline.telephony.timers import LoopTimers
from tests.ports import free_ports
from tests.tones import read_channels, steady_level
from tests.unit.live.node.world import (
    ANNA,
    BORIS,
    HOTLINE,
    QUEUE,
    RESERVE_BYTES,
    World,
    node_configuration,
    routing_configuration,
    sip_user,
)
from tests.voice.bench import AsteriskBench
from tests.voice.sipp.party import SippBench
from tests.voice.sipp.scenario import HangUp, Press, Wait

pytestmark = pytest.mark.voice

NUMBER = "02163000001"
AGENT_HZ, CUSTOMER_HZ = 500, 880
FLOW: dict[str, Any] = {
    "first_step": "queue",
    "steps": {"queue": {"kind": "queue", "queue_id": QUEUE, "callback_key": "1", "announce_every_s": 60}},
}


class VoiceWorld(World):
    """A node of ours on a real Asterisk, with the real rules."""

    def __init__(self, directory: Path, bench: AsteriskBench) -> None:
        super().__init__(
            directory,
            node_configuration(
                flow=FLOW, recording="always", queue_speech=(QueueSpeech(queue_id=QUEUE, takes_callbacks=True),)
            ),
        )
        self._bench = bench
        self.heard: list[RecordingFinished] = []
        self._began_ms = SystemClock().now_ms()
        self.switch.clock = SystemClock()  # type: ignore[assignment]
        configuration = routing_configuration()
        queues = (msgspec.structs.replace(configuration.queues[0], callback_attempts=3, callback_retry_s=2),)
        changed = msgspec.structs.replace(configuration, version=2, queues=queues)
        self.switch.carry_out(ApplyConfiguration(configuration=changed, **self.switch.stamp()))

    async def start_node(self) -> None:
        self.driver = self._bench.driver()  # type: ignore[assignment]
        self.spool = Spool(self.directory / "spool.sqlite3", self.keyring)
        store = RecordingStore(self.directory / "recordings", self.keyring)
        self.space = RecordingSpace(lambda: self.free_bytes, RESERVE_BYTES, self.condition)
        self.intake = RecordingIntake(store, self.spool, "node-1", self._add_fact, self.space)
        self.intake.finished = self._listen  # type: ignore[method-assign]
        self.node = Node(
            options=NodeOptions(node_id="node-1", outside_ring_s=3),
            driver=self.driver,
            spool=self.spool,
            sounds=Sounds(self.directory / "sounds"),
            clock=SystemClock(),
            timers=LoopTimers(),
            keyring=self.keyring,
            recordings=self.intake,
            condition=self.condition,
            add_fact=self._add_fact,
        )
        self.node.connect(self.switch, self.look_ups)
        self.look_ups.deliver = self.node.deliver
        self.switch.node = self.node
        devices = tuple(
            AgentDevice(user_id="u", agent_id=one, sip_user=sip_user(one), sip_password="pw", kind="sip_phone")
            for one in (ANNA, BORIS)
        )
        self.configuration = msgspec.structs.replace(self.configuration, devices=devices)
        self.node.begin()
        self.ticking = asyncio.create_task(self._tick())
        await self.driver.start()
        await until(lambda: not self.condition.present.voice_problem, "Asterisk answers")
        await self.node.use_configuration(LocalConfiguration(self.configuration))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(0.1)
            self.switch.fire_timers()

    def _listen(self, event: RecordingFinished) -> None:
        """Files of former worlds on this Asterisk are told again to each new driver."""
        if event.started_at_ms >= self._began_ms:
            self.heard.append(event)

    def sent(self, kind: type[Any]) -> list[Any]:
        return [command for command in self.switch.commands if isinstance(command, kind)]


async def until(look: Callable[[], Any], what: str, seconds: float = 30) -> Any:
    """What the look finds, once it finds something."""
    for _ in range(int(seconds / 0.05)):
        if found := look():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited in vain: {what}")


@pytest.fixture
async def world(asterisk: AsteriskBench, tmp_path: Path) -> AsyncIterator[VoiceWorld]:
    made = VoiceWorld(tmp_path, asterisk)
    await made.start_node()
    yield made
    for leg in await made.driver.list_legs():
        await made.driver.hang_up(leg.leg_id)
    made.ticking.cancel()
    await made.kill_node()


async def promised(world: VoiceWorld, sipp: SippBench) -> str:
    """A caller who has pressed 1 and was let go; the contact."""
    caller = await sipp.call(HOTLINE, Wait(1000), Press("1"), caller=NUMBER)
    assert await caller.ended() == 0
    (event,) = world.switch.of(CallbackPromised)
    assert world.sent(EndContact) == []
    return event.contact_id


async def test_customer_is_called_back_and_both_hear_each_other(
    world: VoiceWorld, asterisk: AsteriskBench, sipp: SippBench
) -> None:
    (port,) = free_ports(1)
    await sipp.register(sip_user(ANNA), "pw", port)
    await sipp.telephone(port, answer_after_ms=300, tone_hz=AGENT_HZ)
    contact_id = await promised(world, sipp)
    await sipp.telephone(asterisk.carrier_port, Wait(4000), HangUp(), answer_after_ms=500, tone_hz=CUSTOMER_HZ)
    await world.sign_in(ANNA)  # an agent becomes free
    (connected,) = await until(lambda: world.switch.of(ContactConnected), "the customer has answered")
    assert connected.contact_id == contact_id
    (ended,) = await until(lambda: world.switch.of(ContactEnded), "the customer hangs up")
    assert (ended.outcome, ended.ended_by) == ("handled", "caller")
    (finished,) = await until(lambda: world.heard, "the recording is there")
    assert finished.path is not None
    rate, (customer, heard_by_customer) = read_channels(finished.path)
    assert steady_level(customer, rate, CUSTOMER_HZ) > 0.02
    assert steady_level(heard_by_customer, rate, AGENT_HZ) > 0.02
    assert await until(lambda: not world.node.calls, "the call is over") is True


async def test_customer_who_does_not_answer_is_tried_again(
    world: VoiceWorld, asterisk: AsteriskBench, sipp: SippBench
) -> None:
    (port,) = free_ports(1)
    await sipp.register(sip_user(ANNA), "pw", port)
    await sipp.telephone(port, answer_after_ms=300, tone_hz=AGENT_HZ)
    await promised(world, sipp)
    silent = await sipp.telephone(asterisk.carrier_port, answer_after_ms=None)
    await world.sign_in(ANNA)
    (postponed,) = await until(lambda: world.switch.of(CallbackPostponed), "nobody answers")
    assert (postponed.attempt, postponed.cause) == (1, "no_answer")
    assert world.switch.of(ContactConnected) == []
    await silent.stop()
    await sipp.telephone(asterisk.carrier_port, Wait(1000), HangUp(), answer_after_ms=300, tone_hz=CUSTOMER_HZ)
    assert await until(lambda: world.switch.of(ContactConnected), "the second attempt is answered")
    (ended,) = await until(lambda: world.switch.of(ContactEnded), "the customer hangs up")
    assert ended.outcome == "handled"


async def test_who_calls_again_and_reaches_an_agent_is_not_called_back(
    world: VoiceWorld, asterisk: AsteriskBench, sipp: SippBench
) -> None:
    ports = free_ports(2)
    for agent_id, port in zip((ANNA, BORIS), ports, strict=True):
        await sipp.register(sip_user(agent_id), "pw", port)
    await sipp.telephone(ports[0], answer_after_ms=None)
    await sipp.telephone(ports[1], answer_after_ms=300, tone_hz=AGENT_HZ)
    contact_id = await promised(world, sipp)
    await world.sign_in(ANNA)
    assert await until(lambda: world.switch.of(ContactOffered), "the call-back rings at an agent")
    await world.sign_in(BORIS)
    caller = await sipp.call(HOTLINE, Wait(4000), HangUp(), caller=NUMBER)
    (met,) = await until(lambda: world.switch.of(CallbackMet), "the caller talks with an agent")
    assert (met.contact_id, met.agent_id) == (contact_id, BORIS)
    (withdrawn,) = world.switch.of(OfferWithdrawn)
    assert (withdrawn.contact_id, withdrawn.agent_id, withdrawn.cause) == (contact_id, ANNA, "own_call")
    assert await caller.ended() == 0
    assert await until(lambda: not world.node.calls, "both contacts are over") is True
    ended = {event.contact_id: event.outcome for event in world.switch.of(ContactEnded)}
    assert ended == {contact_id: "own_call", met.by_contact_id: "handled"}
    assert [event.contact_id for event in world.switch.of(ContactConnected)] == [met.by_contact_id]
    assert world.sent(FailCallback) == []
    assert not await world.driver.list_legs(), "no telephone rings any more"
