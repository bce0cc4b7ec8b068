"""A backup is whole, in order, and comes back; a damaged one changes nothing."""

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hotline.entrypoints.backup import (
    BackupBrokenError,
    BackupEmptyError,
    BackupPlaceError,
    BackupUnwritableError,
    backup,
    restore,
)
from hotline.kernel.settings import Settings


def _centre(directory: Path, *, cursor: int = 3, offset: int = 0, log_end: int = 5) -> Settings:
    settings = Settings(data_dir=directory, database_url="")
    directory.mkdir(exist_ok=True)
    with closing(sqlite3.connect(settings.sqlite_path("main"))) as main, main:
        main.execute("PRAGMA journal_mode=WAL")
        main.execute("CREATE TABLE contacts_projectorcursor (pool text, seq integer, offset integer)")
        main.execute("INSERT INTO contacts_projectorcursor VALUES ('main', ?, ?)", [cursor, offset])
        main.execute("CREATE TABLE note (text text)")
        main.execute("INSERT INTO note VALUES ('before')")
    with closing(sqlite3.connect(settings.sqlite_path("routing"))) as routing, routing:
        routing.execute("CREATE TABLE routing_log (pool text, seq integer)")
        routing.executemany("INSERT INTO routing_log VALUES ('main', ?)", [(seq,) for seq in range(1, log_end + 1)])
    settings.secret("keyring")
    recording = settings.recordings_dir / "t" / "2026" / "11" / "r.sealed"
    recording.parent.mkdir(parents=True, exist_ok=True)
    recording.write_bytes(b"sealed")
    return settings


def _note(settings: Settings) -> str:
    with closing(sqlite3.connect(settings.sqlite_path("main"))) as main:
        return str(main.execute("SELECT text FROM note").fetchone()[0])


def _write_note(settings: Settings, text: str) -> None:
    with closing(sqlite3.connect(settings.sqlite_path("main"))) as main, main:
        main.execute("UPDATE note SET text = ?", [text])


def test_what_was_backed_up_comes_back(tmp_path: Path) -> None:
    settings = _centre(tmp_path / "var")
    said = backup(settings, str(tmp_path / "copy"))
    assert "2 databases" in said
    assert "1 recordings listed" in said
    _write_note(settings, "after")
    said = restore(settings, str(tmp_path / "copy"))
    assert _note(settings) == "before"
    assert "0 recordings missing" in said
    (aside,) = settings.data_dir.glob("before-restore-*")
    with closing(sqlite3.connect(aside / "main.sqlite3")) as former:
        assert former.execute("SELECT text FROM note").fetchone() == ("after",)


def test_a_copy_is_consistent_while_a_writer_is_at_work(tmp_path: Path) -> None:
    settings = _centre(tmp_path / "var")
    with closing(sqlite3.connect(settings.sqlite_path("main"))) as writer:
        writer.execute("UPDATE note SET text = 'half done'")
        backup(settings, str(tmp_path / "copy"))
        writer.rollback()
    with closing(sqlite3.connect(tmp_path / "copy" / "main.sqlite3")) as copy:
        assert copy.execute("SELECT text FROM note").fetchone() == ("before",)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_secrets_are_copied_only_when_asked_for(tmp_path: Path) -> None:
    settings = _centre(tmp_path / "var")
    backup(settings, str(tmp_path / "open"))
    assert not list((tmp_path / "open").rglob("*.key"))
    backup(settings, str(tmp_path / "locked"), with_secrets=True)
    assert (tmp_path / "locked" / "secrets" / "keyring.key").exists()
    assert (tmp_path / "locked").stat().st_mode & 0o077 == 0
    elsewhere = Settings(data_dir=tmp_path / "elsewhere", database_url="")
    restore(elsewhere, str(tmp_path / "locked"))
    assert elsewhere.secret("keyring") == settings.secret("keyring")


