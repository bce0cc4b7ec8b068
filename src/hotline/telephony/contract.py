"""The contract between a node and whatever carries voice: commands as methods, events as messages.

Words: a *leg* is one party's connection (a caller, an agent's device, an outside number, a supervisor); a *bridge*
joins legs so that they hear each other. The node chooses the ids of the legs and bridges that it makes; the platform
chooses those of arriving legs. Every event carries `at_ms`, the platform's own stamp, never the moment we read it.

Rules that every driver keeps, checked by `tests/voice/contract` on each of them:
- A command on a leg that is gone raises LegGoneError and changes nothing; hanging up what is gone is no error.
- Events of one leg come in the order in which they happened; after LegEnded none comes for that leg.
- Every leg made by `ring_agent` or `ring_outside` ends in exactly one LegEnded, answered or not.
- Legs, bridges, music and recordings outlive the node's process; `list_legs` tells a restarted node what is there.
- A leg that no one knows any more is the node's to end: drivers end nothing of their own accord."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Literal, Protocol

import msgspec

from hotline.kernel.errors import HotlineError
from hotline.messages.base import Event
from hotline.messages.configuration import AgentDevice
from hotline.messages.routing import MonitorMode

LegPurpose = Literal["caller", "agent", "outside", "supervisor", "resume"]
EndedSide = Literal["party", "us", "platform"]
EndCause = Literal[
    "normal", "busy", "no_answer", "rejected", "unreachable", "unknown_number", "lost", "congestion", "failed"
]
RefusalCause = Literal["unknown_number", "busy", "congestion", "rejected", "normal"]

# --- what is played -------------------------------------------------------------------------------------------------


class SoundFile(msgspec.Struct, frozen=True, tag=True):
    """A WAV file (8 kHz, 16 bit, mono) by its absolute path, readable by the platform's process."""

    path: Path


class Tone(msgspec.Struct, frozen=True, tag=True):
    """A steady tone of one or two frequencies in Hz, for `duration_ms`."""

    frequencies: tuple[int, ...]
    duration_ms: int


class Silence(msgspec.Struct, frozen=True, tag=True):
    duration_ms: int


Media = SoundFile | Tone | Silence


# --- what there is --------------------------------------------------------------------------------------------------


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """One living leg as the platform sees it; `tags` are what the node wrote on it with `tag_leg`."""

    leg_id: str
    purpose: LegPurpose
    is_answered: bool
    created_at_ms: int
    called: str = ""
    caller: str = ""
    sip_user: str | None = None
    bridge_id: str | None = None
    recording_id: str | None = None
    tags: dict[str, str] = {}


# --- events ---------------------------------------------------------------------------------------------------------


class LegArrived(Event, frozen=True, kw_only=True):
    """A leg has come in and waits for a command. `purpose` is "caller" (from a trunk) or "resume" (an agent's device
    came back after a reload: `sip_user` says whose). `caller` is None when withheld, and never proof of identity.
    `since_ms` is when the call reached the platform; `has_waited`: it came while no node was there, and the platform's
    static queue has held it since."""

    leg_id: str
    purpose: LegPurpose
    called: str
    caller: str | None
    since_ms: int
    sip_user: str | None = None
    has_waited: bool = False
    headers: dict[str, str] = {}


class LegRinging(Event, frozen=True, kw_only=True):
    """The device of a leg that we made rings."""

    leg_id: str


class LegAnswered(Event, frozen=True, kw_only=True):
    """A leg that we made is up, or an arriving one was answered by us."""

    leg_id: str


class LegEnded(Event, frozen=True, kw_only=True):
    """The leg is gone. `ended_by`: the party at its end, us (hang_up, ring time over), or the platform. A `cause` of
    "lost" says that media or signalling died without a hang-up (browser closed, network gone)."""

    leg_id: str
    cause: EndCause
    ended_by: EndedSide


