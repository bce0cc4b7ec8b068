"""What steers whom a customer comes to, changed at the desk during the call."""

from playwright.async_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import answer, end_the_call, ring_in, wrap_up
from tests.floor import Floor


async def test_an_agent_marks_the_caller_as_vip_of_a_province_without_leaving_the_call(
    floor: Floor, open_window: OpenWindow
) -> None:
    window = await open_window("agent12")
    page = window.page
    await window.go_available()
    caller = await ring_in(floor, "13900005521")
    await answer(window)
    await page.get_by_test_id("steer").click()
    await page.get_by_role("combobox", name="签约省份").fill("重庆")
    await page.keyboard.press("Enter")
    await page.get_by_role("switch", name="VIP 客户").click()
    await page.get_by_test_id("steer-save").click()
    customer = page.get_by_test_id("customer")
    await expect(customer).to_contain_text("VIP")
    await expect(customer).to_contain_text("重庆")
    await window.state("talking")
    await end_the_call(window)
    assert await caller.ended() == 0
    await wrap_up(window)
