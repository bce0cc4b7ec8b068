"""The supervisor opens an agent on the floor, listens, barges and forces a state.

The supervisor's microphone speaks 1320 Hz."""

import asyncio

from tests.browser.conftest import OpenWindow
from tests.browser.steps import (
    answer,
    end_the_call,
    ring_in_listening,
    until_caller_hears,
    until_silent_to_caller,
    wrap_up,
)
from tests.floor import Floor
from tests.tones import AGENT_HZ, AUDIBLE, CALLER_HZ, SECOND_AGENT_HZ

SUPERVISOR = "supervisor1"


async def test_who_hears_the_supervisor_is_as_the_mode_says(floor: Floor, open_window: OpenWindow) -> None:
    agent = await open_window("agent17")
    supervisor = await open_window(SUPERVISOR, SECOND_AGENT_HZ)
    await supervisor.page.goto(f"{supervisor.centre.url}/floor?agent={floor.agents()['agent17']['id']}")
    await agent.go_available()
    caller, line = await ring_in_listening(floor, "13900009961")
    await answer(agent)
    await agent.until_hears(CALLER_HZ)
    await until_caller_hears(line, AGENT_HZ)

    await supervisor.page.get_by_test_id("listen").click()
    await supervisor.until_hears(CALLER_HZ)
    await supervisor.until_hears(AGENT_HZ)
    await asyncio.sleep(1)  # the tone, if any, fills what is measured
    assert await agent.hears(SECOND_AGENT_HZ) < AUDIBLE
    assert line.level(SECOND_AGENT_HZ) < AUDIBLE

    await supervisor.page.get_by_test_id("whisper").click()
    await agent.until_hears(SECOND_AGENT_HZ)
    await asyncio.sleep(1)
    assert line.level(SECOND_AGENT_HZ) < AUDIBLE
    assert line.level(AGENT_HZ) > AUDIBLE

    await supervisor.page.get_by_test_id("barge").click()
    await until_caller_hears(line, SECOND_AGENT_HZ)
    await agent.until_hears(SECOND_AGENT_HZ)

    await supervisor.page.get_by_test_id("stop-monitoring").click()
    await until_silent_to_caller(line, SECOND_AGENT_HZ)
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