class DigitReceived(Event, frozen=True, kw_only=True):
    """One key, 0-9 * # A-D, stamped when it was let go."""

    leg_id: str
    digit: str


class PlaybackFinished(Event, frozen=True, kw_only=True):
    """Everything given to one `play` has been heard, or was stopped, or could not be played (`is_complete` False)."""

    leg_id: str
    playback_id: str
    is_complete: bool


class DeviceReachable(Event, frozen=True, kw_only=True):
    """An agent's device has registered, or answers again."""

    sip_user: str


class DeviceUnreachable(Event, frozen=True, kw_only=True):
    """An agent's device has gone: its socket closed or it no longer answers."""

    sip_user: str


class RecordingFinished(Event, frozen=True, kw_only=True):
    """The recording lies on disk, complete: a stereo WAV, left what the leg's party says, right what it hears; both run
    on one clock, pauses are silent. `failure` is empty, or why there is less than that: "short" (the file ends well
    before the recording did), "damaged" (no file, or none that can be read). The file is the reader's to remove once it
    is stored: until then each new driver tells of it again."""

    recording_id: str
    leg_id: str
    path: Path | None
    started_at_ms: int
    duration_ms: int
    failure: str = ""


class PlatformConnected(Event, frozen=True, kw_only=True):
    """The platform answers; `list_legs` tells what it holds. Comes first, and after every PlatformLost. `is_restarted`:
    it is another process than before, so every former leg is gone (each has been told by LegEnded)."""

    version: str
    is_restarted: bool


class PlatformLost(Event, frozen=True, kw_only=True):
    """The platform does not answer. Legs may still be talking; those found gone afterwards are told by LegEnded with
    `ended_by` "platform" before the next PlatformConnected."""

    cause: str


VoiceEvent = (
    LegArrived
    | LegRinging
    | LegAnswered
    | LegEnded
    | DigitReceived
    | PlaybackFinished
    | DeviceReachable
    | DeviceUnreachable
    | RecordingFinished
    | PlatformConnected
    | PlatformLost
)


# --- errors ---------------------------------------------------------------------------------------------------------


class VoiceError(HotlineError):
    """A command that the platform could not carry out."""

    code: ClassVar[str] = "voice.failed"
    status: ClassVar[int] = 502
    sentence: ClassVar[str] = "The voice platform could not do this: {cause}. Try again, or look into its log."


class LegGoneError(VoiceError):
    code = "voice.leg_gone"
    status = 409
    sentence = "This part of the call is over already."


class DeviceUnavailableError(VoiceError):
    """The device is not registered, or the leg could not even be tried; no event follows for that leg."""

    code = "voice.device_unavailable"
    status = 409
    sentence = "The telephone {sip_user} is not connected. Open the desk, or register the telephone, and try again."


class NumberNotAllowedError(VoiceError):
    code = "voice.number_not_allowed"
    status = 403
    sentence = "This number may not be dialled from here. Ask an administrator to allow it."


class PlatformDownError(VoiceError):
    code = "voice.platform_down"
    status = 503
    sentence = "The voice platform does not answer. It is restarted by itself; try again in a few seconds."


# --- commands -------------------------------------------------------------------------------------------------------


