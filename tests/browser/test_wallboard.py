"""The wallboard (row CQ-06) follows each call: what waits, how well it is served, who does what, per queue.

Everything here must be on the wall within 5 s. Cut off, its figures turn grey; reconnected, they are right again
without a reload."""

import re
import time

from playwright.async_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import ring_in
from tests.browser.window import Window
from tests.floor import Floor, Post, until

REFRESH_MS = 5_000  # row CQ-06
GREY_S = 3.0 + 0.5  # principle 4 of the screens, and this test's own looks
QUEUE = "报修"
CALLER = "13900009940"


class Wall:
    """What a supervisor reads from the wall."""

    def __init__(self, window: Window) -> None:
        self.page = window.page

    async def shows(self, **figures: str | int | re.Pattern[str]) -> None:
        """Each figure, by name, reads so within the time that the row allows."""
        for name, value in figures.items():
            wanted = value if isinstance(value, re.Pattern) else str(value)
            await expect(self.page.get_by_test_id(f"wall-{name.replace('_', '-')}")).to_have_text(
                wanted, timeout=REFRESH_MS
            )

    async def shows_agents(self, **counts: int) -> None:
        for state, count in counts.items():
            await expect(self.page.get_by_test_id(f"wall-{state}")).to_have_text(str(count), timeout=REFRESH_MS)

    async def shows_queue(self, waiting: int, longest: str | re.Pattern[str], free_and_busy: str) -> None:
        cells = self.queue.get_by_role("cell")
        await expect(cells.nth(0)).to_have_text(str(waiting), timeout=REFRESH_MS)
        await expect(cells.nth(1)).to_have_text(longest, timeout=REFRESH_MS)
        await expect(cells.nth(4)).to_have_text(free_and_busy, timeout=REFRESH_MS)

    @property
    def queue(self) -> Locator:
        name = self.page.get_by_role("rowheader", name=QUEUE, exact=True)
        return self.page.get_by_role("row").filter(has=name)

    async def answered_and_asked(self) -> tuple[int, int]:
        text = await self.page.get_by_test_id("wall-count-today").inner_text()
        answered, asked = text.split("/")
        return int(answered.replace(",", "")), int(asked.replace(",", ""))


async def wall_of(open_window: OpenWindow) -> Wall:
    window = await open_window("supervisor1")
    await window.page.goto(f"{window.centre.url}/wallboard")
    await window.test_id("wall-waiting")
    return Wall(window)


async def away(post: Post) -> None:
    (reason, *_) = post.session.get("/api/v1/desk/away-reasons")
    await post.desk.do("SetAgentState", state="away", reason_id=reason["away_reason_id"])


async def test_wallboard_follows_a_call_from_queueing_to_its_end(floor: Floor, open_window: OpenWindow) -> None:
    post = await floor.staff("agent16")
    await away(post)
    wall = await wall_of(open_window)
    await wall.shows(waiting=0, longest="无")
    await wall.shows_agents(available=0, busy=0, wrap_up=0, away=1)
    answered, asked = await wall.answered_and_asked()

    caller = await ring_in(floor, CALLER)
    await wall.page.get_by_test_id("wall-waiting").get_by_text("1", exact=True).wait_for()
    await wall.shows(longest=re.compile(r"0:0[1-9]"))
    await wall.shows_queue(1, re.compile(r"0:0\d"), "0 / 0")

    await post.desk.do("SetAgentState", state="available")
    await wall.shows_agents(busy=1, away=0)
    await wall.shows(waiting=0, longest="无")
    await wall.shows_queue(0, "无", "0 / 1")
    await wall.shows(count_today=f"{answered + 1} / {asked + 1}")
    share = re.compile(rf"{100 * (answered + 1) / (asked + 1):.1f}\d?%")
    await wall.shows(level_today=share, level=re.compile(r"\d+\.\d+%"))

    (contact,) = await until(lambda: post.contacts("talking"), "the call is up")
    await post.desk.do("HangUpContact", contact_id=contact["contact_id"])
    await wall.shows_agents(wrap_up=1, busy=0)
    await post.desk.do("FinishWrapUp", contact_id=contact["contact_id"])
    await wall.shows_agents(available=1, wrap_up=0)
    await wall.shows_queue(0, "无", "1 / 0")
    assert await caller.ended() == 0
    for definition in ("15 秒内接通 ÷ 全部请求人工", "已请求人工、尚未由坐席接起", "自请求人工起的等待时间"):
        await expect(wall.page.locator("footer")).to_contain_text(definition)


async def test_cut_off_figures_turn_grey_and_catch_up_without_a_reload(floor: Floor, open_window: OpenWindow) -> None:
    wall = await wall_of(open_window)
    await wall.shows_agents(available=0)
    await wall.page.evaluate("window.testMark = 'never reloaded'")

    await wall.page.context.set_offline(True)
    cut_at = time.monotonic()
    await wall.page.locator(".wall-body.old-figures").wait_for()
    assert time.monotonic() - cut_at < GREY_S
    await expect(wall.page.get_by_text(re.compile(r"[1-9]\d* 秒前的数据"))).to_be_visible()
    await floor.staff("agent04")
    await wall.shows_agents(available=0)

    await wall.page.context.set_offline(False)
    await wall.page.locator(".wall-body:not(.old-figures)").wait_for()
    await wall.shows_agents(available=1)
    assert await wall.page.evaluate("window.testMark") == "never reloaded"
