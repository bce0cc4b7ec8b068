"""What Asterisk's events mean, event by event, without an Asterisk."""

from typing import Any

import pytest

from hotline.telephony.asterisk_ledger import Ledger, LegRecord, endpoint_of
from hotline.telephony.contract import (
    DeviceReachable,
    DeviceUnreachable,
    DigitReceived,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegRinging,
    PlaybackFinished,
)

STAMP = "2026-11-22T03:30:00.{:03d}+0000"
NOON_MS = 1795318200000


def channel(channel_id: str = "c1", state: str = "Up", app: str = "Stasis", **variables: str) -> dict[str, Any]:
    return {
        "id": channel_id,
        "name": "PJSIP/a0b1c2-00000001",
        "state": state,
        "caller": {"name": "", "number": "13912345678"},
        "connected": {"name": "", "number": ""},
        "creationtime": STAMP.format(0),
        "dialplan": {"context": "caller", "exten": "s", "app_name": app},
        "channelvars": {"HOTLINE_PURPOSE": "caller", "HOTLINE_CALLED": "96120", **variables},
    }


def event(kind: str, at: int = 5, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "timestamp": STAMP.format(at), "channel": channel(), **fields}


def made_leg(ledger: Ledger, leg_id: str = "c1") -> LegRecord:
    leg = ledger.legs[leg_id] = LegRecord(leg_id, "agent", NOON_MS, is_made=True)
    return leg


def arrived(ledger: Ledger) -> LegArrived:
    (told,) = ledger.read(event("StasisStart", args=["caller"]))
    assert isinstance(told, LegArrived)
    return told


def test_arrival_carries_asterisks_stamps() -> None:
    told = arrived(Ledger())
    assert (told.at_ms, told.since_ms) == (NOON_MS + 5, NOON_MS)
    assert (told.called, told.caller, told.has_waited) == ("96120", "13912345678", False)


def test_caller_out_of_the_static_queue_has_waited() -> None:
    (told,) = Ledger().read(event("StasisStart", args=["waited"]))
    assert isinstance(told, LegArrived)
    assert told.has_waited


@pytest.mark.parametrize("shown", ["", "anonymous", "Anonymous", "unavailable", "RESTRICTED"])
def test_withheld_numbers_are_none(shown: str) -> None:
    start = event("StasisStart", args=["caller"])
    start["channel"]["caller"]["number"] = shown
    (told,) = Ledger().read(start)
    assert isinstance(told, LegArrived)
    assert told.caller is None


def test_snoops_are_no_legs() -> None:
    ledger = Ledger()
    assert ledger.read(event("StasisStart", args=["snoop"])) == []
    assert ledger.legs == {}


def test_made_leg_is_answered_once_with_the_stamp_of_the_answer() -> None:
    ledger = Ledger()
    made_leg(ledger)
    assert ledger.read(event("ChannelStateChange", 7)) == []
    (told,) = ledger.read(event("StasisStart", 9, args=["made"]))
    assert told == LegAnswered(at_ms=NOON_MS + 7, leg_id="c1")
    assert ledger.read(event("StasisStart", 9, args=["made"])) == []


def test_ringing_is_told_once() -> None:
    ledger = Ledger()
    made_leg(ledger)
    ringing = event("ChannelStateChange", channel=channel(state="Ringing"))
    assert [type(told) for told in ledger.read(ringing) + ledger.read(ringing)] == [LegRinging]


def test_key_that_comes_for_channel_and_endpoint_is_one_key() -> None:
    ledger = Ledger()
    arrived(ledger)
    key = event("ChannelDtmfReceived", 20, digit="5")
    told = ledger.read(key) + ledger.read(key) + ledger.read(event("ChannelDtmfReceived", 21, digit="5"))
    assert [item.at_ms - NOON_MS for item in told if isinstance(item, DigitReceived)] == [20, 21]


@pytest.mark.parametrize(
    ("request_fields", "cause", "ended_by"),
    [
        ({"cause": 16}, "normal", "party"),
        ({"cause": 0}, "normal", "party"),
        ({"cause": 1, "soft": True}, "lost", "party"),
        ({"cause": 127}, "failed", "party"),
        ({"cause": 18}, "lost", "party"),  # a refresh of the session without an answer
    ],
)
def test_end_of_an_answered_leg(request_fields: dict[str, Any], cause: str, ended_by: str) -> None:
    ledger = Ledger()
    arrived(ledger)
    ledger.legs["c1"].is_answered = True
    ledger.read(event("ChannelHangupRequest", **request_fields))
    (told,) = ledger.read(event("StasisEnd", 30))
    assert told == LegEnded(at_ms=NOON_MS + 30, leg_id="c1", cause=cause, ended_by=ended_by)  # type: ignore[arg-type]
    assert ledger.read(event("ChannelDestroyed", 31, cause=16)) == []


