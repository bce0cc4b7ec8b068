"""The node's durable memory: calls, commands the switch has not acknowledged, facts web has not taken.

One SQLite file (WAL, synchronous NORMAL: a killed process loses nothing that was committed), written in groups. What
nobody waits for is written with what somebody does, or soon; always in the order in which it was put, so that a killed
process finds itself as it was a moment before. Of several things put for one record before it is written, the last is;
what is added and forgotten in one breath is never written. Bodies are sealed, because they hold telephone numbers.

A group goes into the kernel's memory and no further, so it is written where it was put: handing it to a thread costs
several times as much, most of it for the interpreter's lock. What waits for the disk is a thread's work: bringing the
WAL into the file, and the groups too once they have not been quick, until they are again. What is put meanwhile is
written after it."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
import structlog

from hotline.kernel.errors import HotlineError
from hotline.kernel.sealing import Keyring
from hotline.live.disk_pace import DiskPace
from hotline.messages.facts import AnyFact
from hotline.messages.routing import RoutingCommand

log = structlog.get_logger()

_PURPOSE = "spool"
_RETRY_S = 1.0
_SOON_S, _LATE_S = 0.05, 0.5
_CHECKPOINT_EACH_ROWS = 500  # by estimate four megabytes of WAL
_PATIENCE_MS = 100  # with another who has locked the file, though nobody else writes it
_SCHEMA = """
CREATE TABLE IF NOT EXISTS call (contact_id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS command (position INTEGER PRIMARY KEY, command_id TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS fact (position INTEGER PRIMARY KEY, fact_id TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS refused_fact (fact_id TEXT PRIMARY KEY, body BLOB NOT NULL, cause TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS recording (recording_id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""
_ADD = {
    "command": "INSERT INTO command (command_id, body) VALUES (?, ?)",
    "fact": "INSERT INTO fact (fact_id, body) VALUES (?, ?)",
}
_FORGET_AT = {
    "command": "DELETE FROM command WHERE position = ?",
    "fact": "DELETE FROM fact WHERE position = ?",
}
# Before, both had an index and counted positions in a table of their own: three pages to write for each row.
_IS_INDEXED = "SELECT 1 FROM sqlite_schema WHERE name = 'command' AND sql LIKE '%AUTOINCREMENT%'"
_WITHOUT_INDEX = """
BEGIN IMMEDIATE;
ALTER TABLE command RENAME TO command_before;
ALTER TABLE fact RENAME TO fact_before;
{schema}
INSERT INTO command SELECT position, command_id, body FROM command_before;
INSERT INTO fact SELECT position, fact_id, body FROM fact_before;
DROP TABLE command_before;
DROP TABLE fact_before;
COMMIT;
"""
_SAVE = {
    "call": "INSERT INTO call VALUES (?, ?) ON CONFLICT (contact_id) DO UPDATE SET body = excluded.body",
    "recording": "INSERT INTO recording VALUES (?, ?) ON CONFLICT (recording_id) DO UPDATE SET body = excluded.body",
}
_FORGET = {
    "command": "DELETE FROM command WHERE command_id = ?",
    "fact": "DELETE FROM fact WHERE fact_id = ?",
    "call": "DELETE FROM call WHERE contact_id = ?",
    "recording": "DELETE FROM recording WHERE recording_id = ?",
}
_LOAD = {"call": "SELECT body FROM call", "recording": "SELECT body FROM recording"}

_commands = msgspec.msgpack.Decoder(RoutingCommand)
_facts = msgspec.msgpack.Decoder(AnyFact)
_encode = msgspec.msgpack.Encoder().encode

Record = TypeVar("Record", bound=msgspec.Struct)
Result = TypeVar("Result")


class _Write(NamedTuple):
    """A statement with its parameters; `plain` is sealed and comes last."""

    statement: str
    parameters: tuple[object, ...]
    plain: bytes | msgspec.Struct | None = None  # a struct is encoded as it is when it is written
    adds: str = ""  # the table of rows in order to which it adds one
    forgets: str = ""  # or from which it takes one


_NOTHING = _Write("", ())


class Spool:
    """Opened at once; `close` waits for what was put. Use from one event loop."""

    def __init__(self, path: Path, keyring: Keyring) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        self._keyring = keyring
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA wal_autocheckpoint = 0")
        self._connection.executescript(_SCHEMA)
        self._let_go_of_indexes()
        self._connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        # Where the rows are that will be forgotten: all commands, and the facts last read.
        self._positions: dict[object, int] = dict(self._connection.execute("SELECT command_id, position FROM command"))
        self._waiting: dict[tuple[str, object], _Write] = {}  # by table and id, the last put comes last
        self._late: asyncio.TimerHandle | None = None
        self._due_s = 0.0
        self._waiting_written, self._group_written = asyncio.Event(), asyncio.Event()
        self._group_written.set()
        self._keeper: asyncio.Task[None] | None = None  # at a checkpoint or a disk that refuses
        self._is_wanted = False  # what waits is to be written when the keeper is done
        self._is_at_rest = asyncio.Event()  # else the thread has the connection
        self._is_at_rest.set()
        self._rows = 0  # since the last checkpoint
        self._pace = DiskPace()
        self._is_failing = False

    def _let_go_of_indexes(self) -> None:
        """Of a file that an earlier version made; one that cannot be changed now works as it is."""
        if self._connection.execute(_IS_INDEXED).fetchone() is None:
            return
        try:
            self._connection.executescript(_WITHOUT_INDEX.format(schema=_SCHEMA))
        except sqlite3.Error as error:
            log.warning("the spool keeps its former tables", cause=str(error))
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    # --- writing: at once into order, on disk soon, and after `settle`

    def save_call(self, contact_id: str, record: msgspec.Struct) -> None:
        self._put("call", contact_id, _SAVE["call"], record)

    def forget_call(self, contact_id: str) -> None:
        self._put("call", contact_id, _FORGET["call"])

    def save_recording(self, recording_id: str, record: msgspec.Struct) -> None:
        """Written at once: a file that nobody knows of would be of no use."""
        self._put("recording", recording_id, _SAVE["recording"], record)
        self._begin()

    def forget_recording(self, recording_id: str) -> None:
        self._put("recording", recording_id, _FORGET["recording"])

    def add_command(self, command: RoutingCommand) -> None:
        self._add("command", command.command_id, command)

    def forget_command(self, command_id: str) -> None:
        """Written with what is put next, or soon: were it lost, the switch would be sent a command that it knows."""
        self._forget("command", command_id, _LATE_S)

    def add_fact(self, fact: AnyFact) -> None:
        self._add("fact", fact.fact_id, fact)

    def forget_facts(self, fact_ids: Sequence[str]) -> None:
        for fact_id in fact_ids:
            self._forget("fact", fact_id, _SOON_S)

    def set_aside(self, fact_id: str, cause: str) -> None:
        """Take a fact that web will never accept out of the way of the others; kept for a look by hand."""
        copy = "INSERT OR REPLACE INTO refused_fact SELECT fact_id, body, ? FROM fact WHERE fact_id = ?"
        self._enqueue("refused_fact", fact_id, _Write(copy, (cause, fact_id)))
        self._forget("fact", fact_id, _SOON_S)

    def set_mark(self, name: str, value: int) -> None:
        statement = "INSERT INTO mark VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        self._enqueue("mark", name, _Write(statement, (name, value)))
        self._begin()

    async def settle(self) -> bool:
        """Whether all that was put is on disk; False at once when the disk refuses: calls go on without it."""
        if self._is_failing:
            return False
        if self._waiting:
            self._begin()
        await self.written()
        return not self._is_failing

    async def written(self) -> None:
        """Returns when all that was put has been written, each in its own time; at once when the disk refuses."""
        if not self._is_failing:
            await (self._waiting_written if self._waiting else self._group_written).wait()

    # --- reading

    def calls(self, kind: type[Record]) -> list[Record]:
        """The kept calls; one that cannot be read is left out with a log line, the others are worth more."""
        return self._load(_LOAD["call"], kind)

    def recordings(self, kind: type[Record]) -> list[Record]:
        return self._load(_LOAD["recording"], kind)

    def commands(self) -> list[RoutingCommand]:
        """What the switch has not acknowledged, oldest first."""
        rows = self._connection.execute("SELECT body FROM command ORDER BY position").fetchall()
        return [_commands.decode(self._keyring.open(body, _PURPOSE)) for (body,) in rows]

    def mark(self, name: str) -> int:
        row = self._connection.execute("SELECT value FROM mark WHERE name = ?", (name,)).fetchone()
        return row[0] if row else 0

    async def facts(self, limit: int) -> list[AnyFact]:
        """The oldest facts that web has not taken."""
        await self.written()
        await self._is_at_rest.wait()
        query = "SELECT fact_id, position, body FROM fact ORDER BY position LIMIT ?"
        rows = self._connection.execute(query, (limit,)).fetchall()
        self._positions.update((fact_id, position) for fact_id, position, _ in rows)
        return [_facts.decode(self._keyring.open(body, _PURPOSE)) for _, _, body in rows]

    def _load(self, query: str, kind: type[Record]) -> list[Record]:
        found = []
        for (body,) in self._connection.execute(query).fetchall():
            try:
                found.append(msgspec.msgpack.decode(self._keyring.open(body, _PURPOSE), type=kind))
            except (msgspec.MsgspecError, HotlineError) as error:
                log.error("a spooled record cannot be read", kind=kind.__name__, cause=str(error))
        return found

    # --- the writer

    def _put(self, table: str, key: str, statement: str, record: msgspec.Struct | None = None) -> None:
        self._enqueue(table, key, _Write(statement, (key,), record))
        self._begin_within(_SOON_S)

    def _add(self, table: str, key: str, record: msgspec.Struct) -> None:
        self._enqueue(table, key, _Write(_ADD[table], (key,), record, adds=table))
        self._begin_within(_SOON_S)

    def _forget(self, table: str, key: str, within_s: float) -> None:
        waiting = self._waiting.get((table, key))
        if waiting is not None and waiting.adds:
            self._waiting[table, key] = _NOTHING
            return
        self._enqueue(table, key, _Write(_FORGET[table], (key,), forgets=table))
        self._begin_within(within_s)

    def _enqueue(self, table: str, key: str, write: _Write) -> None:
        self._waiting.pop((table, key), None)
        self._waiting[table, key] = write

    def _begin_within(self, delay_s: float) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time() + delay_s
        if self._late is not None:
            if self._due_s <= due_s:
                return
            self._late.cancel()
        self._due_s, self._late = due_s, loop.call_at(due_s, self._begin)

    def _begin(self) -> None:
        """Write what waits, now or as soon as it can be."""
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if self._keeper is not None:
            self._is_wanted = True
        elif self._waiting:
            self._write()

    def _write(self) -> None:
        group = [_encoded(write) for write in self._waiting.values() if write is not _NOTHING]
        self._waiting = {}
        written = self._group_written = self._waiting_written
        self._waiting_written = asyncio.Event()
        if not self._pace.is_quick:
            self._keep_for(partial(self._write_beside, group, written))
            return
        cause = self._commit(group)
        self._note(cause)
        if cause:
            self._keep_for(partial(self._try_again, group))
        elif self._rows >= _CHECKPOINT_EACH_ROWS:
            self._keep_for(self._checkpoint)
        written.set()  # who waits looks whether it fails

    async def _write_beside(self, group: Sequence[_Write], written: asyncio.Event) -> None:
        cause = await self._in_thread(partial(self._commit, group))
        self._note(cause)
        written.set()
        if cause:
            await self._try_again(group)
        elif self._rows >= _CHECKPOINT_EACH_ROWS:
            await self._checkpoint()

    def _note(self, cause: str) -> None:
        if cause:
            log.error("the spool cannot be written: calls go on, a crash now would lose them", cause=cause)
            self._is_failing = self._is_wanted = True

    def _keep_for(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Let nothing be written until this is done."""
        self._keeper = asyncio.get_running_loop().create_task(self._kept(work))

    async def _kept(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        try:
            await work()
        finally:
            self._keeper = None
        if self._is_wanted:
            self._is_wanted = False
            self._begin()

    async def _try_again(self, group: Sequence[_Write]) -> None:
        """Until the disk takes the group: nothing may overtake it."""
        is_written = False
        while not is_written:
            await asyncio.sleep(_RETRY_S)
            await self._checkpoint()  # a full disk may still take what fits where the WAL was
            is_written = not await self._in_thread(partial(self._commit, group))
        self._is_failing = False

    async def _checkpoint(self) -> None:
        self._rows = 0
        await self._in_thread(self._bring_in)

    def _bring_in(self) -> None:
        with suppress(sqlite3.Error):  # the WAL grows until the next time
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        self._is_at_rest.clear()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._is_at_rest.set()

    def _commit(self, group: Sequence[_Write]) -> str:
        """Empty when committed, else why not."""
        self._rows += len(group)
        began_s = self._pace.now_s()
        try:
            if len(group) == 1:
                self._execute(group[0])  # a transaction by itself
                return ""
            self._connection.execute("BEGIN IMMEDIATE")
            for write in group:
                self._execute(write)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            return str(error)
        finally:
            self._pace.note(began_s)
        return ""

    def _execute(self, write: _Write) -> None:
        sealed = (self._keyring.seal(write.plain, _PURPOSE),) if isinstance(write.plain, bytes) else ()
        position = self._positions.pop(write.parameters[0], None) if write.forgets else None
        if position is not None:
            self._connection.execute(_FORGET_AT[write.forgets], (position,))
            return
        cursor = self._connection.execute(write.statement, (*write.parameters, *sealed))
        if write.adds == "command":
            self._positions[write.parameters[0]] = cursor.lastrowid or 0

    async def close(self) -> None:
        """Write what waits and let go of the file."""
        await self.settle()
        await self._is_at_rest.wait()
        if self._late is not None:
            self._late.cancel()
        if self._keeper is not None:
            self._keeper.cancel()
        self._thread.shutdown()
        self._connection.close()


def _encoded(write: _Write) -> _Write:
    return write._replace(plain=_encode(write.plain)) if isinstance(write.plain, msgspec.Struct) else write
