"""Local days as real moments."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from hotline.planning.staffing.moments import day_places, moments, wall_text

BERLIN, SANTIAGO, SHANGHAI = map(ZoneInfo, ("Europe/Berlin", "America/Santiago", "Asia/Shanghai"))


@pytest.mark.parametrize(
    ("zone", "day", "intervals"),
    [
        (SHANGHAI, date(2026, 3, 29), 48),
        (BERLIN, date(2026, 3, 29), 46),
        (BERLIN, date(2026, 10, 25), 50),
        (SANTIAGO, date(2026, 9, 6), 46),  # midnight itself is jumped over
        (SANTIAGO, date(2026, 4, 4), 50),
        (ZoneInfo("Australia/Lord_Howe"), date(2026, 10, 4), 47),
    ],
)
def test_a_day_has_as_many_intervals_as_pass(zone: ZoneInfo, day: date, intervals: int) -> None:
    found = moments(day, day, zone, 30)
    assert len(found) == intervals
    assert {begin.astimezone(zone).date() for begin in found} == {day}


def test_days_follow_each_other_whatever_the_clocks_do() -> None:
    found = moments(date(2026, 10, 24), date(2026, 10, 26), BERLIN, 15)
    assert [place.stop - place.start for place in day_places(found, BERLIN)] == [96, 100, 96]
    assert found == sorted(set(found))


def test_an_hour_that_comes_twice_is_told_with_its_offset() -> None:
    def text(hour: int) -> str:
        return wall_text(datetime(2026, 10, 25, hour, tzinfo=UTC), BERLIN)

    told = [text(hour) for hour in range(3)]
    assert told == ["2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00", "2026-10-25T03:00"]
    assert wall_text(datetime(2026, 3, 29, 1, tzinfo=UTC), BERLIN) == "2026-03-29T03:00"
