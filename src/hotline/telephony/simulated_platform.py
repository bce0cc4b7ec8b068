"""A voice platform that exists only in this process: virtual callers, agents' devices and outside numbers, by script.

It outlives its drivers as Asterisk outlives a node: close a driver, open another on the same platform, and the legs are
still there. With an injected clock and timers every run is the same."""

import dataclasses
from collections.abc import Callable
from typing import Literal

from hotline.kernel.clock import Clock
from hotline.messages.routing import MonitorMode
from hotline.telephony.contract import (
    DeviceReachable,
    DeviceUnreachable,
    DigitReceived,
    EndCause,
    EndedSide,
    Leg,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegPurpose,
    LegRinging,
    PlatformConnected,
    PlatformLost,
    PlaybackFinished,
    VoiceEvent,
)
from hotline.telephony.timers import Timers

VERSION = "simulated"
Tell = Callable[[VoiceEvent], None]


@dataclasses.dataclass(frozen=True, slots=True)
class PartyScript:
    """What a device or an outside number does when it is rung. With neither an answer nor a refusal it rings until
    `answer` is called, the ring time is over, or we hang up. `voice_hz` is the tone that it speaks."""

    answer_after_ms: int | None = None
    refusal: EndCause | None = None
    hang_up_after_ms: int | None = None
    voice_hz: int | None = None
    is_reachable: bool = True


@dataclasses.dataclass(slots=True)
class SimulatedLeg:
    leg_id: str
    purpose: LegPurpose
    created_at_ms: int
    called: str = ""
    caller: str = ""
    sip_user: str | None = None
    voice_hz: int | None = None
    is_answered: bool = False
    is_offered: bool = True  # an arriving leg that no driver has seen yet waits in the static queue
    has_waited: bool = False
    has_music: bool = False
    bridge_id: str | None = None
    tags: dict[str, str] = dataclasses.field(default_factory=dict)
    playbacks: dict[str, Callable[[], None]] = dataclasses.field(default_factory=dict)  # id -> cancel
    ring_timer: Callable[[], None] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Monitoring:
    supervisor_leg_id: str
    agent_leg_id: str
    mode: MonitorMode


