"""`hotline doctor` names what is missing and says what to do about it."""

import socket
from pathlib import Path

import pytest

from hotline.entrypoints.doctor import Finding, examine
from hotline.entrypoints.supervisor import claim
from hotline.kernel.settings import Settings


def _found(settings: Settings, name: str) -> Finding:
    (finding,) = (one for one in examine(settings) if one.name == name)
    return finding


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "var", database_url="")


def test_everything_that_a_start_needs_is_looked_at(settings: Settings) -> None:
    names = {finding.name.rpartition(" port ")[0] or finding.name for finding in examine(settings)}
    assert names == {"python", "settings", "data", "disk", "database", "front door", "voice", "TCP", "UDP"}


def test_looking_changes_nothing(settings: Settings) -> None:
    examine(settings)
    assert not settings.data_dir.exists()


def test_a_misspelt_setting_is_named_with_the_right_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _found(settings, "settings").is_ok
    monkeypatch.setenv("HOTLINE_SIP_PROT", "5070")
    monkeypatch.setenv("HOTLINE_COLOUR", "blue")
    finding = _found(settings, "settings")
    assert not finding.is_ok
    assert "HOTLINE_SIP_PROT is no setting: did you mean HOTLINE_SIP_PORT?" in finding.sentence
    assert "HOTLINE_COLOUR is no setting: remove it" in finding.sentence


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = Settings(data_dir=tmp_path / "file" / "var", database_url="")
    finding = _found(settings, "data")
    assert not finding.is_ok
    assert f"{tmp_path / 'file'} is in the way" in finding.sentence
    assert len(examine(settings)) > 10  # the rest is looked at all the same


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="postgresql://nobody@127.0.0.1:9/none")
    finding = _found(settings, "database")
    assert not finding.is_ok
    assert "start PostgreSQL, or correct HOTLINE_DATABASE_URL" in finding.sentence


@pytest.mark.parametrize(("protocol", "kind"), [("TCP", socket.SOCK_STREAM), ("UDP", socket.SOCK_DGRAM)])
def test_a_taken_telephone_port_is_found_by_either_protocol(
    tmp_path: Path, protocol: str, kind: socket.SocketKind
) -> None:
    with socket.socket(type=kind) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        finding = _found(Settings(data_dir=tmp_path, sip_port=port), f"{protocol} port {port}")
    assert not finding.is_ok
    assert "HOTLINE_SIP_PORT" in finding.sentence


def test_a_running_centre_holds_its_ports_and_one_that_was_killed_does_not(settings: Settings) -> None:
    with claim(settings):
        assert _found(settings, "ports").is_ok
    settings.run_dir.joinpath("web.pid").write_text("1")
    assert not [finding for finding in examine(settings) if finding.name == "ports"]
