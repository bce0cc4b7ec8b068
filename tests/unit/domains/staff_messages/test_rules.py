"""When a message goes out: tables."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.staff_messages.rules import LONGEST_PAUSE, after_quiet, pause_after

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "quiet", "goes_out"),
    [
        ("2026-03-02 12:00", ("21:00", "07:00"), "2026-03-02 12:00"),
        ("2026-03-02 20:59", ("21:00", "07:00"), "2026-03-02 20:59"),
        ("2026-03-02 21:00", ("21:00", "07:00"), "2026-03-03 07:00"),
        ("2026-03-03 00:30", ("21:00", "07:00"), "2026-03-03 07:00"),
        ("2026-03-03 07:00", ("21:00", "07:00"), "2026-03-03 07:00"),
        ("2026-03-02 13:00", ("12:00", "14:00"), "2026-03-02 14:00"),
        ("2026-03-02 23:00", ("12:00", "14:00"), "2026-03-02 23:00"),
        ("2026-03-02 23:00", ("", ""), "2026-03-02 23:00"),
        ("2026-03-02 23:00", ("22:00", "22:00"), "2026-03-02 23:00"),
    ],
)
def test_quiet_hours_end_at_their_end(now: str, quiet: tuple[str, str], goes_out: str) -> None:
    moment = local(now).astimezone(UTC)
    assert after_quiet(moment, SHANGHAI, *quiet) == local(goes_out)


def test_quiet_hours_follow_the_clock_on_the_wall_when_it_changes() -> None:
    before = local("2026-03-28 23:00", BERLIN).astimezone(UTC)  # clocks go forward at 02:00
    assert after_quiet(before, BERLIN, "22:00", "07:00") == datetime(2026, 3, 29, 5, tzinfo=UTC)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 30), (2, 60), (3, 120), (7, 1920), (8, 3600), (60, 3600)])
def test_pauses_double_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert pause_after(attempts, 0.5) == timedelta(seconds=seconds)


@given(st.integers(1, 100), st.floats(0, 1))
def test_pauses_sway_by_a_fifth_at_most(attempts: int, chance: float) -> None:
    usual = pause_after(attempts, 0.5)
    assert 0.8 * usual <= pause_after(attempts, chance) <= 1.2 * min(usual, LONGEST_PAUSE)


@given(st.integers(0, 366 * 24 * 60), st.sampled_from([("21:00", "07:00"), ("01:30", "02:30")]))
def test_what_has_waited_for_the_end_need_not_wait_again(minute: int, quiet: tuple[str, str]) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    end = after_quiet(now, BERLIN, *quiet)
    assert now <= end <= now + timedelta(hours=12)
    assert after_quiet(end, BERLIN, *quiet) == end
