"""Migrations make what the models say, and a database that older ones made is taken over as it is."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations import AddField, CreateModel, RunPython
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import TextField
from django.utils import translation

from hotline.domains.routing.first_levels import FIRST_LEVELS
from hotline.domains.routing.models import FunnelLevel
from hotline.foundation.initial_tables import InitialTables
from hotline.foundation.models import AuditEntry
from hotline.foundation.tenancy import tenant_scope
from tests.factories import setup
from tests.factories.foundation import make_tenant
from tests.older_database import ReplacedOnly
from tests.written_schema import schema_in_postgresql, schema_in_sqlite


def _differences(before: ProjectState, after: ProjectState) -> dict[str, list[str]]:
    """What makemigrations would write, by app."""
    with translation.override(None):  # as makemigrations does: labels of other people's models are translated
        found = MigrationAutodetector(before, after)._detect_changes()
    return {app: [step.describe() for one in found[app] for step in one.operations] for app in found}


def test_nothing_in_the_models_waits_for_a_migration() -> None:
    assert _differences(MigrationLoader(None).project_state(), ProjectState.from_apps(apps)) == {}


def test_replaced_migrations_and_those_in_their_place_come_to_the_same() -> None:
    replaced, replacing = ReplacedOnly(None), MigrationLoader(None)
    assert len(replaced.graph.nodes) > len(replacing.graph.nodes)
    assert _differences(replaced.project_state(), replacing.project_state()) == {}
    assert _differences(replacing.project_state(), replaced.project_state()) == {}


@pytest.mark.parametrize("other", [AddField("book", "text", TextField()), RunPython(RunPython.noop)])
def test_initial_tables_hold_nothing_that_would_not_be_done(other: AddField | RunPython) -> None:
    class Wrong(InitialTables):
        operations = [CreateModel("Book", []), other]

    with pytest.raises(TypeError, match=type(other).__name__):
        Wrong("0001_initial", "walls").apply(ProjectState(), None)  # type: ignore[arg-type]  # refused before it is used


class Database:
    """An empty database and the commands that fill it."""

    def __init__(self, directory: Path, name: str) -> None:
        self._directory, self._url = directory / name, ""
        if settings.HOTLINE.is_postgresql:
            self._url = f"{settings.HOTLINE.database_url.rpartition('/')[0]}/{name}"
            with psycopg.connect(settings.HOTLINE.database_url, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
                connection.execute(f"CREATE DATABASE {name}".encode())

    def run(self, module: str, *words: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "DJANGO_"))}
        environment = kept | {"HOTLINE_DATA_DIR": str(self._directory), "HOTLINE_DATABASE_URL": self._url}
        subprocess.run([sys.executable, "-m", module, *words], env=environment, check=True, timeout=300)

    def schema(self) -> set[str]:
        return schema_in_postgresql(self._url) if self._url else schema_in_sqlite(self._directory / "main.sqlite3")


@pytest.mark.slow  # the replaced migrations take twenty seconds
@pytest.mark.enable_socket
@pytest.mark.parametrize("left_at", [(), ("contacts", "0007_conference_stage")], ids=["whole", "half_way"])
def test_database_of_replaced_migrations_becomes_what_a_fresh_one_is(tmp_path: Path, left_at: tuple[str, ...]) -> None:
    fresh, older = Database(tmp_path, "hotline_fresh"), Database(tmp_path, "hotline_older")
    fresh.run("hotline.entrypoints", "migrate")
    older.run("tests.older_database", *left_at)
    assert (older.schema() == fresh.schema()) is not bool(left_at)  # a whole one has nothing left to do
    older.run("hotline.entrypoints", "migrate")
    assert older.schema() ^ fresh.schema() == set()


@pytest.mark.django_db
def test_tenants_without_funnel_levels_get_the_first_four_and_those_with_their_own_keep_them() -> None:
    bare, own = make_tenant(), make_tenant()
    setup.make_funnel_level(own, 7)
    migration = import_module("hotline.domains.routing.migrations.0012_first_funnel_levels")
    for _ in range(2):  # a second run finds nothing to do
        migration.give_levels(apps, None)
    with tenant_scope(bare.pk, own.pk):
        levels = FunnelLevel.objects.order_by("number").values_list("tenant_id", "number", "name", "queue_id")
        assert [row for row in levels if row[0] == own.pk] == [
            (own.pk, 7, {"zh": "名称level-7", "en": "Name level-7"}, None)
        ]
        found = [row[1:] for row in levels if row[0] == bare.pk]
    assert found == [(number, dict(name), None) for number, name in enumerate(FIRST_LEVELS, start=1)]
    assert AuditEntry.objects.filter(tenant_id=bare.pk, action="funnel_level.created").count() == 4
