"""The judge of work: one table of what each rule refuses, and what it lets pass."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.domains.workforce.judging import Breach, Horizon, Limits, Person, Work, hours_owed, is_night, judge
from hotline.domains.workforce.rule_errors import rule_error, rules_named
from hotline.domains.workforce.rules import LessonTime, Promise
from hotline.foundation.text import sentence_of

MONDAY = date(2026, 3, 2)
FOUR_WEEKS = Horizon(first=MONDAY, last=MONDAY + timedelta(days=27), zone=ZoneInfo("Asia/Shanghai"))
EARLY, LATE, NIGHT = ((8 * 60, 16 * 60),), ((14 * 60, 22 * 60),), ((22 * 60, 30 * 60),)
SPLIT = ((8 * 60, 12 * 60), (16 * 60, 20 * 60))
FREE = Person(agent_id="a", limits=Limits(most_days_running=None, most_days_week=None))


def day(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


def works(*days: int, pieces: tuple[tuple[int, int], ...] = EARLY) -> list[Work]:
    return [Work(day=day(n), pieces=pieces, paid_min=480, shift_kind_id="d8") for n in days]


def found(person: Person, given: list[Work], horizon: Horizon = FOUR_WEEKS) -> list[tuple[date | None, str]]:
    return [(breach.day, breach.rule) for breach in judge(person, given, horizon)]


def limited(**values: object) -> Person:
    return replace(FREE, limits=replace(FREE.limits, **values))  # type: ignore[arg-type]


def promised(**values: object) -> Person:
    everything = {"rotation": "r", "valid_from": MONDAY, "valid_to": day(27)} | values
    return replace(FREE, promises=(Promise(**everything),))  # type: ignore[arg-type]


AWAY = (datetime.combine(day(1), time(12)), datetime.combine(day(1), time(13)))
LESSON = LessonTime(weekday=0, starts=time(17), ends=time(19), valid_from=MONDAY, valid_to=day(27))
REASON = {"zh": "课程", "en": "course"}


@pytest.mark.parametrize(
    ("person", "given", "expected"),
    [
        (FREE, works(0, 1, 2), []),
        (FREE, works(0, pieces=LATE) + works(1), [(day(1), "rest")]),
        (limited(rest_min=600), works(0, pieces=LATE) + works(1), []),
        (FREE, works(0, pieces=NIGHT) + works(1, pieces=((5 * 60, 9 * 60),)), [(day(1), "overlap")]),
        (limited(most_days_running=6), works(*range(6)), []),
        (limited(most_days_running=6), works(*range(7)), [(day(0), "days_running")]),
        (limited(most_days_running=6), works(-2, -1, *range(5)), [(day(-2), "days_running")]),
        (limited(most_nights_running=2), works(0, 1, pieces=NIGHT), []),
        (limited(most_nights_running=2), works(0, 1, 2, pieces=NIGHT), [(day(0), "nights_running")]),
        (limited(most_days_week=5), works(0, 1, 2, 3, 5, 6), [(day(0), "days_week")]),
        (limited(most_week_min=2400), works(0, 1, 2, 3, 4), []),
        (limited(most_week_min=2399), works(0, 1, 2, 3, 4), [(day(0), "week_hours")]),
        (limited(hours_min=(480, 960)), works(0, 1), []),
        (limited(hours_min=(480, 960)), works(0, 1, 2), [(None, "hours")]),
        (limited(hours_min=(600, 960)), works(0), [(None, "hours")]),
        (limited(hours_min=(480, 960)), [], []),  # not part of this roster
        (limited(hours_min=(480, 960)), works(-1, 0, 1, 28), []),
        (limited(most_nights=1), works(0, 2, pieces=NIGHT), [(None, "nights")]),
        (limited(most_weekends=1), works(5, 6), []),
        (limited(most_weekends=1), works(5, 12), [(None, "weekends")]),
        (limited(most_holidays=0), works(0), []),
        (replace(FREE, is_active=False), works(0), [(day(0), "inactive")]),
        (replace(FREE, holds=((REASON, None),)), works(0), [(day(0), "held")]),
        (replace(FREE, holds=((REASON, datetime.combine(day(1), time(7))),)), works(0, 1), [(day(0), "held")]),
        (
            replace(FREE, employed=(day(1), day(2))),
            works(0, 1, 2, 3),
            [(day(0), "not_employed"), (day(3), "not_employed")],
        ),
        (replace(FREE, shift_kind_ids=frozenset({"n8"})), works(0), [(day(0), "shift_kind_not_allowed")]),
        (replace(FREE, away=(AWAY,)), works(0, 1, 2), [(day(1), "absent")]),
        (promised(latest_end=time(16)), works(0), []),
        (promised(latest_end=time(15, 59)), works(0), [(day(0), "rotation_after_latest_end")]),
        (promised(earliest_start=time(9)), works(0), [(day(0), "rotation_before_earliest_start")]),
        (promised(allows_split=False), works(0, pieces=SPLIT), [(day(0), "rotation_split_shift")]),
        (promised(closed_hours=(("18:00", "08:00"),)), works(0), []),
        (promised(closed_hours=(("18:00", "08:00"),)), works(0, pieces=LATE), [(day(0), "rotation_closed_hours")]),
        (promised(lessons=(LESSON,), travel_minutes=60), works(0), []),
        (promised(lessons=(LESSON,), travel_minutes=61), works(0), [(day(0), "rotation_lesson")]),
        (promised(rest_block_days=2), works(0, 1, 2, 3, 4), []),
        (promised(rest_block_days=2), works(0, 2, 4, 6), [(day(0), "rest_block")]),
        (promised(rest_block_days=2, valid_to=day(5)), works(0, 2, 4, 6), []),
    ],
)
def test_each_rule_refuses_what_it_is_for_and_nothing_else(
    person: Person, given: list[Work], expected: list[tuple[date | None, str]]
) -> None:
    assert found(person, given) == expected


def test_public_holidays_count_on_their_days() -> None:
    horizon = replace(FOUR_WEEKS, holidays=frozenset({day(3)}))
    assert found(limited(most_holidays=0), works(2), horizon) == []
    assert found(limited(most_holidays=0), works(3), horizon) == [(None, "holidays")]


def test_happy_hour_narrows_the_hours_to_two_per_cent() -> None:
    wide = replace(limited(hours_min=(9_120, 10_080)), promises=promised(hours_tolerance_percent=2).promises)
    twenty = works(*(n for n in range(28) if n % 7 < 5))
    assert found(wide, twenty) == []
    assert found(wide, twenty[1:]) == [(None, "hours")]  # 9,120 would do without the rotation
    assert found(limited(hours_min=(9_120, 10_080)), twenty[1:]) == []


def test_whole_days_away_owe_no_hours() -> None:
    """Four weeks of 40 hours, one of them on leave: 120 are owed, and a morning at the dentist's owes as before."""
    week = (datetime.combine(day(0), time()), datetime.combine(day(7), time()))
    morning = (datetime.combine(day(8), time(8)), datetime.combine(day(8), time(10)))
    person = replace(limited(hours_min=(9_600, 9_600)), away=(week, morning))
    assert hours_owed(person, FOUR_WEEKS) == (7_200, 7_200)
    leaver = replace(limited(hours_min=(9_600, 9_600)), employed=(None, day(13)))
    assert hours_owed(leaver, FOUR_WEEKS) == (4_800, 4_800)
    held = replace(limited(hours_min=(9_600, 9_600)), holds=((REASON, datetime.combine(day(14), time())),))
    assert hours_owed(held, FOUR_WEEKS) == (4_800, 4_800)


