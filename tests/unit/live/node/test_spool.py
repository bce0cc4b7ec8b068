"""The spool keeps what was put, sealed and in order, and lets calls go on when the disk refuses."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import msgspec

from hotline.kernel.ids import new_id
from hotline.kernel.sealing import Keyring
from hotline.live.disk_pace import DiskPace
from hotline.live.node.spool import _CHECKPOINT_EACH_ROWS, Spool
from hotline.messages.facts import AnyFact, CallRefused
from hotline.messages.routing import EndContact

KEYRING = Keyring({"k1": b"k" * 32})
CALLER = "13800001234"


class Record(msgspec.Struct):
    contact_id: str
    caller: str = CALLER


def fact() -> AnyFact:
    return CallRefused(
        fact_id=new_id(),
        at_ms=1,
        contact_id="c",
        tenant_id="",
        node_id="n",
        called_address="1",
        caller_address=CALLER,
        cause="unknown_number",
    )


async def test_calls_commands_and_facts_outlive_the_process(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    facts = [fact() for _ in range(3)]
    commands = [EndContact(command_id=new_id(), at_ms=1, contact_id="c", ended_by="caller", cause="x") for _ in "ab"]
    spool.save_call("c", Record("c", "1"))
    spool.save_call("c", Record("c", "2"))
    spool.save_call("over", Record("over"))
    spool.forget_call("over")
    for one in facts:
        spool.add_fact(one)
    for command in commands:
        spool.add_command(command)
    spool.forget_facts([facts[0].fact_id])
    spool.set_mark("epoch", 7)
    assert await spool.settle()
    await spool.close()
    again = Spool(tmp_path / "s.sqlite3", KEYRING)
    assert again.calls(Record) == [Record("c", "2")]
    assert again.commands() == commands
    assert await again.facts(10) == facts[1:]
    assert again.mark("epoch") == 7
    await again.close()


async def test_killed_process_loses_nothing_that_was_settled(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    spool.save_call("c", Record("c"))
    await spool.settle()
    other = Spool(tmp_path / "s.sqlite3", KEYRING)  # the first was never closed
    assert other.calls(Record) == [Record("c")]
    await other.close()
    await spool.close()


async def test_forgotten_command_is_gone_soon_also_when_nothing_else_is_put(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    command = EndContact(command_id=new_id(), at_ms=1, contact_id="c", ended_by="caller", cause="x")
    spool.add_command(command)
    await spool.settle()
    spool.forget_command(command.command_id)
    assert spool.commands() == [command]  # in no hurry
    other = Spool(tmp_path / "s.sqlite3", KEYRING)
    async with asyncio.timeout(5):
        while other.commands():
            await asyncio.sleep(0.01)
    await other.close()
    await spool.close()


async def test_command_forgotten_a_moment_ago_is_gone_when_all_is_settled(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    command = EndContact(command_id=new_id(), at_ms=1, contact_id="c", ended_by="caller", cause="x")
    spool.add_command(command)
    await spool.settle()
    spool.forget_command(command.command_id)
    await spool.settle()
    assert not spool.commands()
    await spool.close()


async def test_what_is_forgotten_before_it_is_written_is_never_written(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    with sqlite3.connect(tmp_path / "s.sqlite3", isolation_level=None) as blocker:
        for table in ("command", "fact"):
            full = f"CREATE TRIGGER full_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            blocker.execute(full)
    blocker.close()
    command, told = EndContact(command_id=new_id(), at_ms=1, contact_id="c", ended_by="caller", cause="x"), fact()
    spool.add_command(command)
    spool.add_fact(told)
    spool.forget_command(command.command_id)
    spool.forget_facts([told.fact_id])
    assert await spool.settle()
    spool.add_command(command)
    assert not await spool.settle(), "what is not forgotten was not written"
    spool.forget_command(command.command_id)
    await spool._is_at_rest.wait()
    spool._connection.execute("DROP TRIGGER full_command")
    await spool.close()


async def test_order_holds_when_the_newest_is_forgotten(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    first, second, third = fact(), fact(), fact()
    spool.add_fact(first)
    spool.add_fact(second)
    assert await spool.facts(10) == [first, second]
    spool.forget_facts([second.fact_id])
    await spool.settle()
    spool.add_fact(third)
    assert await spool.facts(10) == [first, third]
    spool.forget_facts([first.fact_id])
    assert await spool.facts(10) == [third]
    await spool.close()


_FORMER = """
CREATE TABLE command (
    position INTEGER PRIMARY KEY AUTOINCREMENT, command_id TEXT UNIQUE NOT NULL, body BLOB NOT NULL);
