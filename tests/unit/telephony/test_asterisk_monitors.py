"""A monitoring is begun anew for whoever is heard next, while it lives; one that failed or has ended is not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from hotline.kernel.clock import SystemClock
from hotline.telephony.ari import AriError, Command
from hotline.telephony.asterisk_ledger import LegRecord
from hotline.telephony.asterisk_link import AsteriskLink
from hotline.telephony.asterisk_monitors import Monitors
from hotline.telephony.contract import VoiceError

LISTENING = ["POST channels/agent/snoop/m1-listen", "put supervisor into m1"]


class FakeAri:
    """Notes what it is asked; a snoop takes commands as soon as it is made. Paths that begin so are refused."""

    def __init__(self) -> None:
        self.link: Any = None
        self.asked: list[str] = []
        self.refused = "nothing"
        self.refusals = 1_000
        self.packets = 0

    async def command(self, command: Command) -> None:
        await asyncio.sleep(0)
        if command.path.startswith(self.refused) and self.refusals:
            self.refusals -= 1
            raise AriError(method=command.method, path=command.path, http_status=500, answer="no")
        self.asked.append(f"{command.method} {command.path}")
        name = command.path.rpartition("/")[2]
        if name in self.link._snoops:
            self.link._snoops[name].set()

    async def request(self, method: str, path: str) -> dict[str, int]:
        assert (method, path) == ("GET", "channels/agent/rtp_statistics")
        self.packets += 4
        return {"txcount": self.packets, "rxcount": 0}

    async def close(self) -> None:
        pass


class House:
    """An agent in a conversation, a supervisor on the telephone, and who may listen."""

    def __init__(self, link: AsteriskLink, ari: FakeAri) -> None:
        self.link, self.ari = link, ari
        self.monitors = Monitors(link, self._put_in)
        for leg_id, purpose in (("agent", "agent"), ("supervisor", "supervisor")):
            link.ledger.legs[leg_id] = LegRecord(leg_id, purpose, 0, is_made=True)  # type: ignore[arg-type]
        self.bridge("Entered", "agent")
        self.bridge("Entered", "customer")

    async def _put_in(self, bridge_id: str, channels: Sequence[str]) -> None:
        self.ari.asked.append(f"put {channels[-1]} into {bridge_id}")

    def bridge(self, what: str, channel_id: str) -> None:
        event = {"type": f"Channel{what}Bridge", "bridge": {"id": "b1"}, "channel": {"id": channel_id}}
        self.link.ledger.read(event)
        agent = self.link.ledger.legs.get("agent")
        if agent is not None:
            self.link.on_others_changed(agent)

    async def start(self) -> None:
        await self.monitors.start("m1", "supervisor", self.link.ledger.legs["agent"], "listen")

    async def another_is_heard(self) -> list[str]:
        """What is asked for because the customer leaves and a colleague comes."""
        self.ari.asked.clear()
        self.bridge("Left", "customer")
        self.bridge("Entered", "colleague")
        while self.link._chores:
            await asyncio.sleep(0.01)
        return [one for one in self.ari.asked if not one.startswith("DELETE")]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    link = AsteriskLink(
        base_url="http://127.0.0.1:1", user="u", password="p", work_dir=tmp_path, clock=SystemClock(), etc_dir=None
    )
    await link.ari.close()
    ari = FakeAri()
    link.ari, ari.link = cast(Any, ari), link
    yield House(link, ari)
    await link.recordings.close()


async def test_whoever_is_heard_next_is_listened_to(house: House) -> None:
    await house.start()
    assert [one for one in house.ari.asked if not one.startswith("DELETE")] == LISTENING
    assert await house.another_is_heard() == LISTENING


async def test_the_former_ones_name_may_be_taken_for_a_moment(house: House) -> None:
    await house.start()
    house.ari.refused, house.ari.refusals = "channels/agent/snoop", 3
    assert await house.another_is_heard() == LISTENING


async def test_one_that_could_not_begin_does_not_begin_by_itself(house: House) -> None:
    house.ari.refused = "channels/agent/snoop"
    with pytest.raises(VoiceError):
        await house.start()
    house.ari.refused = "nothing"
    assert await house.another_is_heard() == []


async def test_one_whose_change_failed_goes_on_as_it_was(house: House) -> None:
    await house.start()
    house.ari.refused = "channels/agent/snoop/m1-whisper"
    with pytest.raises(VoiceError):
        await house.monitors.start("m1", "supervisor", house.link.ledger.legs["agent"], "whisper")
    assert await house.another_is_heard() == LISTENING


async def test_one_that_ended_with_the_supervisors_leg_is_forgotten(house: House) -> None:
    await house.start()
    supervisor = house.link.ledger.legs["supervisor"]
    house.link.ledger.end(supervisor, 0, "normal", "leg")  # type: ignore[arg-type]
    assert await house.another_is_heard() == []
    house.link.ledger.legs["supervisor"] = supervisor  # another call of theirs changes nothing
    house.bridge("Left", "colleague")
    house.bridge("Entered", "customer")
    assert not house.link._chores
