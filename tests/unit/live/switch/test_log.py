"""The routing log on each of its stores."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.kernel.ids import new_id
from hotline.live.switch import postgresql_store
from hotline.live.switch.log import PRUNED_AT_ONCE, FencedError, LeaseHeldError, LogEntry, LogReader, RoutingLog
from hotline.live.switch.postgresql_store import PostgresqlStore
from hotline.live.switch.stores import KeyTakenError, SqliteStore, StoreFailedError
from hotline.messages.routing import AgentConnectionLost, AgentSignedOut, RoutingEvent
from tests.unit.live.switch.conftest import DATABASE_URL


def event(number: int) -> RoutingEvent:
    return AgentSignedOut(at_ms=number, agent_id=f"agent-{number}", cause="asked")


def lead(log: RoutingLog) -> RoutingLog:
    log.take_lead()
    return log


def test_opening_writes_a_fence_record_and_raises_the_epoch(open_log: Any) -> None:
    first = lead(open_log())
    assert (first.epoch, first.seq) == (1, 1)
    first.release_lease()
    second = lead(open_log())
    assert (second.epoch, second.seq) == (2, 2)
    assert second.read_after(second.pool, 0, 10) == [LogEntry(1, 1, ()), LogEntry(2, 2, ())]


def test_batches_are_read_in_order_after_a_sequence_number(open_log: Any) -> None:
    log = lead(open_log())
    numbers = [log.append((event(n), event(n + 100))) for n in range(5)]
    assert numbers == [2, 3, 4, 5, 6]
    entries = log.read_after(log.pool, 3, 2)
    assert [entry.seq for entry in entries] == [4, 5]
    assert entries[0].events == (event(2), event(102))
    assert log.last_seq(log.pool) == 6


def test_a_leader_that_lost_the_lead_is_refused_and_leaves_nothing(open_log: Any) -> None:
    paused = lead(open_log())
    paused.append((event(1),))
    paused.release_lease()
    successor = lead(open_log())
    with pytest.raises(FencedError):
        paused.append((event(2),))
    successor.append((event(3),))
    told = [entry.events for entry in successor.read_after(successor.pool, 0, 10) if entry.events]
    assert told == [(event(1),), (event(3),)]


def test_a_fenced_leader_cannot_renew_its_lease(open_log: Any) -> None:
    paused = lead(open_log())
    paused.release_lease()
    lead(open_log())
    with pytest.raises(FencedError):
        paused.renew_lease()


def test_a_running_lease_is_waited_for_and_then_refused(open_log: Any) -> None:
    holder, waits = lead(open_log()), list[float]()
    if holder.renew_each_s is None:  # one machine needs no lease: its port and socket are the lock
        open_log().take_lead(pause=waits.append)
        assert waits == []
        return
    with pytest.raises(LeaseHeldError):
        open_log().take_lead(patience_s=1.0, pause=waits.append)
    assert sum(waits) == pytest.approx(1.1)
    holder.renew_lease()


def test_pools_do_not_see_each_other(open_store: Any) -> None:
    one, two = lead(RoutingLog(open_store(), "pool-one")), lead(RoutingLog(open_store(), "pool-two"))
    start = two.last_seq("pool-two")
    one.append((event(1),))
    assert two.last_seq("pool-two") == start
    for log in (one, two):
        log.release_lease()


def test_only_the_two_newest_snapshots_are_kept(open_log: Any) -> None:
    log = lead(open_log())
    for seq in (10, 20, 30, 30):
        log.save_snapshot(seq, f"state {seq}".encode())
    assert [(kept.seq, kept.body) for kept in log.snapshots()] == [(30, b"state 30"), (20, b"state 20")]


DAY_MS = 86_400_000


def aged(open_store: Any, days: int = 3) -> RoutingLog:
    """A log of one event per day, fence record first: batch 2 is of day 0. Ten batches, snapshots after 6 and 8."""
    log = lead(RoutingLog(open_store(), new_id(), kept_days=days))
    for day in range(9):
        log.append((event(day * DAY_MS),))
    for seq in (6, 8):
        log.save_snapshot(seq, b"state")
    return log


def seqs(log: RoutingLog) -> list[int]:
    return [entry.seq for entry in log.read_after(log.pool, 0, 1000)]


@pytest.mark.parametrize(
    ("projected", "day", "first_kept"),
    [
        (10, 100, 7),  # all are old: those before the older snapshot go
        (4, 100, 5),  # not projected yet
        (10, 4, 3),  # days kept: day 0 is more than three days ago, day 1 is not
        (10, 3, 1),  # nothing is old enough
        (0, 100, 1),  # nobody has told how far it is projected
    ],
)
def test_only_what_nobody_needs_is_pruned(open_store: Any, projected: int, day: int, first_kept: int) -> None:
    log = aged(open_store)
    assert log.prune(projected, day * DAY_MS) == first_kept - 1
    assert seqs(log) == list(range(first_kept, 11))
    assert log.first_seq() == first_kept
    assert log.prune(projected, day * DAY_MS) == 0
    log.release_lease()


def test_nothing_is_pruned_before_there_are_two_snapshots(open_store: Any) -> None:
    log = lead(RoutingLog(open_store(), new_id(), kept_days=1))
    log.append((event(1),))
    log.append((event(2),))
    log.save_snapshot(2, b"state")
    assert log.prune(3, 100 * DAY_MS) == 0
    assert seqs(log) == [1, 2, 3]
    log.release_lease()


def test_a_round_prunes_a_portion_and_the_numbers_go_on(open_store: Any) -> None:
    log = lead(RoutingLog(open_store(), new_id(), kept_days=1))
    for number in range(PRUNED_AT_ONCE + 50):
        log.append((event(number),))
    for seq in (log.seq - 1, log.seq):
        log.save_snapshot(seq, b"state")
    assert [log.prune(log.seq, 100 * DAY_MS) for _ in range(3)] == [PRUNED_AT_ONCE, 50, 0]
    assert seqs(log) == [log.seq]
    log.release_lease()
    after = lead(RoutingLog(open_store(), log.pool))
    assert after.seq == log.seq + 1
    after.release_lease()


def test_another_pools_log_is_left_alone(open_store: Any) -> None:
    log, other = aged(open_store), aged(open_store)
    log.prune(10, 100 * DAY_MS)
    assert len(seqs(other)) == 10
    for one in (log, other):
        one.release_lease()


def test_two_processes_may_create_the_tables_at_the_same_moment(open_store: Any) -> None:
    stores = [open_store() for _ in range(4)]
    failures: list[BaseException] = []
    start = threading.Barrier(len(stores))

    def create(store: Any) -> None:
        start.wait()
        try:
            store.create_tables()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=create, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_failed_transaction_leaves_nothing(open_store: Any) -> None:
    store = open_store()
    LogReader(store)

    def insert_twice() -> None:
        with store.transaction():
            for _ in range(2):
                store.execute("INSERT INTO routing_lease (pool, epoch, expires_at) VALUES (?, 1, 0)", "half-written")

    with pytest.raises(KeyTakenError):
        insert_twice()
    assert store.fetch("SELECT count(*) FROM routing_lease WHERE pool = ?", "half-written") == [(0,)]


def test_the_file_is_durable_at_each_commit(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "routing.sqlite3")
    assert store.fetch("PRAGMA journal_mode") == [("wal",)]
    assert store.fetch("PRAGMA synchronous") == [(2,)]
    assert store.fetch("PRAGMA busy_timeout") == [(5000,)]
    store.close()


@settings(max_examples=30)
@given(sizes=st.lists(st.integers(0, 4), max_size=12), chunk=st.integers(1, 5))
def test_reading_in_any_chunks_gives_the_same_events(
    sizes: list[int], chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = lead(RoutingLog(SqliteStore(tmp_path_factory.mktemp("log") / "routing.sqlite3"), "main"))
    written = [AgentConnectionLost(at_ms=n, agent_id=str(size)) for n, size in enumerate(sizes)]
    for number, size in enumerate(sizes):
        log.append((written[number],) * size)
    read: list[RoutingEvent] = []
    cursor = 0
    while entries := log.read_after("main", cursor, chunk):
        cursor = entries[-1].seq
        read.extend(event for entry in entries for event in entry.events)
    log.close()
    assert read == [event for number, size in enumerate(sizes) for event in (written[number],) * size]


@pytest.mark.postgres
def test_a_switch_frozen_within_a_transaction_does_not_keep_its_locks() -> None:
    pool = new_id()
    frozen, other = PostgresqlStore(DATABASE_URL), PostgresqlStore(DATABASE_URL)
    leader, successor = RoutingLog(frozen, pool), RoutingLog(other, pool)
    leader.take_lead()
    leader.save_snapshot(1, b"old")
    leader.release_lease()
    frozen._connection.execute("BEGIN")
    frozen.execute("DELETE FROM routing_snapshot WHERE pool = ?", pool)  # and no more is heard of it
    successor.take_lead()
    for seq in (2, 3, 4):
        successor.save_snapshot(seq, b"new")
    assert [one.seq for one in successor.snapshots()] == [4, 3]
    frozen.close()
    other.close()


@pytest.mark.postgres
def test_a_database_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen one keeps its connections open for ever, also when another has long taken its place."""
    monkeypatch.setattr(postgresql_store, "ANSWERS_WITHIN_S", 0.2)
    store = PostgresqlStore(DATABASE_URL)
    asked_s = time.monotonic()
    with pytest.raises(StoreFailedError), store.transaction():
        store.fetch("SELECT pg_sleep(60)")
    assert time.monotonic() - asked_s < 10
    with pytest.raises(StoreFailedError):
        store.fetch("SELECT 1")
    store.close()
