"""Supervisors steer the floor (rows JS-01, CQ-28): a site down, a queue in disaster mode, and everybody sees it."""

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.screens import Screen
from tests.browser.test_accessibility import EVERYWHERE, barriers_of, judged_stage
from tests.floor import Floor

FLOOR = Screen("floor, steered", "/floor")
BY_WHOM = re.compile("since .+ by ")


async def agree(page: Page, consequence: str) -> None:
    """The question says what it means; yes."""
    await expect(page.get_by_role("dialog")).to_contain_text(consequence)
    await page.get_by_test_id("steer-sure").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_supervisor_marks_a_site_and_switches_disaster_mode_after_being_told_what_it_means(
    floor: Floor, open_window: OpenWindow
) -> None:
    supervisor = await open_window("supervisor1")
    stage = await judged_stage(supervisor)
    await stage.show(FLOOR)
    await stage.look("light", "en")
    page = supervisor.page
    site = page.get_by_test_id("sites").locator("li").first
    queue = page.get_by_test_id("disasters").locator("li.steered")
    await site.get_by_test_id("mark-site").click()
    await agree(page, "Its agents are offered nothing any more")
    await expect(site.get_by_role("status")).to_contain_text(BY_WHOM)
    await page.get_by_test_id("disaster-on").click()
    await page.locator(".ant-select-item-option").first.click()
    await agree(page, "New contacts no longer queue")
    await expect(queue.get_by_role("status")).to_contain_text(BY_WHOM)
    found = await barriers_of(stage, [FLOOR], EVERYWHERE)
    await stage.look("light", "en")
    assert found == []
    await site.get_by_test_id("mark-site").click()
    await agree(page, "Its available agents are offered contacts again")
    await expect(site.get_by_role("status")).to_have_count(0)
    await queue.get_by_test_id("disaster-off").click()
    await agree(page, "New contacts queue again")
    await expect(queue).to_have_count(0)
