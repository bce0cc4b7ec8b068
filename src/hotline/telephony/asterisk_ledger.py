"""What the Asterisk driver knows of living legs and bridges, and what Asterisk's events mean for them. No I/O."""

import dataclasses
from collections.abc import Callable, Iterable

import msgspec

from hotline.telephony.ari import event_ms, stamp_ms
from hotline.telephony.ari_stream import Json
from hotline.telephony.causes import cause_of
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
    PlaybackFinished,
    VoiceEvent,
)

DEVICE_EVENT_TYPE = "ContactStatusChange"
BRIDGE_EVENT_TYPES = ("ChannelEnteredBridge", "ChannelLeftBridge")

_PURPOSES: dict[str, LegPurpose] = {
    "caller": "caller",
    "waited": "caller",
    "agent": "agent",
    "outside": "outside",
    "supervisor": "supervisor",
    "resume": "resume",
}
_FOUND_ONLINE = "online"  # stands for the address of a device that was connected before we were
_MEDIA_DIED = 44  # what Asterisk puts on a channel whose RTP has timed out
_WITHHELD = frozenset({"", "anonymous", "unknown", "restricted", "unavailable", "private", "withheld"})


@dataclasses.dataclass(slots=True)
class LegRecord:
    """One living leg. `is_made`: we rang it. `ended_as` is set when we have asked for its end."""

    leg_id: str
    purpose: LegPurpose
    created_at_ms: int
    is_made: bool
    is_answered: bool = False
    has_rung: bool = False
    called: str = ""
    caller: str = ""
    sip_user: str | None = None
    bridge_id: str | None = None
    recording_id: str | None = None
    has_music: bool = False
    tags: dict[str, str] = dataclasses.field(default_factory=dict)
    playbacks: dict[str, bool] = dataclasses.field(default_factory=dict)  # id -> whether we stopped it
    answered_at_ms: int | None = None
    hangup_code: int | None = None
    ended_as: EndCause | None = None

    def as_leg(self) -> Leg:
        return Leg(
            leg_id=self.leg_id,
            purpose=self.purpose,
            is_answered=self.is_answered,
            created_at_ms=self.created_at_ms,
            called=self.called,
            caller=self.caller,
            sip_user=self.sip_user,
            bridge_id=self.bridge_id,
            recording_id=self.recording_id,
            tags=dict(self.tags),
        )


