"""The customer is handed on: at once or after asking first, to a queue or a colleague; tones prove who hears whom.

The colleague is a SIP telephone that answers by itself; what it says (1320 Hz) is found again in the recording."""

import asyncio

from tests.browser.conftest import OpenWindow
from tests.browser.steps import answer, contact_of, end_the_call, recording_of, ring_in, transfer, wrap_up
from tests.floor import Floor, Post, until
from tests.tones import (
    AGENT_HZ,
    AUDIBLE,
    CALLER_HZ,
    SECOND_AGENT_HZ,
    WINDOW_S,
    level,
    levels,
    loudnesses,
    read_channels,
)


async def talks(post: Post) -> str:
    """The contact that the colleague has in hand, once they talk."""
    await until(lambda: post.contacts("talking"), f"{post.username} has the caller")
    return str(post.contacts("talking")[0]["contact_id"])


async def finish(post: Post) -> None:
    """The colleague ends the call and the wrap-up."""
    contact_id = await talks(post)
    await post.desk.do("HangUpContact", contact_id=contact_id)
    await until(lambda: post.contacts("wrap_up"), "wrap-up begins")
    await post.desk.do("FinishWrapUp", contact_id=contact_id)


async def assert_both_spoke(floor: Floor, caller: str, recordings: int) -> None:
    """The recordings of the contact hold the caller in their left channel, first agent and colleague in their right."""
    contact = await until(
        lambda: (found := contact_of(floor, caller)) and len(found["recordings"]) == recordings and found, "recordings"
    )
    heard, course = set(), []
    for place in range(recordings):
        rate, (customer, heard_by_customer) = read_channels(recording_of(floor, contact, place))
        assert level(customer, rate, CALLER_HZ) > AUDIBLE
        tones = {tone: levels(heard_by_customer, rate, tone) > AUDIBLE for tone in (AGENT_HZ, SECOND_AGENT_HZ)}
        assert not (tones[AGENT_HZ] & tones[SECOND_AGENT_HZ]).any(), "a scrap of the consultation"
        heard |= {tone for tone, is_heard in tones.items() if is_heard.sum() * WINDOW_S > 1}
        course.append([round(float(loudness), 2) for loudness in loudnesses(heard_by_customer, rate)])
    assert heard == {AGENT_HZ, SECOND_AGENT_HZ}, f"how loud it was to the customer, each 100 ms: {course}"
    assert [part["position"] for part in contact["interactions"]] == [1, 2]


