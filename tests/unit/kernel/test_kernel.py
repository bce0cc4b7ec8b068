"""Ids, clocks, signatures and settings."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hotline.kernel.clock import FakeClock, to_datetime, to_ms
from hotline.kernel.ids import is_id, new_id
from hotline.kernel.settings import Settings, load_settings
from hotline.kernel.signing import sign, verify


def test_later_ids_sort_later() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000
    assert all(is_id(one) for one in ids)
    assert not is_id("12")
    assert not is_id("")


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_moments_survive_the_round_trip_to_the_millisecond(moment: datetime) -> None:
    assert abs(to_datetime(to_ms(moment)) - moment) <= timedelta(milliseconds=0.5)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_ms(datetime(2026, 3, 5))  # noqa: DTZ001


def test_fake_clock_moves_only_when_told() -> None:
    clock = FakeClock(5)
    clock.advance_ms(7)
    assert clock.now_ms() == 12


@given(st.binary(max_size=200))
def test_a_signed_payload_verifies_with_its_key_only(payload: bytes) -> None:
    token = sign(payload, b"key")
    assert verify(token, b"key") == payload
    assert verify(token, b"other") is None


@given(st.text(max_size=80))
def test_garbage_is_no_token(text: str) -> None:
    assert verify(text, b"key") is None


def test_secrets_are_made_once_and_only_for_the_owner(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    first = settings.secret("sip")
    assert Settings(data_dir=tmp_path).secret("sip") == first
    assert settings.secret("ari") != first
    assert stat.S_IMODE((tmp_path / "secrets/sip.key").stat().st_mode) == 0o600


def test_settings_come_from_file_and_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hotline.env").write_text("HOTLINE_FRONT_PORT=9443\nHOTLINE_WEB_PORT=9401\n")
    monkeypatch.setenv("HOTLINE_SETTINGS_FILE", str(tmp_path / "hotline.env"))
    monkeypatch.setenv("HOTLINE_WEB_PORT", "9999")
    settings = load_settings()
    assert (settings.front_port, settings.web_port) == (9443, 9999)


def test_a_wrong_setting_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_FRONT_PORT", "many")
    with pytest.raises(ValidationError, match="front_port"):
        load_settings()