def test_a_place_that_holds_something_is_refused(tmp_path: Path) -> None:
    settings = _centre(tmp_path / "var")
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "thesis.txt").write_text("mine")
    with pytest.raises(BackupPlaceError):
        backup(settings, str(tmp_path / "copy"))


@pytest.mark.parametrize("harm", ["flip", "remove", "manifest", "other database"])
def test_a_damaged_backup_changes_nothing(tmp_path: Path, harm: str) -> None:
    settings = _centre(tmp_path / "var")
    copy = tmp_path / "copy"
    backup(settings, str(copy))
    _write_note(settings, "after")
    if harm == "flip":
        body = bytearray((copy / "main.sqlite3").read_bytes())
        body[-1] ^= 1
        (copy / "main.sqlite3").write_bytes(body)
    elif harm == "remove":
        (copy / "routing.sqlite3").unlink()
    elif harm == "manifest":
        (copy / "manifest.json").write_text("{")
    else:
        manifest = json.loads((copy / "manifest.json").read_text())
        (copy / "manifest.json").write_text(json.dumps({**manifest, "database": "postgresql"}))
    with pytest.raises(BackupBrokenError):
        restore(settings, str(copy))
    assert _note(settings) == "after"
    assert not list(settings.data_dir.glob("before-restore-*"))


@pytest.mark.parametrize(("cursor", "offset", "reached"), [(9, 0, 9), (5, 1, 6)])
def test_a_cursor_beyond_the_log_is_refused(tmp_path: Path, cursor: int, offset: int, reached: int) -> None:
    settings = _centre(tmp_path / "var", cursor=cursor, offset=offset, log_end=5)
    backup(settings, str(tmp_path / "copy"))
    with pytest.raises(BackupBrokenError, match=f"up to {reached} of pool main, but its routing log ends at 5"):
        restore(settings, str(tmp_path / "copy"))


def test_a_disk_that_fills_up_leaves_nothing_behind_and_one_sentence(tmp_path: Path) -> None:
    settings = _centre(tmp_path / "var")
    with closing(sqlite3.connect(settings.sqlite_path("main"))) as main, main:
        main.execute("INSERT INTO note VALUES (zeroblob(3000000))")
    done = _with_files_of_at_most_a_megabyte(settings, "backup", str(tmp_path / "copy"))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"hotline: {tmp_path / 'copy'} could not be written (")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["var"]


def _with_files_of_at_most_a_megabyte(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """The command where no file may grow beyond 1 MB: what a full disk does, for one process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "DJANGO_"))}
    command = f"ulimit -f 1000; exec {sys.executable} -m hotline.entrypoints {shlex.join(words)}"
    environment = kept | {"HOTLINE_DATA_DIR": str(settings.data_dir), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=False)


def test_an_installation_without_databases_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupEmptyError, match="check HOTLINE_DATA_DIR"):
        backup(Settings(data_dir=tmp_path / "elsewhere", database_url=""), str(tmp_path / "copy"))
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_backup_left_is_not_in_the_way(tmp_path: Path) -> None:
    settings = _centre(tmp_path / "var")
    (tmp_path / "copy.unfinished").mkdir()
    (tmp_path / "copy.unfinished" / "main.sqlite3").write_bytes(b"half")
    backup(settings, str(tmp_path / "copy"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "var"]
    restore(settings, str(tmp_path / "copy"))


def test_a_place_where_nobody_may_write_is_told_in_one_sentence(tmp_path: Path) -> None:
    settings = _centre(tmp_path / "var")
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(BackupUnwritableError, match="Not a directory"):
        backup(settings, str(tmp_path / "file" / "copy"))


def test_recordings_that_are_gone_are_counted(tmp_path: Path) -> None:
    settings = _centre(tmp_path / "var")
    backup(settings, str(tmp_path / "copy"))
    next(settings.recordings_dir.rglob("*.sealed")).unlink()
    assert "1 recordings missing" in restore(settings, str(tmp_path / "copy"))