class Ledger:
    """Legs by id, bridges by id with their members (snoops are members too), devices with their reachability."""

    def __init__(self) -> None:
        self.legs: dict[str, LegRecord] = {}
        self.bridges: dict[str, set[str]] = {}
        self._bridge_of: dict[str, str] = {}  # channel -> bridge: one of many bridges is found without a search
        self._contacts: dict[str, set[str]] = {}  # device -> addresses at which it answers
        self._last_digit: tuple[str, int, str] | None = None
        self.emptied: list[str] = []  # bridges whose last member has left since the driver last looked
        self._readers: dict[str, Callable[[Json], list[VoiceEvent]]] = {
            "StasisStart": self._stasis_start,
            "StasisEnd": self._leg_over,
            "ChannelDestroyed": self._leg_over,
            "ChannelHangupRequest": self._hangup_request,
            "ChannelStateChange": self._state_change,
            "ChannelDtmfReceived": self._digit,
            "PlaybackFinished": self._playback_finished,
            "ChannelEnteredBridge": self._entered,
            "ChannelLeftBridge": self._left,
            "BridgeDestroyed": self._bridge_destroyed,
            DEVICE_EVENT_TYPE: self._contact_status,
        }

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of events that are read; Asterisk need not send others."""
        return tuple(self._readers)

    def read(self, event: Json) -> list[VoiceEvent]:
        """What one event of Asterisk means, after the ledger was brought up to date."""
        reader = self._readers.get(str(event.get("type")))
        return reader(event) if reader else []

    # --- legs -----------------------------------------------------------------------------------------------------

    def _stasis_start(self, event: Json) -> list[VoiceEvent]:
        channel, kind = event["channel"], (event.get("args") or [""])[0]
        leg = self.legs.get(channel["id"])
        if kind == "made" and leg is not None:
            return self._answered(leg, leg.answered_at_ms or event_ms(event))
        if kind not in ("caller", "waited", "resume"):
            return []
        leg = self.legs[channel["id"]] = record_of(channel)
        caller = leg.caller if leg.caller.lower() not in _WITHHELD else None
        call_id = (channel.get("channelvars") or {}).get("HOTLINE_CALL_ID", "")
        arrived = LegArrived(
            at_ms=event_ms(event),
            leg_id=leg.leg_id,
            purpose=leg.purpose,
            called=leg.called,
            caller=caller,
            since_ms=leg.created_at_ms,
            sip_user=leg.sip_user,
            has_waited=kind == "waited",
            headers={"Call-ID": call_id} if call_id else {},
        )
        return [arrived]

    def _answered(self, leg: LegRecord, at_ms: int) -> list[VoiceEvent]:
        if leg.is_answered:
            return []
        leg.is_answered = True
        return [LegAnswered(at_ms=at_ms, leg_id=leg.leg_id)]

    def _state_change(self, event: Json) -> list[VoiceEvent]:
        leg, state = self.legs.get(event["channel"]["id"]), event["channel"]["state"]
        if leg is None:
            return []
        if state == "Ringing" and leg.is_made and not leg.has_rung:
            leg.has_rung = True
            return [LegRinging(at_ms=event_ms(event), leg_id=leg.leg_id)]
        if state == "Up" and leg.is_made:
            leg.answered_at_ms = event_ms(event)  # told at StasisStart, from when on it takes commands
            return []
        return self._answered(leg, event_ms(event)) if state == "Up" else []

    def _hangup_request(self, event: Json) -> list[VoiceEvent]:
        leg = self.legs.get(event["channel"]["id"])
        if leg is not None and leg.hangup_code is None:
            # A "soft" request carries no cause code: it says that Asterisk itself let go, its media having died.
            leg.hangup_code = _MEDIA_DIED if event.get("soft") else int(event.get("cause") or 0)
        return []

    def _leg_over(self, event: Json) -> list[VoiceEvent]:
        leg = self.legs.get(event["channel"]["id"])
        if leg is None:
            return []
        code = leg.hangup_code if leg.hangup_code is not None else int(event.get("cause") or 0)
        return self.end(leg, event_ms(event), *_why(leg, code))

    def end(self, leg: LegRecord, at_ms: int, cause: EndCause, ended_by: EndedSide) -> list[VoiceEvent]:
        """Take the leg out; its unfinished playbacks are told first."""
        del self.legs[leg.leg_id]
        self._take_out(leg.leg_id)
        told: list[VoiceEvent] = [
            PlaybackFinished(at_ms=at_ms, leg_id=leg.leg_id, playback_id=playback_id, is_complete=False)
            for playback_id in leg.playbacks
        ]
        return [*told, LegEnded(at_ms=at_ms, leg_id=leg.leg_id, cause=cause, ended_by=ended_by)]

    def _digit(self, event: Json) -> list[VoiceEvent]:
        """Each key once, should it be told twice."""
        leg_id, at_ms, digit = event["channel"]["id"], event_ms(event), str(event["digit"])
        if leg_id not in self.legs or self._last_digit == (leg_id, at_ms, digit):
            return []
        self._last_digit = (leg_id, at_ms, digit)
        return [DigitReceived(at_ms=at_ms, leg_id=leg_id, digit=digit)]

    def _playback_finished(self, event: Json) -> list[VoiceEvent]:
        playback = event["playback"]
        leg = self.legs.get(playback["target_uri"].removeprefix("channel:"))
        if leg is None or playback["id"] not in leg.playbacks:
            return []
        was_stopped = leg.playbacks.pop(playback["id"])
        is_complete = playback["state"] == "done" and not was_stopped
        return [
            PlaybackFinished(
                at_ms=event_ms(event), leg_id=leg.leg_id, playback_id=playback["id"], is_complete=is_complete
            )
        ]

    # --- bridges --------------------------------------------------------------------------------------------------

    def _entered(self, event: Json) -> list[VoiceEvent]:
        bridge_id, channel_id = event["bridge"]["id"], event["channel"]["id"]
        self.put_in(bridge_id, channel_id)
        return []

    def put_in(self, bridge_id: str, channel_id: str) -> None:
        """The channel is in this bridge, and in no other."""
        if channel_id in self.bridges.setdefault(bridge_id, set()):
            return
        self._take_out(channel_id)
        self.bridges[bridge_id].add(channel_id)
        self._bridge_of[channel_id] = bridge_id
        if channel_id in self.legs:
            self.legs[channel_id].bridge_id = bridge_id

    def heard_alone(self, leg_id: str) -> str | None:
        """The one other member of the leg's bridge, if it has just one."""
        members = self.bridges.get(self._bridge_of.get(leg_id, ""), set())
        return next(iter(members - {leg_id})) if len(members) == 2 else None

    def touched_by(self, event: Json) -> list[LegRecord]:
        """The legs for which this event of a bridge may have changed who is heard."""
        touched = {event["channel"]["id"], *self.bridges.get(event["bridge"]["id"], ())}
        return [leg for leg_id in touched if (leg := self.legs.get(leg_id))]

    def _left(self, event: Json) -> list[VoiceEvent]:
        if event["channel"]["id"] in self.bridges.get(event["bridge"]["id"], ()):
            self._take_out(event["channel"]["id"])
        return []

    def _take_out(self, channel_id: str) -> None:
        bridge_id = self._bridge_of.pop(channel_id, None)
        if bridge_id is not None:
            members = self.bridges[bridge_id]
            members.discard(channel_id)
            if not members:
                self.emptied.append(bridge_id)
        if channel_id in self.legs:
            self.legs[channel_id].bridge_id = None

    def _bridge_destroyed(self, event: Json) -> list[VoiceEvent]:
        self.forget_bridge(event["bridge"]["id"])
        return []

    def forget_bridge(self, bridge_id: str) -> None:
        for channel_id in self.bridges.pop(bridge_id, ()):
            self._bridge_of.pop(channel_id, None)
            if channel_id in self.legs:
                self.legs[channel_id].bridge_id = None

    # --- devices --------------------------------------------------------------------------------------------------

    def _contact_status(self, event: Json) -> list[VoiceEvent]:
        """After a reload the new address comes before the old one is taken back: one good address is enough."""
        device, contact = event["endpoint"]["resource"], event["contact_info"]
        addresses = self._contacts.get(device)
        if addresses is None:
            return []
        was_reachable = bool(addresses)
        addresses.discard(_FOUND_ONLINE)
        if contact["contact_status"] in ("Reachable", "NonQualified"):
            addresses.add(contact["uri"])
        elif contact["contact_status"] in ("Unreachable", "Removed"):
            addresses.discard(contact["uri"])
        return self._reachability(device, was_reachable, event_ms(event))

    def _reachability(self, device: str, was_reachable: bool, at_ms: int) -> list[VoiceEvent]:
        is_reachable = bool(self._contacts[device])
        if is_reachable == was_reachable:
            return []
        told = DeviceReachable if is_reachable else DeviceUnreachable
        return [told(at_ms=at_ms, sip_user=device)]

    def set_devices(self, sip_users: Iterable[str]) -> None:
        """These are the known devices; a new one counts as unreachable until it is heard of."""
        self._contacts = {user: self._contacts.get(user, set()) for user in sip_users}

    def reconcile_devices(self, endpoints: Iterable[Json], at_ms: int) -> list[VoiceEvent]:
        """What changed of the known devices, from Asterisk's list of who is online."""
        online = {endpoint["resource"] for endpoint in endpoints if endpoint["state"] == "online"}
        told: list[VoiceEvent] = []
        for device, addresses in self._contacts.items():
            was_reachable = bool(addresses)
            addresses.clear()
            addresses.update({_FOUND_ONLINE} if device in online else ())
            told += self._reachability(device, was_reachable, at_ms)
        return told

    # --- reconciliation -------------------------------------------------------------------------------------------

    def reconcile(self, channels: Iterable[Json], bridges: Iterable[Json], now_ms: int) -> list[VoiceEvent]:
        """Take over what Asterisk holds; tells the ends that were missed."""
        living = {channel["id"]: channel for channel in channels if is_ours(channel)}
        missed = [leg for leg_id, leg in self.legs.items() if leg_id not in living]
        told = [event for leg in missed for event in self.end(leg, now_ms, leg.ended_as or "failed", "platform")]
        for leg_id, channel in living.items():
            if leg_id not in self.legs:
                self.legs[leg_id] = record_of(channel)
        self.bridges.clear()
        self._bridge_of.clear()
        self.emptied.clear()
        for leg in self.legs.values():
            leg.bridge_id = None
        for bridge in bridges:
            self.bridges[bridge["id"]] = set()
            if not bridge["channels"]:
                self.emptied.append(bridge["id"])
            for channel_id in bridge["channels"]:
                self.put_in(bridge["id"], channel_id)
        return told


