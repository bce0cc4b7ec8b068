"""Backup and restore on PostgreSQL: what was written comes back whole, also while the centre writes on.

The tables belong to a role that is no superuser, as they should in an installation: row-level security binds it."""

import asyncio
import contextlib
import hashlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from hotline.entrypoints.backup import BackupBrokenError, BackupDatabaseError, BackupToolError, backup, restore
from hotline.kernel.ids import new_id
from hotline.kernel.settings import Settings
from hotline.live.switch.log import RoutingLog, open_reader, open_store
from hotline.messages import routing
from hotline.messages.configuration import RoutingConfiguration
from tests.centre import Centre, eventually
from tests.on_postgresql import new_database, server_url
from tests.unit.live.switch.house import House as SwitchHouse
from tests.unit.live.switch.house import agent, queue

OWNER = "hotline_test_owner"
SCHEMAS = ("main", "routing", "jobs")
PROJECTED = "select count(*) from main.contacts_contact where outcome = 'handled'"


class House:
    """A database with an installation of its own; its roles are started by the test, as `hotline role` would be."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self.centre = Centre(data_dir, HOTLINE_DATABASE_URL=url, HOTLINE_VOICE="off")
        self.settings = Settings(data_dir=data_dir, database_url=url)
        self.url = url

    def hotline(self, *words: str) -> str:
        """What a command printed."""
        command = [sys.executable, "-m", "hotline.entrypoints", *words]
        environment = self.centre.environment
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self, query: str) -> list[Any]:
        with psycopg.connect(self.url, options="-c hotline.tenants=*") as connection:
            return connection.execute(query.encode()).fetchall()

    def number(self, query: str) -> int:
        return int(self.rows(query)[0][0])

    def content(self) -> dict[str, Any]:
        """Every row of every table of the three schemas, as one digest per table."""
        tables = self.rows(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('main', 'routing', 'jobs')"
            " AND tablename NOT IN (SELECT relname FROM pg_class WHERE relkind = 'p')"
        )
        digest = "SELECT count(*), md5(string_agg(row::text, '|' ORDER BY row::text)) FROM {}.{} AS row"
        named = {
            f"{schema}.{table}": sql.SQL(digest).format(sql.Identifier(schema), sql.Identifier(table))
            for schema, table in tables
        }
        with psycopg.connect(self.url, options="-c hotline.tenants=*") as connection:
            return {name: connection.execute(query).fetchall()[0] for name, query in named.items()}

    def structure(self) -> list[Any]:
        """Policies, triggers, rights and functions of the three schemas; constraints and indexes by name, because
        PostgreSQL words their text anew."""
        return self.rows(
            "SELECT 'policy', schemaname || tablename || policyname || coalesce(qual, '') FROM pg_policies"
            " UNION SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
            " UNION SELECT 'forced', oid::regclass::text FROM pg_class WHERE relforcerowsecurity"
            " UNION SELECT 'right', table_schema || table_name || privilege_type"
            "   FROM information_schema.role_table_grants"
            "   WHERE grantee = 'hotline_app'"
            " UNION SELECT 'constraint', conrelid::regclass || conname FROM pg_constraint"
            "   WHERE connamespace::regnamespace::text IN ('main', 'routing', 'jobs') AND conparentid = 0"
            " UNION SELECT 'index', tablename || indexname FROM pg_indexes"
            "   WHERE schemaname IN ('main', 'routing', 'jobs')"
            " UNION SELECT 'function', pg_get_functiondef(oid) FROM pg_proc"
            "   WHERE pronamespace::regnamespace::text IN ('main', 'routing', 'jobs') ORDER BY 1, 2"
        )

    @contextlib.contextmanager
    def role(self, name: str) -> Iterator[None]:
        command = [sys.executable, "-m", "hotline.entrypoints", "role", name]
        with (self.settings.data_dir / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(command, env=self.centre.environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0

    def is_settled(self) -> bool:
        """Whether the worker has projected the log, sealed the audit and brought up its jobs."""
        health = self.settings.run_dir / "worker.health.json"
        if not health.exists():
            return False
        parts = json.loads(health.read_text())["parts"]
        left = self.rows(
            "SELECT (SELECT max(seq) FROM routing.routing_log) - (SELECT seq FROM main.contacts_projectorcursor),"
            " (SELECT count(*) FROM main.foundation_auditentry) - (SELECT count(*) FROM main.foundation_auditseal)"
        )
        return all(part["last_success_ms"] for part in parts.values()) and left == [(0, 0)]

    def ended(self) -> list[routing.ContactEnded]:
        """The ends of calls that the log holds."""
        reader = open_reader(self.settings)
        with contextlib.closing(reader):
            entries = reader.read_after(self.settings.pool, 0, 1_000_000)
        return [event for entry in entries for event in entry.events if isinstance(event, routing.ContactEnded)]

    @contextlib.contextmanager
    def calls(self) -> Iterator["Calls"]:
        made = Calls(self.settings, str(self.rows("SELECT id FROM main.foundation_tenant WHERE code = 'shibei'")[0][0]))
        try:
            yield made
        finally:
            made.switch.log.release_lease()
            made.close()


class Calls(SwitchHouse):
    """A switch on the installation's log, with one agent who takes calls."""

    def __init__(self, settings: Settings, tenant_id: str) -> None:
        self._settings = settings
        self._tenant_id, self._queue_id, self._agent_id = tenant_id, new_id(), new_id()
        self._is_staffed = False
        super().__init__(settings.data_dir)

    def open_log(self) -> RoutingLog:
        opened = RoutingLog(open_store(self._settings), self._settings.pool)
        self._opened.append(opened)
        return opened

    async def _staff(self) -> None:
        queues, agents = (queue(self._queue_id, self._tenant_id),), (agent(self._agent_id, self._tenant_id),)
        version = self.switch.state.router.version + 1
        await self.configure(RoutingConfiguration(version=version, queues=queues, agents=agents, away_reasons=()))
        await self.sign_in(self._agent_id)
        self._is_staffed = True

    async def call(self) -> None:
        """One handled call."""
        if not self._is_staffed:
            await self._staff()
        contact_id, now_ms = new_id(), self.clock.now_ms()
        where = {"tenant_id": self._tenant_id, "queue_id": self._queue_id, "node_id": "node-1"}
        when = {"asked_at_ms": now_ms, "arrived_at_ms": now_ms}
        await self.must(routing.EnqueueContact, contact_id=contact_id, **where, **when)
        await self.answer(contact_id)
        await self.must(routing.EndContact, contact_id=contact_id, ended_by="caller", cause="normal")
        await self.must(routing.FinishWrapUp, agent_id=self._agent_id, contact_id=contact_id)


