"""Ids, clocks, signatures and settings."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hotline.kernel import ids
from hotline.kernel.clock import FakeClock, SystemClock, to_datetime, to_ms
from hotline.kernel.ids import is_id, new_id
from hotline.kernel.settings import Settings, load_settings
from hotline.kernel.signing import sign, verify
from hotline.messages.routing import HOUSE_NODE


def test_later_ids_sort_later() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000
    assert all(is_id(one) for one in made)
    assert not is_id("12")
    assert not is_id("")


def test_ids_are_version_7_and_tell_when_they_were_made() -> None:
    before_ms = SystemClock().now_ms()
    made = [UUID(new_id()) for _ in range(3000)]
    after_ms = SystemClock().now_ms()
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {RFC_4122}
    assert before_ms <= made[0].int >> 80 <= made[-1].int >> 80 <= after_ms + 1


def test_ids_keep_their_order_beyond_4096_in_a_millisecond_and_when_the_clock_is_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moments = iter([5_000_000_000] * 5000 + [3_000_000_000] * 5000)
    monkeypatch.setattr(ids.time, "time_ns", lambda: next(moments))
    make = ids.IdMaker().make
    made = [make() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == 10_000


def test_a_forked_child_does_not_repeat_its_parents_ids() -> None:
    maker = ids.IdMaker()
    maker.make()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, "".join(maker.make()[19:] for _ in range(100)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    text = os.read(reader, 100_000).decode()
    os.close(reader)
    os.close(writer)
    theirs = {text[place : place + 17] for place in range(0, len(text), 17)}
    assert len(theirs) == 100
    assert theirs.isdisjoint({maker.make()[19:] for _ in range(100)})


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


def test_a_node_is_given_up_no_sooner_than_it_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_NODE_GIVE_UP_AFTER_S", "1000")
    with pytest.raises(ValidationError, match="must not be less than HOTLINE_NODE_GIVE_UP_AFTER_S"):
        load_settings()
    monkeypatch.setenv("HOTLINE_NODE_CLEAR_AFTER_S", "1000")
    assert load_settings().node_clear_after_s == 1000


def test_no_node_is_called_what_stands_for_web(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_NODE_ID", HOUSE_NODE)
    with pytest.raises(ValidationError, match="must be another name"):
        load_settings()


def test_a_wrong_setting_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_FRONT_PORT", "many")
    with pytest.raises(ValidationError, match="front_port"):
        load_settings()
