"""A start that changes nothing leaves the preparation out; anything that has changed brings it back."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hotline.entrypoints import preparation
from hotline.entrypoints.preparation import lines_when_ready
from hotline.kernel.settings import Settings

PASSWORD = "Shibei-water-16"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data directory made ready by the command, with the example, and what the command printed."""
    directory = tmp_path_factory.mktemp("prepared")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "DJANGO_"))}
    command = [sys.executable, "-m", "hotline.entrypoints", "migrate", "--example"]
    environment = kept | {"HOTLINE_DATA_DIR": str(directory), "HOTLINE_EXAMPLE_PASSWORD": PASSWORD}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True, timeout=120)
    return directory, done.stdout


@pytest.fixture
def settings(migrated: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy for one test, which may change it."""
    monkeypatch.delenv("HOTLINE_EXAMPLE_PASSWORD", raising=False)
    shutil.copytree(migrated[0], tmp_path / "var")
    return Settings(data_dir=tmp_path / "var", database_url="")


def _change(settings: Settings, statement: str) -> None:
    with closing(sqlite3.connect(settings.sqlite_path("main"))) as connection, connection:
        connection.execute(statement)


def test_nothing_is_left_to_do_and_the_log_ins_are_still_told(settings: Settings, migrated: tuple[Path, str]) -> None:
    lines = lines_when_ready(settings, with_example=True)
    assert lines is not None
    assert "\n".join(lines) == migrated[1].strip("\n")
    assert PASSWORD in lines[-1]
    assert lines_when_ready(settings, with_example=False) == []


def test_an_empty_directory_has_to_be_prepared(tmp_path: Path) -> None:
    assert lines_when_ready(Settings(data_dir=tmp_path, database_url=""), with_example=False) is None
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_another_version_has_to_be_prepared(settings: Settings) -> None:
    _change(settings, "UPDATE foundation_preparation SET fingerprint = 'older' WHERE step = 'tables'")
    assert lines_when_ready(settings, with_example=False) is None


def test_a_centre_without_the_example_gets_it_when_asked_for(settings: Settings) -> None:
    _change(settings, "DELETE FROM foundation_preparation WHERE step = 'example'")
    assert lines_when_ready(settings, with_example=False) == []
    assert lines_when_ready(settings, with_example=True) is None


def test_another_password_has_to_be_set(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_EXAMPLE_PASSWORD", "another-long-one")
    assert lines_when_ready(settings, with_example=True) is None


def test_any_changed_line_of_the_program_changes_the_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "_PACKAGE", tmp_path)
    (tmp_path / "models.py").write_text("one = 1\n")
    before = preparation.fingerprint("tables")
    (tmp_path / "models.py").write_text("one = 2\n")
    assert preparation.fingerprint("tables") != before
