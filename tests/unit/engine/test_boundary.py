"""The router's door: replay, snapshots, hash seeds, resends, and memory that does not grow."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hotline.engine.alarms import AlarmEvent
from hotline.engine.boundary import Router
from hotline.engine.core_modules import COMPILED, CORE
from hotline.engine.errors import AgentUnknownError
from hotline.engine.names import Memory
from hotline.engine.reading import REMEMBERED_CONTACTS
from hotline.engine.saved import SnapshotUnreadableError
from hotline.messages import routing as m
from scripts.compile_engine import compile_core
from tests.unit.engine.centre import Centre, agent, names, queue
from tests.unit.engine.seeded_day import Day

ROOT = Path(__file__).parents[3]


def replayed(log: list[m.RoutingEvent], start: Router | None = None) -> Router:
    """A router that has followed the log as it comes back from disk."""
    router = start or Router()
    batch = m.LogBatch(schema_version=m.SCHEMA_VERSION, events=tuple(log))
    for event in msgspec.msgpack.decode(msgspec.msgpack.encode(batch), type=m.LogBatch).events:
        router.apply(event)
    return router


@pytest.fixture(scope="module")
def day() -> Day:
    """A day of six thousand commands."""
    day = Day(1)
    day.run()
    return day


def test_a_replayed_day_is_the_same_to_the_byte(day: Day) -> None:
    assert replayed(day.centre.log).snapshot() == day.centre.router.snapshot()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_snapshot_and_the_tail_after_it_are_the_same_to_the_byte(day: Day, share: float) -> None:
    cut = round(len(day.centre.log) * share)
    half = Router.restore(replayed(day.centre.log[:cut]).snapshot())
    assert replayed(day.centre.log[cut:], half).snapshot() == day.centre.router.snapshot()


def test_the_day_had_everything_in_it(day: Day) -> None:
    seen = set(names(day.centre.log))
    of_the_router = {kind.__name__ for kind in m.RoutingEvent.__args__ if kind not in AlarmEvent.__args__}
    missing = of_the_router - seen - {"MonitoringChanged"}
    assert missing == set()


def run_day(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.unit.engine.seeded_day"]
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **environment}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)


def test_two_hash_seeds_give_the_same_log_and_the_same_state() -> None:
    assert run_day(PYTHONHASHSEED="1").stdout == run_day(PYTHONHASHSEED="4711").stdout


@pytest.mark.slow
def test_the_engine_compiles_unchanged_and_does_the_same(tmp_path: Path) -> None:
    """mypyc takes core and boundary as they are, and the compiled engine makes the same log, effects, figures and
    alarms of the same day, and reads what was kept of it."""
    copy = tmp_path / "hotline"
    shutil.copytree(ROOT / "src" / "hotline", copy, ignore=shutil.ignore_patterns("__pycache__", "_compiled"))
    interpreted = run_day(PYTHONPATH=f"{tmp_path}:{ROOT}")
    compile_core(copy)
    compiled = run_day(PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert (interpreted.stderr.strip(), compiled.stderr.strip()) == ("interpreted", "compiled")
    assert compiled.stdout == interpreted.stdout


def test_records_that_msgspec_makes_are_not_compiled() -> None:
    """A compiled class is no record any more: its own snapshots could not be read."""
    for name in COMPILED:
        text = (ROOT / "src" / "hotline" / "engine" / f"{name}.py").read_text("utf-8")
        assert "(msgspec.Struct" not in text, name


def test_the_core_knows_nothing_of_messages_clocks_or_chance() -> None:
    """The core stays pure: it imports only itself, the kernel's errors and plain structures."""
    allowed = ("hotline.engine", "hotline.kernel.errors", "heapq", "operator", "collections.abc", "typing")
    for name in [*CORE, "errors"]:
        text = (ROOT / "src" / "hotline" / "engine" / f"{name}.py").read_text("utf-8")
        for line in text.splitlines():
            if line.startswith(("from ", "import ")):
                assert line.split()[1].startswith(allowed), f"{name}: {line}"


def test_a_resend_is_acknowledged_again_even_after_a_restart() -> None:
    centre = Centre()
    command = m.SignIn(command_id="once", at_ms=centre.now_ms, agent_id="ann", session_id="s1")
    assert names(centre.give(command)) == ["AgentSignedIn", "AgentStateChanged"]
    assert centre.give(command) == ()
    centre.router = replayed(centre.log)
    assert centre.give(command) == ()


def test_the_latest_commands_are_remembered_and_the_oldest_forgotten_many_at_a_time() -> None:
    memory = Memory(16)
    for number in range(19):
        memory.note(f"c{number}")
        memory.note(f"c{number}", "again")
        assert all(f"c{latest}" in memory for latest in range(max(0, number - 15), number + 1))
        assert len(memory) <= 18
    assert list(memory.words()) == [f"c{number}" for number in range(3, 19)]
    assert memory.word("c18") == ""
    assert memory.word("c2") is None


