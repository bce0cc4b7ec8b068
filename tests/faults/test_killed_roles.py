"""kill -9 of each role while callers wait, ring and talk: nobody is lost, no agent stuck, no contact twice.

SIPp's ledger is the judge: a caller who was lost gets no answer, or no goodbye, and its process fails."""

import asyncio
import os
import signal
from typing import Any

import pytest

from tests.centre import Centre, Session
from tests.floor import Floor, Post, until
from tests.voice.sipp.party import Party
from tests.voice.sipp.scenario import Press, Wait

NUMBER = "962740"
TALKING, RINGING_AGENT = ("agent01", "agent02"), "agent04"
SLOW_ANSWER_MS = 9_000
STANDS_STILL_S = 8.5  # longer than a window may be silent


def caller_number(place: int, run: int) -> str:
    return f"1390{run:03d}{place:04d}"


async def ring_in(floor: Floor, number: str) -> Party:
    """A caller who keys during the recording notice, knowing the menu, and stays until somebody says goodbye."""
    return await floor.bench.call(NUMBER, Wait(1000), Press("1"), caller=number, tone_hz=440)


def contacts_of(session: Session, numbers: list[str]) -> dict[str, list[dict[str, Any]]]:
    return {number: session.get(f"/api/v1/contacts?number={number}")["items"] for number in numbers}


async def a_busy_moment(floor: Floor, run: int) -> tuple[list[Post], list[str], list[Party]]:
    """Two callers talk, one rings, one waits."""
    posts = [await floor.staff(username) for username in TALKING]
    posts.append(await floor.staff(RINGING_AGENT, answer_after_ms=SLOW_ANSWER_MS))
    numbers = [caller_number(place, run) for place in range(4)]
    callers = []
    for place, number in enumerate(numbers):
        callers.append(await ring_in(floor, number))
        if place < 2:
            await until(lambda place=place: sum(bool(post.contacts("talking")) for post in posts) > place, "talking")
    await until(lambda: posts[2].desk.of_kind("offer/"), "the third caller rings")
    wallboard = await floor.open_desk(floor.administrator, ("wallboard",))
    await wallboard.until(lambda _: sum(queue["waiting"] for queue in wallboard.of_kind("queue/")) >= 1)
    await wallboard.close()
    return posts, numbers, callers


async def serve_everybody(posts: list[Post], callers: list[Party]) -> list[str]:
    """The agents work on until every caller has been told goodbye; what SIPp said of callers who were not."""
    for post in posts:
        post.hang_up_after_s = 0.5
        post.start_working()
    return [caller.said() for caller in callers if await caller.ended(60) != 0]


def problems(found: dict[str, list[dict[str, Any]]]) -> list[str]:
    wrong = []
    for number, contacts in found.items():
        if len(contacts) != 1:
            wrong.append(f"{number} has {len(contacts)} contacts")
        wrong += [f"{number}: {contact['outcome']}" for contact in contacts if contact["outcome"] != "handled"]
    return wrong


async def everybody_was_served_once(floor: Floor, numbers: list[str]) -> None:
    found = await until(
        lambda: (answers := contacts_of(floor.administrator, numbers))
        and not problems(answers)
        and answers,
        "every caller has one handled contact",
    )  # fmt: skip
    assert [contact["interaction_count"] for contacts in found.values() for contact in contacts] == [1, 1, 1, 1]


@pytest.mark.parametrize(("role", "run"), [("web", 1), ("switch", 2), ("node", 3), ("worker", 4)])
async def test_nobody_is_lost_when_a_role_is_killed(centre: Centre, floor: Floor, role: str, run: int) -> None:
    posts, numbers, callers = await a_busy_moment(floor, run)
    dead = centre.kill(role)
    await asyncio.to_thread(centre.wait_for_restart, role, dead)

    assert await serve_everybody(posts, callers) == []

    await until(centre.web_answers, "web answers again", 60)  # on a busy machine, calls are over before
    await everybody_was_served_once(floor, numbers)
    await until(lambda: [post.state for post in posts] == ["available"] * 3, "no agent is stuck")


async def test_a_switch_that_stands_still_puts_nobody_out(centre: Centre, floor: Floor) -> None:
    posts, numbers, callers = await a_busy_moment(floor, 7)
    logged_before = centre.log_path.stat().st_size
    standing_still = centre.pid("switch")
    os.kill(standing_still, signal.SIGSTOP)
    await asyncio.sleep(STANDS_STILL_S)
    os.kill(standing_still, signal.SIGCONT)

    assert await serve_everybody(posts, callers) == []

    await everybody_was_served_once(floor, numbers)
    told = centre.log_path.read_bytes()[logged_before:].decode()
    assert "the switch was held up" in told
    assert "browser is gone" not in told


async def test_when_asterisk_dies_calls_are_listed_for_call_back_and_new_ones_work(
    centre: Centre, floor: Floor
) -> None:
    posts, numbers, _ = await a_busy_moment(floor, 5)
    for post in posts:
        post.start_working()
    centre.kill_asterisk()

    async def until_all_failed() -> None:
        await until(
            lambda: (
                [
                    contact["outcome"]
                    for contacts in contacts_of(floor.administrator, numbers).values()
                    for contact in contacts
                ]
                == ["platform_failure"] * 4
            ),
            "every contact ended as platform failure",
        )

    await until_all_failed()
    listed = {item["contact_id"] for item in floor.administrator.get("/api/v1/call-backs")["items"]}
    cut_short = contacts_of(floor.administrator, numbers)
    assert {contact["id"] for contacts in cut_short.values() for contact in contacts} <= listed
    await until(lambda: "available" in [post.state for post in posts], "agents are free again", 30)


async def test_ten_seconds_after_asterisk_died_a_new_call_works(centre: Centre, floor: Floor) -> None:
    centre.kill_asterisk()
    await asyncio.sleep(10)  # the promise is about time
    post = await floor.staff(TALKING[0])
    post.hang_up_after_s = 0.5
    post.start_working()
    caller = await ring_in(floor, caller_number(0, 6))
    assert await caller.ended(40) == 0
