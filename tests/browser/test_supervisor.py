"""The supervisor opens an agent on the floor, listens, barges and forces a state.

The supervisor's microphone speaks 1320 Hz."""

import asyncio

import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.steps import answer, end_the_call, ring_in, wrap_up
from tests.floor import Floor
from tests.tones import AGENT_HZ, AUDIBLE, CALLER_HZ, SECOND_AGENT_HZ

SUPERVISOR = "supervisor1"


@pytest.mark.parametrize(
    ("mode", "number", "is_heard_by_agent"),
    [("listen", "13900009961", False), ("barge", "13900009963", True)],
)
async def test_supervisor_hears_both_and_the_agent_hears_the_supervisor_as_the_mode_says(
    floor: Floor, open_window: OpenWindow, mode: str, number: str, is_heard_by_agent: bool
) -> None:
    agent = await open_window("agent17")
    supervisor = await open_window(SUPERVISOR, SECOND_AGENT_HZ)
    await supervisor.page.goto(f"{supervisor.centre.url}/floor?agent={floor.agents()['agent17']['id']}")
    await agent.go_available()
    caller = await ring_in(floor, number)
    await answer(agent)
    await agent.until_hears(CALLER_HZ)
    await supervisor.page.get_by_test_id(mode).click()
    await supervisor.until_hears(CALLER_HZ)
    await supervisor.until_hears(AGENT_HZ)
    await asyncio.sleep(1)  # the tone, if any, fills the window that is measured
    assert (await agent.hears(SECOND_AGENT_HZ) > AUDIBLE) is is_heard_by_agent
    await supervisor.page.get_by_test_id("stop-monitoring").click()
    await end_the_call(agent)
    assert await caller.ended() == 0
    await wrap_up(agent)


async def test_forced_state_takes_effect_with_its_reason(floor: Floor, open_window: OpenWindow) -> None:
    agent = await open_window("agent18")
    await agent.go_available()
    supervisor = await open_window(SUPERVISOR, SECOND_AGENT_HZ)
    await supervisor.page.goto(f"{supervisor.centre.url}/floor?agent={floor.agents()['agent18']['id']}")
    pane = supervisor.page.get_by_test_id("agent-pane")
    await pane.get_by_role("combobox").last.click()
    await supervisor.page.keyboard.press("ArrowDown")
    await supervisor.page.keyboard.press("Enter")
    await pane.get_by_test_id("force").click()
    await agent.page.get_by_test_id("state").get_by_text("小休").first.wait_for()
    await agent.page.get_by_test_id("go-available").click()  # what was forced may be left again
    await pane.get_by_text("空闲").first.wait_for()