@pytest.mark.parametrize(
    ("code", "has_rung", "cause", "ended_by"),
    [
        (17, True, "busy", "party"),
        (21, True, "rejected", "party"),
        (19, False, "no_answer", "us"),
        (0, True, "no_answer", "us"),
        (0, False, "failed", "party"),
        (20, False, "unreachable", "party"),
        (44, False, "unreachable", "party"),
        (34, False, "congestion", "party"),
        (1, False, "unknown_number", "party"),
    ],
)
def test_end_of_an_unanswered_leg(code: int, has_rung: bool, cause: str, ended_by: str) -> None:
    ledger = Ledger()
    made_leg(ledger).has_rung = has_rung
    (told,) = ledger.read(event("ChannelDestroyed", cause=code))
    assert isinstance(told, LegEnded)
    assert (told.cause, told.ended_by) == (cause, ended_by)


def test_party_who_hangs_up_in_the_moment_of_answering_has_ended_it() -> None:
    ledger = Ledger()
    made_leg(ledger)
    ledger.read(event("ChannelStateChange", 7))
    (told,) = ledger.read(event("ChannelDestroyed", cause=16))
    assert isinstance(told, LegEnded)
    assert (told.cause, told.ended_by) == ("normal", "party")


def test_end_that_we_asked_for_is_ours() -> None:
    ledger = Ledger()
    made_leg(ledger).ended_as = "no_answer"
    ledger.read(event("ChannelHangupRequest", cause=32, soft=True))
    (told,) = ledger.read(event("ChannelDestroyed", cause=16))
    assert isinstance(told, LegEnded)
    assert (told.cause, told.ended_by) == ("no_answer", "us")


def test_unfinished_playback_is_told_before_the_end() -> None:
    ledger = Ledger()
    arrived(ledger)
    ledger.legs["c1"].playbacks["p1"] = False
    told = ledger.read(event("StasisEnd"))
    assert [type(item) for item in told] == [PlaybackFinished, LegEnded]
    assert isinstance(told[0], PlaybackFinished)
    assert not told[0].is_complete


@pytest.mark.parametrize(
    ("state", "was_stopped", "is_complete"), [("done", False, True), ("failed", False, False), ("done", True, False)]
)
def test_playback_is_complete_only_when_all_was_heard(state: str, was_stopped: bool, is_complete: bool) -> None:
    ledger = Ledger()
    arrived(ledger)
    ledger.legs["c1"].playbacks["p1"] = was_stopped
    finished = event("PlaybackFinished", playback={"id": "p1", "target_uri": "channel:c1", "state": state})
    assert ledger.read(finished) == [
        PlaybackFinished(at_ms=NOON_MS + 5, leg_id="c1", playback_id="p1", is_complete=is_complete)
    ]
    assert ledger.read(finished) == []


def entered(bridge: str, leg: str) -> dict[str, Any]:
    return event("ChannelEnteredBridge", bridge={"id": bridge}, channel=channel(leg))


def test_leg_is_in_one_bridge_and_the_emptied_one_is_named() -> None:
    ledger = Ledger()
    arrived(ledger)
    ledger.read(entered("b1", "c1"))
    ledger.read(entered("b2", "c1"))
    assert ledger.legs["c1"].bridge_id == "b2"
    assert ledger.emptied == ["b1"]
    ledger.read(event("ChannelLeftBridge", bridge={"id": "b1"}))
    assert ledger.legs["c1"].bridge_id == "b2"


def contact(status: str, uri: str) -> dict[str, Any]:
    return event(
        "ContactStatusChange", endpoint={"resource": "dev"}, contact_info={"uri": uri, "contact_status": status}
    )


def test_reloaded_device_stays_reachable_when_its_old_address_goes() -> None:
    ledger = Ledger()
    ledger.set_devices(["dev"])
    assert [type(told) for told in ledger.read(contact("NonQualified", "old"))] == [DeviceReachable]
    assert ledger.read(contact("NonQualified", "new")) == []
    assert ledger.read(contact("Removed", "old")) == []
    assert [type(told) for told in ledger.read(contact("Removed", "new"))] == [DeviceUnreachable]


def test_unknown_devices_are_not_told() -> None:
    assert Ledger().read(contact("Reachable", "somewhere")) == []


def test_reconciliation_tells_missed_ends_and_takes_over_what_is_there() -> None:
    ledger = Ledger()
    arrived(ledger)
    living = channel("c2", HOTLINE_TAGS='{"contact":"k"}', HOTLINE_RECORDING="r1")
    in_queue = channel("c3", app="Queue")
    foreign = {**channel("c4"), "channelvars": {}}
    told = ledger.reconcile([living, in_queue, foreign], [{"id": "b1", "channels": ["c2"]}], NOON_MS)
    assert told == [LegEnded(at_ms=NOON_MS, leg_id="c1", cause="failed", ended_by="platform")]
    assert set(ledger.legs) == {"c2"}
    leg = ledger.legs["c2"].as_leg()
    assert (leg.tags, leg.bridge_id, leg.recording_id) == ({"contact": "k"}, "b1", "r1")


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"a":1}'])
def test_broken_tags_are_no_tags(text: str) -> None:
    ledger = Ledger()
    ledger.reconcile([channel(HOTLINE_TAGS=text)], [], NOON_MS)
    assert ledger.legs["c1"].tags == {}


def test_endpoint_is_read_from_the_channels_name() -> None:
    assert endpoint_of("PJSIP/a-b_c-00000010") == "a-b_c"
