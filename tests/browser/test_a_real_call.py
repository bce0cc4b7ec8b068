"""A person dials, keys the menu, waits with music, and talks with the right agent in a real browser.

SIPp is the caller (440 Hz), Chromium the agent (880 Hz): tones prove audio both ways and both recorded channels."""

import asyncio
import json

from tests.browser.conftest import OpenWindow
from tests.browser.steps import answer, contact_of, end_the_call, recording_of, ring_in, wrap_up
from tests.centre import ROOT
from tests.floor import Floor, until
from tests.tones import AGENT_HZ, AUDIBLE, CALLER_HZ, level, read_channels
from tests.voice.sipp.scenario import HangUp, Wait

UNKNOWN_CALLER = "13900009999"


async def test_from_dialling_to_the_looked_up_contact(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent05")
    await window.go_available()
    caller = await ring_in(floor, UNKNOWN_CALLER)

    await answer(window)
    await window.until_hears(CALLER_HZ)
    await asyncio.sleep(3)  # what is recorded is to be long enough to be measured
    await end_the_call(window)
    assert await caller.ended() == 0
    await wrap_up(window)

    contact = await until(
        lambda: (found := contact_of(floor, UNKNOWN_CALLER))
        and found["recordings"]
        and found["wrap_up_ms"]
        and found,
        "contact, recording and wrap-up can be looked up",
    )  # fmt: skip
    assert contact["outcome"] == "handled"
    assert contact["matters"]
    kinds = [step["kind"] for step in contact["timeline"]]
    for kind in ("queued", "offered", "connected", "interaction_ended", "wrapped_up"):
        assert kinds.count(kind) == 1, kinds
    rate, (customer, heard_by_customer) = read_channels(recording_of(floor, contact))
    assert level(customer, rate, CALLER_HZ) > AUDIBLE > level(customer, rate, AGENT_HZ)
    assert level(heard_by_customer, rate, AGENT_HZ) > AUDIBLE > level(heard_by_customer, rate, CALLER_HZ)


async def test_hold_is_silent_to_the_agent_and_the_caller_may_hang_up(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent06")
    await window.go_available()
    caller = await ring_in(floor, "13900009998", Wait(22_000), HangUp())
    await answer(window)
    await window.until_hears(CALLER_HZ)
    await window.page.keyboard.press("F4")
    await window.state("held")
    await asyncio.sleep(1.5)
    assert await window.hears(CALLER_HZ) < AUDIBLE
    await window.page.keyboard.press("F4")
    await window.state("talking")
    await window.until_hears(CALLER_HZ)
    assert await caller.ended(40) == 0
    await wrap_up(window)
    contact = await until(lambda: contact_of(floor, "13900009998"), "the contact is there")
    assert contact["hold_ms"] >= 1500


async def test_reload_during_a_call_keeps_the_call_and_what_was_typed(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent08")
    await window.go_available()
    caller = await ring_in(floor, "13900009997")
    await answer(window)
    await window.until_hears(CALLER_HZ)
    await window.page.get_by_test_id("note").fill("邻居九点关了阀门")
    await asyncio.sleep(0.5)
    await window.page.reload()
    await window.until_hears(CALLER_HZ, seconds=8)
    await window.state("talking")
    assert await window.page.get_by_test_id("note").input_value() == "邻居九点关了阀门"
    await end_the_call(window)
    assert await caller.ended() == 0
    await wrap_up(window)


async def test_a_known_caller_is_on_screen_before_the_answer(floor: Floor, open_window: OpenWindow) -> None:
    customer = json.loads((ROOT / "scenarios/shibei.json").read_text("utf-8"))["customers"][0]
    window = await open_window("agent09")
    await window.go_available()
    caller = await ring_in(floor, customer["phones"][0]["number"])
    await window.test_id("answer")
    await window.page.get_by_test_id("offer").get_by_text(customer["name"]).wait_for()
    await window.page.keyboard.press("F2")
    await window.state("talking")
    await end_the_call(window)
    assert await caller.ended() == 0
    await wrap_up(window)
