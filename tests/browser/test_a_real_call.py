"""A person dials, keys the menu, waits with music, and talks with the right agent in a real browser.

SIPp is the caller (440 Hz), Chromium the agent (880 Hz): tones prove audio both ways and both recorded channels."""

import asyncio
from typing import Any

from tests.browser.conftest import OpenWindow
from tests.browser.window import Window
from tests.centre import Centre
from tests.floor import Floor, until
from tests.tones import AGENT_HZ, AUDIBLE, CALLER_HZ, channels, level
from tests.voice.sipp.party import Party
from tests.voice.sipp.scenario import HangUp, Press, Step, Wait

NUMBER = "962740"
AGENT, COLLEAGUE = "agent01", "agent02"
UNKNOWN_CALLER = "13900009999"


async def ring_in(floor: Floor, *then: Step, caller: str = UNKNOWN_CALLER) -> Party:
    return await floor.bench.call(NUMBER, Wait(1500), Press("1"), *then, caller=caller, tone_hz=CALLER_HZ)


async def answered(window: Window) -> None:
    await window.test_id("answer")
    await window.page.keyboard.press("F2")
    await window.page.locator("[data-contact-state=talking]").wait_for()


async def wrapped_up(window: Window) -> None:
    """Choose the first reason and finish."""
    await window.page.locator("[data-contact-state=wrap_up]").wait_for()


def contact_of(floor: Floor, caller: str) -> dict[str, Any] | None:
    found = floor.administrator.get(f"/api/v1/contacts?number={caller}")["items"]
    return dict(floor.administrator.get(f"/api/v1/contacts/{found[0]['id']}")) if found else None


async def test_from_dialling_to_wrap_up(centre: Centre, floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window(AGENT)
    await window.go_available()
    caller = await ring_in(floor)

    await answered(window)
    await window.until_hears(CALLER_HZ)
    await asyncio.sleep(3)  # what is recorded is to be long enough to be measured
    await window.page.keyboard.press("F2")
    await window.page.keyboard.press("Enter")
    assert await caller.ended() == 0

    await window.page.locator("[data-contact-state=wrap_up]").wait_for()
    contact = await until(
        lambda: (found := contact_of(floor, UNKNOWN_CALLER)) and found["recordings"] and found, "the recording is there"
    )
    assert contact["outcome"] == "handled"
    assert contact["wait_ms"] is not None
    recording = contact["recordings"][0]["id"]
    status, wav = floor.administrator.request(
        "GET", f"/api/v1/contacts/{contact['id']}/recordings/{recording}/audio?reason=test"
    )
    assert status == 200
    samples, rate = channels(wav)
    customer, agent = samples[:, 0], samples[:, 1]
    assert level(customer, rate, CALLER_HZ) > AUDIBLE > level(customer, rate, AGENT_HZ)
    assert level(agent, rate, AGENT_HZ) > AUDIBLE > level(agent, rate, CALLER_HZ)


async def test_hold_and_hang_up_by_the_caller(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window(AGENT)
    await window.go_available()
    caller = await ring_in(floor, Wait(14_000), HangUp(), caller="13900009998")
    await answered(window)
    await window.until_hears(CALLER_HZ)
    await window.page.keyboard.press("F4")
    await window.page.locator("[data-contact-state=held]").wait_for()
    await window.page.wait_for_timeout(1500)
    assert await window.hears(CALLER_HZ) < AUDIBLE
    await window.page.keyboard.press("F4")
    await window.page.locator("[data-contact-state=talking]").wait_for()
    await window.until_hears(CALLER_HZ)
    assert await caller.ended() == 0
    await window.page.locator("[data-contact-state=wrap_up]").wait_for()


async def test_reload_during_a_call_keeps_the_call(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window(AGENT)
    await window.go_available()
    caller = await ring_in(floor, caller="13900009997")
    await answered(window)
    await window.until_hears(CALLER_HZ)
    await window.page.reload()
    await window.until_hears(CALLER_HZ, seconds=6)
    await window.page.locator("[data-contact-state=talking]").wait_for()
    await window.page.get_by_test_id("end").click()
    await window.page.get_by_test_id("end-sure").click()
    assert await caller.ended() == 0
