"""The log's thread: order, results, errors, and an end that leaves nothing undone."""

import asyncio
import threading

import pytest

from hotline.live.disk_pace import DiskPace
from hotline.live.switch.log_thread import LogThread


async def test_work_is_done_in_order_and_answered() -> None:
    thread, done = LogThread(), list[int]()
    thread.start(lambda: done.append(0))
    answers = await asyncio.gather(*(thread.call(lambda number=number: done.append(number)) for number in (1, 2, 3)))
    assert done == [0, 1, 2, 3]
    assert answers == [None, None, None]
    assert await thread.call(lambda: len(done)) == 4
    thread.close()


async def test_an_error_reaches_who_asked_and_the_next_work_is_done() -> None:
    thread = LogThread()
    with pytest.raises(ZeroDivisionError):
        await thread.call(lambda: 1 // 0)
    assert await thread.call(lambda: 7) == 7
    thread.close()


async def test_closing_finishes_what_was_taken() -> None:
    thread, done = LogThread(), list[int]()
    for number in range(3):
        thread.start(lambda number=number: done.append(number))
    thread.close()
    assert done == [0, 1, 2]


async def test_quick_work_of_this_machine_is_done_at_once() -> None:
    thread = LogThread()
    assert await thread.call_local(threading.get_ident) == threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        await thread.call_local(lambda: divmod(1, 0))
    thread.close()


async def test_work_of_this_machine_does_not_overtake_what_was_given_before() -> None:
    thread, gate, done = LogThread(), threading.Event(), list[str]()

    def wait_and_note() -> None:
        gate.wait(5)
        done.append("before")

    thread.start(wait_and_note)
    local = asyncio.create_task(thread.call_local(lambda: done.append("local")))
    await asyncio.sleep(0)
    assert not local.done(), "the loop would have waited for the gate"
    gate.set()
    await local
    assert done == ["before", "local"]
    thread.close()


async def test_work_that_was_slow_goes_to_the_thread_until_it_is_quick_again() -> None:
    moments = [0.0, 0.2]  # the first took so long, all others no time
    thread = LogThread(DiskPace(lambda: moments.pop(0) if len(moments) > 1 else moments[0]))
    here = threading.get_ident()
    await thread.call_local(lambda: None)
    places = [await thread.call_local(threading.get_ident) for _ in range(40)]
    assert places[0] != here
    assert places[-1] == here
    thread.close()


async def test_who_no_longer_waits_does_no_harm() -> None:
    thread = LogThread()
    asked = asyncio.create_task(thread.call(lambda: 1))
    await asyncio.sleep(0)
    asked.cancel()
    assert await thread.call(lambda: 2) == 2
    assert asked.cancelled()
    thread.close()
