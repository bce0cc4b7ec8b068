"""Whoever presses twice means it once: one conversation, one ticket, one transfer, one wrap-up, and no error."""

from typing import Any

from playwright.async_api import expect

from hotline.kernel.ids import new_id
from tests.browser.conftest import OpenWindow
from tests.browser.steps import choose_reason, contact_of, open_transfer, ring_in
from tests.browser.window import Window
from tests.floor import Floor, until
from tests.tones import CALLER_HZ

FIRST_CALLER, SECOND_CALLER = "13900009920", "13900009921"


async def assert_no_error(window: Window) -> None:
    await expect(window.page.locator(".ant-message-error, .ant-alert-error")).to_have_count(0)


async def fill_in_ticket(window: Window, text: str) -> None:
    form = window.page.get_by_test_id("ticket")
    await form.get_by_role("combobox").first.fill("报修服务")
    await window.page.keyboard.press("Enter")
    await form.get_by_role("textbox").first.fill(text)


async def ticket_sent(window: Window) -> None:
    await expect(window.page.get_by_test_id("ticket").locator("textarea").first).to_have_value("")
    await assert_no_error(window)


async def wrapped_up(window: Window, floor: Floor, caller: str) -> dict[str, Any]:
    await window.page.get_by_test_id("wrap-up").wait_for(state="detached")
    await assert_no_error(window)
    contact: dict[str, Any] = await until(
        lambda: (found := contact_of(floor, caller)) and found["matters"] and _is_written(found) and found,
        "the contact is written",
    )
    return contact


def _is_written(contact: dict[str, Any]) -> bool:
    """Each conversation has been wrapped up: the timeline follows the desk by a moment."""
    kinds = [step["kind"] for step in contact["timeline"]]
    return kinds.count("wrapped_up") >= len(contact["interactions"]) > 0


def tickets_with(floor: Floor, text: str) -> list[dict[str, Any]]:
    return [one for one in floor.administrator.get("/api/v1/tickets?limit=50")["items"] if text in one["text"]]


async def test_double_clicks_have_one_effect(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent06")
    page = window.page
    await window.go_available()
    colleague = await floor.staff("agent03")  # bills, no repairs
    await ring_in(floor, FIRST_CALLER)
    await (await window.test_id("answer")).dblclick()
    await window.state("talking")
    await window.until_hears(CALLER_HZ)

    text = f"双击工单 {new_id()}"
    await fill_in_ticket(window, text)
    await page.get_by_test_id("send-ticket").dblclick()
    await ticket_sent(window)

    await open_transfer(window, "队列", "水费水表")
    await page.get_by_test_id("blind").dblclick()
    await window.state("wrap_up")
    await choose_reason(window)
    await page.get_by_test_id("finish").dblclick()

    (contact_id,) = [one["contact_id"] for one in await until(lambda: colleague.contacts("talking"), "handed on")]
    await colleague.desk.do("HangUpContact", contact_id=contact_id)
    await until(lambda: colleague.contacts("wrap_up"), "the colleague's wrap-up")
    await colleague.desk.do("FinishWrapUp", contact_id=contact_id)
    contact = await wrapped_up(window, floor, FIRST_CALLER)
    assert [part["position"] for part in contact["interactions"]] == [1, 2]
    assert [step["kind"] for step in contact["timeline"]].count("transfer_started") <= 1
    assert len(tickets_with(floor, text)) == 1
    assert len(contact["matters"]) == 1


async def test_keys_pressed_twice_have_one_effect(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent08")
    page = window.page
    await window.go_available()
    caller = await ring_in(floor, SECOND_CALLER)
    await window.test_id("answer")
    await page.keyboard.press("F2")
    await page.keyboard.press("F2")
    await window.state("talking")
    await window.until_hears(CALLER_HZ)
    await page.keyboard.press("Escape")  # the second F2 may have come to the question whether to end

    text = f"两次回车 {new_id()}"
    await fill_in_ticket(window, text)
    await page.keyboard.press("Control+Enter")
    await page.keyboard.press("Control+Enter")
    await ticket_sent(window)

    await page.keyboard.press("F2")
    await page.get_by_test_id("end-sure").wait_for()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    assert await caller.ended() == 0
    await window.state("wrap_up")
    await choose_reason(window)
    await page.keyboard.press("F2")
    await page.keyboard.press("F2")

    contact = await wrapped_up(window, floor, SECOND_CALLER)
    assert len(contact["interactions"]) == 1
    kinds = [step["kind"] for step in contact["timeline"]]
    assert (kinds.count("connected"), kinds.count("interaction_ended"), kinds.count("wrapped_up")) == (1, 1, 1)
    assert len(tickets_with(floor, text)) == 1
    assert len(contact["matters"]) == 1
