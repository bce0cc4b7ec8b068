"""Hello, tokens, bad input and the ways a connection ends."""

import json
from typing import Any

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from hotline.live.gateway import connection as connections
from hotline.live.gateway.presence import SILENT_MS
from hotline.live.gateway.streams import KEPT_FRAMES
from hotline.messages import routing
from tests.unit.live.gateway.desk import Office, Wire


async def test_hello_is_answered_with_a_snapshot(office: Office) -> None:
    tab = await office.open("ann")
    assert tab.kinds == ["Snapshot"]
    assert set(tab.store) == {"me", "system"}
    assert tab.me["agent_id"] == "ann"
    assert tab.me["state"] == "signed_out"
    assert tab.store["system"]["nodes"] == []


@pytest.mark.parametrize("token", ["", "rubbish", "a.b"])
async def test_a_false_token_is_refused(office: Office, token: str) -> None:
    tab = office.tab()
    tab.say("Hello", token=token)
    assert await tab.next() == {"type": "closed", "code": 4401, "reason": "The live token is not valid. Log in again."}


async def test_an_expired_token_is_refused(office: Office) -> None:
    tab = office.tab()
    tab.say("Hello", token=office.token("ann", expires_at_ms=office.house.clock.now_ms()))
    assert (await tab.next())["code"] == 4401


@pytest.mark.parametrize("first", ["{", "[]", "{}", '{"type":"Ping","sent_ms":1}', '{"type":"Hello"}', "[" * 50_000])
async def test_anything_but_hello_first_is_refused(office: Office, first: str) -> None:
    tab = office.tab()
    tab.raw(first)
    assert (await tab.next())["code"] == 4400


async def test_who_says_nothing_is_not_waited_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HELLO_WITHIN_S", 0.01)
    assert (await office.tab().next())["code"] == 4408


@pytest.mark.parametrize("origin", ["https://evil.example", "https://hotline.example", "null", ""])
async def test_a_page_of_another_origin_is_refused_before_the_handshake(office: Office, origin: str) -> None:
    tab = office.tab(Origin=origin)
    assert tab.response is not None
    assert (tab.response.status_code, tab.response.body) == (403, b"")


async def test_our_own_page_is_welcome(office: Office) -> None:
    tab = office.tab(Origin="https://hotline.example:8443")
    tab.say("Hello", token=office.token("ann"))
    assert (await tab.next())["type"] == "Snapshot"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "null",
        "7",
        '{"type":"Nonsense"}',
        '{"type":"Do","id":"1"}',
        '{"type":"Do","id":1,"name":"SignIn"}',
        '{"type":"Watch","boards":["secrets"]}',
        '{"type":"Ping","sent_ms":"soon"}',
        '{"type":"Hello","token":"again"}',
        '{"type":"Changes","seq":1,"server_ms":1}',
        "x" * 60_000,
        "[" * 60_000,
    ],
)
async def test_a_frame_that_cannot_be_read_is_answered_and_the_connection_lives(office: Office, text: str) -> None:
    tab = await office.open("ann")
    tab.raw(text)
    assert (await tab.until("Failed"))["code"] == "live.bad_frame"
    await tab.must("SignIn")


async def test_a_binary_frame_is_answered_likewise(office: Office) -> None:
    tab = await office.open("ann")
    tab.binary(b"\x00\xff")
    assert (await tab.until("Failed"))["code"] == "live.bad_frame"
    await tab.must("SignIn")


async def test_a_message_in_pieces_is_put_together(office: Office) -> None:
    tab = await office.open("ann")
    for place, piece in enumerate((b'{"type":"Ping"', b',"sent_', b'ms":7}')):
        tab.fragment(piece, is_first=place == 0, is_last=place == 2)
    assert (await tab.until("Pong"))["sent_ms"] == 7


def ping(number: int, size: int = 0) -> str:
    """A heart-beat of any length, told from others by its number."""
    return json.dumps({"type": "Ping", "sent_ms": number}) + " " * size


async def test_messages_count_however_the_network_cuts_them(office: Office) -> None:
    tab = await office.open("ann")
    for place in (1, 2, 3, 5, 6, 7, 20, *range(39, 45)):  # in header, mask and text, between the two, in the second's
        tab.cut(ping(place), ping(-place), at=(place,))
        assert [(await tab.until("Pong"))["sent_ms"] for _ in range(2)] == [place, -place]
        tab.cut(ping(1000 + place))
        assert (await tab.until("Pong"))["sent_ms"] == 1000 + place


