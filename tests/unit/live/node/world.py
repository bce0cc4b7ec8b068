"""A small centre for tests of the node: simulated platform, the real engine as switch, time that moves when told."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from hotline.engine.boundary import Router
from hotline.engine.effects import effects_for_node, effects_of
from hotline.kernel.clock import FakeClock
from hotline.kernel.errors import HotlineError
from hotline.kernel.ids import new_id
from hotline.kernel.sealing import Keyring
from hotline.live.node.call.messages import LookUpDone
from hotline.live.node.call.record import CallRecord
from hotline.live.node.call.services import NodeOptions
from hotline.live.node.condition import Condition
from hotline.live.node.configuration import LocalConfiguration
from hotline.live.node.node import Node
from hotline.live.node.recording_intake import RecordingIntake
from hotline.live.node.recording_space import RecordingSpace
from hotline.live.node.recordings import RecordingStore
from hotline.live.node.sounds import Sounds
from hotline.live.node.spool import Spool
from hotline.messages.configuration import (
    AgentConfiguration,
    AgentDevice,
    EntryPointConfiguration,
    FlowConfiguration,
    NodeConfiguration,
    QueueConfiguration,
    RoutingConfiguration,
)
from hotline.messages.effects import AnyEffect, ExpectedWait, Refused, WaitTold
from hotline.messages.facts import AnyFact
from hotline.messages.routing import (
    ApplyConfiguration,
    ReconcileNode,
    RoutingCommand,
    RoutingEvent,
    SetAgentState,
    SignIn,
)
from hotline.telephony.simulated import SimulatedDriver
from hotline.telephony.simulated_platform import PartyScript, SimulatedPlatform
from hotline.telephony.simulated_recording import SimulatedRecordings
from hotline.telephony.timers import SteppedTimers

HOTLINE = "962740"
CALLER = "13800000001"
TENANT = "tenant-1"
QUEUE, OTHER_QUEUE = "queue-repair", "queue-billing"
ANNA, BORIS = "agent-anna", "agent-boris"
STEP_MS = 100
RESERVE_BYTES = 500_000_000
E = TypeVar("E")
F = TypeVar("F")

MENU_FLOW: dict[str, Any] = {
    "first_step": "greeting",
    "steps": {
        "greeting": {"kind": "say", "messages": [{"prompt": "welcome"}], "next": "menu"},
        "menu": {
            "kind": "menu",
            "messages": [{"prompt": "menu"}],
            "choices": {"1": "repair", "2": "billing", "9": "out"},
            "if_invalid": "bye",
            "if_no_input": "bye",
            "retries": 1,
        },
        "repair": {"kind": "queue", "queue_id": QUEUE},
        "billing": {"kind": "queue", "queue_id": OTHER_QUEUE},
        "out": {"kind": "transfer", "number": "021555", "if_failed": "bye"},
        "bye": {"kind": "say", "messages": [{"prompt": "goodbye"}], "next": "end"},
        "end": {"kind": "hang_up"},
    },
}


def sip_user(agent_id: str) -> str:
    return "a" + agent_id


def routing_configuration() -> RoutingConfiguration:
    queues = tuple(
        QueueConfiguration(queue_id=queue_id, tenant_id=TENANT, name_zh=queue_id, name_en=queue_id, skills=())
        for queue_id in (QUEUE, OTHER_QUEUE)
    )
    agents = tuple(
        AgentConfiguration(
            agent_id=agent_id, user_id=f"user-{agent_id}", tenant_ids=(TENANT,), name=agent_id, team_id=None, skills=()
        )
        for agent_id in (ANNA, BORIS)
    )
    return RoutingConfiguration(version=1, queues=queues, agents=agents)


def node_configuration(
    recording: str = "none", flow: dict[str, Any] | None = None, **changes: Any
) -> NodeConfiguration:
    point = EntryPointConfiguration(
        entry_point_id="entry-1",
        tenant_id=TENANT,
        address=HOTLINE,
        channel="voice",
        flow_id="flow-1",
        language="zh",
        recording=recording,  # type: ignore[arg-type]
        fallback_queue_id=changes.pop("fallback_queue_id", OTHER_QUEUE),
        is_simulated=False,
    )
    devices = tuple(
        AgentDevice(user_id=f"user-{owner}", agent_id=owner, sip_user=sip_user(owner), sip_password="x", kind="browser")
        for owner in (ANNA, BORIS)
    )
    supervisor = AgentDevice(user_id="user-s", agent_id=None, sip_user="asuper", sip_password="x", kind="browser")
    return NodeConfiguration(
        version=1,
        entry_points=(point,),
        flows=(FlowConfiguration(flow_id="flow-1", version=3, definition=flow or MENU_FLOW),),
        devices=(*devices, supervisor),
        prompts=(),
        queue_names={},
        outbound_allow=("021",),
        emergency_numbers=("110",),
        queue_speech=changes.pop("queue_speech", ()),
        calendars=changes.pop("calendars", ()),
    )


class EngineSwitch:
    """The real engine behind the interface of the link; commands wait while it is not connected."""

    def __init__(self, clock: FakeClock) -> None:
        self.router = Router()
        self.clock = clock
        self.is_connected = True
        self.node: Node | None = None
        self.events: list[RoutingEvent] = []
        self.commands: list[RoutingCommand] = []
        self._waiting: list[RoutingCommand] = []
        self.by_hand: tuple[type[Any], ...] = ()  # commands whose effects the test brings itself
        self.expected: tuple[int, int | None] | None = None  # position and seconds that every asking caller is told
        self.carry_out(ApplyConfiguration(configuration=routing_configuration(), **self.stamp()))

    def stamp(self) -> dict[str, Any]:
        return {"command_id": new_id(), "at_ms": self.clock.now_ms()}

    # --- as the node sees it

    def send(self, command: RoutingCommand) -> None:
        self.commands.append(command)
        self._waiting.append(command)
        if self.is_connected:
            asyncio.get_running_loop().call_soon(self._work)

    send_at_once = send

    def is_pending(self, command_id: str) -> bool:
        return any(command.command_id == command_id for command in self._waiting)

    def ask_wait(self, contact_id: str) -> None:
        if self.is_connected and self.expected is not None and self.node is not None:
            self.node.wait_told(WaitTold(waits=(ExpectedWait(contact_id, *self.expected),)))

    def set_connected(self, is_connected: bool) -> None:
        """Lose or regain the connection, with the reconciliation that follows."""
        self.is_connected = is_connected
        assert self.node is not None
        if is_connected:
            held = self.node.held_contacts()
            known = {contact.contact_id for contact in held}
            on_the_way = {str(getattr(command, "contact_id", "")) for command in self._waiting} - known
            contacts = (*held, *(self.node.former_contact(contact_id) for contact_id in sorted(on_the_way - {""})))
            self.carry_out(ReconcileNode(node_id="node-1", contacts=contacts, **self.stamp()))
            for _, effect in effects_for_node("node-1", self.router, held):
                self.node.effect(effect)
            self._work()
        self.node.switch_changed(is_connected)

    # --- inside

    def _work(self) -> None:
        while self.is_connected and self._waiting:
            command = self._waiting.pop(0)
            try:
                self.carry_out(command)
            except HotlineError as error:
                assert self.node is not None
                self.node.refused(command, Refused(command_id=command.command_id, code=error.code, sentence=str(error)))

    def carry_out(self, command: RoutingCommand) -> None:
        if isinstance(command, self.by_hand):
            return
        self._publish(self.router.decide(command, self.clock.now_ms(), new_id))

    def fire_timers(self) -> None:
        due_ms = self.router.next_due_ms()
        if due_ms is not None and due_ms <= self.clock.now_ms():
            self._publish(self.router.advance(self.clock.now_ms(), new_id))

    def _publish(self, events: tuple[RoutingEvent, ...]) -> None:
        self.events.extend(events)
        effects = [effect for event in events for _, effect in effects_of(event, self.router)]
        if self.node is not None and self.is_connected:
            for effect in effects:
                self.node.effect(effect)

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]


class StillLookUps:
    """Answers each look-up at once with what the test has put here."""

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        self.values = values
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.deliver: Callable[[str, LookUpDone], None] | None = None

    def start(self, record: CallRecord, purpose: str, name: str, arguments: dict[str, str], limit_ms: int) -> None:
        self.asked.append((name, arguments))
        assert self.deliver is not None
        self.deliver(record.contact_id, LookUpDone(purpose, self.values))


class World:
    """One node on one simulated platform. `restart_node` kills it without a farewell and starts another."""

    def __init__(self, directory: Path, configuration: NodeConfiguration | None = None) -> None:
        self.directory = directory
        self.clock = FakeClock()
        self.timers = SteppedTimers(self.clock)
        self.platform = SimulatedPlatform(self.clock, self.timers)
        self.platform_recordings = SimulatedRecordings(self.platform, directory / "plain")
        self.switch = EngineSwitch(self.clock)
        self.look_ups = StillLookUps()
        self.keyring = Keyring({"k1": b"k" * 32})
        self.configuration = configuration or node_configuration()
        self.facts: list[AnyFact] = []
        self._fact_added = asyncio.Event()
        self.free_bytes = 10 * RESERVE_BYTES
        self.condition = Condition(directory / "node-1.health.json")

    async def start_node(self) -> None:
        self.driver = SimulatedDriver(self.platform, self.platform_recordings)
        self.spool = Spool(self.directory / "spool.sqlite3", self.keyring)
        store = RecordingStore(self.directory / "recordings", self.keyring)
        self.space = RecordingSpace(lambda: self.free_bytes, RESERVE_BYTES, self.condition)
        self.intake = RecordingIntake(store, self.spool, "node-1", self._add_fact, self.space)
        self.space.on_full.append(lambda: self.intake.cut_short(self.driver, "disk_full"))
        self.node = Node(
            options=NodeOptions(node_id="node-1"),
            driver=self.driver,
            spool=self.spool,
            sounds=Sounds(self.directory / "sounds"),
            clock=self.clock,
            timers=self.timers,
            keyring=self.keyring,
            recordings=self.intake,
            condition=self.condition,
            add_fact=self._add_fact,
        )
        self.node.connect(self.switch, self.look_ups)
        self.look_ups.deliver = self.node.deliver
        self.switch.node = self.node
        await self.node.use_configuration(LocalConfiguration(self.configuration))
        await self.driver.start()
        self.node.begin()
        await self.settle()

    async def kill_node(self) -> None:
        """As kill -9 does: nothing is told, what was committed stays."""
        await self.spool.settle()
        self.switch.is_connected = False
        await self.driver.close()
        tasks = list(self.node._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.spool.close()

    async def restart_node(self) -> None:
        await self.kill_node()
        await self.start_node()
        self.switch.set_connected(True)
        await self.settle()

    async def close(self) -> None:
        await self.kill_node()

    def _add_fact(self, fact: AnyFact) -> None:
        self.facts.append(fact)
        self._fact_added.set()

    async def fact(self, kind: type[F], is_meant: Callable[[F], bool] = lambda fact: True) -> F:
        """The first such fact, waited for when work goes on in a thread."""
        while True:
            self._fact_added.clear()
            found = [fact for fact in self.facts if isinstance(fact, kind) and is_meant(fact)]
            if found:
                return found[0]
            await asyncio.wait_for(self._fact_added.wait(), 10)

    def facts_of(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    # --- time

    async def settle(self) -> None:
        """Let everything happen that follows without time passing."""
        for _ in range(60):
            await asyncio.sleep(0)

    async def wait_ms(self, milliseconds: int) -> None:
        """Let time pass in small steps."""
        for _ in range(max(1, milliseconds // STEP_MS)):
            self.timers.advance(STEP_MS)
            self.switch.fire_timers()
            await self.settle()

    # --- people

    async def sign_in(self, *agents: str) -> None:
        for agent_id in agents:
            self.switch.carry_out(SignIn(agent_id=agent_id, session_id=f"s-{agent_id}", **self.switch.stamp()))
            self.switch.carry_out(SetAgentState(agent_id=agent_id, state="available", **self.switch.stamp()))
        await self.settle()

    async def call_in(self, called: str = HOTLINE, caller: str | None = CALLER) -> str:
        leg_id = self.platform.place_call(called, caller, voice_hz=440)
        await self.settle()
        return leg_id

    async def reach_queue(self, key: str = "1") -> str:
        """A caller who has heard the greeting and pressed a key of the menu."""
        leg_id = await self.call_in()
        await self.wait_ms(5000)
        self.platform.press(leg_id, key)
        await self.settle()
        return leg_id

    async def talk(self, agent_id: str = ANNA) -> tuple[str, str]:
        """A caller in conversation with the agent: (caller's leg, agent's leg)."""
        caller = await self.reach_queue()
        agent = self.leg_of(agent_id)
        assert agent is not None, "the agent's device does not ring"
        self.platform.answer(agent.leg_id)
        await self.settle()
        return caller, agent.leg_id

    def voice_of(self, agent_id: str, hertz: int) -> None:
        self.platform.set_script(sip_user(agent_id), PartyScript(voice_hz=hertz))

    async def told(self, effect: AnyEffect) -> None:
        """An effect that a rule of the engine would bring."""
        self.node.effect(effect)
        await self.settle()

    async def do(self, command: Any, /, **fields: Any) -> None:
        """A command of an agent or a supervisor, as the gateway sends it."""
        self.switch.carry_out(command(**fields, **self.switch.stamp()))
        await self.settle()

    # --- what there is

    def leg_of(self, agent_id: str) -> Any:
        legs = [leg for leg in self.platform.legs.values() if leg.sip_user == sip_user(agent_id)]
        return legs[-1] if legs else None

    def leg(self, leg_id: str) -> Any:
        return self.platform.legs.get(leg_id)

    def talk_together(self, one: str, other: str) -> bool:
        bridge_id = self.platform.legs[one].bridge_id
        return bridge_id is not None and bridge_id == self.platform.legs[other].bridge_id

    def contact_id(self) -> str:
        (call,) = self.node.calls.values()
        return call.record.contact_id
