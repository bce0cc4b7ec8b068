"""Leader with its gateway, database and standby killed and frozen under 200 calls a second, while agents work at desks:
nobody lost, nobody with two, every desk back with what it had.

Judged by the routing log, by the ledger of the node that carried the calls, and by what each desk was shown. The slow
runs print the gaps in which nothing was decided, and hold them to the promise; the short ones do not: they share the
machine with other suites."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotline.live.gateway.presence import SILENT_MS
from tests.faults.failover.database import PrivatePostgresql
from tests.faults.failover.stage import Gaps, Stage

GAP_S = 2.5
UNBRIDGED = ("database frozen", "database left frozen", "switch frozen")
DESK_S = SILENT_MS / 1000  # whoever is back by then after the new leader's first answer has never been missed


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    database = PrivatePostgresql()
    made = Stage(tmp_path, database)
    yield made
    await made.close()
    database.stop()


@pytest.fixture
async def one_machine(tmp_path: Path) -> AsyncIterator[Stage]:
    made = Stage(tmp_path, None)
    yield made
    await made.close()


def too_long(stage: Stage) -> dict[str, list[Gaps]]:
    """Faults that cost more than is promised. Nothing can be decided while the database stands still, or the only
    switch of a machine: these count from their end."""

    def is_over(kind: str, gaps: Gaps) -> bool:
        decided_s = gaps.after_s if kind in UNBRIDGED else gaps.whole_s
        return decided_s > GAP_S or (gaps.desks_s or 0.0) > DESK_S

    found = {kind: [gap for gap in gaps if is_over(kind, gap)] for kind, gaps in stage.gaps.items()}
    return {kind: gaps for kind, gaps in found.items() if gaps}


async def test_a_few_faults_under_load(stage: Stage) -> None:
    await stage.begin()
    await stage.kill_leader()
    await stage.freeze_leader()
    await stage.kill_database()
    await stage.freeze_database()
    await stage.kill_leader()
    assert await stage.verdict() == []


async def test_a_few_kills_on_one_machine(one_machine: Stage) -> None:
    await one_machine.begin()
    for _ in range(2):
        await one_machine.kill_leader()
    assert await one_machine.verdict() == []


@pytest.mark.slow
async def test_a_hundred_faults_under_load(stage: Stage) -> None:
    """A hundred that hit whoever decides or what is decided; those of the standby come on top."""
    await stage.begin()
    faults = [stage.kill_leader] * 46 + [stage.freeze_leader] * 14 + [stage.leave_leader_frozen] * 4
    faults += [stage.kill_database] * 12 + [stage.shut_down_database] * 6 + [stage.kill_backend] * 6
    faults += [stage.freeze_database] * 10 + [stage.leave_database_frozen] * 2
    assert len(faults) == 100
    faults += [stage.kill_standby] * 8 + [stage.freeze_standby] * 2
    random.Random(17).shuffle(faults)
    for fault in faults:
        await fault()
    wrong = await stage.verdict()
    print(stage.report())
    assert wrong == []
    assert too_long(stage) == {}


@pytest.mark.slow
async def test_thirty_faults_on_one_machine(one_machine: Stage) -> None:
    await one_machine.begin()
    faults = [one_machine.kill_leader] * 26 + [one_machine.freeze_only_switch] * 4
    random.Random(17).shuffle(faults)
    for fault in faults:
        await fault()
    wrong = await one_machine.verdict()
    print(one_machine.report())
    assert wrong == []
    assert too_long(one_machine) == {}
