"""A whole centre with a second switch: its leader is killed in a call, the standby goes on, and gives the lead back."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.centre import Centre
from tests.faults.failover.switches import KEY, KeptSwitch
from tests.faults.test_killed_roles import contacts_of, problems, ring_in
from tests.floor import Floor, until
from tests.on_postgresql import centre_on_postgresql
from tests.ports import free_ports


class Pair:
    """Where the second switch will be, and how the centre has to be told of both."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "second"
        (self.port,) = free_ports(1)
        self.centre = centre_on_postgresql("hotline_pair", directory / "centre", HOTLINE_SECRET_LIVE_TOKEN=KEY)
        self.url = self.centre.environment["HOTLINE_DATABASE_URL"]
        sockets = [str(self.centre.data_dir / "run/switch.sock"), str(self.directory / "run/switch.sock")]
        gateways = [f"127.0.0.1:{port}" for port in (self.centre.switch_port, self.port)]
        self.centre.environment["HOTLINE_SWITCH_ADDRESSES"] = json.dumps(sockets)
        self.centre.environment["HOTLINE_GATEWAY_ADDRESSES"] = json.dumps(gateways)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = Pair(tmp_path_factory.mktemp("pair"))
    try:
        made.centre.start()
        yield made
    finally:
        made.centre.stop()


@pytest.fixture(scope="module")
def centre(pair: Pair) -> Centre:
    return pair.centre


@pytest.fixture
async def second(pair: Pair) -> AsyncIterator[KeptSwitch]:
    kept = KeptSwitch(pair.directory, pair.url, pair.port)
    try:
        yield kept
    finally:
        await kept.stop()


@pytest.mark.slow
async def test_the_call_goes_on_when_the_standby_takes_over_and_new_ones_come(
    centre: Centre, floor: Floor, second: KeptSwitch
) -> None:
    await until(lambda: second.stands_by, "the second switch stands by")
    post = await floor.staff("agent01")
    numbers = ["13900710001", "13900710002", "13900710003"]
    first = await ring_in(floor, numbers[0])
    await until(lambda: post.contacts("talking"), "agent and caller talk")

    centre.kill("switch")
    await until(lambda: second.leads, "the standby leads")
    post.hang_up_after_s = 0.5
    post.start_working()
    assert await first.ended(60) == 0
    assert await (await ring_in(floor, numbers[1])).ended(60) == 0

    await second.stop()
    await until(lambda: _is_led_by(centre), "the first switch leads again")
    assert await (await ring_in(floor, numbers[2])).ended(60) == 0
    await until(lambda: not problems(contacts_of(floor.administrator, numbers)), "every contact was handled once")
    await until(lambda: post.state == "available", "the agent is free")


def _is_led_by(centre: Centre) -> bool:
    try:
        return bool(centre.switch_report()["is_ready"])
    except OSError:
        return False
