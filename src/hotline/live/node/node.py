"""The node: every call of one voice platform, between platform, switch and web.

It owns no decision about routing. What it must not lose is in the spool and on the legs themselves (tags), so that it
may be killed at any moment: its next life finds the legs and goes on."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import structlog

from hotline.kernel.clock import Clock
from hotline.kernel.ids import new_id
from hotline.kernel.sealing import Keyring, UnsealError
from hotline.live.node.arrivals import arrival_of, contact_arrived
from hotline.live.node.call.call import Call
from hotline.live.node.call.in_flow import InFlow
from hotline.live.node.call.messages import Adopted, CallMessage, CommandRefused, CutShort, SwitchChanged
from hotline.live.node.call.ordered import ordered_record
from hotline.live.node.call.record import CallRecord
from hotline.live.node.call.services import CallServices, LookUps, NodeOptions, Switchboard
from hotline.live.node.call.state import CallState
from hotline.live.node.call.states import States
from hotline.live.node.condition import Condition, voice_lost
from hotline.live.node.configuration import LocalConfiguration
from hotline.live.node.recording_intake import RecordingIntake
from hotline.live.node.sounds import Sounds
from hotline.live.node.spool import Spool
from hotline.messages.callbacks import open_order
from hotline.messages.configuration import EntryPointConfiguration, NodeConfiguration
from hotline.messages.effects import AnyEffect, ForgetContact, Refused, RingAgent, WaitTold
from hotline.messages.facts import AnyFact, CallRefused
from hotline.messages.routing import NodeContact, RoutingCommand
from hotline.telephony.contract import (
    DeviceReachable,
    DeviceUnreachable,
    Leg,
    LegArrived,
    PlatformConnected,
    PlatformLost,
    RecordingFinished,
    RefusalCause,
    VoiceDriver,
    VoiceError,
    VoiceEvent,
)
from hotline.telephony.timers import Timers

log = structlog.get_logger()

_UNMET_AFTER_MS = 1000
_FORMER_KEPT = 5000
_NOTHING = LocalConfiguration(
    NodeConfiguration(
        version=0,
        entry_points=(),
        flows=(),
        devices=(),
        prompts=(),
        queue_names={},
        outbound_allow=(),
        emergency_numbers=(),
    )
)


class Node:
    """Brings what happens to the call it concerns. `begin` takes the platform's events; the link tells the switch's."""

    def __init__(
        self,
        *,
        options: NodeOptions,
        driver: VoiceDriver,
        spool: Spool,
        sounds: Sounds,
        clock: Clock,
        timers: Timers,
        keyring: Keyring,
        recordings: RecordingIntake,
        condition: Condition,
        add_fact: Callable[[AnyFact], None],
    ) -> None:
        self._options = options
        self._driver = driver
        self._spool = spool
        self._clock = clock
        self._timers = timers
        self._keyring = keyring
        self._sounds = sounds
        self._recordings = recordings
        self._condition = condition
        self._add_fact = add_fact
        self._configuration = _NOTHING
        self._calls: dict[str, Call] = {}
        self._legs: dict[str, str] = {}  # leg id -> contact id
        self._legs_of: dict[str, set[str]] = {}  # contact id -> every leg it ever had
        self._former: dict[str, NodeContact] = {}  # calls that ended lately, oldest first
        self._early: list[AnyEffect] = []  # for calls of an earlier life that are not yet found
        self._tasks: set[asyncio.Task[Any]] = set()
        self._found: dict[str, CallRecord] = {
            record.contact_id: record for record in spool.calls(CallRecord)
        }  # of an earlier life, until the platform has told which legs live
        self._services: CallServices | None = None
        self._is_catching_up = False  # looks which legs live: what happens meanwhile is held
        self._held: list[VoiceEvent] = []

    def connect(self, switch: Switchboard, look_ups: LookUps) -> None:
        """Hand over the two links, which need the node themselves."""
        self._services = CallServices(
            options=self._options,
            driver=self._driver,
            switch=switch,
            spool=self._spool,
            sounds=self._sounds,
            clock=self._clock,
            timers=self._timers,
            keyring=self._keyring,
            look_ups=look_ups,
            states=States(),
            configuration=lambda: self._configuration,
            add_fact=self._add_fact,
            has_room_to_record=self._recordings.has_room,
            expect_recording=self._recordings.expect,
            bind_leg=self._bind_leg,
            call_over=self._call_over,
        )

    def begin(self) -> None:
        """Take the platform's events from now on."""
        self._driver.deliver(self._take)

    @property
    def calls(self) -> dict[str, Call]:
        """Living calls by contact id."""
        return self._calls

    async def use_configuration(self, configuration: LocalConfiguration) -> None:
        """From now on calls find these numbers, flows and devices."""
        self._configuration = configuration
        self._condition.set_setup("")
        raw = configuration.raw
        try:
            await self._driver.set_devices(raw.devices)
            await self._driver.set_dialable(raw.outbound_allow, raw.emergency_numbers)
        except VoiceError as error:
            log.warning("the platform does not know the new devices yet", cause=str(error))

    # --- what the platform tells

    def _take(self, event: VoiceEvent) -> None:
        if self._is_catching_up:
            self._held.append(event)
            return
        try:
            self._bring(event)
        except Exception:
            # One event that we mistreat must not take the other calls along.
            log.exception("an event of the platform went wrong", kind=type(event).__name__)

    def _bring(self, event: VoiceEvent) -> None:
        match event:
            case LegArrived(purpose="caller"):
                self._arrived(event)
            case LegArrived():
                self._device_resumed(event)
            case DeviceReachable() | DeviceUnreachable():
                self._post_to(self._calls_of_device(event.sip_user), event)
            case RecordingFinished():
                self._watch(self._recordings.finished(event))
            case PlatformConnected():
                self._is_catching_up = True
                self._watch(asyncio.create_task(self._catch_up(event)))
            case PlatformLost():
                log.error("the voice platform is lost", cause=event.cause)
                self._condition.set_voice(voice_lost(event.cause))
            case _:
                if call := self._call_of_leg(event.leg_id):
                    call.post(event)

    async def _catch_up(self, event: PlatformConnected) -> None:
        """Find the calls that live before anything else that happens to them is brought."""
        try:
            await self._platform_connected(event)
        except Exception:
            log.exception("the calls that live could not be found")
        finally:
            self._is_catching_up = False
            held, self._held = self._held, []
            for one in held:
                self._take(one)

    async def _platform_connected(self, event: PlatformConnected) -> None:
        log.info("the voice platform is there", version=event.version, is_restarted=event.is_restarted)
        self._condition.set_voice("")
        try:
            legs = {leg.leg_id: leg for leg in await self._driver.list_legs()}
        except VoiceError as error:
            log.warning("the platform was lost again", cause=str(error))
            return
        found = Adopted(
            living={leg_id: leg.bridge_id for leg_id, leg in legs.items()},
            answered=frozenset(leg_id for leg_id, leg in legs.items() if leg.is_answered),
            at_ms=event.at_ms,
        )
        self._post_to(self._calls.values(), found)
        self._adopt(found)
        await self._end_strangers(legs)

    def _adopt(self, found: Adopted) -> None:
        """Go on with the calls of an earlier life."""
        records, self._found = self._found, {}
        for record in records.values():
            call = Call(record, self._connected())
            self._start(call, self._connected().states.resumed(call), self._what_became(found))
        early, self._early = self._early, []
        for effect in early:
            self.effect(effect)
        if records:
            log.info("calls of an earlier life go on", calls=len(records), living=len(found.living))

    def _what_became(self, found: Adopted) -> Adopted | CutShort:
        """When not one leg lives, the platform died as well; one caller alone may simply have hung up."""
        if found.living:
            return found
        return CutShort(at_ms=found.at_ms, cause="platform_gone")

    async def _end_strangers(self, legs: dict[str, Leg]) -> None:
        """Legs of calls that are over, left behind when they could not be ended; callers whom nobody has met."""
        unmet = []
        for leg in legs.values():
            if leg.leg_id in self._legs:
                continue
            if leg.purpose == "caller" and not leg.tags:
                unmet.append(leg)
                continue
            log.warning("ending a leg that belongs to no call", purpose=leg.purpose)
            try:
                await self._driver.hang_up(leg.leg_id)
            except VoiceError as error:
                log.warning("a leg could not be ended", cause=str(error))
        if unmet:
            # Most of them are about to be told by LegArrived; the rest arrived in the moment when a node was killed.
            self._timers.after(_UNMET_AFTER_MS, lambda: self._watch(asyncio.create_task(self._meet(unmet))))

    async def _meet(self, unmet: list[Leg]) -> None:
        living = {leg.leg_id for leg in await self._driver.list_legs()}
        for leg in unmet:
            if leg.leg_id in living:
                self._arrived(arrival_of(leg))

    # --- arrivals

    def _arrived(self, event: LegArrived) -> None:
        if event.leg_id in self._legs:
            return
        point = self._configuration.entry_point(event.called)
        if point is None:
            is_ready = self._configuration is not _NOTHING
            self._refuse(event, "unknown_number" if is_ready else "congestion")
            return
        record = self._record_of(event, point)
        call = Call(record, self._connected())
        published = None if event.has_waited and point.fallback_queue_id else self._configuration.flow(point.flow_id)
        if published is not None:
            record.flow_version = published.version
        self._add_fact(contact_arrived(event, record, self._options.node_id))
        since_ms = event.since_ms if event.has_waited else None
        self._start(call, InFlow(call, published, since_ms))
        self._watch(asyncio.get_running_loop().create_task(self._mark(record)))

    async def _mark(self, record: CallRecord) -> None:
        """Let our next life tell this leg from those that nobody has met. It ends a marked one that it does not know,
        so that the call has to be on disk first."""
        await self._spool.written()
        try:
            await self._driver.tag_leg(record.leg_id, {"contact": record.contact_id})
        except VoiceError as error:
            log.info("an arriving leg could not be marked", cause=str(error))

    def _record_of(self, event: LegArrived, point: EntryPointConfiguration) -> CallRecord:
        return CallRecord(
            contact_id=new_id(),
            tenant_id=point.tenant_id,
            entry_point_id=point.entry_point_id,
            leg_id=event.leg_id,
            called=event.called,
            caller=event.caller,
            language="en" if point.language == "en" else "zh",
            arrived_at_ms=event.since_ms,
            recording_rule=point.recording,
            fallback_queue_id=point.fallback_queue_id,
            is_simulated=point.is_simulated or self._driver.is_simulated,
            flow_id=point.flow_id,
            flow_version=0,
        )

    def _refuse(self, event: LegArrived, cause: RefusalCause) -> None:
        """Nobody owns the number (or we know no numbers yet): refused and written down."""
        self._add_fact(
            CallRefused(
                fact_id=new_id(),
                at_ms=event.at_ms,
                contact_id=new_id(),
                tenant_id="",
                node_id=self._options.node_id,
                called_address=event.called,
                caller_address=event.caller,
                cause="unknown_number" if cause == "unknown_number" else "no_configuration",
            )
        )
        log.warning("a call was refused", cause=cause)
        self._turn_away(event.leg_id, cause)

    def _turn_away(self, leg_id: str, cause: RefusalCause) -> None:
        """Refuse a leg that has arrived."""
        self._watch(asyncio.create_task(self._turned_away(leg_id, cause)))

    async def _turned_away(self, leg_id: str, cause: RefusalCause) -> None:
        try:
            await self._driver.refuse(leg_id, cause)
        except VoiceError as error:
            log.info("the refused leg was gone already", cause=str(error))

    def _device_resumed(self, event: LegArrived) -> None:
        calls = self._calls_of_device(event.sip_user or "")
        self._post_to(calls[:1], event)
        if calls:
            self._bind_leg(event.leg_id, calls[0].record)
        else:
            self._turn_away(event.leg_id, "rejected")

    # --- calls

    def _start(self, call: Call, state: CallState, found: Adopted | CutShort | None = None) -> None:
        self._calls[call.record.contact_id] = call
        for leg_id in call.record.leg_ids():
            self._bind_leg(leg_id, call.record)
        self._watch(asyncio.get_running_loop().create_task(call.run(state, found)))

    def _watch(self, task: asyncio.Task[Any] | None) -> None:
        """Keep a reference until it is done: the loop itself keeps none."""
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _bind_leg(self, leg_id: str, record: CallRecord) -> None:
        self._legs[leg_id] = record.contact_id
        self._legs_of.setdefault(record.contact_id, set()).add(leg_id)

    def _call_over(self, record: CallRecord) -> None:
        self._calls.pop(record.contact_id, None)
        self._former[record.contact_id] = NodeContact(record.contact_id, record.agent_ids())
        if len(self._former) > _FORMER_KEPT:
            del self._former[next(iter(self._former))]
        for leg_id in self._legs_of.pop(record.contact_id, ()):
            del self._legs[leg_id]

    def _call_of_leg(self, leg_id: str) -> Call | None:
        return self._calls.get(self._legs.get(leg_id, ""))

    def _calls_of_device(self, sip_user: str) -> list[Call]:
        def is_agents(record: CallRecord) -> bool:
            target = record.consultation.target if record.consultation else None
            return any(leg is not None and leg.sip_user == sip_user for leg in (record.agent, target))

        return [call for call in self._calls.values() if is_agents(call.record)]

    def _post_to(self, calls: Iterable[Call], message: CallMessage) -> None:
        for call in tuple(calls):
            call.post(message)

    def deliver(self, contact_id: str, message: CallMessage) -> None:
        """Bring a message to the call of that contact; a call that is over needs none."""
        if call := self._calls.get(contact_id):
            call.post(message)

    def _connected(self) -> CallServices:
        if self._services is None:
            raise RuntimeError("connect the node with its links before it takes events")
        return self._services

    # --- LinkListener: what the switch link tells

    def held_contacts(self) -> list[NodeContact]:
        records = [*(call.record for call in self._calls.values()), *self._found.values()]
        return [NodeContact(record.contact_id, record.agent_ids()) for record in records if record.asked is not None]

    def former_contact(self, contact_id: str) -> NodeContact:
        return self._former.get(contact_id, NodeContact(contact_id))

    def effect(self, effect: AnyEffect) -> None:
        call = self._calls.get(effect.contact_id)
        if call is not None:
            call.take_effect(effect)
        elif effect.contact_id in self._found:
            self._early.append(effect)
        elif isinstance(effect, RingAgent) and effect.callback_number is not None:
            self._call_back(effect, effect.callback_number)
        elif not isinstance(effect, ForgetContact):
            log.debug("an effect for a call that is over", effect=type(effect).__name__, contact=effect.contact_id)

    def _call_back(self, effect: RingAgent, sealed: str) -> None:
        """A call-back of a contact that is no call of ours yet: web has asked for it, or our disk was lost."""
        try:
            order = open_order(sealed, self._keyring)
        except UnsealError as error:
            log.error("a call-back cannot be made", contact=effect.contact_id, cause=str(error))
            return
        point = self._configuration.entry_point_by_id(order.entry_point_id)
        record = ordered_record(effect.contact_id, sealed, order, point, self._clock.now_ms())
        record.is_simulated = record.is_simulated or self._driver.is_simulated
        call = Call(record, self._connected())
        self._start(call, self._connected().states.promised(call))
        call.take_effect(effect)

    def refused(self, command: RoutingCommand, refusal: Refused) -> None:
        contact_id = getattr(command, "contact_id", None)
        message = CommandRefused(command, refusal)
        if contact_id is not None:
            self.deliver(contact_id, message)
        else:
            # An answer names only its offer: each call knows its own.
            self._post_to(self._calls.values(), message)

    def wait_told(self, told: WaitTold) -> None:
        for wait in told.waits:
            self.deliver(wait.contact_id, wait)

    def switch_changed(self, is_connected: bool) -> None:
        self._post_to(self._calls.values(), SwitchChanged(is_connected))
