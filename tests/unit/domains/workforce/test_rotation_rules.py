"""The four rotations of Jiangsu and any other: which shift may be given to whom, by the clock on the wall."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.workforce import errors, rules, timetables
from hotline.domains.workforce.rules import Applicant, Application, LessonTime, Promise, RotationRules

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
MONDAY = date(2026, 3, 2)
WEDNESDAY_EVENING = LessonTime(
    weekday=2, starts=time(18), ends=time(20, 30), valid_from=date(2026, 3, 1), valid_to=date(2026, 6, 30)
)


def promise(**values: object) -> Promise:
    return Promise(**{"rotation": "r", "valid_from": YEAR[0], "valid_to": YEAR[1], **values})  # type: ignore[arg-type]


def shift(day: date, *spans: str) -> list[tuple[datetime, datetime]]:
    """Stretches of work such as 22:00-06:00, the end on the next day when it is not after the start."""
    parts = []
    for span in spans:
        first, last = (time.fromisoformat(text) for text in span.split("-"))
        over = timedelta(days=0 if last > first else 1)
        parts.append((datetime.combine(day, first), datetime.combine(day, last) + over))
    return parts


FAMILY = promise(latest_end=time(17), allows_split=False)
HOPE = promise(closed_hours=(("18:00", "08:00"),))
LEARNING = promise(travel_minutes=45, lessons=(WEDNESDAY_EVENING,))


@pytest.mark.parametrize(
    ("promised", "day", "spans", "broken"),
    [
        (FAMILY, MONDAY, ["08:00-17:00"], []),
        (FAMILY, MONDAY, ["08:00-17:01"], ["after_latest_end"]),
        (FAMILY, MONDAY, ["22:00-06:00"], ["after_latest_end"]),  # tomorrow at six is long after five today
        (FAMILY, MONDAY, ["08:00-11:00", "14:00-17:00"], ["split_shift"]),
        (promise(earliest_start=time(9)), MONDAY, ["08:59-17:00"], ["before_earliest_start"]),
        (promise(earliest_start=time(9)), MONDAY, ["09:00-17:00"], []),
        (HOPE, MONDAY, ["08:00-18:00"], []),
        (HOPE, MONDAY, ["07:30-15:30"], ["closed_hours"]),
        (HOPE, MONDAY, ["10:00-18:15"], ["closed_hours"]),
        (HOPE, MONDAY, ["00:00-06:00"], ["closed_hours"]),
        (HOPE, MONDAY, ["22:00-06:00"], ["closed_hours"]),
        (LEARNING, MONDAY, ["14:00-22:00"], []),
        (LEARNING, date(2026, 3, 4), ["09:00-17:15"], []),
        (LEARNING, date(2026, 3, 4), ["09:00-17:16"], ["lesson"]),  # 45 minutes on the way to school
        (LEARNING, date(2026, 3, 4), ["21:15-23:00"], []),
        (LEARNING, date(2026, 3, 4), ["21:14-23:00"], ["lesson"]),
        (LEARNING, date(2026, 7, 1), ["14:00-22:00"], []),  # the school year is over
        (LEARNING, date(2026, 3, 3), ["22:00-06:00"], []),
        (FAMILY, date(2027, 1, 4), ["14:00-22:00"], []),  # the term is over
    ],
)
def test_shift_breaks_what_was_promised(
    promised: Promise, day: date, spans: list[str], broken: list[rules.Broken]
) -> None:
    assert rules.broken_by([promised], shift(day, *spans)) == [("r", rule) for rule in broken]


def test_all_promises_of_a_person_hold_together() -> None:
    found = rules.broken_by([HOPE, FAMILY], shift(MONDAY, "14:00-22:00"))
    assert found == [("r", "closed_hours"), ("r", "after_latest_end")]


MINUTE = timedelta(minutes=1)
minutes = st.integers(0, 1439)


@given(minutes, minutes, minutes, st.integers(1, 14 * 60), st.integers(0, 6))
def test_closed_hours_forbid_exactly_the_minutes_in_them(
    closed_from: int, closed_to: int, start: int, length: int, weekday: int
) -> None:
    if closed_from == closed_to:
        closed_to = (closed_from + 1) % 1440
    span = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in (closed_from, closed_to))
    begin = datetime.combine(MONDAY + timedelta(days=weekday), time()) + start * MINUTE
    worked = {(begin + minute * MINUTE).hour * 60 + (begin + minute * MINUTE).minute for minute in range(length)}
    closed = {minute % 1440 for minute in range(closed_from, closed_to + 1440 * (closed_to <= closed_from))}
    promised = promise(closed_hours=(span,))
    assert bool(rules.broken_by([promised], [(begin, begin + length * MINUTE)])) == bool(worked & closed)


RULES = RotationRules(code="r", valid_from=YEAR[0], asks_latest_end=True, longest_months=6, team_ids=frozenset({"t"}))
ASKED = Application(valid_from=date(2026, 3, 1), valid_to=date(2026, 8, 31), latest_end=time(17))
MEMBER = Applicant(team_id="t")


def test_application_within_the_rules_passes() -> None:
    rules.check_application(RULES, ASKED, MEMBER)


def changed(application: Application, **values: object) -> Application:
    return Application(**{name: getattr(application, name) for name in Application.__slots__} | values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "applicant", "refused"),
    [
        (changed(ASKED, valid_to=date(2026, 2, 1)), MEMBER, errors.DatesBackwardsError),
        (changed(ASKED, valid_from=date(2025, 12, 31)), MEMBER, errors.RotationNotOpenError),
        (changed(ASKED, valid_to=date(2026, 9, 1)), MEMBER, errors.TermTooLongError),
        (ASKED, Applicant(team_id="other"), errors.TeamMayNotJoinError),
        (ASKED, Applicant(team_id=None), errors.TeamMayNotJoinError),
        (changed(ASKED, latest_end=None), MEMBER, errors.AnswerNeededError),
        (changed(ASKED, earliest_start=time(17)), MEMBER, errors.NoTimeLeftError),
        (changed(ASKED, lessons=(WEDNESDAY_EVENING,)), MEMBER, errors.NotAskedError),
        (ASKED, Applicant(team_id="t", held=((date(2026, 8, 31), date(2026, 9, 1)),)), errors.AlreadyMemberError),
    ],
)
def test_application_against_the_rules_is_refused(
    asked: Application, applicant: Applicant, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        rules.check_application(RULES, asked, applicant)


def test_evidence_and_timetable_are_asked_for() -> None:
    needy = RotationRules(code="r", valid_from=YEAR[0], needs_evidence=True, closed_hours=(("18:00", "08:00"),))
    term = Application(valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 31))
    with pytest.raises(errors.EvidenceNeededError):
        rules.check_application(needy, changed(term, evidence="  "), MEMBER)
    learning = RotationRules(code="r", valid_from=YEAR[0], asks_timetable=True)
    with pytest.raises(errors.AnswerNeededError):
        rules.check_application(learning, term, MEMBER)


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({}, errors.RotationEmptyError),
        ({"rest_block_days": 2, "valid_to": date(2025, 1, 1)}, errors.DatesBackwardsError),
        ({"closed_hours": (("18:00", "18:00"),)}, errors.TimeOfDayError),
        ({"closed_hours": (("25:00", "08:00"),)}, errors.TimeOfDayError),
        ({"closed_hours": (("6pm", "08:00"),)}, errors.TimeOfDayError),
        ({"rest_block_days": 2, "travel_minutes": 30}, errors.TravelWithoutLessonsError),
    ],
)
def test_unsound_rotation_is_refused(values: dict[str, object], refused: type[Exception]) -> None:
    with pytest.raises(refused):
        rules.check_rotation(RotationRules(**{"code": "r", "valid_from": YEAR[0], **values}))  # type: ignore[arg-type]


def test_last_place_is_given_once() -> None:
    small = RotationRules(code="r", valid_from=YEAR[0], rest_block_days=2, most_members=2)
    march = (date(2026, 3, 1), date(2026, 3, 31))
    april = (date(2026, 4, 1), date(2026, 4, 30))
    both = (date(2026, 3, 15), date(2026, 4, 15))
    rules.require_room(small, *both, [march, april])  # on no day are both there
    with pytest.raises(errors.RotationFullError, match="2026-03-15"):
        rules.require_room(small, *both, [march, both])


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 3, 1)),
        (date(2026, 3, 1), 6, date(2026, 9, 1)),
        (date(2026, 8, 15), 12, date(2027, 8, 15)),
        (date(2026, 12, 31), 2, date(2027, 3, 1)),
        (date(2028, 2, 29), 12, date(2029, 3, 1)),
    ],
)
def test_months_after(day: date, months: int, after: date) -> None:
    assert rules.months_after(day, months) == after


def test_timetable_is_read_in_both_languages() -> None:
    lines = [
        "weekday,starts,ends,valid_from,valid_to",
        "wed,18:00,20:30,2026-03-01,2026-06-30",
        "",
        "周六, 09:00, 12:00, 2026-03-01, 2026-06-30",
    ]
    assert timetables.lessons_of("\n".join(lines)) == [
        WEDNESDAY_EVENING,
        LessonTime(weekday=5, starts=time(9), ends=time(12), valid_from=date(2026, 3, 1), valid_to=date(2026, 6, 30)),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "wed,18:00,20:30,2026-03-01",
        "someday,18:00,20:30,2026-03-01,2026-06-30",
        "wed,20:30,18:00,2026-03-01,2026-06-30",
        "wed,18:00,20:30,2026-06-30,2026-03-01",
        "wed,18:00+08:00,20:30+08:00,2026-03-01,2026-06-30",
        "wed,six,seven,2026-03-01,2026-06-30",
    ],
)
def test_wrong_line_of_a_timetable_is_named(line: str) -> None:
    with pytest.raises(errors.TimetableError, match="Line 2"):
        timetables.lessons_of(f"wed,18:00,20:30,2026-03-01,2026-06-30\n{line}")
