"""Commands answer bad input and a machine that is not ready with one sentence and an exit code."""

import socket
from pathlib import Path

import pytest

from hotline.entrypoints.command_line import main
from hotline.entrypoints.supervisor import claim
from hotline.kernel.settings import Settings

BAD_INPUT, CONFIGURATION = 2, 3


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


def _said(capsys: pytest.CaptureFixture[str], code: int, *words: str) -> str:
    """The one line that the command printed before it ended with this code."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == code
    printed = capsys.readouterr()
    (line,) = (printed.out + printed.err).splitlines()
    return line


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("HOTLINE_SIP_PORT", "five")
    assert _said(capsys, BAD_INPUT, "doctor").startswith("hotline: HOTLINE_SIP_PORT: ")


def test_a_port_beyond_the_range_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("HOTLINE_WEB_PORT", "99999")
    line = _said(capsys, BAD_INPUT, "run")
    assert line == "hotline: HOTLINE_WEB_PORT: Input should be less than or equal to 65535 (given: '99999')"


def test_an_unknown_database_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOTLINE_DATABASE_URL", "mysql://hotline:s3cret@db/hotline")
    line = _said(capsys, BAD_INPUT, "run")
    assert line == "hotline: HOTLINE_DATABASE_URL: must begin with postgresql://, or be empty for SQLite"


def test_a_settings_file_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOTLINE_SETTINGS_FILE", "/nowhere/hotline.conf")
    assert "HOTLINE_SETTINGS_FILE names /nowhere/hotline.conf" in _said(capsys, BAD_INPUT, "run")


def test_an_unknown_role_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no role cook" in _said(capsys, BAD_INPUT, "run", "--roles", "web,cook")


def test_a_taken_port_is_named_with_its_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("HOTLINE_SWITCH_PORT", str(port))
        line = _said(capsys, CONFIGURATION, "run", "--roles", "switch")
    assert f"Port {port} (the switch) is taken" in line
    assert "HOTLINE_SWITCH_PORT" in line


@pytest.mark.parametrize("command", [("run",), ("role", "switch"), ("migrate",), ("audit", "verify")])
def test_a_data_directory_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "file" / "var"))
    line = _said(capsys, CONFIGURATION, *command)
    assert line.startswith(f"hotline: {tmp_path / 'file' / 'var'} cannot be written (Not a directory)")


def test_a_second_centre_on_the_same_data_is_refused(own_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with claim(Settings(data_dir=own_data)):
        assert f"A centre is already running on {own_data}" in _said(capsys, CONFIGURATION, "run")


def test_a_routing_log_that_is_away_makes_a_role_try_again_and_not_the_centre_stop(
    own_data: Path, capsys: pytest.CaptureFixture[str], django_db_blocker: pytest.FixtureRequest
) -> None:
    own_data.mkdir()
    (own_data / "routing.sqlite3").mkdir()  # cannot be opened as a file
    assert "The routing log cannot be used" in _said(capsys, 1, "role", "worker")