@pytest.mark.parametrize("size", [92, 93, 94, 95, 96, 1_000, 65_000])
async def test_messages_of_every_length_are_followed_by_short_ones(office: Office, size: int) -> None:
    tab = await office.open("ann")
    tab.cut(ping(1, size))
    tab.cut(ping(2))
    tab.cut(ping(3, size), ping(4), at=(5, 9))
    tab.cut(ping(5))
    assert [(await tab.until("Pong"))["sent_ms"] for _ in range(5)] == [1, 2, 3, 4, 5]


async def test_a_whole_message_within_one_of_several_pieces_is_an_error(office: Office) -> None:
    tab = await office.open("ann")
    tab.fragment(b'{"type":"Ping"', is_last=False)
    tab.interrupt(ping(7))
    assert (await tab.until("closed"))["code"] == 1002


async def test_a_frame_that_begins_with_the_hand_shake_is_read_to_its_end(office: Office) -> None:
    answer = bytearray()
    wire = Wire(office, answer.extend)
    request = ClientProtocol(parse_uri("ws://hotline.example/live")).connect().serialize()
    unmasked = Frame(Opcode.TEXT, b"\r\n\r\n" + b"\x81\x81\0\0\0\0{").serialize(mask=False)
    frame = unmasked[:1] + bytes((unmasked[1] | 0x80,)) + bytes(4) + unmasked[2:]
    wire.port.data_received(request + frame[:-7])
    wire.port.data_received(frame[-7:])  # looks like a frame, and is the end of one that is no text
    assert (1007).to_bytes(2, "big") in answer
    wire.abort()


@pytest.mark.parametrize(
    ("body", "code"), [(b"\xff\xfe", 1007), (b"x" * 66_000, 1009)], ids=["not UTF-8", "more than 64 KB"]
)
async def test_what_is_no_message_at_all_ends_the_connection(office: Office, body: bytes, code: int) -> None:
    tab = await office.open("ann")
    tab.fragment(body)
    assert (await tab.until("closed"))["code"] == code


async def test_endless_rubbish_ends_the_connection(office: Office) -> None:
    tab = await office.open("ann")
    for _ in range(30):
        tab.raw("{")
    assert (await tab.until("closed"))["code"] == 4400


async def test_too_many_frames_are_refused_and_a_flood_ends_the_connection(office: Office) -> None:
    tab = await office.open("ann")
    for number in range(100):
        tab.say("Do", id=f"r{number}", name="SetAgentState", arguments={"state": "available"})
    refused = (await tab.until("Failed", code="live.too_fast"))["id"]
    assert int(refused[1:]) >= 50
    for _ in range(1_000):
        tab.say("Ping", sent_ms=1)
    assert (await tab.until("closed"))["code"] == 4429


async def test_pings_are_answered_with_both_clocks(office: Office) -> None:
    tab = await office.open("ann")
    tab.say("Ping", sent_ms=12345.678)
    assert await tab.until("Pong") == {
        "type": "Pong",
        "sent_ms": 12345.678,
        "server_ms": office.house.clock.now_ms(),
    }


async def test_who_is_silent_is_cut_off(office: Office) -> None:
    tab, other = await office.open("ann"), await office.open("bob")
    office.house.clock.advance_ms(SILENT_MS)
    await other.catch_up()
    office.hub.sweep()
    office.house.clock.advance_ms(1)
    office.hub.sweep()
    assert (await tab.until("closed"))["code"] == 4440
    await other.catch_up()


async def test_a_token_that_ends_ends_the_connection_unless_renewed(office: Office) -> None:
    renewed, forgetful = await office.open("ann"), await office.open("bob")
    office.house.clock.advance_ms(299_999)
    renewed.say("RenewToken", token=office.token("ann"))
    for tab in (renewed, forgetful):
        await tab.catch_up()
    office.hub.sweep()
    office.house.clock.advance_ms(1)
    office.hub.sweep()
    assert (await forgetful.until("closed"))["code"] == 4401
    await renewed.must("SignIn")


async def test_nothing_is_done_on_an_expired_token_even_before_the_sweep(office: Office) -> None:
    tab = await office.open("ann")
    office.house.clock.advance_ms(300_000)
    tab.say("Do", id="late", name="SignIn")
    assert (await tab.until("closed"))["code"] == 4401
    assert not any(isinstance(event, routing.AgentSignedIn) for event in office.house.logged())


