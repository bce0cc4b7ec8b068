"""A supervisor asks the floor why: why a caller still waits, live, and why an agent was given theirs."""

import pytest
from playwright.async_api import expect

from tests.browser.barriers import EVERYWHERE, barriers, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.fits import DESK, misfits
from tests.browser.screens import Screen
from tests.browser.steps import ring_in
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
    await expect(page.get_by_test_id("agent-pane")).to_contain_text("was chosen among")
    found += await barriers(stage, "why this caller", EVERYWHERE)
    found += await misfits(stage, "why this caller", DESK)
    await stage.look("light", "en")
    post.hang_up_after_s = 0.1
    post.start_working()
    await caller.ended(90)
    assert found == []