class VoiceDriver(Protocol):
    """What a node may ask of a voice platform. All methods raise VoiceError or one of its kinds."""

    is_simulated: bool

    async def start(self) -> None:
        """Connect, and keep connecting: returns at once when the platform is down; PlatformConnected follows."""
        ...

    async def close(self) -> None:
        """Let go of the platform. Legs, bridges, music and recordings go on."""
        ...

    def deliver(self, taker: Callable[[VoiceEvent], None]) -> None:
        """From now on what happens is handed to the taker as it happens, first what has happened since `start`; nothing
        after `close`. The taker must neither block nor raise."""
        ...

    async def list_legs(self) -> tuple[Leg, ...]:
        """Every living leg of ours; for reconciliation after a restart of the node."""
        ...

    async def set_devices(self, devices: Sequence[AgentDevice]) -> None:
        """Make these the known devices; the driver pushes them again whenever the platform has lost them."""
        ...

    async def set_dialable(self, allow: Sequence[str], emergency: Sequence[str]) -> None:
        """Prefixes that `ring_outside` may dial, and numbers that always pass. Nothing passes before this is called."""
        ...

    # legs

    async def refuse(self, leg_id: str, cause: RefusalCause) -> None:
        """End an arriving leg that was not answered, so that the caller's side learns the cause (404, 486, 503...)."""
        ...

    async def answer(self, leg_id: str) -> None:
        """Answer an arriving leg; LegAnswered follows."""
        ...

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
        """Ring a device as leg `leg_id`. `caller` is shown on its display, `for_leg_id` lends its codec, `headers`
        travel in the INVITE (names begin with X-). LegRinging, LegAnswered, LegEnded follow; unanswered after
        `timeout_s` it ends with no_answer. Raises DeviceUnavailableError when it cannot be tried."""
        ...

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
        """Ring a number through the trunk, as `ring_agent`. Raises NumberNotAllowedError unless it is allowed."""
        ...

    async def answer_device(self, leg_id: str) -> None:
        """Answer a ringing agent's leg on the device's behalf where the platform can (simulated); else does nothing."""
        ...

    async def hang_up(self, leg_id: str, cause: EndCause = "normal") -> None:
        """End a leg. LegEnded with `ended_by` "us" follows unless it is gone already."""
        ...

    async def tag_leg(self, leg_id: str, tags: dict[str, str]) -> None:
        """Write tags on a leg; kept by the platform until the leg ends. Former ones with other names stay."""
        ...

    async def send_digits(self, leg_id: str, digits: str) -> None:
        """Send keys towards the leg's party."""
        ...

    # sound

    async def play(self, leg_id: str, media: Sequence[Media], playback_id: str) -> None:
        """Play in order; PlaybackFinished follows once. Music on the leg pauses meanwhile."""
        ...

    async def stop_playback(self, leg_id: str, playback_id: str) -> None:
        """Stop early; PlaybackFinished with `is_complete` False follows unless it was over."""
        ...

    async def start_music(self, leg_id: str) -> None:
        """Hold music for this leg, outside bridges, until `stop_music` or `join`. Safe to ask for again; a
        restarted node asks again for the legs that wait, so that music also goes on after prompts."""
        ...

    async def stop_music(self, leg_id: str) -> None: ...

    # bridges

    async def join(self, bridge_id: str, leg_ids: Sequence[str]) -> None:
        """Put the legs into the bridge, made when missing, taken out of where they were; their music stops."""
        ...

    async def leave(self, bridge_id: str, leg_id: str) -> None:
        """Take a leg out; it hears silence. The bridge ends when it is empty."""
        ...

    async def destroy_bridge(self, bridge_id: str) -> None:
        """End the bridge; legs stay and hear silence. A bridge that is gone is no error. Its id is not used again."""
        ...

    # supervision and recording

    async def monitor(self, monitor_id: str, supervisor_leg_id: str, agent_leg_id: str, mode: MonitorMode) -> None:
        """Let an answered supervisor's leg listen to an agent's leg, whisper to the agent, or speak to both sides.
        Called again with the same id and another mode, it changes. Ends with either leg or by `stop_monitor`."""
        ...

    async def stop_monitor(self, monitor_id: str) -> None:
        """End listening; the supervisor's leg stays and hears silence."""
        ...

    async def start_recording(self, recording_id: str, leg_id: str) -> None:
        """Record the leg until it ends or `stop_recording`; RecordingFinished follows. One at a time on a leg."""
        ...

    async def pause_recording(self, recording_id: str) -> None:
        """Both channels are silent from now on; time goes on."""
        ...

    async def resume_recording(self, recording_id: str) -> None: ...

    async def stop_recording(self, recording_id: str) -> None: ...
