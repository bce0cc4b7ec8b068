"""Two agents swap and the planner approves; a wish, a bid, a calendar address and the mood, in real windows."""

import asyncio
import urllib.request
from datetime import timedelta

from icalendar import Calendar
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.roster_rows import coming_monday, publish
from tests.browser.window import Window
from tests.floor import Floor, trusting
from tests.tones import SECOND_AGENT_HZ

ONE, OTHER = "agent12", "agent13"
THIRD = "agent16"
PLANNER = "planner"
THIRD_HZ = 1170


def _read(address: str) -> bytes:
    """As a calendar program would: without a log-in."""
    with urllib.request.urlopen(address, timeout=20, context=trusting()) as answer:
        return bytes(answer.read())


async def open_day(page: Page, number: int) -> None:
    """The drawer of a day of the roster; its month is turned to first."""
    day = (coming_monday() + timedelta(days=number)).isoformat()
    await page.goto(f"{page.url.split('/', 3)[0]}//{page.url.split('/')[2]}/my-roster?around={day}")
    await page.locator(f"[data-day='{day}']").click()


async def shifts_of(window: Window, count: int) -> list[str]:
    await window.page.goto(f"{window.centre.url}/my-roster?view=list")
    rows = window.page.locator(".ant-table-row td:first-child")
    await expect(rows).to_have_count(count)
    return [text.split()[0] for text in await rows.all_inner_texts()]


def days(*numbers: int) -> list[str]:
    return [(coming_monday() + timedelta(days=number)).isoformat() for number in numbers]


async def test_two_agents_swap_and_the_planner_approves(floor: Floor, open_window: OpenWindow) -> None:
    publish(floor)
    one, other = await open_window(ONE), await open_window(OTHER, SECOND_AGENT_HZ)
    assert await shifts_of(one, 2) == days(0, 1)

    await open_day(one.page, 1)
    offer = one.page.locator(".ant-table-row", has_text=days(2)[0])
    await offer.get_by_test_id("ask-swap").click()
    await expect(one.page.locator(".ant-drawer-content")).to_have_count(0)

    await other.page.goto(f"{other.centre.url}/my-roster?tab=requests")
    await other.page.get_by_test_id("do-accept").click()
    await other.page.locator(".ant-modal .ant-btn-primary").click()
    await expect(other.page.get_by_test_id("do-accept")).to_have_count(0)
    assert await shifts_of(one, 2) == days(0, 1)  # nothing moves before the planner has said so

    planner = await open_window(PLANNER, THIRD_HZ)
    await planner.page.goto(f"{planner.centre.url}/requests")
    asked = planner.page.locator(".ant-table-row", has_text=floor.agents()[OTHER]["name"])
    await asked.get_by_test_id("open-request").click()
    await planner.page.locator(".ant-alert-success").wait_for()
    await planner.page.get_by_test_id("approve").click()
    await expect(asked).to_have_count(0)
    assert await shifts_of(one, 2) == days(0, 2)
    assert await shifts_of(other, 2) == days(1, 3)


async def test_an_agent_wishes_reads_the_calendar_elsewhere_and_answers_the_mood(
    floor: Floor, open_window: OpenWindow
) -> None:
    publish(floor)
    window = await open_window(ONE)
    page = window.page
    await open_day(page, 20)
    await page.get_by_test_id("make-wish").click()
    wished = (coming_monday() + timedelta(days=20)).isoformat()
    await expect(page.locator(f"[data-day='{wished}'] .anticon-heart")).to_be_visible()

    await page.goto(f"{window.centre.url}/my-roster?tab=calendar")
    await page.get_by_test_id("make-calendar").click()
    address = await page.get_by_test_id("calendar-address").input_value()
    calendar = Calendar.from_ical(await asyncio.to_thread(_read, address))
    confirmed = [event for event in calendar.walk("VEVENT") if str(event["status"]) == "CONFIRMED"]
    assert {event["dtstart"].dt.utcoffset() for event in confirmed} == {timedelta(hours=8)}
    assert len(confirmed) == 2

    await page.goto(f"{window.centre.url}/my-roster?tab=mood")
    await page.get_by_test_id("mood-8").click()
    await expect(page.get_by_test_id("mood-8")).to_have_count(0)


