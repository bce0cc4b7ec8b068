"""What a call is told besides the platform's events and the switch's effects."""

from typing import Any

import msgspec

from hotline.messages.effects import AnyEffect, ExpectedWait, Refused
from hotline.messages.routing import RoutingCommand
from hotline.telephony.contract import VoiceEvent


class TimerFired(msgspec.Struct, frozen=True):
    """A timer that the call had set; `number` tells a late one from its successor."""

    name: str
    number: int


class LookUpDone(msgspec.Struct, frozen=True):
    """The answer of a look-up, None without one. `purpose` tells the arrival's from a step's."""

    purpose: str
    values: dict[str, Any] | None


class CommandRefused(msgspec.Struct, frozen=True):
    command: RoutingCommand
    refusal: Refused


class SwitchChanged(msgspec.Struct, frozen=True):
    is_connected: bool


class Adopted(msgspec.Struct, frozen=True):
    """The call was found by a restarted node, or after the platform's events had a gap. `living`: its legs that are up,
    by id, with the bridge they are in; `answered`: those of them that talk."""

    living: dict[str, str | None]
    answered: frozenset[str]
    at_ms: int


class CutShort(msgspec.Struct, frozen=True):
    """The platform that carried the call has died."""

    at_ms: int
    cause: str


CallMessage = (
    VoiceEvent
    | AnyEffect
    | TimerFired
    | LookUpDone
    | CommandRefused
    | SwitchChanged
    | Adopted
    | CutShort
    | ExpectedWait
)
