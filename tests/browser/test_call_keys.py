"""What the keys of a call do at the other end: mute, hold with music, tones of the keypad."""

from playwright.async_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import (
    answer,
    end_the_call,
    ring_in_listening,
    until_caller_hears,
    until_silent_to_caller,
    wrap_up,
)
from tests.floor import Floor, until
from tests.tones import AGENT_HZ, AUDIBLE, CALLER_HZ

SILENT_LOUDNESS, MUSIC_LOUDNESS = 0.001, 0.005  # the hold music is soft


async def test_mute_hold_and_keypad_as_the_caller_hears_them(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent09")
    page = window.page
    await window.go_available()
    caller, line = await ring_in_listening(floor, "13900009910")
    await answer(window)
    await until_caller_hears(line, AGENT_HZ)

    await page.keyboard.press("F8")
    await expect(page.get_by_test_id("mute")).to_have_attribute("aria-pressed", "true")
    await until(lambda: line.loudness() < SILENT_LOUDNESS, "the caller hears nothing", 10)
    await window.until_hears(CALLER_HZ)  # the agent goes on hearing
    await page.keyboard.press("F8")
    await until_caller_hears(line, AGENT_HZ)

    await page.keyboard.press("F4")
    await window.state("held")
    await until_silent_to_caller(line, AGENT_HZ)
    await until(lambda: line.loudness() > MUSIC_LOUDNESS and line.level(AGENT_HZ) < AUDIBLE, "the caller hears music")
    await page.keyboard.press("F4")
    await window.state("talking")
    await until_caller_hears(line, AGENT_HZ)

    await page.get_by_test_id("keypad").click()
    pad = page.get_by_role("group", name="键盘")
    for digit in ("1", "5", "#"):
        await pad.get_by_role("button", name=digit, exact=True).click()
    await page.keyboard.press("7")
    await page.keyboard.press("*")
    await until(lambda: line.pressed == "15#7*", f"the keys reach the caller (so far {line.pressed})", 10)
    await page.keyboard.press("Escape")

    await end_the_call(window)
    assert await caller.ended() == 0
    await wrap_up(window)
