"""Who owns the phone, whose browser is gone, and what each window may do about it."""

import asyncio

import pytest

from hotline.live.gateway import hub
from hotline.live.gateway.hub import CATCH_UP_MS, HEARD_LATELY_MS
from hotline.live.gateway.presence import CLOSED_MS, SILENT_MS
from hotline.messages import routing
from tests.unit.live.gateway.desk import Office, Tab


def reason(office: Office, agent_id: str = "ann") -> str | None:
    view = office.house.switch.state.router.agent(agent_id)
    assert view is not None
    return view.reason


async def settle(office: Office, tab: Tab) -> None:
    """Let the switch work off what the gateway itself has submitted."""
    await tab.do("SetAgentState", state="away", reason_id="no-such-reason")
    await tab.catch_up()


async def test_a_second_window_mirrors_and_leaves_the_phone_where_it_is(office: Office) -> None:
    owner = await office.working("ann")
    second = await office.open("ann")
    await settle(office, owner)
    await second.catch_up()
    assert second.me["is_mirror"]
    assert not owner.me["is_mirror"]
    assert {**second.me, "is_mirror": False} == owner.me
    assert second.me["state"] == "available"


async def test_a_mirror_sees_but_does_not_act_until_it_takes_over(office: Office) -> None:
    owner = await office.working("ann")
    mirror = await office.open("ann")
    await settle(office, owner)
    assert (await mirror.do("SetAgentState", state="away", reason_id="lunch"))["code"] == "live.mirror"
    await owner.must("SetAgentState", state="away", reason_id="lunch")
    await mirror.catch_up()
    assert mirror.me["state"] == "away"
    await mirror.must("SignIn")
    await mirror.must("SetAgentState", state="available")
    await owner.catch_up()
    assert owner.me["is_mirror"]
    assert not mirror.me["is_mirror"]


async def test_a_new_window_owns_the_phone_where_the_former_is_silent(office: Office) -> None:
    silent = await office.working("ann")
    office.house.clock.advance_ms(HEARD_LATELY_MS)
    newer = await office.open("ann")
    await settle(office, newer)
    await silent.catch_up()
    assert silent.me["is_mirror"]
    assert not newer.me["is_mirror"]


async def test_a_window_that_only_wants_to_mirror_takes_nothing(office: Office) -> None:
    owner = await office.working("ann")
    mirror = await office.open("ann", takes_over=False)
    await settle(office, owner)
    assert mirror.me["is_mirror"]
    assert not owner.me["is_mirror"]


async def test_a_window_that_only_reconnects_takes_nothing(office: Office) -> None:
    owner = await office.working("ann")
    mirror = await office.open("ann", takes_over=False)
    mirror.leave()
    again = await office.reopen(mirror, "ann")
    await settle(office, owner)
    await again.catch_up()
    assert again.me["is_mirror"]
    assert not owner.me["is_mirror"]


async def test_opening_the_desk_signs_nobody_in(office: Office) -> None:
    tab = await office.open("ann")
    await tab.catch_up()
    assert tab.me["state"] == "signed_out"
    assert not tab.me["is_mirror"]


async def test_a_reload_keeps_the_post(office: Office) -> None:
    before = await office.working("ann")
    before.leave()
    office.house.clock.advance_ms(2_000)
    after = await office.open("ann")
    office.house.clock.advance_ms(CLOSED_MS)
    await after.catch_up()
    office.hub.sweep()
    await settle(office, after)
    assert after.me["state"] == "available"
    assert not any(isinstance(event, routing.AgentConnectionLost) for event in office.house.logged())


async def test_a_browser_that_is_gone_is_noticed_and_one_that_returns_is_restored(office: Office) -> None:
    tab, witness = await office.working("ann"), await office.open("bob")
    tab.leave()
    office.house.clock.advance_ms(CLOSED_MS)
    await witness.catch_up()
    office.hub.sweep()
    await settle(office, witness)
    assert reason(office) != "connection_lost"
    office.house.clock.advance_ms(1)
    office.hub.sweep()
    await settle(office, witness)
    assert reason(office) == "connection_lost"
    again = await office.reopen(tab, "ann")
    await settle(office, again)
    assert again.me["state"] == "available"


