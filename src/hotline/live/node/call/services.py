"""What every call is handed: the platform, the switch, the spool and the rest of the node."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import msgspec

from hotline.kernel.clock import Clock
from hotline.kernel.sealing import Keyring
from hotline.live.node.call.record import CallRecord
from hotline.live.node.configuration import LocalConfiguration
from hotline.live.node.sounds import Sounds
from hotline.live.node.spool import Spool
from hotline.messages.facts import AnyFact
from hotline.messages.routing import RoutingCommand
from hotline.telephony.contract import VoiceDriver
from hotline.telephony.timers import Timers

if TYPE_CHECKING:
    from hotline.live.node.call.state import StateFactory


class NodeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The node's own rules."""

    node_id: str
    technical_problem_after_s: int = 10  # the switch has been away for so long: callers are told
    device_grace_s: int = 3  # an agent's device may be away for so long before its leg counts as lost
    ring_margin_s: int = 5  # the switch ends offers; the platform's own ring time only guards against its absence
    outside_ring_s: int = 45


class Switchboard(Protocol):
    """The switch as a call sees it."""

    @property
    def is_connected(self) -> bool: ...

    def send(self, command: RoutingCommand) -> None: ...

    def send_at_once(self, command: RoutingCommand) -> None:
        """As `send`, without waiting until it is on disk: for what would be told again if it were forgotten."""
        ...

    def is_pending(self, command_id: str) -> bool: ...

    def ask_wait(self, contact_id: str) -> None:
        """Ask how long the contact will wait; its call may be told."""
        ...


class LookUps(Protocol):
    """Asks web by name; the answer comes to the call as LookUpDone."""

    def start(self, record: CallRecord, purpose: str, name: str, arguments: dict[str, str], limit_ms: int) -> None: ...


@dataclass(frozen=True, kw_only=True)
class CallServices:
    """All of them; the same for every call of a node."""

    options: NodeOptions
    driver: VoiceDriver
    switch: Switchboard
    spool: Spool
    sounds: Sounds
    clock: Clock
    timers: Timers
    keyring: Keyring
    look_ups: LookUps
    states: "StateFactory"
    configuration: Callable[[], LocalConfiguration]
    add_fact: Callable[[AnyFact], None]
    has_room_to_record: Callable[[], bool]
    expect_recording: Callable[[str, CallRecord], None]
    bind_leg: Callable[[str, CallRecord], None]
    call_over: Callable[[CallRecord], None]