async def test_blind_to_a_queue_reaches_who_is_free_there(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent10")
    await window.go_available()
    colleague = await floor.staff("agent03", tone_hz=SECOND_AGENT_HZ)  # bills, no repairs
    caller = await ring_in(floor, "13900009980")
    await answer(window)
    await asyncio.sleep(2)  # long enough to be measured in the recording
    await transfer(window, "blind", "队列", "水费水表")
    await wrap_up(window)
    await talks(colleague)
    await asyncio.sleep(2)
    await finish(colleague)
    assert await caller.ended() == 0
    await assert_both_spoke(floor, "13900009980", recordings=2)


async def test_blind_to_a_colleague(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent12")
    await window.go_available()
    colleague = await floor.staff("agent07", tone_hz=SECOND_AGENT_HZ)
    caller = await ring_in(floor, "13900009981")
    await answer(window)
    await asyncio.sleep(2)
    await transfer(window, "blind", "同事", floor.agents()["agent07"]["name"])
    await wrap_up(window)
    await talks(colleague)
    await asyncio.sleep(2)
    await finish(colleague)
    assert await caller.ended() == 0
    await assert_both_spoke(floor, "13900009981", recordings=2)


async def test_consult_then_complete_leaves_caller_and_colleague_together(
    floor: Floor, open_window: OpenWindow
) -> None:
    window = await open_window("agent13")
    await window.go_available()
    colleague = await floor.staff("agent11", tone_hz=SECOND_AGENT_HZ)
    caller = await ring_in(floor, "13900009982")
    await answer(window)
    await window.until_hears(CALLER_HZ)
    await asyncio.sleep(2)
    await transfer(window, "consult", "同事", floor.agents()["agent11"]["name"])
    # The caller's voice stops at once; the browser lets its last sound ring out for a quarter of a second, as it does
    # for packets that are lost.
    await window.until_silent(CALLER_HZ)
    await window.until_hears(SECOND_AGENT_HZ)
    assert await window.hears(CALLER_HZ) < AUDIBLE
    await window.page.get_by_test_id("complete-transfer").click()
    await wrap_up(window)
    await talks(colleague)
    await asyncio.sleep(2)
    await finish(colleague)
    assert await caller.ended() == 0
    await assert_both_spoke(floor, "13900009982", recordings=1)


async def test_consult_cancelled_brings_the_caller_back(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent14")
    await window.go_available()
    colleague = await floor.staff("agent15", tone_hz=SECOND_AGENT_HZ)
    caller = await ring_in(floor, "13900009983")
    await answer(window)
    await transfer(window, "consult", "同事", floor.agents()["agent15"]["name"])
    await window.until_hears(SECOND_AGENT_HZ)
    await window.page.get_by_test_id("cancel-transfer").click()
    await window.until_hears(CALLER_HZ)
    await window.state("talking")
    await until(lambda: colleague.state == "available" and not colleague.contacts("talking"), "colleague is free")
    await window.until_silent(SECOND_AGENT_HZ)
    await end_the_call(window)
    assert await caller.ended() == 0
    await wrap_up(window)


async def test_conference_by_key_and_the_sender_leaves(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent13")
    colleague = await floor.staff("agent11", tone_hz=SECOND_AGENT_HZ)
    await window.go_available()
    caller = await ring_in(floor, "13900009985")
    await answer(window)
    await window.until_hears(CALLER_HZ)
    await transfer(window, "consult", "同事", floor.agents()["agent11"]["name"])
    await window.until_silent(CALLER_HZ)
    await window.until_hears(SECOND_AGENT_HZ)
    await window.page.keyboard.press("F10")
    await window.state("conference")
    await window.page.get_by_test_id("conference").wait_for()
    await window.until_hears(CALLER_HZ)
    await window.until_hears(SECOND_AGENT_HZ)
    await until(lambda: colleague.contacts("conference"), "the colleague sees the conference")
    await window.page.get_by_test_id("complete-transfer").click()
    await wrap_up(window)
    await finish(colleague)
    assert await caller.ended() == 0
    contact = await until(lambda: (found := contact_of(floor, "13900009985")) and found["ended_at"] and found, "ended")
    assert [part["position"] for part in contact["interactions"]] == [1, 2]


async def test_receiver_is_told_what_the_sender_knows(floor: Floor, open_window: OpenWindow) -> None:
    sender = await open_window("agent13")
    await sender.go_available()
    await ring_in(floor, "13900005521")
    await answer(sender)
    await sender.page.get_by_test_id("verify").click()
    await sender.page.get_by_test_id("verified").wait_for()
    await sender.page.get_by_test_id("note").fill("六楼以上无水")
    await sender.page.locator("[data-testid=matters] [data-draft=sent]").wait_for()
    receiver = await open_window("agent15", tone_hz=SECOND_AGENT_HZ)
    await receiver.go_available()
    await transfer(sender, "blind", "同事", floor.agents()["agent15"]["name"])
    await receiver.test_id("answer")
    await receiver.page.get_by_test_id("verified").wait_for()
    assert "六楼以上无水" in await receiver.page.get_by_test_id("handed-over").inner_text()
    await answer(receiver)
    await receiver.page.get_by_test_id("menu-path").wait_for()
    await receiver.page.get_by_test_id("take-over-notes").click()
    assert await receiver.page.get_by_test_id("note").input_value() == "六楼以上无水"
    await end_the_call(receiver)
    await wrap_up(receiver)
    await wrap_up(sender)


async def test_department_is_called_by_its_name(floor: Floor, open_window: OpenWindow) -> None:
    window = await open_window("agent14")
    colleague = await floor.staff("agent01", tone_hz=SECOND_AGENT_HZ)  # repairs, which the department answers in
    await colleague.desk.do("SetAgentState", state="away", reason_id=away_reason(floor))
    await window.go_available()
    caller = await ring_in(floor, "13900009986")
    await answer(window)
    await colleague.desk.do("SetAgentState", state="available")
    await transfer(window, "blind", "部门", "抢修中心")
    await wrap_up(window)
    await finish(colleague)
    assert await caller.ended() == 0


def away_reason(floor: Floor) -> str:
    return str(floor.administrator.get("/api/v1/admin/away-reasons?limit=1")["items"][0]["id"])
