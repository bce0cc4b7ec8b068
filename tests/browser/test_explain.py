"""A supervisor asks the floor why: why a caller still waits, live, and why an agent was given theirs; and an
agent asks the own desk why this caller."""

import pytest
from playwright.async_api import expect

from tests.browser.barriers import EVERYWHERE, barriers, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.fits import DESK, misfits
from tests.browser.screens import Screen
from tests.browser.steps import answer, end_the_call, ring_in, wrap_up
from tests.floor import Floor
from tests.voice.sipp.scenario import HangUp, Wait

FLOOR = Screen("floor, explained", "/floor")


@pytest.mark.slow
async def test_why_a_caller_waits_and_why_an_agent_was_given_them(floor: Floor, open_window: OpenWindow) -> None:
    supervisor = await open_window("supervisor1")
    stage = await judged_stage(supervisor)
    await stage.show(FLOOR)
    await stage.look("light", "en")
    page = supervisor.page
    impatient = await ring_in(floor, "13900009981", Wait(60_000), HangUp())
    await page.get_by_test_id("waiting").get_by_test_id("why").first.click()
    why = page.get_by_test_id("why-waiting")
    await expect(why).to_contain_text("Comes next in its queue.", timeout=15_000)
    await expect(why).to_contain_text("Nobody who is signed in may take it now.")
    await expect(why).to_contain_text("who could take it are not signed in")
    found = await barriers(stage, "why a caller waits", EVERYWHERE)
    found += await misfits(stage, "why a caller waits", DESK)
    await stage.look("light", "en")
    await impatient.ended(90)
    await expect(why).to_contain_text("Waits no more.", timeout=20_000)
    await why.get_by_role("button", name="Close").click()

    post = await floor.staff("agent01")
    caller = await ring_in(floor, "13900009982", Wait(60_000), HangUp())
    tile = page.get_by_role("gridcell").filter(has_text=floor.agents()["agent01"]["name"])
    await expect(tile).to_contain_text("Busy", timeout=30_000)
    await tile.click()
    await page.get_by_test_id("why-caller").click()
    await expect(page.get_by_test_id("agent-pane")).to_contain_text("was the only idle agent")
    found += await barriers(stage, "why this caller", EVERYWHERE)
    found += await misfits(stage, "why this caller", DESK)
    await stage.look("light", "en")
    post.hang_up_after_s = 0.1
    post.start_working()
    await caller.ended(90)
    assert found == []


@pytest.mark.slow
async def test_the_desk_says_why_this_caller_from_the_ring_to_the_wrap_up(
    floor: Floor, open_window: OpenWindow
) -> None:
    window = await open_window("agent13")
    await window.go_available()
    await floor.staff("agent14")  # idle too, and for less long
    stage = await judged_stage(window)
    await stage.look("light", "en")
    page, told = window.page, window.page.get_by_test_id("why-me-told")
    caller = await ring_in(floor, "13900009983")
    await window.test_id("answer")
    await page.get_by_test_id("why-me").wait_for()
    await expect(told).to_be_empty()
    await page.keyboard.press("Alt+7")
    name = floor.agents()["agent13"]["name"]
    await expect(told).to_contain_text(f"{name} had been idle longest of the 2 idle agents who could take it")
    await expect(told).to_contain_text("rang here")
    await answer(window)
    await expect(told).to_contain_text("had been idle longest")
    found = await barriers(stage, "why me, talking", EVERYWHERE)
    found += await misfits(stage, "why me, talking", DESK)
    await stage.look("light", "en")
    await end_the_call(window)
    assert await caller.ended() == 0
    await window.state("wrap_up")
    await expect(told).to_contain_text("had been idle longest")
    await page.get_by_test_id("why-me").press("Enter")
    await expect(told).to_be_empty()
    await wrap_up(window)
    assert found == []