async def test_a_window_cannot_become_somebody_elses(office: Office) -> None:
    tab = await office.open("ann")
    tab.say("RenewToken", token=office.token("bob"))
    assert (await tab.until("closed"))["code"] == 4403


async def test_a_renewed_token_with_fewer_rights_takes_the_boards_away(office: Office) -> None:
    tab = await office.supervisor()
    assert "queue/repair" in tab.store
    tab.say("RenewToken", token=office.token("sue", (), agent_id=None))
    await tab.until("Failed", code="live.forbidden_board")
    await tab.catch_up()
    assert set(tab.store) == {"me", "system"}


async def test_a_window_that_returns_gets_only_what_it_missed(office: Office) -> None:
    tab = await office.working("ann")
    await tab.catch_up()
    tab.leave()
    await office.give(routing.SetAgentState, agent_id="ann", state="away", reason_id="lunch")
    again = await office.reopen(tab, "ann")
    await again.catch_up()
    assert "Snapshot" not in again.kinds
    assert again.me["reason"] == "lunch"


@pytest.mark.parametrize(
    "lie", [{"after": 99_999}, {"after": -3}, {"stream": "rubbish"}, {"stream": "x" * 5000}, {"after": None}]
)
async def test_an_impossible_wish_to_resume_gets_a_snapshot(office: Office, lie: dict[str, Any]) -> None:
    tab = await office.working("ann")
    await tab.catch_up()
    tab.leave()
    again = office.tab()
    again.say("Hello", **{"token": office.token("ann"), "stream": tab.stream, "after": tab.seq, **lie})
    assert (await again.next())["type"] == "Snapshot"


async def test_a_stream_of_another_person_is_not_given_out(office: Office) -> None:
    tab = await office.working("ann")
    thief = office.tab()
    thief.say("Hello", token=office.token("bob"), stream=tab.stream, after=0)
    assert (await thief.next())["type"] == "Snapshot"
    assert thief.me["agent_id"] == "bob"
    assert thief.stream != tab.stream
    await tab.must("SetAgentState", state="available")


async def test_the_same_window_twice_leaves_the_newer(office: Office) -> None:
    tab = await office.working("ann")
    again = await office.reopen(tab, "ann")
    assert (await tab.until("closed"))["code"] == 4409
    await again.must("SetAgentState", state="available")


async def test_a_browser_that_does_not_read_gets_a_snapshot_and_holds_up_nobody(office: Office) -> None:
    deaf, other = await office.working("ann"), await office.working("bob")
    deaf.stop_reading()
    for number in range(KEPT_FRAMES + 50):
        state = "away" if number % 2 else "available"
        await office.give(routing.SetAgentState, agent_id="ann", state=state, reason_id="lunch" if number % 2 else None)
    await other.must("SetAgentState", state="available")
    deaf.read_again()
    deaf.kinds.clear()
    await deaf.until("Snapshot")
    await deaf.catch_up()
    assert len(deaf.kinds) < 20
    fresh = await office.open("ann", stream=None, takes_over=False)
    assert deaf.store == fresh.store | {"me": {**fresh.me, "is_mirror": False}}


async def test_after_a_restart_of_the_switch_windows_get_a_snapshot_and_keep_their_post(office: Office) -> None:
    tab = await office.working("ann")
    await tab.catch_up()
    await office.restart()
    again = await office.reopen(tab, "ann")
    assert (await again.next())["type"] == "Snapshot"
    assert again.me["state"] == "available"
    assert not again.me["is_mirror"]
    await again.must("SetAgentState", state="away", reason_id="lunch")


async def test_the_end_of_the_process_is_announced(office: Office) -> None:
    tab = await office.open("ann")
    office.hub.close()
    assert (await tab.until("closed"))["code"] == 1012


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/health", 200), ("GET", "/ready", 200), ("GET", "/metrics", 200), ("GET", "/x", 404), ("POST", "/", 405)],
)
async def test_http_ends(office: Office, method: str, path: str, status: int) -> None:
    await office.open("ann")
    answered, body = office.ask(method, path)
    assert answered == status
    assert b"ann" not in body
    if path == "/metrics":
        assert b"hotline_browsers_connected 1.0" in body
