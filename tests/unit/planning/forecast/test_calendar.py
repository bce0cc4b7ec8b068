"""Kinds of days: China's holidays and make-up workdays, lunar dates, a calendar file, whose holidays are kept."""

from datetime import date

import pytest

from hotline.planning.forecast.calendar import Calendar, parse_calendar
from hotline.planning.forecast.days import day_table
from hotline.planning.forecast.errors import CalendarInvalidError, ForecastInvalidError
from hotline.planning.forecast.openings import openings, recognised_country
from tests.unit.planning.forecast.centre import office

CHINA = Calendar().with_country("CN")


@pytest.mark.parametrize(
    ("day", "is_workday", "holiday"),
    [
        # State Council notices for 2025 and 2026.
        (date(2025, 1, 26), True, ""),  # Sunday, make-up workday before Spring Festival
        (date(2025, 1, 28), False, "Chinese New Year's Eve"),
        (date(2025, 2, 8), True, ""),  # Saturday, make-up workday after it
        (date(2025, 10, 6), False, "Mid-Autumn Festival"),  # lunar: fifteenth of the eighth month
        (date(2025, 10, 11), True, ""),
        (date(2026, 2, 17), False, "Chinese New Year (Spring Festival)"),  # first of the first lunar month
        (date(2026, 2, 28), True, ""),
        (date(2026, 6, 19), False, "Dragon Boat Festival"),  # fifth of the fifth lunar month
        (date(2026, 3, 2), True, ""),
        (date(2026, 3, 7), False, ""),
    ],
)
def test_chinese_days(day: date, is_workday: bool, holiday: str) -> None:
    assert CHINA.is_workday(day) is is_workday
    assert CHINA.holiday(day) == holiday


def test_a_file_adds_to_the_country_and_speaks_for_one_queue_where_it_says_so() -> None:
    rows = [
        "date,until,kind,name,queue,value",
        "2026-03-02,,closed,,repair,",
        "2026-03-01,2026-03-03,campaign,spring,,2",
        "2026-03-07,,workday,,,",
        "2026-03-05,,weather,rain_mm,,12.5",
    ]
    calendar = parse_calendar(rows).with_country("CN")
    assert calendar.has(date(2026, 3, 2), "repair", "closed")
    assert not calendar.has(date(2026, 3, 2), "bills", "closed")
    assert calendar.effects(date(2026, 3, 3), "bills") == {("campaign", "spring"): 2.0}
    assert calendar.effects(date(2026, 3, 5), "bills") == {("weather", "rain_mm"): 12.5}
    assert calendar.is_workday(date(2026, 3, 7))
    assert calendar.holiday(date(2026, 10, 1)) == "National Day"


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ([], "line 1"),
        (["day,kind", "2026-03-02,closed"], "line 1"),
        (["date,kind", "2026-13-02,closed"], "line 2: '2026-13-02' is not a date"),
        (["date,kind", "2026-03-02,shut"], "line 2: there is no kind 'shut'"),
        (["date,until,kind", "2026-03-02,2026-03-01,closed"], "line 2: until lies before"),
        (["date,kind,value", "2026-03-02,weather,warm"], "line 2: value is 'warm'"),
        (["date,kind", "2026-03-02,closed", "2026-03-02,open"], "2026-03-02 is closed and open at once"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(rows: list[str], part: str) -> None:
    with pytest.raises(CalendarInvalidError) as refused:
        parse_calendar(rows)
    assert part in str(refused.value)


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(ForecastInvalidError, match="'XX'"):
        Calendar().with_country("XX")


@pytest.mark.parametrize("country", ["US", "CN", "GB", "DE"])
def test_closed_days_tell_whose_holidays_are_kept(country: str) -> None:
    assert recognised_country(office(330, country=country)) == country


def test_a_queue_that_keeps_nobodys_holidays_has_no_country() -> None:
    assert recognised_country(office(200)) == ""
    assert recognised_country(office(10, country="US")) == ""


def test_future_holidays_are_closed_as_past_ones_were_unless_the_calendar_says_open() -> None:
    series = office(250, country="US")
    known = Calendar().with_country("US")
    hours = openings(series, known)
    columbus = date(2025, 10, 13)  # no such day is in the history; the other holidays are all closed
    assert not hours.is_open(columbus, known, "repair")
    assert hours.is_open(date(2025, 10, 14), known, "repair")
    told = parse_calendar(["date,kind", "2025-10-13,open"]).with_country("US")
    assert hours.is_open(columbus, told, "repair")
    assert not hours.is_open(date(2025, 10, 18), known, "repair")  # Saturday


def test_make_up_workdays_are_open_where_saturdays_are_not() -> None:
    series = office(250, country="CN")
    hours = openings(series, CHINA)
    assert hours.is_open(date(2025, 10, 11), CHINA, "repair")
    assert hours.hours_on(date(2025, 10, 11)).sum() == 20


def test_places_in_the_month_count_from_its_turn_and_the_day_after_a_long_rest_stands_out() -> None:
    days = [date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 12)]
    table = day_table([], office(7).counts[:0], days, CHINA, "")
    assert table.working_place.tolist() == [-1, 0, 1, 3]  # 10 October is a make-up Saturday
    assert table.place_in_month.tolist() == [-1, 7, 8, 11]
    assert table.rest_excess[1] > table.rest_excess[2] == 0.0
    assert table.is_eve.tolist() == [1.0, 0.0, 0.0, 0.0]
    assert table.second_excess[2] == table.rest_excess[1]
