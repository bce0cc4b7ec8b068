"""A queue below its target alarms the leaders wherever they are (row GZ-09): seen, heard, taken, over."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from playwright.async_api import expect

from tests.browser.barriers import EVERYWHERE, barriers_of, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.screens import Screen, click
from tests.browser.steps import ring_in
from tests.floor import Floor, until
from tests.tones import SECOND_AGENT_HZ

QUEUE = "repair"
ALARM_TONE_HZ = 988
HEAR_TONES = """() => {
  window.tonesPlayed = [];
  const Real = window.OscillatorNode;
  window.OscillatorNode = class extends Real {
    constructor(context, options) { super(context, options); window.tonesPlayed.push(options.frequency); }
  };
}"""


def change_queue(floor: Floor, **values: Any) -> None:
    api = floor.administrator
    (queue,) = [one for one in api.get("/api/v1/admin/queues?limit=200")["items"] if one["code"] == QUEUE]
    status, told = api.request("PATCH", f"/api/v1/admin/queues/{queue['id']}", {"version": queue["version"], **values})
    assert status == 200, told


@contextlib.asynccontextmanager
async def alarming_at_once(floor: Floor) -> AsyncIterator[None]:
    """One late caller is enough; afterwards the queue is as it was, without an alarm."""
    change_queue(floor, service_level_s=1, service_level_target=10_000, alarm_after_s=0, alarm_min_contacts=1)
    async with floor.boards("wallboard") as desk:
        try:
            await desk.until(lambda _: any(one["threshold_s"] == 1 for one in desk.of_kind("queue/")))
            yield
        finally:
            change_queue(floor, service_level_target=0)
            await desk.until(lambda _: not desk.of_kind("alarm/"))
            change_queue(floor, service_level_s=15, service_level_target=8500, alarm_after_s=60, alarm_min_contacts=5)


async def test_leaders_see_hear_and_take_an_alarm_until_it_is_over(floor: Floor, open_window: OpenWindow) -> None:
    supervisor = await open_window("supervisor1")
    await supervisor.page.evaluate(HEAR_TONES)
    await supervisor.page.evaluate(
        "localStorage.setItem('hotline.audio', JSON.stringify({ringVolume: 0, alarmVolume: 0.5}))"
    )
    bell = supervisor.page.get_by_test_id("alarm-bell")
    await expect(bell).to_have_attribute("data-unseen", "0")
    async with alarming_at_once(floor):
        caller = await ring_in(floor, "13900009981")
        await expect(bell).to_have_attribute("data-unseen", "1", timeout=15_000)
        await supervisor.until_true(f"() => window.tonesPlayed.includes({ALARM_TONE_HZ})")

        leader = await open_window("leader1", SECOND_AGENT_HZ)
        await leader.page.goto(f"{floor.centre.url}/floor")
        card = leader.page.get_by_test_id("alarms")
        await expect(card).to_contain_text("报修")
        await expect(card).to_contain_text("% < 100%")
        await expect(card.get_by_test_id("alarm-state")).to_have_text("尚无人处理")

        await bell.click()
        await supervisor.page.get_by_role("dialog").get_by_test_id("take-alarm").click()
        await expect(bell).to_have_attribute("data-unseen", "0")
        await expect(card.get_by_test_id("alarm-state")).to_contain_text("处理中")
        await card.get_by_test_id("silence-alarm").click()
        await leader.page.get_by_role("menuitem", name="计划内作业").click()
        await expect(card.get_by_test_id("alarm-state")).to_have_text("已静音：计划内作业")
        await caller.stop()
    await expect(card).to_contain_text("没有队列长时间低于目标")

    lines = floor.administrator.get("/api/v1/audit?object_type=alarm")["items"]
    assert {line["action"] for line in lines} == {"alarm.taken", "alarm.silenced"}
    await leader.page.goto(f"{floor.centre.url}/queues")
    await until(lambda: floor.administrator.get("/api/v1/alarms")["items"][0]["cleared_at"], "the end is kept")
    await leader.page.reload()
    await leader.page.get_by_role("cell", name="报修", exact=True).click()
    await expect(leader.page.get_by_test_id("alarms-today")).to_contain_text("水平已恢复")


async def test_an_alarm_shuts_nobody_out_on_any_screen(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("supervisor1")
    async with alarming_at_once(floor):
        caller = await ring_in(floor, "13900009982")
        await expect(window.page.get_by_test_id("alarm-bell")).to_have_attribute("data-unseen", "1", timeout=15_000)
        stage = await judged_stage(window)
        screens = [
            Screen("floor with an alarm", "/floor"),
            Screen("queues with an alarm", "/queues"),
            Screen("the bell", "/contacts", (click("[data-testid=alarm-bell]"),)),
            Screen("silence", "/queues", (click("main [data-testid=silence-alarm]"),)),
            Screen("wallboard with an alarm", "/wallboard"),
        ]
        found = await barriers_of(stage, screens, EVERYWHERE)
        await expect(window.page.get_by_test_id("wall-alarms")).to_be_visible()
        await caller.stop()
    assert not found, "\n".join(found)
