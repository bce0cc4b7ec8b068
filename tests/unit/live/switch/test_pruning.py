"""Pruning in a switch at work: what remains is enough to start from; what is not enough is refused in a sentence."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline.live.switch.log import LogPrunedError
from hotline.live.switch.pruning import Pruning
from hotline.messages.effects import LogProjected
from hotline.messages.routing import SignOut
from tests.unit.live.switch.house import House

MONTHS_MS = 100 * 86_400_000


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


async def at_once(work: Callable[[], int]) -> int:
    return work()


async def a_day_long_ago(house: House) -> None:
    """Calls, and two snapshots of different moments after them."""
    await house.configure()
    await house.talk("c-1", "ann")
    for _ in range(2):
        await house.sign_in("bob", "session")
        house.switch.log.save_snapshot(house.switch.log.seq, house.switch.state.snapshot())
        await house.must(SignOut, agent_id="bob")
    house.clock.advance_ms(MONTHS_MS)


def pruning_of(house: House) -> Pruning:
    return house.switch.pruning


async def test_nothing_goes_before_the_worker_has_told_and_only_its_own_pool_counts(house: House) -> None:
    await a_day_long_ago(house)
    everything = len(house.logged())
    assert await pruning_of(house).round(at_once) == 0
    pruning_of(house).note(LogProjected(pool="another", seq=1_000))
    assert await pruning_of(house).round(at_once) == 0
    assert len(house.logged()) == everything


async def test_a_restart_after_pruning_finds_the_same_state(house: House) -> None:
    await a_day_long_ago(house)
    before, everything = house.switch.state.snapshot(), len(house.logged())
    pruning_of(house).note(LogProjected(pool="main", seq=house.switch.log.seq))
    assert await pruning_of(house).round(at_once) > 0
    assert len(house.logged()) < everything
    house.start()
    assert house.switch.state.snapshot() == before
    assert b"hotline_routing_log_pruned_total" in house.switch.metrics.exposition()


async def test_a_log_whose_beginning_is_needed_and_gone_is_refused_in_a_sentence(house: House) -> None:
    await a_day_long_ago(house)
    pruning_of(house).note(LogProjected(pool="main", seq=house.switch.log.seq))
    await pruning_of(house).round(at_once)
    house.switch.log._store.execute("UPDATE routing_snapshot SET body = ?", b"damaged")
    with pytest.raises(LogPrunedError, match="restore a backup"):
        house.start()
