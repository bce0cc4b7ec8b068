"""A planner staffs queues that share people, one of them by chat and one with letters, and reads what it saves."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.screens import Screen, Stage
from tests.centre import Centre
from tests.factories import call_history
from tests.floor import until

WORKFORCE = "/api/v1/workforce"
DAYS = 70
VOLUMES = {"repair": 500, "billing": 400, "complaint": 60}


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    running = Centre(tmp_path_factory.mktemp("staffing"), HOTLINE_VOICE="off")
    try:
        yield running.start()
    finally:
        running.stop()


async def accepted_forecast(centre: Centre) -> None:
    """Of one day, of three queues."""
    api = centre.log_in("admin")
    today = datetime.now(call_history.ZONE).date()
    texts = [
        call_history.csv_text(queue, today - timedelta(days=DAYS), DAYS, volume, seed)
        for seed, (queue, volume) in enumerate(VOLUMES.items())
    ]
    history = texts[0] + "".join(text.split("\n", 1)[1] for text in texts[1:])
    day = (today + timedelta(days=1)).isoformat()
    details = json.dumps({"name": "tomorrow", "interval_min": 30, "first_day": day, "last_day": day})
    body, kind = call_history.form_body(details, history)
    status, forecast = api.request("POST", f"{WORKFORCE}/forecasts/from-file", body, Content_Type=kind)
    assert status == 202, forecast
    path = f"{WORKFORCE}/forecasts/{forecast['id']}"
    await until(lambda: api.get(path)["is_ready"], "the forecast is made", 120)
    assert api.request("POST", f"{path}/accept", {"version": api.get(path)["version"]})[0] == 200


@pytest.mark.slow
async def test_queues_that_share_people_are_staffed_with_chats_and_letters(
    centre: Centre, open_window: OpenWindow
) -> None:
    await accepted_forecast(centre)
    stage = Stage(await open_window("admin"))
    page = stage.page
    await stage.look("light", "en")
    await stage.go(Screen("staffing", "/staffing"))
    await page.get_by_test_id("ask-staffing").click()
    question = page.get_by_role("dialog", name="New staffing plan")
    shares = question.get_by_role("switch", name="Queues share people")
    await shares.wait_for()
    assert await shares.is_checked()

    async def choose(queue: str, kind: str) -> None:
        box = question.get_by_role("combobox", name=f"Kind of work of {queue}")
        await box.click()
        own = page.locator(f"[id='{await box.get_attribute('aria-controls')}']")
        await page.locator(".ant-select-dropdown", has=own).get_by_text(kind, exact=True).click()

    await choose("Bills and meters", "Chats")
    await question.get_by_label("Chats at once per person, Bills and meters").fill("2")
    await choose("Complaints", "Letters")
    await question.get_by_label("Done within, hours, Complaints").fill("8")
    await question.get_by_label("Mean patience, s").fill("180")
    await question.get_by_label("Calculation at most").fill("20")
    await stage.settled()
    await question.get_by_role("button", name="Work it out").click()

    await page.get_by_role("heading", name="People who serve several queues").wait_for(timeout=240_000)
    body = await page.locator(".page").inner_text()
    assert "of the" in await page.get_by_test_id("pool-saves").inner_text()
    assert "Chats, 2 at once" in body
    assert "Letters, within 8 h" in body
    levels = page.get_by_role("img", name="Service level and abandoned of All queues")
    await levels.locator("path").nth(2).wait_for(state="attached")
    await page.get_by_role("img", name="People at work by group").locator("path").nth(2).wait_for(state="attached")
    await page.get_by_text("Table", exact=True).click()
    await page.get_by_role("columnheader", name="Teams apart", exact=True).wait_for()
    await page.get_by_role("columnheader", name="Abandoned share").wait_for()
    (plan,) = centre.log_in("admin").get(f"{WORKFORCE}/staffing-plans")["items"]
    assert plan["figures"]["trials"] > 0
    assert plan["figures"]["late_h"] == 0
