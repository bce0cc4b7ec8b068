"""Bad input at every door: the one who sends it is told or dropped, and everybody else goes on working."""

import asyncio
import socket

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.browser.conftest import OpenWindow
from tests.browser.steps import answer, end_the_call, ring_in, wrap_up
from tests.centre import PASSWORD, Centre
from tests.floor import Floor, trusting, until
from tests.tones import CALLER_HZ

NOBODYS_NUMBER = "962799"
BROKEN_FRAMES = (
    "",
    "{",
    "[1,2",
    '{"type":"hello"}',
    '{"type":"nothing"}',
    "9" * 1000,
    b"\x00\xff\xfe",
    "x" * 3_000_000,
)
BROKEN_SIP = (
    b"\x00" * 40,
    b"INVITE\r\n\r\n",
    b"INVITE sip:962740@127.0.0.1 SIP/2.0\r\nContent-Length: 99999999\r\n\r\n",
    b"INVITE sip:962740@127.0.0.1 SIP/2.0\r\nVia: x\r\nFrom: <sip:" + b"9" * 3000 + b">\r\nCSeq: -1 INVITE\r\n\r\n",
    b"\xff\xfe" * 700,
)


async def test_call_to_nobodys_number_is_refused_and_listed(floor: Floor) -> None:
    caller = await floor.bench.call(NOBODYS_NUMBER, caller="13900009950")
    assert await caller.ended() == 1
    assert "404" in caller.said()

    def listed() -> list[dict[str, str]]:
        calls = floor.administrator.get("/api/v1/refused-calls")["items"]
        return [call for call in calls if call["called_address"] == NOBODYS_NUMBER]

    (call,) = await until(listed, "the refused call is listed")
    assert call["caller"] == "139****9950"
    assert call["cause"]


async def send_and_listen(connection: ClientConnection, frame: str | bytes) -> None:
    """Until the other side has had enough."""
    await connection.send(frame)
    while True:
        await connection.recv()


async def test_broken_frames_end_their_own_connection_only(
    centre: Centre, floor: Floor, open_window: OpenWindow
) -> None:
    window = await open_window("agent01")
    await window.go_available()
    for frame in BROKEN_FRAMES:
        async with connect(centre.url.replace("https:", "wss:") + "/live", ssl=trusting(), proxy=None) as socket_:
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(send_and_listen(socket_, frame), 15)
    caller = await ring_in(floor, "13900009951")
    await answer(window)
    await window.until_hears(CALLER_HZ)
    await end_the_call(window)
    assert await caller.ended() == 0
    await wrap_up(window)


async def test_malformed_sip_leaves_the_next_call_as_good_as_any(
    centre: Centre, floor: Floor, open_window: OpenWindow
) -> None:
    window = await open_window("agent01")
    await window.go_available()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for packet in BROKEN_SIP * 20:
            sender.sendto(packet, ("127.0.0.1", centre.sip_port))
    caller = await ring_in(floor, "13900009952")
    await answer(window)
    await window.until_hears(CALLER_HZ)
    await end_the_call(window)
    assert await caller.ended() == 0
    await wrap_up(window)


async def test_log_in_that_ended_keeps_what_was_typed(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent01")
    await window.go_available()
    caller = await ring_in(floor, "13900009953")
    await answer(window)
    await window.page.get_by_test_id("note").fill("总阀漏水，约明早上门")
    await end_the_call(window)
    assert await caller.ended() == 0
    await window.state("wrap_up")
    await window.context.clear_cookies()
    await window.page.get_by_test_id("reason").click()
    await window.page.keyboard.press("ArrowDown")
    await window.page.keyboard.press("Enter")
    await window.page.keyboard.press("F2")
    await window.page.get_by_text("登录").first.wait_for()  # says that one must log in again
    await window.page.reload()
    await window.log_in("agent01", PASSWORD)
    await window.page.goto(window.centre.url + "/desk")
    await window.state("wrap_up")
    assert await window.page.get_by_test_id("note").input_value() == "总阀漏水，约明早上门"
    await window.page.keyboard.press("F2")
    await window.page.locator("[data-testid=wrap-up]").wait_for(state="detached")
