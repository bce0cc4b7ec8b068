"""The running day (row GZ-42): expected calls, required and rostered people, proposals, a what-if that is played."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.browser.barriers import EVERYWHERE, barriers, barriers_of, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.fits import DESK, misfits
from tests.browser.screens import Screen
from tests.factories import call_history
from tests.factories.published_day import publish_today, take_back_today
from tests.floor import Floor
from tests.tones import SECOND_AGENT_HZ

SPARE = [f"agent{number:02}" for number in range(5, 17)]
STAYING = [f"agent{number:02}" for number in (1, 2, 3, 4, 17, 18, 19)]  # enough when those have gone
ROSTERED = [f"agent{number:02}" for number in (8, 9)]
INTRADAY = Screen("the running day", "/intraday")
AS_TABLE = Screen("the running day as a table", "/intraday?view=table")


async def test_a_planner_sees_the_day_and_plays_a_change_of_it(floor: Floor, open_window: OpenWindow) -> None:
    publish_today(floor.centre, ROSTERED)
    planner = await open_window("admin")
    page = planner.page
    await page.goto(f"{floor.centre.url}/intraday")
    await expect(page.get_by_role("img", name="需要人数")).to_be_visible()
    await page.get_by_test_id("play-what-if").click()
    await expect(page.get_by_test_id("what-if-answer")).to_be_visible(timeout=120_000)
    stage = await judged_stage(planner)
    found = await barriers_of(stage, [INTRADAY, AS_TABLE], EVERYWHERE)
    await stage.look("light", "en")
    assert found == []


@pytest.mark.slow
async def test_people_are_offered_to_leave_early_and_the_first_who_says_yes_goes(
    floor: Floor, open_window: OpenWindow
) -> None:
    now = datetime.now(call_history.ZONE)
    if (now + timedelta(hours=1, minutes=30)).date() != now.date():
        pytest.skip("the tenant's day is nearly over: nobody can leave it earlier")
    publish_today(floor.centre, STAYING)
    publish_today(floor.centre, SPARE, ends_in_h=2)
    try:
        await _leave_early(floor, open_window)
    finally:
        take_back_today(floor.centre, STAYING + SPARE)


async def _leave_early(floor: Floor, open_window: OpenWindow) -> None:
    leader = await open_window("admin")
    page = leader.page
    await page.goto(f"{floor.centre.url}/intraday")
    await page.get_by_test_id("offer-leave").first.click()
    choice = page.get_by_role("dialog")
    first = choice.get_by_role("checkbox").first
    await expect(first).to_be_checked()
    for box in (await choice.get_by_role("checkbox").all())[2:]:
        if await box.is_checked():
            await box.uncheck()
    stage = await judged_stage(leader)
    found = await barriers(stage, "offering to leave early", EVERYWHERE)
    found += await misfits(stage, "offering to leave early", DESK)
    await stage.look("light", "en")
    await choice.get_by_role("spinbutton").fill("1")
    await page.get_by_test_id("leave-send").click()
    offer = page.get_by_test_id("leave-offer").first
    await expect(offer).to_contain_text("0 of 1 taken")
    found += await barriers(stage, "an offer to leave early", EVERYWHERE)
    found += await misfits(stage, "an offer to leave early", DESK)
    await stage.look("light", "en")
    names = {agent["name"]: username for username, agent in floor.agents().items()}
    asked = re.findall(r"([^\s,]+) \(no answer yet\)", await offer.inner_text())
    assert len(asked) == 2

    agent = await open_window(names[asked[1]], SECOND_AGENT_HZ)
    await agent.page.goto(f"{floor.centre.url}/my-roster?tab=requests")
    request = agent.page.locator(".ant-table-row", has_text="提前下班").first
    await request.get_by_test_id("do-accept").click()
    await agent.page.locator(".ant-modal .ant-btn-primary").click()
    await expect(request.get_by_test_id("do-accept")).to_have_count(0)
    await expect(offer).to_contain_text("1 of 1 taken", timeout=40_000)
    await expect(offer).to_contain_text(f"{asked[0]} (no longer asked)")
    assert found == []
