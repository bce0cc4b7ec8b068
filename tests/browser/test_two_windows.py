"""Two windows of one agent: one has the phone, the other mirrors it, says so, and may take over during a call."""

from playwright.async_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import (
    answer,
    contact_of,
    end_the_call,
    ring_in_listening,
    until_caller_hears,
    wrap_up,
)
from tests.browser.window import Window
from tests.floor import Floor, until
from tests.tones import AGENT_HZ, CALLER_HZ

CALLER = "13900009930"
MIRROR = "您已在另一窗口工作，此窗口仅显示"
TRY_TO_HOLD = """
async () => {
  const { live } = window.__hotline;
  const [contact] = live.store.list('contact/');
  return live.act('HoldContact', {contact_id: contact.contact_id}).then(() => '', (error) => error.code);
}
"""


async def assert_only_mirrors(window: Window) -> None:
    """It says what it is, offers no key of the call, and an act that is sent anyway is refused."""
    await expect(window.page.get_by_text(MIRROR)).to_be_visible()
    for key in ("end", "hold", "mute", "transfer", "keypad"):
        await expect(window.page.get_by_test_id(key)).to_be_disabled()
    await window.page.keyboard.press("F2")
    await expect(window.page.get_by_test_id("end-sure")).to_have_count(0)
    assert await window.page.evaluate(TRY_TO_HOLD) == "live.mirror"


async def test_a_call_moves_to_the_window_that_takes_over(floor: Floor, open_window: OpenWindow) -> None:
    first = await open_window("agent05")
    await first.go_available()
    caller, line = await ring_in_listening(floor, CALLER)
    await answer(first)
    await first.until_hears(CALLER_HZ)
    await first.page.get_by_test_id("note").fill("两个窗口")

    second = await first.another()
    await second.page.goto(f"{second.centre.url}/desk")
    await second.state("talking")
    await assert_only_mirrors(second)
    await until_caller_hears(line, AGENT_HZ)  # looking into a second window takes nothing from the first

    await second.page.get_by_role("button", name="改用此窗口").click()
    await second.until_hears(CALLER_HZ)
    await second.state("talking")
    await until_caller_hears(line, AGENT_HZ)
    await assert_only_mirrors(first)

    await expect(second.page.get_by_test_id("note")).to_have_value("两个窗口")
    await end_the_call(second)
    assert await caller.ended() == 0
    await wrap_up(second)
    contact = await until(lambda: (found := contact_of(floor, CALLER)) and found["wrap_up_ms"] and found, "wrapped up")
    assert len(contact["interactions"]) == 1

    async with floor.boards("floor") as supervisor:
        agent_id = floor.agents()["agent05"]["id"]
        await supervisor.do("ForceAgentState", agent_id=agent_id, state="signed_out", reason="shift_over")
    for window in (first, second):
        await window.test_id("begin")