class SimulatedPlatform:
    """The platform and, as its public methods, the script of the parties at its far ends."""

    def __init__(self, clock: Clock, timers: Timers) -> None:
        self.clock = clock
        self.timers = timers
        self.legs: dict[str, SimulatedLeg] = {}
        self.monitorings: dict[str, Monitoring] = {}
        self.is_up = True
        self._scripts: dict[str, PartyScript] = {}  # by sip user or outside number
        self._driver: Tell | None = None
        self._observers: list[Tell] = []
        self._before_change: list[Callable[[], None]] = []
        self._call_count = 0
        self._is_restarted = False

    # --- the script: what the parties do ------------------------------------------------------------------------------

    def place_call(self, called: str, caller: str | None, *, voice_hz: int | None = None) -> str:
        """The leg of a caller who has just dialled. Without a driver it waits to be offered to the next one."""
        leg = self._arriving("caller", called, caller or "", voice_hz)
        self._offer(leg)
        return leg.leg_id

    def call_resume(self, sip_user: str) -> str:
        """The leg of an agent's device that came back after a reload and asks for its call."""
        leg = self._arriving("resume", "resume", sip_user, self.script_of(sip_user).voice_hz)
        leg.sip_user = sip_user
        self._offer(leg)
        return leg.leg_id

    def press(self, leg_id: str, keys: str) -> None:
        """The party presses keys; nothing happens on a leg that is gone or was not answered."""
        leg = self.legs.get(leg_id)
        if leg is not None and leg.is_answered:
            for key in keys:
                self.tell(DigitReceived(at_ms=self.clock.now_ms(), leg_id=leg_id, digit=key))

    def hang_up(self, leg_id: str, cause: EndCause = "normal") -> None:
        """The party hangs up (or with cause "lost": is gone without a word)."""
        if leg_id in self.legs:
            self.end_leg(leg_id, cause, "party")

    def answer(self, leg_id: str) -> None:
        """The party of a ringing leg picks up."""
        leg = self.legs.get(leg_id)
        if leg is None or leg.is_answered:
            return
        self.about_to_change()
        self._stop_ringing(leg)
        leg.is_answered = True
        self.tell(LegAnswered(at_ms=self.clock.now_ms(), leg_id=leg_id))

    def set_script(self, name: str, script: PartyScript) -> None:
        """What the device (by SIP user) or outside number does from now on."""
        was_reachable = self.script_of(name).is_reachable
        self._scripts[name] = script
        if was_reachable != script.is_reachable:
            told = DeviceReachable if script.is_reachable else DeviceUnreachable
            self.tell(told(at_ms=self.clock.now_ms(), sip_user=name))

    def script_of(self, name: str) -> PartyScript:
        return self._scripts.get(name, PartyScript())

    def crash(self) -> None:
        """The platform dies with every call."""
        self.about_to_change()
        self.is_up = False
        for leg in self.legs.values():
            self._silence(leg)
        gone = list(self.legs)
        self.legs.clear()
        self.monitorings.clear()
        self._is_restarted = True
        self.tell(PlatformLost(at_ms=self.clock.now_ms(), cause="the simulated platform was ended"))
        for leg_id in gone:
            self.tell(LegEnded(at_ms=self.clock.now_ms(), leg_id=leg_id, cause="failed", ended_by="platform"))

    def freeze(self) -> None:
        """The platform lives and answers nothing; its calls stay."""
        self.is_up = False
        self.tell(PlatformLost(at_ms=self.clock.now_ms(), cause="the simulated platform was frozen"))

    def restore(self) -> None:
        """The platform is there again: empty after a crash, as it was after a freeze."""
        self.is_up = True
        self._greet()

    def observe(self, observer: Tell) -> Callable[[], None]:
        """Tell this observer every event, with or without a driver; the returned function ends it."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer)

    # --- for the driver -----------------------------------------------------------------------------------------------

    def attach(self, tell: Tell) -> None:
        """This driver takes the events from now on; callers who waited for one are offered to it."""
        self._driver = tell
        if self.is_up:
            self._greet()
        for leg in [leg for leg in self.legs.values() if not leg.is_offered]:
            leg.has_waited = True
            self._offer(leg)

    def detach(self, tell: Tell) -> None:
        if self._driver == tell:
            self._driver = None

    def tell(self, event: VoiceEvent) -> None:
        if self._driver is not None:
            self._driver(event)
        for observer in list(self._observers):
            observer(event)

    def before_change(self, call: Callable[[], None]) -> None:
        """Call this before who hears whom changes: recordings note what was."""
        self._before_change.append(call)

    def about_to_change(self) -> None:
        """Who hears whom is about to change."""
        for call in self._before_change:
            call()

    def ring(
        self, leg_id: str, purpose: Literal["agent", "supervisor", "outside"], party: str, timeout_s: int
    ) -> SimulatedLeg:
        """A new leg towards the device or number, which rings and then does as its script says."""
        script = self.script_of(party)
        leg = SimulatedLeg(leg_id, purpose, self.clock.now_ms(), voice_hz=script.voice_hz)
        self.legs[leg_id] = leg
        course: list[tuple[int, Callable[[], None]]] = [(0, lambda: self._rings(leg_id))]
        if script.refusal is not None:
            cause = script.refusal
            course.append((1, lambda: self.hang_up(leg_id, cause)))
        elif script.answer_after_ms is not None:
            course.append((script.answer_after_ms, lambda: self.answer(leg_id)))
            if script.hang_up_after_ms is not None:
                course.append((script.answer_after_ms + script.hang_up_after_ms, lambda: self.hang_up(leg_id)))
        for delay_ms, act in course:
            self.timers.after(delay_ms, act)
        leg.ring_timer = self.timers.after(timeout_s * 1000, lambda: self._ring_over(leg_id))
        return leg

    def end_leg(self, leg_id: str, cause: EndCause, ended_by: EndedSide) -> None:
        self.about_to_change()
        leg = self.legs.pop(leg_id)
        for name, monitoring in list(self.monitorings.items()):
            if leg_id in (monitoring.supervisor_leg_id, monitoring.agent_leg_id):
                del self.monitorings[name]
        at_ms = self.clock.now_ms()
        for playback_id in self._silence(leg):
            self.tell(PlaybackFinished(at_ms=at_ms, leg_id=leg_id, playback_id=playback_id, is_complete=False))
        self.tell(LegEnded(at_ms=at_ms, leg_id=leg_id, cause=cause, ended_by=ended_by))

    def voices_heard(self, leg_id: str) -> frozenset[int]:
        """The tones of those whom the leg hears now."""
        heard = self._heard_in_bridge(leg_id)
        for monitoring in self.monitorings.values():
            if monitoring.supervisor_leg_id == leg_id:
                heard |= {monitoring.agent_leg_id} | self._heard_in_bridge(monitoring.agent_leg_id)
            elif self._speaks_to(monitoring, leg_id):
                heard.add(monitoring.supervisor_leg_id)
        return frozenset(tone for other in heard - {leg_id} if (tone := self.legs[other].voice_hz) is not None)

    def _speaks_to(self, monitoring: Monitoring, leg_id: str) -> bool:
        """Whether this leg hears the supervisor: the agent when whispered to, those with the agent too at a barge."""
        if monitoring.agent_leg_id == leg_id:
            return monitoring.mode != "listen"
        return monitoring.mode == "barge" and monitoring.agent_leg_id in self._heard_in_bridge(leg_id)

    def members(self, bridge_id: str) -> list[SimulatedLeg]:
        return [leg for leg in self.legs.values() if leg.bridge_id == bridge_id]

    def snapshot(self, leg: SimulatedLeg, recording_id: str | None) -> Leg:
        return Leg(
            leg_id=leg.leg_id,
            purpose=leg.purpose,
            is_answered=leg.is_answered,
            created_at_ms=leg.created_at_ms,
            called=leg.called,
            caller=leg.caller,
            sip_user=leg.sip_user,
            bridge_id=leg.bridge_id,
            recording_id=recording_id,
            tags=dict(leg.tags),
        )

    # --- inside -------------------------------------------------------------------------------------------------------

    def _heard_in_bridge(self, leg_id: str) -> set[str]:
        bridge_id = self.legs[leg_id].bridge_id
        return set() if bridge_id is None else {leg.leg_id for leg in self.members(bridge_id)} - {leg_id}

    def _arriving(self, purpose: LegPurpose, called: str, caller: str, voice_hz: int | None) -> SimulatedLeg:
        self._call_count += 1
        now_ms = self.clock.now_ms()
        leg_id = f"simulated-{now_ms}-{self._call_count}"
        leg = SimulatedLeg(leg_id, purpose, now_ms, called, caller, voice_hz=voice_hz, is_offered=False)
        self.legs[leg_id] = leg
        return leg

    def _offer(self, leg: SimulatedLeg) -> None:
        if self._driver is None or not self.is_up:
            return
        leg.is_offered = True
        self.tell(
            LegArrived(
                at_ms=self.clock.now_ms(),
                leg_id=leg.leg_id,
                purpose=leg.purpose,
                called=leg.called,
                caller=leg.caller or None,
                since_ms=leg.created_at_ms,
                sip_user=leg.sip_user,
                has_waited=leg.has_waited,
            )
        )

    def _greet(self) -> None:
        connected = PlatformConnected(at_ms=self.clock.now_ms(), version=VERSION, is_restarted=self._is_restarted)
        self._is_restarted = False
        self.tell(connected)

    def _rings(self, leg_id: str) -> None:
        if leg_id in self.legs and not self.legs[leg_id].is_answered:
            self.tell(LegRinging(at_ms=self.clock.now_ms(), leg_id=leg_id))

    def _ring_over(self, leg_id: str) -> None:
        if leg_id in self.legs:
            self.end_leg(leg_id, "no_answer", "us")

    def _stop_ringing(self, leg: SimulatedLeg) -> None:
        if leg.ring_timer is not None:
            leg.ring_timer()
            leg.ring_timer = None

    def _silence(self, leg: SimulatedLeg) -> list[str]:
        """Cancel what the leg still has running; the playbacks that were cut."""
        self._stop_ringing(leg)
        for cancel in leg.playbacks.values():
            cancel()
        return list(leg.playbacks)
