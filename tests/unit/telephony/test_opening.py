"""How the settings become an Asterisk's options."""

from pathlib import Path

import pytest

from hotline.kernel.settings import Settings
from hotline.telephony import opening
from hotline.telephony.asterisk_configuration import ConfigurationError
from hotline.telephony.opening import asterisk_options


@pytest.fixture
def music(tmp_path: Path) -> Path:
    directory = tmp_path / "music"
    directory.mkdir()
    (directory / "music.wav").touch()
    return directory


@pytest.fixture(autouse=True)
def one_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine of these tests, whatever the real one has."""
    monkeypatch.setattr(opening, "interface_addresses", lambda: ("10.0.0.4",))


def test_local_centre_listens_on_this_machine_only(tmp_path: Path, music: Path) -> None:
    options = asterisk_options(Settings(data_dir=tmp_path), music_dir=music)
    assert (options.bind_address, options.http_address) == ("127.0.0.1", "127.0.0.1")
    assert (options.media_map, options.external_address) == ({}, "")


@pytest.mark.parametrize("settings", [{"front_host": "0.0.0.0"}, {"sip_trunk_addresses": ("127.0.0.1", "192.0.2.10")}])
def test_outside_partners_open_the_sip_port(settings: dict[str, object], tmp_path: Path, music: Path) -> None:
    options = asterisk_options(Settings.model_validate({"data_dir": tmp_path, **settings}), music_dir=music)
    assert (options.bind_address, options.http_address) == ("0.0.0.0", "127.0.0.1")


def test_public_address_behind_translation_is_offered(tmp_path: Path, music: Path) -> None:
    options = asterisk_options(Settings(data_dir=tmp_path, public_host="203.0.113.9"), music_dir=music)
    assert options.media_map == {"10.0.0.4": "203.0.113.9"}
    assert options.external_address == "203.0.113.9"


@pytest.mark.parametrize("host", ["10.0.0.4", "127.0.0.1", "hotline.example", ""])
def test_own_address_or_name_is_not_mapped(host: str, tmp_path: Path, music: Path) -> None:
    options = asterisk_options(Settings(data_dir=tmp_path, public_host=host), music_dir=music)
    assert (options.media_map, options.external_address) == ({}, "")


def test_missing_hold_music_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Run `make`"):
        asterisk_options(Settings(data_dir=tmp_path), music_dir=tmp_path / "none")