CREATE TABLE fact (
    position INTEGER PRIMARY KEY AUTOINCREMENT, fact_id TEXT UNIQUE NOT NULL, body BLOB NOT NULL);
"""


async def test_file_of_an_earlier_version_is_taken_over(tmp_path: Path) -> None:
    commands = [EndContact(command_id=new_id(), at_ms=1, contact_id="c", ended_by="caller", cause="x") for _ in "ab"]
    facts = [fact() for _ in range(3)]
    with sqlite3.connect(tmp_path / "s.sqlite3") as former:
        former.executescript(_FORMER)
        for table, rows in (("command", commands), ("fact", facts)):
            for row in rows:
                body = KEYRING.seal(msgspec.msgpack.encode(row), "spool")
                values = (getattr(row, f"{table}_id"), body)
                former.execute(f"INSERT INTO {table} ({table}_id, body) VALUES (?, ?)", values)
    former.close()
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    assert spool.commands() == commands
    assert await spool.facts(10) == facts
    spool.forget_command(commands[0].command_id)
    spool.forget_facts([facts[1].fact_id])
    await spool.close()
    again = Spool(tmp_path / "s.sqlite3", KEYRING)
    assert again.commands() == commands[1:]
    assert await again.facts(10) == [facts[0], facts[2]]
    tables = again._connection.execute("SELECT name FROM sqlite_schema WHERE tbl_name IN ('command', 'fact')")
    assert sorted(name for (name,) in tables) == ["command", "fact"], "an index is still kept"
    await again.close()


async def test_telephone_numbers_are_not_readable_in_the_files(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    spool.save_call("c", Record("c"))
    spool.add_fact(fact())
    await spool.settle()
    assert not _files_with(CALLER.encode(), tmp_path)
    assert _files_with(b"SQLite format 3", tmp_path)
    await spool.close()


def _files_with(wanted: bytes, directory: Path) -> list[Path]:
    assert all(path.stat().st_mode & 0o077 == 0 for path in directory.iterdir()), "others may read it"
    return [path for path in directory.iterdir() if wanted in path.read_bytes()]


async def test_record_that_cannot_be_read_does_not_cost_the_others(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    spool.save_call("good", Record("good"))
    spool.save_call("bad", Record("bad"))
    await spool.close()
    with sqlite3.connect(tmp_path / "s.sqlite3") as connection:
        connection.execute("UPDATE call SET body = X'78' WHERE contact_id = 'bad'")
    connection.close()
    again = Spool(tmp_path / "s.sqlite3", KEYRING)
    assert again.calls(Record) == [Record("good")]
    await again.close()


async def test_disk_that_refuses_is_told_at_once_and_tried_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    blocker = sqlite3.connect(tmp_path / "s.sqlite3", isolation_level=None)
    blocker.execute("CREATE TRIGGER full BEFORE INSERT ON call BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    spool.save_call("c", Record("c"))
    assert not await spool.settle()
    blocker.execute("DROP TRIGGER full")
    while not await spool.settle():
        assert spool._keeper is not None
        await spool._keeper
    assert spool.calls(Record) == [Record("c")]
    blocker.close()
    await spool.close()


async def test_refused_fact_is_set_aside(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    bad, good = fact(), fact()
    spool.add_fact(bad)
    spool.add_fact(good)
    spool.set_aside(bad.fact_id, "no such tenant")
    assert await spool.facts(10) == [good]
    await spool.close()


async def test_what_nobody_waits_for_is_written_soon_and_in_one_go(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    for number in range(3):
        spool.save_call("c", Record("c", str(number)))
        await asyncio.sleep(0)
    assert spool.calls(Record) == []
    async with asyncio.timeout(5):
        await spool.written()
    assert spool.calls(Record) == [Record("c", "2")]
    await spool.close()


async def test_call_is_written_as_it_is_then(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    record = Record("c", "1")
    spool.save_call("c", record)
    record.caller = "2"
    await spool.settle()
    assert spool.calls(Record) == [Record("c", "2")]
    await spool.close()


async def test_what_is_put_later_does_not_hold_up_who_waits(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    spool._keep_for(spool._checkpoint)
    spool.save_call("a", Record("a"))
    settling = asyncio.create_task(spool.settle())
    late = 0
    while not settling.done():
        late += 1
        spool.save_call(f"late-{late}", Record(f"late-{late}"))
        await asyncio.sleep(0)
    assert Record("a") in spool.calls(Record)
    assert len(spool.calls(Record)) < 1 + late, "what nobody waits for was written at once too"
    await spool.close()


async def test_what_is_put_during_a_checkpoint_is_written_after_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    for number in range(2 * _CHECKPOINT_EACH_ROWS + 2):
        spool.save_call(str(number), Record(str(number)))
        if number % 10 == 9:
            assert await spool.settle()
    assert await spool.settle()
    kept = {record.contact_id for record in spool.calls(Record)}
    assert kept == {str(number) for number in range(2 * _CHECKPOINT_EACH_ROWS + 2)}
    await spool.close()


async def test_wal_does_not_grow_with_what_was_written(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    sizes = []
    for number in range(4 * _CHECKPOINT_EACH_ROWS):
        spool.save_call("c", Record("c", str(number)))
        await spool.settle()
        sizes.append((tmp_path / "s.sqlite3-wal").stat().st_size)
    assert max(sizes) <= 2 * max(sizes[:_CHECKPOINT_EACH_ROWS])
    await spool.close()


async def test_reading_facts_waits_for_the_checkpoint(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    told = fact()
    spool.add_fact(told)
    await spool.settle()
    gate = threading.Event()
    spool._thread.submit(gate.wait)
    spool._keep_for(spool._checkpoint)
    reading = asyncio.create_task(spool.facts(10))
    spool.save_call("c", Record("c"))
    settling = asyncio.create_task(spool.settle())
    for _ in range(5):
        await asyncio.sleep(0)
    assert not reading.done()
    assert not settling.done()
    gate.set()
    assert await reading == [told]
    assert await settling
    assert spool.calls(Record) == [Record("c")]
    await spool.close()


def _slow_so_far() -> DiskPace:
    """From now on each commit takes no time, whatever else this machine does."""
    pace = DiskPace(lambda: 0.0)
    pace.usual_s = 0.03
    return pace


async def test_groups_that_were_slow_go_to_the_thread_until_they_are_quick_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    spool._pace = _slow_so_far()
    gate = threading.Event()
    spool._thread.submit(gate.wait, 10)
    spool.save_call("slow", Record("slow"))
    settling = asyncio.create_task(spool.settle())
    await asyncio.sleep(0)
    spool.save_call("later", Record("later"))
    later = asyncio.create_task(spool.settle())
    for _ in range(5):
        await asyncio.sleep(0)
    assert not settling.done(), "the loop would have waited for the disk"
    gate.set()
    assert await settling
    assert await later
    for number in range(60):
        spool.save_call("slow", Record("slow", str(number)))
        await spool.settle()
    assert spool._pace.is_quick
    assert {record.contact_id for record in spool.calls(Record)} == {"slow", "later"}
    await spool.close()


async def test_group_that_fails_in_the_thread_is_tried_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite3", KEYRING)
    blocker = sqlite3.connect(tmp_path / "s.sqlite3", isolation_level=None)
    blocker.execute("CREATE TRIGGER full BEFORE INSERT ON call BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    spool._pace = _slow_so_far()
    spool.save_call("c", Record("c"))
    assert not await spool.settle()
    spool.save_call("d", Record("d"))
    blocker.execute("DROP TRIGGER full")
    async with asyncio.timeout(10):
        while not await spool.settle():
            await asyncio.sleep(0.05)
    assert {record.contact_id for record in spool.calls(Record)} == {"c", "d"}
    blocker.close()
    await spool.close()
