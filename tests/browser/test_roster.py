"""A planner fills a roster by keyboard, takes something back, mends what is broken, and publishes."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, Route

from tests.browser.conftest import OpenWindow
from tests.browser.screens import Screen, Stage
from tests.centre import Centre, Session

MONDAY = date(2026, 3, 2)
ROSTERS = "/api/v1/workforce/rosters"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre of its own without telephones."""
    running = Centre(tmp_path_factory.mktemp("roster"), HOTLINE_VOICE="off")
    try:
        yield running.start()
    finally:
        running.stop()


def make_week(planner: Session, name: str) -> str:
    """An empty draft of one week; its id."""
    body = {"name": name, "first_day": MONDAY.isoformat(), "last_day": (MONDAY + timedelta(days=6)).isoformat()}
    status, made = planner.request("POST", ROSTERS, body)
    assert status == 201, made
    return str(made["id"])


async def opened(stage: Stage, roster: str) -> Page:
    await stage.look("light", "en")
    await stage.show(Screen("a roster", f"/roster?roster={roster}"))
    await stage.page.get_by_test_id("roster-grid").click(position={"x": 5, "y": 5})
    return stage.page


async def _saved(page: Page) -> None:
    await page.get_by_test_id("saving").get_by_text("saved", exact=True).wait_for()


async def _late_before_early(page: Page) -> None:
    """Two days in a row of whoever stands first, with too little rest between."""
    for code in ("l8", "e8"):
        await page.keyboard.type(code)
        await page.keyboard.press("Enter")
        await page.keyboard.press("ArrowRight")
    await _saved(page)


def _shifts(planner: Session, roster: str) -> list[Any]:
    return sorted(shift[:4] for shift in planner.get(f"{ROSTERS}/{roster}")["shifts"])


async def test_a_roster_is_filled_by_keyboard_undone_and_copied(centre: Centre, open_window: OpenWindow) -> None:
    planner = centre.log_in("planner")
    roster = make_week(planner, "By keyboard")
    page = await opened(Stage(await open_window("planner")), roster)
    kinds = {kind["short"]: n for n, kind in enumerate(planner.get(f"{ROSTERS}/{roster}")["kinds"])}
    await page.keyboard.type("d8")
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")  # the list of kinds
    await page.keyboard.type("l8@14")
    await page.keyboard.press("Enter")
    await _saved(page)
    first, second = [0, 0, kinds["D8"], 480], [0, 1, kinds["L8"], 840]
    assert _shifts(planner, roster) == [first, second]
    await page.keyboard.press("Shift+ArrowLeft")
    await page.keyboard.press("Control+c")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Control+v")
    await _saved(page)
    assert _shifts(planner, roster) == [first, second, [1, 0, *first[2:]], [1, 1, *second[2:]]]
    await page.keyboard.press("Control+z")
    await _saved(page)
    assert _shifts(planner, roster) == [first, second]
    await page.keyboard.press("Control+y")
    await page.keyboard.press("Delete")
    await page.get_by_test_id("undo").click()
    await _saved(page)
    assert len(_shifts(planner, roster)) == 4


async def test_what_is_broken_is_shown_mended_and_published(centre: Centre, open_window: OpenWindow) -> None:
    """Late before early leaves too little rest: the check offers what is lawful, and then all is well."""
    administrator, planner = centre.log_in("admin"), centre.log_in("planner")
    _ask_for_no_hours(administrator)
    roster = make_week(planner, "Broken")
    page = await opened(Stage(await open_window("planner")), roster)
    await _late_before_early(page)
    broken = page.locator(".roster-cell.broken").filter(has_text="E8")
    await broken.wait_for()
    assert "Tue 3 Mar" in (await broken.get_attribute("aria-label") or "")
    await page.get_by_test_id("publish").click()
    question = page.get_by_role("dialog", name="Publish")
    await question.get_by_text("1 hard rules broken").wait_for()
    assert await question.get_by_role("button", name="Publish", exact=True).is_disabled()
    await question.get_by_role("button", name="Cancel").click()
    await page.get_by_role("button", name="Change to…").click()
    await page.get_by_role("menuitem", name="D8 09:00").click()
    await page.get_by_text("No hard rule is broken").wait_for()
    await _saved(page)
    await page.get_by_test_id("publish").click()
    await question.get_by_role("button", name="Publish", exact=True).click()
    await page.get_by_test_id("roster-state").get_by_text("Published", exact=True).wait_for()
    assert planner.get(f"{ROSTERS}/{roster}")["state"] == "published"


async def test_checks_speak_the_language_that_is_chosen_while_the_roster_is_open(
    centre: Centre, open_window: OpenWindow
) -> None:
    """Also where the server takes the new language later than the page asks; what was done can still be undone."""
    planner = centre.log_in("planner")
    assert planner.request("PATCH", "/api/v1/me/preferences", {"language": "en"})[0] == 200
    roster = make_week(planner, "Two languages")
    page = await opened(Stage(await open_window("planner")), roster)
    await _late_before_early(page)
    sentences = page.locator(".roster-checks .roster-list button.link-button")
    await sentences.filter(has_text="hours of rest").wait_for()
    answered = asyncio.Event()

    async def late(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await page.route("**/api/v1/me/preferences", late)
    page.on("response", lambda response: answered.set() if "/checks" in response.url else None)
    for name, part in (("中文", "小时休息"), ("English", "hours of rest")):
        answered.clear()
        await page.get_by_role("button", name=name, exact=True).click()
        await sentences.filter(has_text=part).first.wait_for()
    await page.get_by_test_id("undo").click()
    await _saved(page)
    assert len(_shifts(planner, roster)) == 1


def _ask_for_no_hours(administrator: Session) -> None:
    """Two shifts are then enough for a week: the rules ask for forty hours, give or take all of them."""
    kept = administrator.get("/api/v1/admin/labour-rules?limit=20")["items"]
    for rules in kept:
        change = {"version": rules["version"], "tolerance_percent": 100}
        status, told = administrator.request("PATCH", f"/api/v1/admin/labour-rules/{rules['id']}", change)
        assert status == 200, told


async def test_people_wanted_are_changed_and_taken_back(centre: Centre, open_window: OpenWindow) -> None:
    planner = centre.log_in("planner")
    roster = make_week(planner, "Demand")
    page = await opened(Stage(await open_window("planner")), roster)
    await page.get_by_test_id("change-demand").click()
    question = page.get_by_role("dialog", name="People wanted")
    await page.get_by_test_id("add-demand").click()
    await question.get_by_label("Skill").click()
    await page.keyboard.press("Enter")
    await question.get_by_label("People wanted").fill("4")
    await question.get_by_role("button", name="Change", exact=True).click()
    await page.get_by_test_id("demand-changed").get_by_text("0 hours before, 280 now").wait_for()
    assert sum(_wanted(planner, roster)) == 7 * 20 * 4
    await page.get_by_test_id("demand-back").click()
    await page.get_by_test_id("demand-changed").wait_for(state="detached")
    assert sum(_wanted(planner, roster)) == 0
    assert planner.get(f"{ROSTERS}/{roster}")["version"] == 3


def _wanted(planner: Session, roster: str) -> list[int]:
    return [people for row in planner.get(f"{ROSTERS}/{roster}")["demand"] for people in row["wanted"]]
