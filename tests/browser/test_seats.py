"""Seats (row JS-03): an agent chooses one at sign-in, and a supervisor marks one as out of order on the floor."""

from playwright.async_api import expect

from tests.browser.barriers import EVERYWHERE, barriers_of, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.screens import Screen
from tests.floor import Floor, until
from tests.tones import SECOND_AGENT_HZ

AGENT = "agent05"
BROKEN = "A-16"
SEATS = Screen("floor, seats", "/floor?view=seats")


async def test_an_agent_chooses_a_seat_which_this_computer_remembers_and_the_floor_shows(
    floor: Floor, open_window: OpenWindow
) -> None:
    agent, leader = await open_window(AGENT), await open_window("leader1", SECOND_AGENT_HZ)
    await leader.page.goto(f"{floor.centre.url}{SEATS.path}")
    tile = leader.page.get_by_role("gridcell").filter(has_text="A-07")
    await expect(tile.locator("[data-condition=free]")).to_be_visible()
    await agent.page.get_by_test_id("seat").locator("input").focus()
    await agent.page.keyboard.type("A-07")
    await agent.page.keyboard.press("Enter")
    await agent.page.get_by_test_id("sign-in").click()
    await expect(agent.page.get_by_test_id("my-seat")).to_have_text("A-07")
    await expect(tile.locator("[data-state=away]")).to_be_visible()
    await expect(leader.page.get_by_test_id("seat-counts").first.locator("[data-seats=in_use]")).to_contain_text("1")
    await agent.page.get_by_test_id("seat-move").click()
    await agent.page.get_by_test_id("seat").locator("input").focus()
    await agent.page.keyboard.type("A-08")
    await agent.page.keyboard.press("Enter")
    await agent.page.get_by_test_id("sit").click()
    await expect(agent.page.get_by_test_id("my-seat")).to_have_text("A-08")
    await expect(tile.locator("[data-condition=free]")).to_be_visible()
    await agent.page.get_by_test_id("sign-out").click()
    await expect(agent.page.get_by_test_id("my-seat")).to_have_count(0)
    await until(
        lambda: not any(site["in_use"] for site in floor.administrator.get("/api/v1/reports/seats")["sites"]),
        "the sign-out is in the report",
    )
    await agent.page.reload()
    await expect(agent.page.get_by_test_id("seat")).to_contain_text("A-08")


async def test_a_supervisor_marks_a_seat_out_of_order_and_makes_it_usable_again(
    floor: Floor, open_window: OpenWindow
) -> None:
    supervisor = await open_window("supervisor1")
    page = supervisor.page
    await page.goto(f"{floor.centre.url}{SEATS.path}")
    stage = await judged_stage(supervisor)
    tile = page.get_by_role("gridcell").filter(has_text=BROKEN)
    await tile.click()
    pane = page.get_by_test_id("seat-pane")
    await expect(pane.get_by_test_id("mark-broken")).to_be_disabled()
    await pane.get_by_test_id("fault").locator("input").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await pane.get_by_test_id("mark-broken").click()
    await expect(pane.get_by_role("status")).to_be_visible()
    await expect(tile.locator("[data-condition=broken]")).to_be_visible()
    await expect(page.get_by_test_id("seat-counts").locator("[data-seats=broken]")).to_contain_text("1")
    found = await barriers_of(stage, [SEATS], EVERYWHERE)
    await stage.look("light", "en")
    assert found == []
    await until(lambda: _state(floor, BROKEN) == "out_of_order", "the registry has heard of it")
    await tile.click()
    await pane.get_by_test_id("mark-usable").click()
    await expect(tile.locator("[data-condition=free]")).to_be_visible()
    await until(lambda: _state(floor, BROKEN) == "usable", "the registry has heard of it")


def _state(floor: Floor, label: str) -> str:
    (seat,) = floor.administrator.get(f"/api/v1/admin/seats?q={label}")["items"]
    return str(seat["state"])
