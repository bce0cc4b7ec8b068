"""The whole centre on PostgreSQL by one setting: a real call, and another after switch and worker were killed."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.centre import Centre
from tests.faults.test_killed_roles import contacts_of, problems, ring_in
from tests.floor import Floor, until
from tests.on_postgresql import centre_on_postgresql


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    running = centre_on_postgresql("hotline_centre", tmp_path_factory.mktemp("centre"))
    try:
        yield running.start()
    finally:
        running.stop()


async def test_calls_are_carried_and_projected_on_postgresql_also_after_kills(centre: Centre, floor: Floor) -> None:
    post = await floor.staff("agent01")
    post.hang_up_after_s = 0.5
    post.start_working()
    numbers = ["13900700001", "13900700002"]
    assert await (await ring_in(floor, numbers[0])).ended(60) == 0
    for role in ("switch", "worker"):
        dead = centre.kill(role)
        await asyncio.to_thread(centre.wait_for_restart, role, dead)
    assert await (await ring_in(floor, numbers[1])).ended(60) == 0
    await until(lambda: not problems(contacts_of(floor.administrator, numbers)), "both contacts were handled")
