"""The log's thread: order, results, errors, and an end that leaves nothing undone."""

import asyncio

import pytest

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


async def test_who_no_longer_waits_does_no_harm() -> None:
    thread = LogThread()
    asked = asyncio.create_task(thread.call(lambda: 1))
    await asyncio.sleep(0)
    asked.cancel()
    assert await thread.call(lambda: 2) == 2
    assert asked.cancelled()
    thread.close()
