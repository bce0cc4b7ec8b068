"""The running day (row GZ-42): expected calls, required and rostered people, proposals, a what-if that is played."""

from playwright.async_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.screens import Screen
from tests.browser.test_accessibility import EVERYWHERE, barriers_of, judged_stage
from tests.factories.published_day import publish_today
from tests.floor import Floor

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
