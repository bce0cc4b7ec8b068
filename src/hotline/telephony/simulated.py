"""The voice driver for the simulated platform: the contract without a telephone line."""

import wave
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from hotline.messages.configuration import AgentDevice
from hotline.messages.routing import MonitorMode
from hotline.telephony.contract import (
    DeviceUnavailableError,
    EndCause,
    Leg,
    LegAnswered,
    LegEnded,
    LegGoneError,
    Media,
    NumberNotAllowedError,
    PlatformDownError,
    PlaybackFinished,
    RefusalCause,
    SoundFile,
    VoiceError,
    VoiceEvent,
)
from hotline.telephony.dialling import is_dialable, normalise_number
from hotline.telephony.outlet import Outlet
from hotline.telephony.simulated_platform import Monitoring, SimulatedLeg, SimulatedPlatform
from hotline.telephony.simulated_recording import SimulatedRecordings


class SimulatedDriver:
    """Drives one simulated platform; `recordings` belong to the platform and outlive the driver."""

    is_simulated = True

    def __init__(self, platform: SimulatedPlatform, recordings: SimulatedRecordings) -> None:
        self._platform = platform
        self._recordings = recordings
        self._told = Outlet()
        self._devices: frozenset[str] = frozenset()
        self._allow: tuple[str, ...] = ()
        self._emergency: tuple[str, ...] = ()

    # --- life ---------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        for left in self._recordings.left_ones():
            self._told.tell(left)
        self._platform.attach(self._hear)
        for recording_id in self._recordings.ended_ones():
            self._finish_recording(recording_id)

    async def close(self) -> None:
        self._platform.detach(self._hear)
        self._told.close()

    def deliver(self, taker: Callable[[VoiceEvent], None]) -> None:
        self._told.deliver(taker)

    def _hear(self, event: VoiceEvent) -> None:
        self._told.tell(event)
        if isinstance(event, LegEnded):
            self._finish_recording(self._recordings.of_leg(event.leg_id))

    def _finish_recording(self, recording_id: str | None) -> None:
        finished = self._recordings.finish(recording_id) if recording_id is not None else None
        if finished is not None:
            self._platform.tell(finished)

    # --- what there is ------------------------------------------------------------------------------------------------

    async def list_legs(self) -> tuple[Leg, ...]:
        legs = [leg for leg in self._platform.legs.values() if leg.is_offered]
        return tuple(self._platform.snapshot(leg, self._recordings.of_leg(leg.leg_id)) for leg in legs)

    async def set_devices(self, devices: Sequence[AgentDevice]) -> None:
        self._devices = frozenset(device.sip_user for device in devices)

    async def set_dialable(self, allow: Sequence[str], emergency: Sequence[str]) -> None:
        self._allow, self._emergency = tuple(allow), tuple(emergency)

    # --- legs ---------------------------------------------------------------------------------------------------------

    async def refuse(self, leg_id: str, cause: RefusalCause) -> None:
        self._platform.end_leg(self._leg(leg_id).leg_id, cause, "us")

    async def answer(self, leg_id: str) -> None:
        leg = self._leg(leg_id)
        if not leg.is_answered:
            self._platform.about_to_change()
            leg.is_answered = True
            self._platform.tell(LegAnswered(at_ms=self._platform.clock.now_ms(), leg_id=leg_id))

    async def ring_agent(
        self,
        leg_id: str,
        sip_user: str,
        *,
        timeout_s: int,
        purpose: Literal["agent", "supervisor"] = "agent",
        caller: str = "",
        for_leg_id: str | None = None,
        headers: dict[str, str] | None = None,
        tags: dict[str, str] | None = None,
    ) -> None:
        self._check_up()
        if sip_user not in self._devices or not self._platform.script_of(sip_user).is_reachable:
            raise DeviceUnavailableError(sip_user=sip_user)
        if for_leg_id is not None:
            self._leg(for_leg_id)
        leg = self._platform.ring(leg_id, purpose, sip_user, timeout_s)
        leg.sip_user, leg.caller, leg.tags = sip_user, caller, dict(tags or {})

    async def ring_outside(
        self,
        leg_id: str,
        number: str,
        *,
        timeout_s: int,
        caller: str,
        for_leg_id: str | None = None,
        tags: dict[str, str] | None = None,
    ) -> None:
        self._check_up()
        bare = normalise_number(number)
        if bare is None or not is_dialable(number, self._allow, self._emergency):
            raise NumberNotAllowedError
        if for_leg_id is not None:
            self._leg(for_leg_id)
        leg = self._platform.ring(leg_id, "outside", bare, timeout_s)
        leg.caller, leg.tags = caller, dict(tags or {})

    async def answer_device(self, leg_id: str) -> None:
        self._platform.answer(self._leg(leg_id).leg_id)

    async def hang_up(self, leg_id: str, cause: EndCause = "normal") -> None:
        self._check_up()
        if leg_id in self._platform.legs:
            self._platform.end_leg(leg_id, cause, "us")

    async def tag_leg(self, leg_id: str, tags: dict[str, str]) -> None:
        self._leg(leg_id).tags |= tags

    async def send_digits(self, leg_id: str, digits: str) -> None:
        self._leg(leg_id)

    def _leg(self, leg_id: str) -> SimulatedLeg:
        self._check_up()
        leg = self._platform.legs.get(leg_id)
        if leg is None:
            raise LegGoneError
        return leg

    def _check_up(self) -> None:
        if not self._platform.is_up:
            raise PlatformDownError

    # --- sound --------------------------------------------------------------------------------------------------------

    async def play(self, leg_id: str, media: Sequence[Media], playback_id: str) -> None:
        leg = self._leg(leg_id)
        lengths = [_length_ms(piece) for piece in media]
        is_complete = None not in lengths
        length_ms = sum(length for length in lengths if length is not None) if is_complete else 0
        leg.playbacks[playback_id] = self._platform.timers.after(
            length_ms, lambda: self._playback_over(leg, playback_id, is_complete)
        )

    def _playback_over(self, leg: SimulatedLeg, playback_id: str, is_complete: bool) -> None:
        cancel = leg.playbacks.pop(playback_id, None)
        if cancel is not None:
            cancel()
            at_ms = self._platform.clock.now_ms()
            over = PlaybackFinished(at_ms=at_ms, leg_id=leg.leg_id, playback_id=playback_id, is_complete=is_complete)
            self._platform.tell(over)

    async def stop_playback(self, leg_id: str, playback_id: str) -> None:
        self._playback_over(self._leg(leg_id), playback_id, False)

    async def start_music(self, leg_id: str) -> None:
        leg = self._leg(leg_id)
        if leg.bridge_id is not None:
            raise VoiceError(cause="music is for a leg outside bridges")
        leg.has_music = True

    async def stop_music(self, leg_id: str) -> None:
        self._leg(leg_id).has_music = False

    # --- bridges ------------------------------------------------------------------------------------------------------

    async def join(self, bridge_id: str, leg_ids: Sequence[str]) -> None:
        legs = [self._leg(leg_id) for leg_id in leg_ids]
        self._platform.about_to_change()
        for leg in legs:
            leg.bridge_id, leg.has_music = bridge_id, False

    async def leave(self, bridge_id: str, leg_id: str) -> None:
        leg = self._leg(leg_id)
        self._platform.about_to_change()
        if leg.bridge_id == bridge_id:
            leg.bridge_id = None

    async def destroy_bridge(self, bridge_id: str) -> None:
        self._check_up()
        self._platform.about_to_change()
        for leg in self._platform.members(bridge_id):
            leg.bridge_id = None

    # --- supervision and recording ------------------------------------------------------------------------------------

    async def monitor(self, monitor_id: str, supervisor_leg_id: str, agent_leg_id: str, mode: MonitorMode) -> None:
        supervisor, agent = self._leg(supervisor_leg_id), self._leg(agent_leg_id)
        self._platform.about_to_change()
        self._platform.monitorings[monitor_id] = Monitoring(supervisor.leg_id, agent.leg_id, mode)

    async def stop_monitor(self, monitor_id: str) -> None:
        self._check_up()
        self._platform.about_to_change()
        self._platform.monitorings.pop(monitor_id, None)

    async def start_recording(self, recording_id: str, leg_id: str) -> None:
        if self._recordings.of_leg(self._leg(leg_id).leg_id) is not None:
            raise VoiceError(cause="this leg is being recorded already")
        self._recordings.start(recording_id, leg_id)

    async def pause_recording(self, recording_id: str) -> None:
        self._recordings.pause(recording_id, True)

    async def resume_recording(self, recording_id: str) -> None:
        self._recordings.pause(recording_id, False)

    async def stop_recording(self, recording_id: str) -> None:
        self._finish_recording(recording_id)


def _length_ms(media: Media) -> int | None:
    """How long it lasts; None for a file that cannot be read."""
    return _file_length_ms(media.path) if isinstance(media, SoundFile) else media.duration_ms


@lru_cache(maxsize=1024)
def _file_length_ms(path: Path) -> int | None:
    try:
        with wave.open(str(path), "rb") as file:
            return file.getnframes() * 1000 // file.getframerate()
    except (OSError, EOFError, wave.Error):
        return None
