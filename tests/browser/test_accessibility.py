"""Nobody is shut out: WCAG 2.2 AA on every screen, light and dark, Chinese and English; and no word is missing."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.screens import AGENTS, NOBODYS_NUMBER, Look, Screen, Stage, administrators, furnish
from tests.browser.steps import answer, end_the_call, ring_in, wrap_up
from tests.browser.window import Window
from tests.centre import ROOT
from tests.floor import ADMINISTRATOR, Floor

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
JUDGE = """async () => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const told = await axe.run(document, { runOnly: tags, resultTypes: ['violations'], preload: false });
  return told.violations.flatMap(({ id, nodes }) => nodes.map(({ target, any, all, none }) => {
    const why = [...any, ...all, ...none][0]?.message ?? '';
    return `${id}: ${target.join(' ')}: ${why}`;
  }));
}"""
# Screens of administrators are seen in one of these looks and the next in the other, steps of a call in both; with
# `make test-full` each screen in each theme and language, and each in company of each.
EVERYWHERE: tuple[Look, ...] = (("light", "en"), ("dark", "zh"))
CROSSED: tuple[Look, ...] = (("light", "zh"), ("dark", "en"))
both = pytest.mark.parametrize(
    "looks",
    [pytest.param(EVERYWHERE, id="everywhere"), pytest.param(CROSSED, id="crossed", marks=pytest.mark.slow)],
)
LIVE = ("/floor?state=signed_out", "/queues", "/wallboard")
DESK_AGENT = "agent16"


async def judged_stage(window: Window) -> Stage:
    """A stage with axe in its page, by the developers' door: the page's own policy lets no foreign script in."""
    session = await window.context.new_cdp_session(window.page)
    await session.send("Runtime.evaluate", {"expression": AXE.read_text() + ";0"})
    stage = Stage(window)
    await stage.watch_words()
    return stage


async def barriers(stage: Stage, where: str, looks: Sequence[Look]) -> list[str]:
    """What is wrong with what shows now."""
    found = []
    for theme, language in looks:
        await stage.look(theme, language)
        problems = [*await stage.page.evaluate(JUDGE), *await stage.missing_words()]
        found += [f"{where}, {theme}, {language}: {problem}" for problem in problems]
    return found


async def barriers_of(stage: Stage, screens: Sequence[Screen], looks: Sequence[Look]) -> list[str]:
    found = []
    for screen in screens:
        await stage.show(screen)
        found += await barriers(stage, screen.name, looks)
    return found


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param((EVERYWHERE[:1], EVERYWHERE[1:]), id="in turn"),
        pytest.param((EVERYWHERE[1:] + CROSSED, EVERYWHERE[:1] + CROSSED), id="the others", marks=pytest.mark.slow),
    ],
)
async def test_no_screen_of_an_administrator_shuts_anybody_out(
    floor: Floor, open_window: OpenWindow, looks: Sequence[Sequence[Look]]
) -> None:
    ids = await furnish(floor)
    window = await open_window(ADMINISTRATOR)
    stage = await judged_stage(window)
    found = []
    for number, screen in enumerate(administrators(ids)):
        found += await barriers_of(stage, [screen], looks[number % len(looks)])
    await window.page.evaluate("() => window.__hotline.live.stop()")
    found += await barriers_of(stage, [Screen(f"{path}, cut off", path) for path in LIVE], looks[0])
    assert not found, "\n".join(found)


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