def test_rest_is_measured_in_time_that_passes() -> None:
    """The night of 29 March 2026 has an hour less in Berlin: 21:30 to 08:00 is 9 h 30 min, and 10 h on other days."""
    berlin = Horizon(first=date(2026, 3, 23), last=date(2026, 4, 5), zone=ZoneInfo("Europe/Berlin"))
    person = limited(rest_min=630)
    evening = Work(day=date(2026, 3, 28), pieces=((14 * 60, 21 * 60 + 30),), paid_min=450)
    morning = Work(day=date(2026, 3, 29), pieces=((8 * 60, 16 * 60),), paid_min=480)
    assert [breach.data["minutes"] for breach in judge(person, [evening, morning], berlin)] == [570]
    a_week_before = [replace(work, day=work.day - timedelta(days=2)) for work in (evening, morning)]
    assert judge(person, a_week_before, berlin) == []


def test_only_what_touches_the_days_asked_for_is_told() -> None:
    person = limited(most_days_running=6)
    given = works(*range(7)) + works(14, pieces=LATE) + works(15)
    assert [b.rule for b in judge(person, given, FOUR_WEEKS, frozenset({day(6)}))] == ["days_running"]
    assert [b.rule for b in judge(person, given, FOUR_WEEKS, frozenset({day(14)}))] == ["rest"]
    assert judge(person, given, FOUR_WEEKS, frozenset({day(21)})) == []


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (EARLY, False),
        (NIGHT, True),
        (((19 * 60, 25 * 60),), True),
        (((18 * 60, 24 * 60 + 59),), False),
        (((0, 180),), True),
    ],
)
def test_three_hours_between_ten_and_six_are_a_night(pieces: tuple[tuple[int, int], ...], expected: bool) -> None:
    assert is_night(Limits(), Work(day=MONDAY, pieces=pieces, paid_min=0)) is expected


def test_every_breach_has_a_sentence_that_names_person_and_rule() -> None:
    person = replace(promised(closed_hours=(("18:00", "08:00"),), name={"zh": "希望工程", "en": "Hope Project"}))
    (breach,) = judge(person, works(0, pieces=LATE), FOUR_WEEKS)
    error = rule_error(breach, "周倩", MONDAY)
    assert error.code == "workforce.rule_rotation_closed_hours"
    assert sentence_of(error, "zh").startswith("周倩 参加了希望工程")
    assert sentence_of(error, "en").startswith("周倩 is in Hope Project")
    short = rule_error(Breach(day(1), "rest", {"minutes": 630, "least": 660}), "Li", MONDAY)
    assert "10:30 hours of rest before 2026-03-03, and 11 are" in sentence_of(short, "en")


def test_rules_without_a_sentence_are_missing_none() -> None:
    """Every rule that the table above makes the judge speak of can be said."""
    told = {rule for person, given, _ in _TABLE for _, rule in found(person, given)}
    assert told <= set(rules_named())


_TABLE = test_each_rule_refuses_what_it_is_for_and_nothing_else.pytestmark[0].args[1]
