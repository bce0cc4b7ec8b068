"""Following a leader's log, and taking the lead when its lease has run out."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from hotline.live.switch import standby
from hotline.live.switch.log import FencedError, LogPrunedError, RoutingLog
from hotline.live.switch.log_thread import LogThread
from hotline.live.switch.metrics import SwitchMetrics
from hotline.live.switch.service import Switch, SwitchFailedError
from hotline.live.switch.standby import Standby
from hotline.live.switch.state import Follower, rebuild
from hotline.live.switch.stores import SqliteStore, StoreFailedError
from hotline.messages import routing
from tests.unit.live.switch.house import House

LEASE_MS = 2_000


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path)
    yield opened
    opened.close()


async def in_thread(work: Callable[[LogThread], Awaitable[None]]) -> None:
    thread = LogThread()
    try:
        await work(thread)
    finally:
        thread.close()


async def a_leader_with_a_lease(house: House) -> RoutingLog:
    """As on PostgreSQL: the lease is one that runs out."""
    house.switch.log._store.lease_ms = LEASE_MS
    house.switch.log.renew_lease()
    await house.configure()
    await house.talk("c-1", "ann")
    return house.switch.log


async def test_a_follower_is_always_where_the_leader_was(house: House) -> None:
    await house.configure()
    follower = Follower(house.open_log())
    for number in range(3):
        follower.catch_up()
        assert follower.state.snapshot() == house.switch.state.snapshot()
        assert follower.seq == house.switch.log.seq
        await house.caller(f"c-{number}")
    assert follower.catch_up() == 1
    assert follower.catch_up() == 0


async def test_a_follower_whose_next_batches_were_pruned_goes_on_from_a_snapshot(house: House) -> None:
    await house.configure()
    follower = Follower(house.open_log())
    follower.catch_up()
    for number in range(4):
        await house.caller(f"c-{number}")
    log = house.switch.log
    log.save_snapshot(log.seq, house.switch.state.snapshot())
    await house.caller("c-9")
    log._store.execute("DELETE FROM routing_log WHERE seq < ?", log.seq)
    follower.catch_up()
    assert follower.state.snapshot() == house.switch.state.snapshot()


async def test_a_follower_says_so_when_no_snapshot_reaches_over_the_gap(house: House) -> None:
    await house.configure()
    follower = Follower(house.open_log())
    follower.catch_up()
    await house.caller("c-1")
    await house.caller("c-2")
    house.switch.log._store.execute("DELETE FROM routing_log WHERE seq < ?", house.switch.log.seq)
    with pytest.raises(LogPrunedError):
        follower.catch_up()


async def test_on_one_machine_nobody_has_to_wait_for_the_lead(house: House) -> None:
    await house.configure()
    told: list[str] = []

    async def lead(thread: LogThread) -> None:
        log = house.open_log()
        follower = await Standby(log, thread).until_leading(partial(told.append, "standing by"))
        assert log.epoch == 2
        assert follower.state.snapshot() == house.switch.state.snapshot()

    await in_thread(lead)
    assert told == []


async def test_the_standby_takes_over_with_everything_that_the_leader_committed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby, "LOOK_EACH_S", 0.01)
    leader = await a_leader_with_a_lease(house)
    is_waiting = asyncio.Event()

    async def follow(thread: LogThread) -> None:
        log = house.open_log()
        leading: asyncio.Task[Follower] = asyncio.create_task(Standby(log, thread).until_leading(is_waiting.set))
        await asyncio.wait_for(is_waiting.wait(), 5)
        await house.caller("c-2")
        leader.renew_lease()
        await asyncio.sleep(0.1)
        assert not leading.done()
        leader._store.execute("UPDATE routing_lease SET expires_at = 0")  # its two seconds are over
        state = (await asyncio.wait_for(leading, 5)).state
        assert log.epoch == leader.epoch + 1
        assert state.snapshot() == rebuild(house.open_log()).snapshot()
        contact = state.router.contact("c-2")
        assert contact is not None
        assert contact.stage == "waiting"

    await in_thread(follow)


async def test_the_standby_outlives_its_database_and_follows_the_log_that_it_finds_then(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database that answers again may be a copy which lacks the newest batches."""
    monkeypatch.setattr(standby, "LOOK_EACH_S", 0.01)
    leader = await a_leader_with_a_lease(house)
    is_waiting = asyncio.Event()

    async def follow(thread: LogThread) -> None:
        log = house.open_log()
        leading: asyncio.Task[Follower] = asyncio.create_task(Standby(log, thread).until_leading(is_waiting.set))
        await asyncio.wait_for(is_waiting.wait(), 5)
        database = Away(log)
        await thread.call(log._store.close)
        await asyncio.wait_for(database.was_asked_thrice.wait(), 5)
        leader._store.execute("DELETE FROM routing_log WHERE seq = ?", leader.seq)
        leader._store.execute("UPDATE routing_lease SET expires_at = 0")
        database.is_back = True
        state = (await asyncio.wait_for(leading, 5)).state
        assert log.seq == leader.seq
        assert state.snapshot() == rebuild(house.open_log()).snapshot() != house.switch.state.snapshot()

    await in_thread(follow)


class Away:
    """The log's database, which takes no connection until it `is_back`."""

    def __init__(self, log: RoutingLog) -> None:
        self.is_back, self.was_asked_thrice = False, asyncio.Event()
        self._asked, self._loop = 0, asyncio.get_running_loop()
        self._store, self._reopen = log._store, log._store.reopen
        self._store.reopen = self._open  # type: ignore[method-assign]

    def _open(self) -> None:
        self._asked += 1
        if self._asked == 3:
            self._loop.call_soon_threadsafe(self.was_asked_thrice.set)
        if not self.is_back:
            raise StoreFailedError(cause="away")
        self._reopen()


async def test_the_former_leader_is_fenced_and_answers_nobody(house: House) -> None:
    leader = await a_leader_with_a_lease(house)
    leader._store.execute("UPDATE routing_lease SET expires_at = 0")

    async def take_over(thread: LogThread) -> None:
        log = house.open_log()
        follower = await Standby(log, thread).until_leading(lambda: None)
        switch = Switch(log, house.clock, SwitchMetrics(), follower, thread)
        switch.submit(house.command(routing.SignIn, agent_id="bob", session_id="s"))
        await switch.step()

    await in_thread(take_over)
    told = len(house.witness.batches)
    answers = house.submit(house.command(routing.SignIn, agent_id="bob", session_id="s"))
    with pytest.raises(SwitchFailedError, match="taken the lead"):
        await house.switch.step()
    assert answers == []
    assert len(house.witness.batches) == told
    with pytest.raises(FencedError):
        leader.renew_lease()


def test_asking_for_the_lead_in_vain_leaves_nothing_behind(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "routing.sqlite3")
    store.lease_ms = LEASE_MS
    leader, other = RoutingLog(store, "main"), RoutingLog(store, "main")
    assert leader.try_to_lead()
    assert not other.try_to_lead()
    assert (other.epoch, other.last_seq("main")) == (0, 1)
    leader.release_lease()
    assert other.try_to_lead()
    assert (other.epoch, other.last_seq("main")) == (2, 2)
    store.close()