async def test_a_silent_browser_is_noticed_within_eight_seconds(office: Office) -> None:
    _, witness = await office.working("ann"), await office.open("bob")
    office.house.clock.advance_ms(SILENT_MS + 1)
    office.hub.sweep()
    await settle(office, await office.open("eve"))
    assert reason(office) == "connection_lost"
    assert witness.kinds


async def test_nobody_is_called_silent_because_the_switch_was_held_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "BOARDS_EACH_S", 0.001)
    monkeypatch.setattr(hub, "SWEEP_EACH_S", 0.0)
    alive, eve = await office.working("ann"), await office.open("eve")
    running = asyncio.create_task(office.hub.run())
    await asyncio.sleep(0.02)
    office.house.clock.advance_ms(SILENT_MS + 1)  # in one leap
    await asyncio.sleep(0.02)
    await settle(office, eve)
    assert reason(office) != "connection_lost"
    await alive.catch_up()
    for _ in range(CATCH_UP_MS // 500):
        office.house.clock.advance_ms(500)
        await asyncio.sleep(0.01)
    await settle(office, eve)
    assert reason(office) != "connection_lost"
    for _ in range(SILENT_MS // 500):  # and now nothing comes from her
        office.house.clock.advance_ms(500)
        await asyncio.sleep(0.01)
        await eve.catch_up()
    await settle(office, eve)
    assert reason(office) == "connection_lost"
    running.cancel()


async def test_another_window_of_a_lost_agent_takes_over_and_restores(office: Office) -> None:
    tab, witness = await office.working("ann"), await office.open("bob")
    tab.leave()
    office.house.clock.advance_ms(CLOSED_MS + 1)
    office.hub.sweep()
    await settle(office, witness)
    other = await office.open("ann")
    await settle(office, other)
    assert other.me["state"] == "available"
    assert not other.me["is_mirror"]


async def test_agents_without_a_browser_are_left_alone(office: Office) -> None:
    await office.give(routing.SignIn, agent_id="ann", session_id="simulated")
    await office.give(routing.SetAgentState, agent_id="ann", state="available")
    office.house.clock.advance_ms(10 * SILENT_MS)
    office.hub.sweep()
    await settle(office, await office.open("bob"))
    assert reason(office) != "connection_lost"


async def test_after_a_restart_browsers_that_do_not_return_are_noticed(office: Office) -> None:
    await office.working("ann")
    await office.restart()
    office.house.clock.advance_ms(SILENT_MS + 1)
    office.hub.sweep()
    await settle(office, await office.open("bob"))
    assert reason(office) == "connection_lost"


async def test_windows_that_stay_away_are_forgotten(office: Office) -> None:
    tab = await office.working("ann")
    tab.leave()
    office.house.clock.advance_ms(60_001)
    office.hub.sweep()
    again = await office.reopen(tab, "ann")
    assert (await again.next())["type"] == "Snapshot"
    await settle(office, again)
    assert again.me["state"] == "available"


async def test_a_resent_action_is_done_once_and_answered_twice(office: Office) -> None:
    tab = await office.open("ann")
    for _ in range(2):
        tab.say("Do", id="same", name="SignIn")
    await tab.until("Done", id="same")
    await tab.until("Done", id="same")
    assert len([event for event in office.house.logged() if isinstance(event, routing.AgentSignedIn)]) == 1


async def test_an_action_is_answered_after_its_commit_and_after_its_documents(office: Office) -> None:
    tab = await office.open("ann")
    tab.kinds.clear()
    await tab.must("SignIn")
    assert tab.kinds == ["Changes", "Done"]
    assert any(isinstance(event, routing.AgentSignedIn) for event in office.house.logged())


async def test_what_the_engine_refuses_comes_back_as_a_sentence(office: Office) -> None:
    tab = await office.working("ann")
    answer = await tab.do("HoldContact", contact_id="no-such-contact")
    assert answer["type"] == "Failed"
    assert answer["code"].startswith("routing.")
    assert answer["sentence"].endswith(".")
