"""The script of a simulated platform over a unix socket: demonstrations and tests play callers and agents.

One JSON object per line, answered by one: `{"do": "place_call", "called": "962740", "caller": "13800000001"}` gives
`{"leg_id": ...}`. Whatever cannot be done gives `{"error": sentence}`."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from hotline.telephony.contract import EndCause
from hotline.telephony.simulated_platform import PartyScript, SimulatedPlatform

_LINE_LIMIT_BYTES = 64 * 1024


class _Order(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True):
    """One line."""


class PlaceCall(_Order, frozen=True, kw_only=True, tag="place_call"):
    """A caller dials; answered with the leg's id. `voice_hz` is the tone that they speak."""

    called: str
    caller: str | None = None
    voice_hz: int | None = None


class Press(_Order, frozen=True, kw_only=True, tag="press"):
    leg_id: str
    keys: str


class HangUpLeg(_Order, frozen=True, kw_only=True, tag="hang_up"):
    """The caller's or, by `sip_user`, the agent's end hangs up; with cause "lost" it vanishes."""

    leg_id: str | None = None
    sip_user: str | None = None
    cause: EndCause = "normal"


class AgentAnswer(_Order, frozen=True, kw_only=True, tag="agent_answer"):
    """The device picks up what rings."""

    sip_user: str


class SetDevice(_Order, frozen=True, kw_only=True, tag="set_device"):
    """What a device (by SIP user) or an outside number does from now on."""

    name: str
    answer_after_ms: int | None = None
    refusal: EndCause | None = None
    hang_up_after_ms: int | None = None
    voice_hz: int | None = None
    is_reachable: bool = True


class CallResume(_Order, frozen=True, kw_only=True, tag="call_resume"):
    """A device asks for its call again, as after a reload of the page."""

    sip_user: str


class Crash(_Order, frozen=True, kw_only=True, tag="crash"):
    """The platform dies with all calls, and is back at once."""


class ListLegs(_Order, frozen=True, kw_only=True, tag="list_legs"):
    pass


Order = PlaceCall | Press | HangUpLeg | AgentAnswer | SetDevice | CallResume | Crash | ListLegs

_decoder: msgspec.json.Decoder[Order] = msgspec.json.Decoder(Order)


class SimulatedScript:
    """Serves the script of one platform."""

    def __init__(self, platform: SimulatedPlatform) -> None:
        self._platform = platform
        self._server: asyncio.Server | None = None

    async def start(self, path: Path) -> None:
        """Listen at a path that only this user may open."""
        _clear(path)
        mask = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._serve, path, limit=_LINE_LIMIT_BYTES)
        finally:
            os.umask(mask)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(msgspec.json.encode(self.carry_out(line)) + b"\n")
                await writer.drain()
        except (ValueError, ConnectionError, asyncio.CancelledError):
            pass  # An endless line, the player has left, or the node stops: nobody awaits this task.
        finally:
            writer.close()

    def carry_out(self, line: bytes) -> dict[str, Any]:
        """The answer to one line."""
        try:
            order = _decoder.decode(line)
        except msgspec.MsgspecError as error:
            return {"error": f"this line cannot be carried out: {error}"}
        match order:
            case PlaceCall():
                return {"leg_id": self._platform.place_call(order.called, order.caller, voice_hz=order.voice_hz)}
            case Press():
                self._platform.press(order.leg_id, order.keys)
            case HangUpLeg():
                return self._on_leg(
                    order.leg_id, order.sip_user, lambda leg_id: self._platform.hang_up(leg_id, order.cause)
                )
            case AgentAnswer():
                return self._on_leg(None, order.sip_user, self._platform.answer)
            case SetDevice():
                self._platform.set_script(order.name, _script(order))
            case CallResume():
                return {"leg_id": self._platform.call_resume(order.sip_user)}
            case Crash():
                self._platform.crash()
                self._platform.restore()
            case ListLegs():
                return {"legs": [self._describe(leg_id) for leg_id in self._platform.legs]}
        return {}

    def _on_leg(self, leg_id: str | None, sip_user: str | None, act: Callable[[str], None]) -> dict[str, Any]:
        found = leg_id if leg_id in self._platform.legs else self._leg_of(sip_user)
        if found is None:
            return {"error": "there is no such leg; list_legs shows those there are"}
        act(found)
        return {"leg_id": found}

    def _leg_of(self, sip_user: str | None) -> str | None:
        """The device's newest leg."""
        legs = [leg.leg_id for leg in self._platform.legs.values() if sip_user and leg.sip_user == sip_user]
        return legs[-1] if legs else None

    def _describe(self, leg_id: str) -> dict[str, Any]:
        leg = self._platform.legs[leg_id]
        return {
            "leg_id": leg.leg_id,
            "purpose": leg.purpose,
            "sip_user": leg.sip_user,
            "is_answered": leg.is_answered,
            "has_music": leg.has_music,
            "bridge_id": leg.bridge_id,
        }


def _clear(path: Path) -> None:
    """Remove the socket of an earlier life."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)


def _script(order: SetDevice) -> PartyScript:
    return PartyScript(
        answer_after_ms=order.answer_after_ms,
        refusal=order.refusal,
        hang_up_after_ms=order.hang_up_after_ms,
        voice_hz=order.voice_hz,
        is_reachable=order.is_reachable,
    )
