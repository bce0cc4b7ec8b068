"""Nobody is shut out at the log-in and in any step of a call, by WCAG 2.2 AA, in light and dark, Chinese and English;
no word is missing there."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from tests.browser.barriers import CROSSED, EVERYWHERE, barriers, barriers_of, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.screens import AGENTS, NOBODYS_NUMBER, Look, Screen, Stage, furnish
from tests.browser.steps import answer, end_the_call, ring_in, wrap_up
from tests.floor import Floor

both = pytest.mark.parametrize(
    "looks",
    [pytest.param(EVERYWHERE, id="everywhere"), pytest.param(CROSSED, id="crossed", marks=pytest.mark.slow)],
)
DESK_AGENT = "agent16"


async def test_refused_calls_are_shown_with_number_masked_caller_cause_and_node(
    floor: Floor, open_window: OpenWindow
) -> None:
    await furnish(floor)
    window = await open_window("supervisor1")
    await window.page.get_by_role("link", name="被拒来电").click()
    row = window.page.locator(".ant-table-row", has_text=NOBODYS_NUMBER).first
    await row.wait_for()
    cells = await row.locator("td").all_inner_texts()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*", cells[0])
    assert cells[1:4] == [NOBODYS_NUMBER, "139****9970", "号码不存在"]
    assert cells[4] == floor.administrator.get("/api/v1/refused-calls")["items"][0]["node_id"]


@both
async def test_log_in_shuts_nobody_out(floor: Floor, open_window: OpenWindow, looks: Sequence[Look]) -> None:
    window = await open_window("quality")
    await window.context.clear_cookies()
    await window.page.goto(floor.centre.url)
    await window.page.locator("input[type=password]").wait_for()
    stage = await judged_stage(window)
    found = await barriers(stage, "log-in", looks)
    await window.page.locator("input[autocomplete=username]").fill("nobody")
    await window.page.locator("input[type=password]").fill("wrong")
    await window.page.locator("button[type=submit]").click()
    await window.page.get_by_role("alert").wait_for()
    found += await barriers(stage, "log-in refused", looks)
    assert not found, "\n".join(found)


@both
async def test_no_step_of_a_call_shuts_anybody_out(
    floor: Floor, open_window: OpenWindow, looks: Sequence[Look]
) -> None:
    window = await open_window(DESK_AGENT)
    stage = await judged_stage(window)
    found = await barriers_of(stage, [Screen("start of shift", "/desk")], looks)
    found += await barriers_of(stage, AGENTS, looks)
    await stage.show(Screen("start of shift", "/desk"))
    await window.page.get_by_test_id("begin").click()
    await window.until_true("() => window.__hotline?.phone?.state?.registration === 'registered'")
    found += await barriers_of(stage, [Screen("desk, nobody calls", "/desk"), Screen("no area", "/floor")], looks)
    caller = await ring_in(floor, "13900009972")
    await window.test_id("answer")
    found += await barriers(stage, "ringing", looks)
    await answer(window)
    found += await barriers(stage, "talking", looks)
    found += await _opened(stage, "quick-create", "a new customer", looks)
    found += await _opened(stage, "transfer", "transfer", looks)
    found += await _opened(stage, "keypad", "keypad", looks)
    await window.page.keyboard.press("F4")
    await window.state("held")
    found += await barriers_of(stage, [Screen("on hold, elsewhere", "/tickets"), Screen("on hold", "/desk")], looks)
    await window.page.keyboard.press("F4")
    await window.state("talking")
    await end_the_call(window)
    await window.state("wrap_up")
    found += await barriers(stage, "wrap-up", looks)
    found += await _opened(stage, "reason", "reasons", looks)
    await wrap_up(window)
    assert not found, "\n".join(found)
    assert await caller.ended() == 0


async def _opened(stage: Stage, test_id: str, where: str, looks: Sequence[Look]) -> list[str]:
    """What the button opens, judged and closed again."""
    button: Any = await stage.window.test_id(test_id)
    await button.click()
    found = await barriers(stage, where, looks)
    await stage.page.keyboard.press("Escape")
    return found
