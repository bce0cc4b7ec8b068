"""A team's day (rows GZ-42, JS-22): who is not where the plan has them, as it happens, and what is done about it."""

from playwright.async_api import Locator, Page, expect

from tests.browser.barriers import EVERYWHERE, barriers_of, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.screens import Screen
from tests.factories.published_day import publish_today
from tests.floor import Floor

LATE, SICK, FREE = "agent05", "agent06", "agent07"
TEAM_DAY = Screen("team day", "/team-day")


def day_of(floor: Floor, username: str) -> str:
    """The page with only this person."""
    return f"{floor.centre.url}/team-day?name={floor.agents()[username]['name']}"


def row_of(page: Page, floor: Floor, username: str) -> Locator:
    return page.get_by_role("row").filter(has_text=floor.agents()[username]["name"])


async def test_a_leader_sees_who_is_absent_and_that_they_come_without_loading_the_page_again(
    floor: Floor, open_window: OpenWindow
) -> None:
    publish_today(floor.centre, [LATE, SICK])
    leader = await open_window("leader1")
    page = leader.page
    await page.goto(day_of(floor, LATE))
    late = row_of(page, floor, LATE)
    await expect(late.get_by_test_id("badge-absent")).to_be_visible()
    await expect(late.locator("[data-state=signed_out]")).to_be_visible()
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    await floor.staff(LATE)
    await expect(late.locator("[data-state=available]")).to_be_visible()
    await expect(late.get_by_test_id("badge-absent")).to_have_count(0)
    assert loads == []


async def test_a_sick_person_is_reported_and_a_lawful_replacement_is_asked(
    floor: Floor, open_window: OpenWindow
) -> None:
    leader = await open_window("leader1")
    page = leader.page
    await page.goto(day_of(floor, SICK))
    sick = row_of(page, floor, SICK)
    await expect(sick.get_by_test_id("badge-absent")).to_be_visible()
    await sick.click()
    pane = page.get_by_test_id("person-day")
    await pane.get_by_test_id("report-absence").click()
    await expect(sick.get_by_test_id("badge-away_today")).to_be_visible()
    await expect(sick.get_by_test_id("badge-absent")).to_have_count(0)
    await pane.get_by_test_id("find-replacement").click()
    proposals = pane.get_by_test_id("replacements")
    await proposals.get_by_role("checkbox").first.check()
    await proposals.get_by_test_id("ask-replacements").click()
    await expect(proposals.get_by_role("checkbox").first).to_be_disabled()
    stage = await judged_stage(leader)
    found = await barriers_of(stage, [TEAM_DAY], EVERYWHERE)
    await stage.look("light", "en")
    assert found == []
    await page.goto(day_of(floor, SICK))
    await sick.click()
    await pane.get_by_test_id("cancel-absence").click()
    await expect(sick.get_by_test_id("badge-absent")).to_be_visible()
