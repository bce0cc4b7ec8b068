"""The voice driver for Asterisk: commands become ARI requests, ARI events become the contract's events."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from hotline.kernel.clock import Clock
from hotline.messages.configuration import AgentDevice
from hotline.messages.routing import MonitorMode
from hotline.telephony.ari import AriDownError, AriError, Command
from hotline.telephony.ari_errors import leg_errors
from hotline.telephony.asterisk_configuration import APPLICATION, TRUNK_ENDPOINT
from hotline.telephony.asterisk_ledger import LegRecord
from hotline.telephony.asterisk_link import AsteriskLink
from hotline.telephony.asterisk_monitors import Monitors
from hotline.telephony.asterisk_recording import Running
from hotline.telephony.causes import code_of
from hotline.telephony.contract import (
    DeviceUnavailableError,
    EndCause,
    Leg,
    LegGoneError,
    LegPurpose,
    Media,
    NumberNotAllowedError,
    PlatformDownError,
    RefusalCause,
    VoiceError,
    VoiceEvent,
)
from hotline.telephony.dialling import is_dialable, normalise_number
from hotline.telephony.sounds import sound_path


class AsteriskDriver:
    """Drives one Asterisk. `work_dir` keeps recordings in progress and made-up sounds, and Asterisk can read and write
    it; `etc_dir` is its configuration's directory when it is ours."""

    is_simulated = False

    def __init__(
        self, *, base_url: str, user: str, password: str, work_dir: Path, clock: Clock, etc_dir: Path | None = None
    ) -> None:
        self._link = AsteriskLink(
            base_url=base_url, user=user, password=password, work_dir=work_dir, clock=clock, etc_dir=etc_dir
        )
        self._ari, self._ledger, self._recordings = self._link.ari, self._link.ledger, self._link.recordings
        self._clock = clock
        self._sounds = work_dir / "sounds"
        self._allow: tuple[str, ...] = ()
        self._emergency: tuple[str, ...] = ()
        self._monitors = Monitors(self._link, self._put_in)

    # --- life ---------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        await self._link.open()

    async def close(self) -> None:
        await self._link.close()

    def deliver(self, taker: Callable[[VoiceEvent], None]) -> None:
        self._link.told.deliver(taker)

    # --- what there is ------------------------------------------------------------------------------------------------

    async def list_legs(self) -> tuple[Leg, ...]:
        return tuple(leg.as_leg() for leg in self._ledger.legs.values() if leg.ended_as is None)

    async def set_devices(self, devices: Sequence[AgentDevice]) -> None:
        self._link.devices.want(devices)
        with leg_errors():
            await self._link.push_devices()

    async def set_dialable(self, allow: Sequence[str], emergency: Sequence[str]) -> None:
        self._allow, self._emergency = tuple(allow), tuple(emergency)

    # --- legs ---------------------------------------------------------------------------------------------------------

    async def refuse(self, leg_id: str, cause: RefusalCause) -> None:
        await self._end(leg_id, "normal" if cause == "normal" else cause)

    async def answer(self, leg_id: str) -> None:
        with leg_errors():
            await self._ari.command(Command("POST", f"channels/{self._leg(leg_id).leg_id}/answer"))

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
        if not self._link.devices.knows(sip_user):
            raise DeviceUnavailableError(sip_user=sip_user)
        extra = {f"PJSIP_HEADER(add,{name})": value for name, value in (headers or {}).items()}
        leg = self._new_leg(leg_id, purpose, caller, tags)
        leg.sip_user = sip_user
        await self._originate(leg, f"PJSIP/{sip_user}", timeout_s, for_leg_id, extra)

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
        bare = normalise_number(number)
        if bare is None or not is_dialable(number, self._allow, self._emergency):
            raise NumberNotAllowedError
        leg = self._new_leg(leg_id, "outside", caller, tags)
        await self._originate(leg, f"PJSIP/{bare}@{TRUNK_ENDPOINT}", timeout_s, for_leg_id, {})

    def _new_leg(self, leg_id: str, purpose: LegPurpose, caller: str, tags: dict[str, str] | None) -> LegRecord:
        now_ms = self._clock.now_ms()
        return LegRecord(leg_id, purpose, now_ms, is_made=True, caller=caller, tags=dict(tags or {}))

    async def _originate(
        self, leg: LegRecord, endpoint: str, timeout_s: int, for_leg_id: str | None, extra: dict[str, str]
    ) -> None:
        """The leg is known before Asterisk is asked, because its first events may come before the answer."""
        self._ledger.legs[leg.leg_id] = leg
        variables = {"HOTLINE_PURPOSE": leg.purpose, "HOTLINE_TAGS": _tags_text(leg.tags), **extra}
        query: dict[str, str | int] = {
            "endpoint": endpoint,
            "app": APPLICATION,
            "appArgs": "made",
            "timeout": timeout_s,
        }
        query |= {"callerId": leg.caller} if leg.caller else {}
        query |= {"originator": for_leg_id} if for_leg_id else {}
        try:
            await self._ari.command(Command("POST", f"channels/{leg.leg_id}", {"variables": variables}, query))
        except AriError as error:
            self._ledger.legs.pop(leg.leg_id, None)
            if for_leg_id is not None and for_leg_id not in self._ledger.legs:
                raise LegGoneError from error
            raise DeviceUnavailableError(sip_user=leg.sip_user or endpoint) from error
        except AriDownError as error:
            self._ledger.legs.pop(leg.leg_id, None)
            raise PlatformDownError from error

    async def answer_device(self, leg_id: str) -> None:
        """A browser or telephone is answered by its user only."""

    async def hang_up(self, leg_id: str, cause: EndCause = "normal") -> None:
        with contextlib.suppress(LegGoneError):
            await self._end(leg_id, cause)

    async def _end(self, leg_id: str, cause: EndCause) -> None:
        leg = self._leg(leg_id)
        leg.ended_as = cause
        try:
            with leg_errors():
                query = {"reason_code": code_of(cause)}
                await self._ari.command(Command("DELETE", f"channels/{leg_id}", query=query))
        except PlatformDownError:
            leg.ended_as = None  # it was not asked after all
            raise

    async def tag_leg(self, leg_id: str, tags: dict[str, str]) -> None:
        leg = self._leg(leg_id)
        leg.tags |= tags
        await self._set_variable(leg_id, "HOTLINE_TAGS", _tags_text(leg.tags))

    async def _set_variable(self, leg_id: str, variable: str, value: str) -> None:
        with leg_errors():
            body = {"variable": variable, "value": value}
            await self._ari.command(Command("POST", f"channels/{leg_id}/variable", body))

    async def send_digits(self, leg_id: str, digits: str) -> None:
        with leg_errors():
            path = f"channels/{self._leg(leg_id).leg_id}/dtmf"
            await self._ari.command(Command("POST", path, query={"dtmf": digits, "between": 100}))

    def _leg(self, leg_id: str) -> LegRecord:
        leg = self._ledger.legs.get(leg_id)
        if leg is None or leg.ended_as is not None:
            raise LegGoneError
        return leg

    # --- sound --------------------------------------------------------------------------------------------------------

    async def play(self, leg_id: str, media: Sequence[Media], playback_id: str) -> None:
        leg = self._leg(leg_id)
        paths = [await asyncio.to_thread(sound_path, piece, self._sounds) for piece in media]
        uris = ",".join(f"sound:{path.absolute().with_suffix('')}" for path in paths)
        with leg_errors():
            if leg.has_music:
                await self._ari.command(Command("DELETE", f"channels/{leg_id}/moh"))
            leg.playbacks[playback_id] = False
            try:
                path = f"channels/{leg_id}/play/{playback_id}"
                await self._ari.command(Command("POST", path, query={"media": uris}))
            except (AriError, AriDownError):
                leg.playbacks.pop(playback_id, None)
                raise

    async def stop_playback(self, leg_id: str, playback_id: str) -> None:
        leg = self._leg(leg_id)
        if playback_id in leg.playbacks:
            leg.playbacks[playback_id] = True
            with contextlib.suppress(LegGoneError), leg_errors():
                await self._ari.command(Command("DELETE", f"playbacks/{playback_id}"))

    async def start_music(self, leg_id: str) -> None:
        self._leg(leg_id).has_music = True
        with leg_errors():
            await self._ari.command(Command("POST", f"channels/{leg_id}/moh"))

    async def stop_music(self, leg_id: str) -> None:
        leg = self._leg(leg_id)
        leg.has_music = False
        with leg_errors():
            await self._ari.command(Command("DELETE", f"channels/{leg_id}/moh"))

    # --- bridges ------------------------------------------------------------------------------------------------------

    async def join(self, bridge_id: str, leg_ids: Sequence[str]) -> None:
        legs = [self._leg(leg_id) for leg_id in leg_ids]
        with_music = [leg for leg in legs if leg.has_music]
        for leg in with_music:
            leg.has_music = False
        silence = [Command("DELETE", f"channels/{leg.leg_id}/moh") for leg in with_music]
        await self._put_in(bridge_id, leg_ids, silence)

    async def _put_in(self, bridge_id: str, channel_ids: Sequence[str], before: Sequence[Command] = ()) -> None:
        commands = list(before)
        if bridge_id not in self._ledger.bridges:
            commands.append(Command("POST", f"bridges/{bridge_id}", query={"type": "mixing", "name": bridge_id}))
        commands.append(Command("POST", f"bridges/{bridge_id}/addChannel", query={"channel": ",".join(channel_ids)}))
        try:
            with leg_errors():
                await self._ari.commands(commands)
        except LegGoneError:
            self._link.end_if_empty(bridge_id)
            raise
        self._ledger.bridges.setdefault(bridge_id, set())

    async def leave(self, bridge_id: str, leg_id: str) -> None:
        self._leg(leg_id)
        await self._link.take_out(bridge_id, leg_id)

    async def destroy_bridge(self, bridge_id: str) -> None:
        with contextlib.suppress(LegGoneError), leg_errors():
            await self._ari.command(Command("DELETE", f"bridges/{bridge_id}"))

    # --- supervision and recording ------------------------------------------------------------------------------------

    async def monitor(self, monitor_id: str, supervisor_leg_id: str, agent_leg_id: str, mode: MonitorMode) -> None:
        self._leg(supervisor_leg_id)
        await self._monitors.start(monitor_id, supervisor_leg_id, self._leg(agent_leg_id), mode)

    async def stop_monitor(self, monitor_id: str) -> None:
        await self._monitors.stop(monitor_id)
        await self.destroy_bridge(monitor_id)

    async def start_recording(self, recording_id: str, leg_id: str) -> None:
        leg = self._leg(leg_id)
        if leg.recording_id is not None:
            raise VoiceError(cause="this leg is being recorded already")
        leg.recording_id = recording_id  # from now on it is followed who is heard
        try:
            with leg_errors():
                running = Running(recording_id, leg_id, self._clock.now_ms())
                await self._recordings.start(running, self._ledger.heard_alone(leg_id))
        except VoiceError:
            leg.recording_id = None
            raise
        await self._set_variable(leg_id, "HOTLINE_RECORDING", recording_id)

    async def pause_recording(self, recording_id: str) -> None:
        with leg_errors():
            await self._recordings.mute(recording_id, True)

    async def resume_recording(self, recording_id: str) -> None:
        with leg_errors():
            await self._recordings.mute(recording_id, False)

    async def stop_recording(self, recording_id: str) -> None:
        leg = self._ledger.legs.get(self._recordings.leg_of(recording_id) or "")
        with leg_errors():
            await self._recordings.stop(recording_id)
        if leg is not None:
            leg.recording_id = None
            await self._set_variable(leg.leg_id, "HOTLINE_RECORDING", "")


def _tags_text(tags: dict[str, str]) -> str:
    return msgspec.json.encode(tags).decode()