def test_a_refused_command_may_be_given_again() -> None:
    centre = Centre(agents=[])
    command = m.SignIn(command_id="once", at_ms=centre.now_ms, agent_id="ann", session_id="s1")
    with pytest.raises(AgentUnknownError):
        centre.give(command)
    centre.configure([queue("water")], [agent("ann")])
    assert names(centre.give(command)) == ["AgentSignedIn", "AgentStateChanged"]


@pytest.mark.parametrize("data", [b"", b"\xc1", msgspec.msgpack.encode([99, {}, [], None, [], [], [], {}, {}, {}])])
def test_an_unreadable_snapshot_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(SnapshotUnreadableError, match="Replay the log"):
        Router.restore(data)


def test_a_hundred_thousand_events_later_nothing_has_grown() -> None:
    centre = Centre([queue("water", is_wrap_up_automatic=True, wrap_up_s=0)], [agent("ann")])
    centre.enter("ann")
    centre.log.clear()
    cycle = REMEMBERED_CONTACTS // 8  # so many are forgotten at once
    sizes: tuple[list[int], list[int]] = ([], [])
    for number in range(REMEMBERED_CONTACTS + 2 * cycle):
        centre.talk(f"k{number:06}")
        centre.do(m.EndContact, contact_id=f"k{number:06}", ended_by="caller", cause="x")
        if number >= REMEMBERED_CONTACTS and number % 32 == 31:
            sizes[number >= REMEMBERED_CONTACTS + cycle].append(len(centre.router.snapshot()))
    assert centre.router.next_due_ms() is None
    engine = centre.router._engine
    assert max(sizes[1]) - max(sizes[0]) < 1_000
    assert (len(engine.contacts), len(engine.offers), len(engine.interactions), len(engine.answered)) == (0, 0, 0, 0)
    assert engine.timers == []
    assert len(centre.router._details) == 0


def test_views_say_what_is_so() -> None:
    centre = Centre([queue("water"), queue("bills", ("bills", 1))], [agent("ann"), agent("bob", ("bills", 2))])
    centre.enter("ann", "bob")
    centre.call("k1")
    centre.call("k2", priority=2)
    centre.call("k3")
    (water, bills) = centre.router.queues()
    assert (water.waiting_ids, bills.waiting_ids) == (("k2", "k1", "k3"), ())
    ann, bob = centre.router.agents()
    assert (ann.queue_ids, bob.queue_ids) == (("water",), ("water", "bills"))
    assert [contact.stage for contact in centre.router.contacts()] == ["proposed", "proposed", "waiting"]
    assert centre.router.agent("eve") is None
    assert centre.router.contact("never") is None
    assert centre.router.offer("never") is None
    assert centre.router.transfer("never") is None
    assert centre.router.interactions_of("eve") == ()
    assert centre.router.node_of("never") is None


@pytest.mark.parametrize("version", [1, 2])
def test_a_snapshot_of_a_former_version_is_read_and_its_callers_are_served(version: int) -> None:
    """Written by the last releases before rings and call-backs (commit 301844a) and before old places belonged to
    queues (commit efafb29), with who was there beside it."""
    router, there = restored(version)
    contacts = [[k.contact_id, k.queue_id, k.stage, k.asked_at_ms, k.agent_id, k.offer_id] for k in router.contacts()]
    agents = [[one.agent_id, one.state, one.session_id, list(one.contact_ids)] for one in router.agents()]
    assert sorted(contacts) == there["contacts"]
    assert sorted(agents) == there["agents"]
    assert router.next_due_ms() in (1, there["due"])  # ladders are looked at as soon as somebody restored them
    assert Router.restore(router.snapshot()).snapshot() == router.snapshot()
    ids = iter(range(10_000))
    waiting = len([contact for contact in contacts if contact[2] == "waiting"])
    for agent_id, state, session_id, _ in agents:
        if state == "away" and session_id:
            command = m.SetAgentState(
                command_id=f"now-{agent_id}", at_ms=there["now"], agent_id=agent_id, state="available"
            )
            router.decide(command, there["now"], lambda: f"new-{next(ids)}")
    assert len([contact for contact in router.contacts() if contact.stage == "waiting"]) < waiting


def test_places_of_a_former_version_count_in_whichever_queue_is_asked_for() -> None:
    router, there = restored(2)
    key, (place_ms, _) = list(there["missed"].items())[-1]
    asking = m.EnqueueContact(
        command_id="again",
        at_ms=there["now"],
        contact_id="again",
        tenant_id="t1",
        queue_id="water",
        node_id="n1",
        asked_at_ms=there["now"],
        arrived_at_ms=there["now"],
        caller_ref=key.partition(" ")[2],
    )
    ids = iter(range(10))
    queued = router.decide(asking, there["now"], lambda: f"new-{next(ids)}")[0]
    assert isinstance(queued, m.ContactQueued)
    assert queued.place_ms == place_ms


def restored(version: int) -> tuple[Router, Any]:
    """The router of a snapshot of that version, and who was there."""
    folder = Path(__file__).parent / "data"
    router = Router.restore(gzip.decompress((folder / f"snapshot_{version}.msgpack.gz").read_bytes()))
    return router, json.loads((folder / f"snapshot_{version}.json").read_text())