async def test_a_planner_opens_a_shift_that_an_agent_bids_for(floor: Floor, open_window: OpenWindow) -> None:
    publish(floor)
    planner, agent = await open_window(PLANNER, THIRD_HZ), await open_window(ONE)
    page = planner.page
    day = (coming_monday() + timedelta(days=4)).isoformat()
    await page.goto(f"{planner.centre.url}/requests?tab=open")
    await page.get_by_test_id("open-shift").click()
    await page.locator("#day").fill(day)
    await page.keyboard.press("Enter")
    await page.locator("#shift_kind_id").click()
    await page.get_by_title("日班", exact=True).click()
    await page.locator("#start, [aria-label='开始时间']").first.click()
    await page.get_by_title("08:00", exact=True).click()
    await page.locator("#closes_at").fill(f"{coming_monday().isoformat()} 08:00")
    await page.keyboard.press("Enter")  # the last field is filled: it opens the shift
    row = page.locator(".ant-table-row", has_text=day)
    await row.wait_for()

    await agent.page.goto(f"{agent.centre.url}/my-roster?tab=open")
    offered = agent.page.locator(".ant-table-row", has_text=day)
    await offered.get_by_test_id("bid").click()
    await expect(offered.get_by_test_id("bid")).to_have_count(0)
    await row.get_by_test_id("see-bids").click()
    await page.locator(".ant-drawer .ant-table-row").wait_for()
    await page.get_by_test_id("award-by-rule").click()
    await expect(row).to_have_count(0)
    assert days(4)[0] in await shifts_of(agent, 3)


async def test_a_planner_offers_hours_beside_a_shift_and_the_agent_takes_them(
    floor: Floor, open_window: OpenWindow
) -> None:
    publish(floor)
    planner, agent = await open_window(PLANNER, THIRD_HZ), await open_window(THIRD)
    page, day = planner.page, (coming_monday() + timedelta(days=1)).isoformat()
    await page.goto(f"{planner.centre.url}/requests?tab=open")
    await page.get_by_test_id("open-shift").click()
    await page.get_by_text("班次旁的工时", exact=True).click()
    await page.locator("#day").fill(day)
    await page.keyboard.press("Enter")
    for field, clock in (("start", "16:30"), ("end", "18:00")):
        await page.locator(f"#{field}").fill(clock)
        await page.keyboard.press("Enter")
    await page.locator("#closes_at").fill(f"{coming_monday().isoformat()} 08:00")
    await page.keyboard.press("Enter")
    await page.locator("#offer_to").click()
    await page.get_by_title(floor.agents()[THIRD]["name"], exact=True).click()
    await page.keyboard.press("Escape")
    await page.get_by_test_id("open-it").click()
    await page.locator(".ant-table-row", has_text=day).wait_for()

    await agent.page.goto(f"{agent.centre.url}/my-roster?tab=requests")
    # The longer day brings a further break, which is not paid: the agent reads so before saying yes.
    further = "多一次休息：15:00 起 30 分钟，不计薪"
    await agent.page.get_by_test_id("my-notices").get_by_text(further).wait_for()
    await agent.page.get_by_test_id("do-accept").first.click()
    await agent.page.locator(".ant-modal").get_by_text(further).wait_for()
    await agent.page.locator(".ant-modal .ant-btn-primary").click()
    await agent.page.goto(f"{agent.centre.url}/my-roster?view=list&day={day}")
    await agent.page.locator(".ant-drawer").get_by_text("其中加班 1:00 小时").wait_for()
    await agent.page.locator(".ant-drawer").get_by_text("12:00–12:30, 15:00–15:30").wait_for()
    await agent.page.locator(".ant-drawer").get_by_text("08:00–18:00").wait_for()
