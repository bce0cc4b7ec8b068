"""A call in the reports: its handle time by agent and reason, the month and year of its queue; by mouse and by keys."""

import asyncio
import re

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import answer, contact_of, end_the_call, ring_in, wrap_up
from tests.floor import Floor, until
from tests.tones import SECOND_AGENT_HZ

CALLER = "13900009968"
AGENT = "agent10"


def clock(milliseconds: int) -> str:
    """As the page shows it, in whole seconds, halves up; under an hour."""
    seconds = (milliseconds + 500) // 1000
    return f"{seconds // 60}:{seconds % 60:02d}"


async def cells(page: Page, first: str, within: Locator | None = None) -> list[str]:
    """The texts of the row that begins so."""
    row = (within or page).locator(".ant-table-row", has=page.locator("td:first-child", has_text=first))
    for _ in range(200):  # a row may be one of the days before, which goes as it is read
        await row.first.wait_for()
        if texts := await row.first.locator("td").all_inner_texts():
            return texts
        await asyncio.sleep(0.05)
    raise AssertionError(f"the row {first} does not stay")


async def test_a_call_stands_in_the_reports_under_its_agent_and_reason(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window(AGENT)
    await window.go_available()
    caller = await ring_in(floor, CALLER)
    await answer(window)
    await asyncio.sleep(2)  # so that the average is not 0:00
    await end_the_call(window)
    assert await caller.ended() == 0
    await wrap_up(window)
    contact = await until(
        lambda: (found := contact_of(floor, CALLER)) and found["wrap_up_ms"] and found["matters"] and found,
        "contact, reason and wrap-up can be looked up",
    )
    (interaction,) = contact["interactions"]
    talk_ms = interaction["talk_ms"] + interaction["hold_ms"]

    supervisor = await open_window("supervisor1", SECOND_AGENT_HZ)
    page = supervisor.page
    await page.get_by_role("link", name="报表").click()
    await page.get_by_role("link", name="处理时长").click()
    _, handled, *averages = await cells(page, floor.agents()[AGENT]["name"])
    assert handled == "1"
    shown = [text.split()[-1] for text in averages]  # before a figure that explains itself stands its name, to be read
    expected = [talk_ms, interaction["hold_ms"], interaction["wrap_up_ms"]]
    assert shown[:3] == [clock(one) for one in expected]
    assert shown[3] == shown[4] == clock(talk_ms + interaction["wrap_up_ms"])

    await page.get_by_text("按原因", exact=True).click()
    reason = contact["matters"][0]["disposition_name"]["zh"]
    assert int((await cells(page, reason))[1]) >= 1
    await page.get_by_text("月", exact=True).click()
    await expect(page).to_have_url(re.compile(r"span=month.*first=\d{4}-\d\d-01"))
    assert int((await cells(page, reason))[1]) >= 1

    await page.get_by_role("link", name="服务水平").click()
    await page.get_by_text("月报（按日）", exact=True).click()
    queue = page.get_by_role("region", name="报修", exact=True)  # others may have figures too
    days = queue.locator(".ant-table-row td:first-child", has_text=re.compile(r"^\d{4}-\d\d-\d\d$"))
    today = await days.last.inner_text()
    asked = int((await cells(page, today, queue))[1])
    assert asked >= 1
    await page.get_by_text("年报（按月）", exact=True).click()
    await expect(days).to_have_count(0)  # the month's rows, which begin like the year's, are gone
    assert int((await cells(page, today[:7], queue))[1]) >= asked
    await page.reload()
    assert int((await cells(page, today[:7], queue))[1]) >= asked


async def test_handle_times_are_sorted_and_explained_without_a_mouse(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("supervisor1", SECOND_AGENT_HZ)
    page = window.page
    await page.goto(f"{window.centre.url}/reports/handle-time?by=agent&span=month")
    heading = page.locator("th", has_text="处理量")
    await heading.focus()
    await page.keyboard.press("Enter")
    await expect(heading).to_have_attribute("aria-sort", "ascending")
    await page.keyboard.press("Enter")
    await expect(heading).to_have_attribute("aria-sort", "descending")
    await page.locator(".sum-row button.figure").last.focus()
    await page.get_by_text("单次交互的最长处理时长。").wait_for()


async def test_reports_are_not_for_agents(open_window: OpenWindow) -> None:
    window = await open_window(AGENT)
    await window.page.goto(f"{window.centre.url}/reports/handle-time")
    await window.page.get_by_text("请联系管理员开通“查看报表”").wait_for()
