"""An administrator tries a change of a queue on yesterday, reads what would have been, and applies it."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.screens import Screen, Stage
from tests.centre import Centre
from tests.factories.recorded_log import start_recorded, write_example_day
from tests.floor import until


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre of its own, whose log knows yesterday."""
    running = Centre(tmp_path_factory.mktemp("what-if"), HOTLINE_VOICE="off")
    try:
        write_example_day(running)
        yield start_recorded(running)
    finally:
        running.stop()


@pytest.mark.slow
async def test_a_change_is_tried_on_yesterday_read_and_applied(centre: Centre, open_window: OpenWindow) -> None:
    stage = Stage(await open_window("admin"))
    page = stage.page
    await stage.look("light", "en")
    await stage.go(Screen("queues", "/admin/queues"))
    row = page.get_by_role("row").filter(has=page.get_by_role("cell", name="Repairs", exact=True))
    await row.get_by_role("button", name="Edit").click()
    drawer = page.locator(".ant-drawer").first
    await drawer.get_by_label("Service level, seconds").fill("1")
    await drawer.get_by_test_id("what-if").click()
    question = page.get_by_role("dialog", name="What if").last
    await question.get_by_role("button", name="Start").click()

    result = page.get_by_test_id("what-if-result")
    await result.wait_for(timeout=120_000)
    said = await result.inner_text()
    assert "Service level would have been" in said
    assert "worse" in said
    assert "Simulated" in said
    body = await page.locator(".page").inner_text()
    assert "All queues" in body
    assert "Replayed as changed" in body
    assert "99 %" in body
    assert await page.get_by_role("img", name="Service level of All queues").locator("path").count() > 3

    await page.get_by_test_id("apply-what-if").click()
    await page.get_by_role("dialog").get_by_role("button", name="Apply this version").click()
    await page.get_by_text("Applied at").wait_for()
    admin = centre.log_in("admin")
    await until(lambda: 1 in _thresholds(admin.get("/api/v1/admin/queues")["items"]), "the change is in force")

    await page.get_by_role("link", name="All what-ifs").click()
    await page.get_by_role("cell", name="done", exact=True).wait_for()


@pytest.mark.slow
async def test_several_agents_are_given_a_skill_on_yesterday_and_then_for_good(
    centre: Centre, open_window: OpenWindow
) -> None:
    stage = Stage(await open_window("admin"))
    page = stage.page
    await stage.look("light", "en")
    await stage.go(Screen("agents", "/admin/agents"))
    for name in ("王芳", "张伟"):
        await page.get_by_role("checkbox", name=f"Choose {name}").dispatch_event("click")
    await page.get_by_role("button", name="Change together (2)").click()
    drawer = page.locator(".ant-drawer").first
    await drawer.get_by_label("All of them get this skill").click()
    await page.get_by_title("Complaints", exact=True).click()
    await drawer.get_by_label("Level").fill("7")
    await drawer.get_by_test_id("what-if").click()
    await page.get_by_role("dialog", name="What if").last.get_by_role("button", name="Start").click()

    await page.get_by_test_id("what-if-result").wait_for(timeout=120_000)
    body = await page.locator(".page").inner_text()
    assert "Agent 王芳 changed" in body
    assert "Complaints 7" in body
    await page.get_by_test_id("apply-what-if").click()
    await page.get_by_role("dialog").get_by_role("button", name="Apply this version").click()
    await page.get_by_text("Applied at").wait_for()
    admin = centre.log_in("admin")
    skills = {one["code"]: one["id"] for one in admin.get("/api/v1/admin/skills?limit=200")["items"]}
    agents = admin.get("/api/v1/admin/agents?limit=200")["items"]
    levels = {one["name"]: {row["skill_id"]: row["level"] for row in one["skills"]} for one in agents}
    assert [levels[name][skills["complaint"]] for name in ("王芳", "张伟")] == [7, 7]


@pytest.mark.slow
async def test_a_what_if_without_a_recorded_day_says_what_to_do(centre: Centre, open_window: OpenWindow) -> None:
    """Asked from the list of versions, for a day before the log begins."""
    stage = Stage(await open_window("admin"))
    page = stage.page
    await stage.look("light", "en")
    await stage.go(Screen("versions", "/admin/routing-versions"))
    await page.get_by_test_id("what-if").first.click()
    question = page.get_by_role("dialog", name="What if")
    day = question.get_by_label("Day")
    await day.fill("2026-01-05")
    await day.press("Enter")
    await question.get_by_role("button", name="Start").click()
    failed = page.get_by_test_id("what-if-failed")
    await failed.wait_for(timeout=60_000)
    assert "请选择其中的一天" in await failed.inner_text()  # in the language that the administrator has chosen


def _thresholds(queues: list[dict[str, int]]) -> list[int]:
    return [queue["service_level_s"] for queue in queues]
