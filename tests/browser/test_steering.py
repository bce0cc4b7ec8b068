"""Supervisors steer the floor (rows JS-01, CQ-28): a site down, a queue in disaster mode, and everybody sees it."""

import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.barriers import EVERYWHERE, barriers_of, judged_stage
from tests.browser.conftest import OpenWindow
from tests.browser.screens import Screen
from tests.browser.steps import ring_in
from tests.floor import Floor, until
from tests.tones import SECOND_AGENT_HZ
from tests.voice.sipp.scenario import HangUp, Wait

FLOOR = Screen("floor, steered", "/floor")
MEMBER = "agent03"  # of the example's first reserve team
BY_WHOM = re.compile("since .+ by ")


async def agree(page: Page, consequence: str) -> None:
    """The question says what it means; yes."""
    await expect(page.get_by_role("dialog")).to_contain_text(consequence)
    await page.get_by_test_id("steer-sure").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_supervisor_marks_a_site_and_switches_disaster_mode_after_being_told_what_it_means(
    floor: Floor, open_window: OpenWindow
) -> None:
    supervisor = await open_window("supervisor1")
    stage = await judged_stage(supervisor)
    await stage.show(FLOOR)
    await stage.look("light", "en")
    page = supervisor.page
    site = page.get_by_test_id("sites").locator("li").first
    queue = page.get_by_test_id("disasters").locator("li.steered")
    await site.get_by_test_id("mark-site").click()
    await agree(page, "are offered nothing any more")
    await expect(site.get_by_role("status")).to_contain_text(BY_WHOM)
    await page.get_by_test_id("disaster-on").click()
    await page.locator(".ant-select-item-option").first.click()
    await agree(page, "New contacts no longer queue")
    await expect(queue.get_by_role("status")).to_contain_text(BY_WHOM)
    found = await barriers_of(stage, [FLOOR], EVERYWHERE)
    await stage.look("light", "en")
    assert found == []
    await site.get_by_test_id("mark-site").click()
    await agree(page, "Its available agents are offered contacts again")
    await expect(site.get_by_role("status")).to_have_count(0)
    await queue.get_by_test_id("disaster-off").click()
    await agree(page, "New contacts queue again")
    await expect(queue).to_have_count(0)


@contextlib.asynccontextmanager
async def called_at_once(floor: Floor) -> AsyncIterator[None]:
    """The first team of the example's ladder is called as soon as somebody waits; afterwards it is as it was."""
    api = floor.administrator

    def change(tiers: list[dict[str, Any]]) -> None:
        (ladder,) = api.get("/api/v1/admin/ladders?limit=200")["items"]
        path, change = f"/api/v1/admin/ladders/{ladder['id']}", {"version": ladder["version"], "tiers": tiers}
        status, told = api.request("PATCH", path, change)
        assert status == 200, told

    (former,) = api.get("/api/v1/admin/ladders?limit=200")["items"]
    eager = {"threshold": 1, "hold_s": 0, "stand_down": 0, "stand_down_s": 0, "call_up_s": 5}
    try:
        change([{**former["tiers"][0], **eager}, *former["tiers"][1:]])
        yield
    finally:
        change(former["tiers"])


@pytest.mark.slow
async def test_who_is_called_up_sees_when_and_with_what_and_the_effect_is_kept(
    floor: Floor, open_window: OpenWindow
) -> None:
    member, leader = await open_window(MEMBER), await open_window("leader1", SECOND_AGENT_HZ)
    await member.page.get_by_test_id("sign-in").click()
    await leader.page.goto(f"{floor.centre.url}/floor")
    async with called_at_once(floor):
        caller = await ring_in(floor, "13900009983", Wait(15_000), HangUp())
        banner = member.page.get_by_test_id("reserve")
        await expect(banner).to_contain_text("您的梯队已被召集", timeout=20_000)
        await expect(banner).to_contain_text("临时技能")
        await expect(leader.page.get_by_test_id("tiers")).to_contain_text("已召集")
        await expect(leader.page.get_by_test_id("tiers")).to_contain_text("召集时：最长等待")
        await expect(banner).to_contain_text("您的梯队工作中", timeout=10_000)
        await expect(banner).to_have_count(0, timeout=30_000)
        await caller.stop()
    await until(lambda: floor.administrator.get("/api/v1/reports/reserve-teams")["rows"], "the call-up is kept")
    await leader.page.goto(f"{floor.centre.url}/reports/reserve-teams")
    await expect(leader.page.get_by_role("cell", name="效率保障团队 · 第一梯队")).to_be_visible()


async def test_a_supervisor_calls_a_reserve_team_by_hand_and_sends_it_back(
    floor: Floor, open_window: OpenWindow
) -> None:
    supervisor = await open_window("supervisor1")
    stage = await judged_stage(supervisor)
    await stage.show(FLOOR)
    await stage.look("light", "en")
    page = supervisor.page
    team = page.get_by_test_id("tiers").locator("li").first
    await team.get_by_test_id("call-tier").click()
    await agree(page, "the ladder sends them back when its figures are good")
    await expect(team).to_contain_text("Called by hand by")
    found = await barriers_of(stage, [FLOOR], EVERYWHERE)
    await stage.look("light", "en")
    await team.get_by_test_id("send-tier-back").click()
    await agree(page, "They give the borrowed skills back")
    await expect(team.get_by_test_id("call-tier")).to_be_visible()
    await expect(team).not_to_contain_text("Called by hand")
    assert found == []
