"""An enquiry in five clicks at most, and a whole call without a mouse (row GZ-41, UX.md 1.1 and 5.2)."""

from playwright.async_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import contact_of, end_the_call, ring_in, wrap_up
from tests.browser.window import Window
from tests.floor import Floor, until
from tests.tones import CALLER_HZ

ENQUIRY_ACTS, VOICE_ACTS = 5, 3
STOPS = 80  # more than there are stops on the desk
TEXT_SIZES = ("16", "18", "14")
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUS_IS_SEEN = """
() => {
  const element = document.activeElement;
  // Between the page's end and its beginning stands the browser's own bar.
  if (!element || element === document.body) return '';
  const seen = (one) => {
    const style = getComputedStyle(one);
    const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return outline || style.boxShadow !== 'none';
  };
  // Ant's fields draw the ring around their frame, not around the input inside.
  for (let one = element, step = 0; one && step < 4; one = one.parentElement, step += 1) if (seen(one)) return '';
  return element.outerHTML.slice(0, 200);
}
"""


class Hands:
    """Counts every click and every key that is not text."""

    def __init__(self, page: Page) -> None:
        self.page, self.acts = page, 0

    async def click(self, test_id: str) -> None:
        self.acts += 1
        await self.page.get_by_test_id(test_id).click()

    async def click_first_in(self, test_id: str) -> None:
        self.acts += 1
        await self.page.get_by_test_id(test_id).get_by_role("button").first.click()

    async def key(self, key: str) -> None:
        self.acts += 1
        await self.page.keyboard.press(key)


async def test_an_enquiry_takes_five_clicks_and_a_customers_voice_three(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent12")
    await window.go_available()
    caller = await ring_in(floor, "13900009900")
    hands = Hands(window.page)
    await window.test_id("answer")
    await hands.click("answer")
    await window.state("talking")
    await hands.click_first_in("suggested-reasons")

    voice = Hands(window.page)
    ticket = window.page.get_by_test_id("ticket")
    voice.acts += 1
    await ticket.get_by_role("combobox").first.click()
    voice.acts += 1
    await window.page.get_by_title("服务投诉处理", exact=True).click()
    await ticket.get_by_role("textbox").first.fill("停水通知太晚")
    await voice.key("Control+Enter")
    await expect(ticket.get_by_role("textbox").first).to_have_value("")
    assert voice.acts <= VOICE_ACTS

    await hands.click("end")
    await hands.click("end-sure")
    assert await caller.ended() == 0
    await window.state("wrap_up")
    await hands.click("finish")
    await window.page.get_by_test_id("wrap-up").wait_for(state="detached")
    assert hands.acts <= ENQUIRY_ACTS
    contact = await until(lambda: (found := contact_of(floor, "13900009900")) and found["matters"] and found, "matters")
    assert len(contact["matters"]) == 1


async def tab_to(window: Window, what: str) -> None:
    """Press Tab until the focus is on what is wanted; at every stop it must be seen."""
    wanted = window.page.locator(what).first
    for _ in range(STOPS):
        await window.page.keyboard.press("Tab")
        assert await window.page.evaluate(FOCUS_IS_SEEN) == ""
        if await wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"no way by Tab to {what}")


async def test_a_whole_call_by_keyboard_alone(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent14")
    page = window.page
    await window.go_available()
    colleague = await floor.staff("agent15")
    caller = await ring_in(floor, "13900009901")
    await window.test_id("answer")
    await page.keyboard.press("F2")
    await window.state("talking")
    await window.until_hears(CALLER_HZ)

    await page.keyboard.press("Alt+2")  # the matters
    await tab_to(window, "[data-testid=matter] textarea")
    await page.keyboard.insert_text("邻居九点关了阀门")
    await tab_to(window, "[data-testid=add-matter]")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("matter")).to_have_count(2)
    await tab_to(window, "[data-testid=note]")
    await page.keyboard.insert_text("两件事")

    await page.keyboard.press("F9")
    await expect(page.locator(".ant-drawer")).to_be_visible()
    await tab_to(window, ".ant-drawer .ant-segmented input")
    await page.keyboard.press("ArrowRight")
    await tab_to(window, ".ant-drawer input[role=combobox]")
    await page.keyboard.insert_text(floor.agents()["agent15"]["name"])
    await page.keyboard.press("Enter")
    await tab_to(window, "[data-testid=blind]")
    await page.keyboard.press("Enter")

    await window.state("wrap_up")
    await page.keyboard.press("Alt+2")
    for place in range(2):
        await tab_to(window, f"[data-testid=matter]:nth-of-type({place + 1}) input[role=combobox]")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
    await page.keyboard.press("F2")
    await page.get_by_test_id("wrap-up").wait_for(state="detached")

    (contact_id,) = [one["contact_id"] for one in await until(lambda: colleague.contacts("talking"), "handed on")]
    await colleague.desk.do("HangUpContact", contact_id=contact_id)
    await until(lambda: colleague.contacts("wrap_up"), "the colleague's wrap-up")
    await colleague.desk.do("FinishWrapUp", contact_id=contact_id)
    assert await caller.ended() == 0
    contact = await until(lambda: (found := contact_of(floor, "13900009901")) and found["matters"] and found, "matters")
    assert [matter["note"] for matter in contact["matters"]] == ["邻居九点关了阀门", ""]


async def test_large_text_leaves_the_desk_usable(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent12")
    page = window.page
    await window.go_available()
    caller = await ring_in(floor, "13900009902")
    await window.test_id("answer")
    await page.keyboard.press("F2")
    await window.state("talking")
    for size in TEXT_SIZES:
        await page.get_by_role("button", name=floor.agents()["agent12"]["name"]).click()
        await page.get_by_role("menuitem", name="字号").hover()
        async with page.expect_response(lambda answer: "/preferences" in answer.url):
            await page.get_by_role("menuitem", name=size).click()
        await expect(page.locator(".ant-app")).to_have_css("font-size", f"{size}px")
        for key in ("end", "hold", "mute", "transfer", "keypad", "note", "finish"):
            await expect(page.get_by_test_id(key)).to_be_in_viewport(ratio=1)
        assert await page.evaluate(SIDEWAYS) == 0
    await end_the_call(window)
    assert await caller.ended() == 0
    await wrap_up(window)