def _new_database() -> str:
    with psycopg.connect(server_url(), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
            connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE NOSUPERUSER")
    return f"postgresql://{OWNER}@{new_database('hotline_backup', owner=OWNER).rpartition('@')[2]}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A centre with the example, a handled call, a recording, sealed audit and durable jobs; nothing runs."""
    made = House(_new_database(), tmp_path_factory.mktemp("house"))
    made.hotline("migrate", "--example")
    with made.calls() as calls:
        asyncio.run(calls.call())
    with made.role("worker"):
        eventually(made.is_settled, "everything projected and sealed", 60)
    _store_a_recording(made)
    return made


_RECORDED = """
import sys, django
django.setup()
from hotline.domains.contacts.fact_intake import take_facts
from hotline.messages.facts import RecordingStored
tenant_id, contact_id, path = sys.argv[1:]
known = {"fact_id": contact_id, "recording_id": contact_id, "contact_id": contact_id, "tenant_id": tenant_id}
size = {"started_at_ms": 0, "duration_ms": 60_000, "size_bytes": 6, "sha256": "0" * 64, "key_id": "k1"}
take_facts([RecordingStored(**known, **size, at_ms=0, node_id="node-1", path=path)])
"""


def _store_a_recording(house: House) -> None:
    """A sealed file in the store, and what a node tells of it."""
    path = house.settings.recordings_dir / "one.sealed"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sealed")
    tenant_id, contact_id = house.rows("SELECT tenant_id, id FROM main.contacts_contact")[0]
    environment = house.centre.environment | {"DJANGO_SETTINGS_MODULE": "hotline.foundation.django_settings"}
    command = [sys.executable, "-c", _RECORDED, str(tenant_id), str(contact_id), path.name]
    subprocess.run(command, env=environment, check=True, timeout=60)


def test_what_was_destroyed_comes_back_and_the_centre_starts(house: House, tmp_path: Path) -> None:
    before, structure = house.content(), house.structure()
    assert before["main.contacts_recording"][0] == 1
    assert before["main.foundation_auditseal"][0] > 100
    assert sum(count for name, (count, _) in before.items() if name.startswith("jobs.")) > 0
    said = house.hotline("backup", str(tmp_path / "copy"))
    assert "3 databases" in said
    assert "1 recordings listed" in said
    with psycopg.connect(house.url, options="-c hotline.tenants=*") as connection:
        connection.execute("DELETE FROM main.contacts_recording")
        connection.execute("UPDATE main.foundation_user SET name = 'spoilt'")
        connection.execute("DROP SCHEMA routing CASCADE")

    said = house.hotline("restore", str(tmp_path / "copy"))

    assert "0 recordings missing" in said
    assert house.content() == before
    assert [row for row in house.structure() if "_before_" not in row[1]] == structure
    assert "the chain is whole" in house.hotline("audit", "verify")
    assert house.number("SELECT count(*) FROM pg_namespace WHERE nspname ~ '_before_'") == 2
    try:
        house.centre.start()
        assert house.centre.log_in("admin").get("/api/v1/contacts")["items"]
    finally:
        house.centre.stop()


def test_a_copy_made_while_calls_are_written_fits_together(house: House, tmp_path: Path) -> None:
    stop = threading.Event()

    async def call_on(calls: Calls) -> None:
        while not stop.is_set():
            await calls.call()

    with house.role("worker"), house.calls() as calls:
        writer = threading.Thread(target=asyncio.run, args=(call_on(calls),))
        writer.start()
        try:
            first = house.number(PROJECTED)
            eventually(lambda: house.number(PROJECTED) > first + 5, "calls are written and projected")
            house.hotline("backup", str(tmp_path / "copy"))
            after = house.number(PROJECTED)
            eventually(lambda: house.number(PROJECTED) > after, "and go on")
        finally:
            stop.set()
            writer.join()
    house.hotline("restore", str(tmp_path / "copy"))
    assert first < house.number(PROJECTED) <= len(house.ended())
    with house.role("worker"):
        eventually(house.is_settled, "the worker goes on from the copy", 60)
    assert house.number(PROJECTED) == len(house.ended())
    assert "the chain is whole" in house.hotline("audit", "verify")


def test_a_cursor_beyond_the_log_is_refused_and_changes_nothing(house: House, tmp_path: Path) -> None:
    last = house.number("SELECT max(seq) FROM routing.routing_log")
    house.rows(f"UPDATE main.contacts_projectorcursor SET seq = {last + 7} RETURNING seq")
    house.hotline("backup", str(tmp_path / "copy"))
    house.rows(f"UPDATE main.contacts_projectorcursor SET seq = {last} RETURNING seq")
    before = house.content()
    with pytest.raises(BackupBrokenError, match=f"up to {last + 7} of pool main, but its routing log ends at {last}"):
        restore(house.settings, str(tmp_path / "copy"))
    assert house.content() == before


def test_main_is_copied_before_routing_and_all_as_of_one_moment(house: House, tmp_path: Path) -> None:
    house.hotline("backup", str(tmp_path / "copy"))
    manifest = json.loads((tmp_path / "copy" / "manifest.json").read_text())
    assert list(manifest["files"]) == ["main.dump", "routing.dump", "jobs.dump"]
    assert manifest["cursors"] == manifest["log_ends"]


def test_a_load_that_fails_halfway_leaves_everything_as_it_was(house: House, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    backup(house.settings, str(copy))
    (copy / "routing.dump").write_bytes(b"PGDMP is how it begins, and no more")
    manifest = json.loads((copy / "manifest.json").read_text())
    with (copy / "routing.dump").open("rb") as file:
        manifest["files"]["routing.dump"] = hashlib.file_digest(file, "sha256").hexdigest()
    (copy / "manifest.json").write_text(json.dumps(manifest))
    before = house.content()
    with pytest.raises(BackupToolError, match="pg_restore failed"):
        restore(house.settings, str(copy))
    assert house.content() == before


def test_without_pg_dump_one_sentence_says_so_and_nothing_is_left(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupToolError, match=r"it is not installed \(package postgresql-client\)"):
        backup(house.settings, str(tmp_path / "copy"))
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_off_is_named_in_one_sentence(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var", database_url="postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(BackupDatabaseError, match="does not answer"):
        backup(settings, str(tmp_path / "copy"))
    assert list(tmp_path.iterdir()) == []
