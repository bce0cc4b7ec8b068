"""Typed text is never lost and never reaches another customer (UX.md 1.2 and 5.6)."""

from playwright.async_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import answer, choose_reason, contact_of, end_the_call, ring_in, wrap_up
from tests.browser.window import Window
from tests.floor import Floor, until

FIRST_CALLER, SECOND_CALLER = "13900009890", "13900009891"
TEXT = ("总阀在门后，钥匙在邻居处；请先打电话再上门。Main valve behind the door. " * 10)[:500]
DRAFTS = "() => Object.keys(localStorage).filter((key) => key.startsWith('hotline.draft')).length"


async def assert_text_is_there(window: Window) -> None:
    await expect(window.page.get_by_test_id("note")).to_have_value(TEXT)


async def at_desk(window: Window) -> None:
    await window.page.goto(f"{window.centre.url}/desk")
    await window.state("talking")


async def test_500_characters_survive_everything_and_stay_with_their_customer(
    floor: Floor, open_window: OpenWindow
) -> None:
    window = await open_window("agent13")
    await window.go_available()
    first = await ring_in(floor, FIRST_CALLER)
    await answer(window)
    assert len(TEXT) == 500
    await window.page.get_by_test_id("note").fill(TEXT)
    await window.page.wait_for_timeout(300)  # as long as the local copy may take
    await window.page.reload()
    await window.state("talking")
    await assert_text_is_there(window)

    await window.page.close()  # the tab is killed; what another computer would show comes from the server
    window.page = await window.context.new_page()
    await at_desk(window)
    await assert_text_is_there(window)
    await window.page.evaluate("() => localStorage.clear()")
    await window.page.reload()
    await window.state("talking")
    await assert_text_is_there(window)

    await window.page.get_by_role("button", name="English", exact=True).click()
    await window.page.get_by_role("button", name="中文", exact=True).wait_for()
    await assert_text_is_there(window)
    await window.page.get_by_role("button", name="中文", exact=True).click()

    await window.context.clear_cookies()
    await window.page.reload()
    await window.log_in("agent13")
    await at_desk(window)
    await assert_text_is_there(window)

    await end_the_call(window)
    assert await first.ended() == 0
    await wrap_up(window)
    contact = await until(lambda: (found := contact_of(floor, FIRST_CALLER)) and found["wrap_ups"] and found, "filed")
    assert [one["note"] for one in contact["wrap_ups"]] == [TEXT]

    second = await ring_in(floor, SECOND_CALLER)
    await answer(window)
    await expect(window.page.get_by_test_id("note")).to_have_value("")
    await end_the_call(window)
    assert await second.ended() == 0
    await window.state("wrap_up")
    await expect(window.page.get_by_test_id("note")).to_have_value("")
    await choose_reason(window)
    await window.page.keyboard.press("F2")
    await window.page.get_by_test_id("wrap-up").wait_for(state="detached")
    contact = await until(lambda: (found := contact_of(floor, SECOND_CALLER)) and found["matters"] and found, "filed")
    assert [one["note"] for one in contact["wrap_ups"] if one["note"]] == []
    assert await window.page.evaluate(DRAFTS) == 0  # nothing of either customer stays on this computer
