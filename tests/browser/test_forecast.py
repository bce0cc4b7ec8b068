"""A planner uploads older history, reads the forecast and its errors, changes and accepts it, and staffs the month."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.screens import Screen, Stage
from tests.centre import Centre
from tests.factories import call_history

DAYS = 150


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    running = Centre(tmp_path_factory.mktemp("forecast"), HOTLINE_VOICE="off")
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.mark.slow
async def test_a_month_is_forecast_from_a_file_changed_accepted_and_staffed(
    centre: Centre, open_window: OpenWindow, tmp_path: Path
) -> None:
    history = tmp_path / "history.csv"
    first = datetime.now(call_history.ZONE).date() - timedelta(days=DAYS)
    history.write_text(call_history.by_channel(call_history.csv_text("repair", first, DAYS, 900)))
    stage = Stage(await open_window("admin"))
    page = stage.page
    await stage.look("light", "en")
    await stage.go(Screen("forecasts", "/forecast"))
    await page.get_by_text("Nothing was forecast yet").wait_for()
    await page.get_by_test_id("ask-forecast").click()
    question = page.get_by_role("dialog", name="New forecast")
    await question.get_by_label("Name", exact=True).fill("Next month")
    await question.locator("input[type=file]").set_input_files(str(history))
    await question.get_by_text("30 minutes").click()
    await question.get_by_role("button", name="Forecast", exact=True).click()

    accept = page.get_by_test_id("accept-forecast")
    await accept.wait_for(timeout=120_000)
    body = await page.locator(".page").inner_text()
    assert "Errors by horizon" in body
    assert "(baseline" in body
    assert "better" in body
    chart = page.get_by_role("img", name="Contacts expected and come of All queues").first
    await chart.locator("path").nth(3).wait_for(state="attached")

    parts = page.locator("section", has=page.get_by_role("heading", name="By channel and site"))
    assert "25.0%" in await parts.get_by_role("row", name="Chat").inner_text()
    assert "75.0%" in await parts.get_by_role("row", name="Voice").inner_text()
    link = await parts.get_by_role("link", name="CSV by channel").get_attribute("href")
    text = await page.evaluate("link => fetch(link).then(answer => answer.text())", link)
    assert text.lstrip("\ufeff").startswith("start,queue,channel,calls")
    await page.get_by_role("combobox", name="By channel and site").click()
    await page.get_by_title("Channel · Chat").click()
    await page.get_by_role("img", name="Contacts expected and come of All queues · Channel · Chat").first.wait_for()
    await stage.page.screenshot(path=str(tmp_path / "forecast_by_channel.png"), full_page=True)

    await page.get_by_test_id("change-forecast").click()
    change = page.get_by_role("dialog", name="Change")
    await change.get_by_label("Reason").fill("bills go out")
    await change.get_by_role("button", name="Change the forecast").click()
    await page.get_by_role("cell", name="to 110 %").wait_for()
    await page.get_by_role("cell", name="known later").wait_for()
    await accept.click()
    await page.get_by_text("Accepted at").wait_for()

    (told,) = centre.log_in("admin").get("/api/v1/workforce/forecasts")["items"]
    assert told["accepted_by"]
    assert told["name"] == "Next month"

    await stage.go(Screen("staffing", "/staffing"))
    await page.get_by_text("No staffing plan yet").wait_for()
    await page.get_by_test_id("ask-staffing").click()
    question = page.get_by_role("dialog", name="New staffing plan")
    await question.get_by_label("Seats at most").fill("6")
    await question.get_by_role("button", name="Work it out").click()
    await page.get_by_role("heading", name="By skill and brand").wait_for(timeout=120_000)
    body = await page.locator(".page").inner_text()
    assert "more seats would be needed" in body
    assert "On the busiest day" in body
    needed = page.get_by_role("img", name="People needed for All queues").last
    await needed.locator("path").nth(3).wait_for(state="attached")