def is_ours(channel: Json) -> bool:
    """Whether a channel is one of our legs: it has a purpose and is not in the static queue."""
    purpose = (channel.get("channelvars") or {}).get("HOTLINE_PURPOSE", "")
    return purpose in _PURPOSES and channel["dialplan"]["app_name"] != "Queue"


def record_of(channel: Json) -> LegRecord:
    """The record of a living channel, from what Asterisk keeps on it."""
    variables = channel.get("channelvars") or {}
    purpose = _PURPOSES.get(variables.get("HOTLINE_PURPOSE", ""), "caller")
    is_made = purpose in ("agent", "outside", "supervisor")
    peer = channel["connected"]["number"] if is_made else channel["caller"]["number"]
    return LegRecord(
        leg_id=channel["id"],
        purpose=purpose,
        created_at_ms=stamp_ms(channel["creationtime"]),
        is_made=is_made,
        is_answered=channel["state"] == "Up",
        called=variables.get("HOTLINE_CALLED", ""),
        caller=peer,
        sip_user=endpoint_of(channel["name"]) if purpose in ("agent", "supervisor", "resume") else None,
        recording_id=variables.get("HOTLINE_RECORDING") or None,
        tags=_tags(variables.get("HOTLINE_TAGS", "")),
    )


def endpoint_of(channel_name: str) -> str:
    """The endpoint in a channel's name: PJSIP/a0b1-00000002 -> a0b1."""
    return channel_name.partition("/")[2].rpartition("-")[0]


def _tags(text: str) -> dict[str, str]:
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def _why(leg: LegRecord, code: int) -> tuple[EndCause, EndedSide]:
    if leg.ended_as is not None:
        return leg.ended_as, "us"
    cause = cause_of(code)
    if leg.is_made and leg.answered_at_ms is None and not leg.is_answered:
        return _why_unanswered(leg, cause)
    if leg.is_answered and cause in ("no_answer", "unreachable"):
        return "lost", "party"  # in a call that was up they say that a refresh of the session got no answer
    return ("normal" if cause == "failed" and code == 0 else cause), "party"


def _why_unanswered(leg: LegRecord, cause: EndCause) -> tuple[EndCause, EndedSide]:
    """A ring time that is over shows as a plain end or as no cause at all."""
    if cause in ("normal", "no_answer") or (cause == "failed" and leg.has_rung):
        return "no_answer", "us"
    return ("unreachable" if cause == "lost" else cause), "party"
