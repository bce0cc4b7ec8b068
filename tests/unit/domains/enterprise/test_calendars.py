"""Opening calendars: what they accept, when they are open, how versions follow each other."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.enterprise import actions, errors, queries, rules
from hotline.domains.enterprise.announcements import NODE, current_version
from hotline.foundation.models import AuditEntry
from hotline.foundation.tenancy import tenant_scope
from hotline.messages.configuration import CalendarConfiguration
from tests.factories.foundation import client_of, make_tenant, make_user
from tests.factories.setup import EVERY_DAY, administrator_of, make_calendar, make_department

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK: list[list[list[str]]] = [[["08:30", "12:00"], ["13:00", "17:30"]]] * 5 + [[], []]
NAME = {"zh": "名", "en": "Name"}


def _day(day: str, kind: Any = "holiday", *hours: tuple[str, str]) -> rules.CalendarDay:
    return rules.CalendarDay(day=day, kind=kind, name=NAME, hours=hours)


def _calendar(*exceptions: rules.CalendarDay, weekly: Any = WEEK) -> CalendarConfiguration:
    version = rules.calendar_version("2026-01-01", weekly, exceptions)
    return CalendarConfiguration(calendar_id="one", time_zone="Asia/Shanghai", versions=(version,))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T08:29", False),
        ("2026-11-23T08:30", True),
        ("2026-11-23T11:59", True),
        ("2026-11-23T12:00", False),
        ("2026-11-23T17:29", True),
        ("2026-11-23T17:30", False),
        ("2026-11-22T10:00", False),  # a Sunday
        ("2026-10-01T10:00", False),  # National Day, a Thursday
        ("2026-10-10T10:00", True),  # a Saturday that is worked to make up
        ("2026-10-10T20:00", False),
        ("2025-12-31T10:00", False),  # before the first version
    ],
)
def test_open_by_week_and_exceptions(moment: str, is_open: bool) -> None:
    calendar = _calendar(_day("2026-10-01"), _day("2026-10-10", "workday", ("08:30", "17:30")))
    assert rules.is_open(calendar, _at(moment)) is is_open


def test_moment_is_read_in_the_calendars_zone() -> None:
    assert rules.is_open(_calendar(), datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    assert not rules.is_open(_calendar(), datetime(2026, 11, 23, 9, 30, tzinfo=UTC))


def test_midnight_to_midnight_never_closes() -> None:
    calendar = _calendar(weekly=[[["00:00", "24:00"]]] * 7)
    start = _at("2026-11-22T00:00")
    assert all(rules.is_open(calendar, start + timedelta(minutes=17 * step)) for step in range(200))


def test_next_opening_skips_night_weekend_and_holiday() -> None:
    calendar = _calendar(_day("2026-11-23"))
    assert rules.next_opening(calendar, _at("2026-11-20T18:00")) == _at("2026-11-24T08:30")
    assert rules.next_opening(calendar, _at("2026-11-24T12:10")) == _at("2026-11-24T13:00")
    assert rules.next_opening(calendar, _at("2026-11-24T09:00")) == _at("2026-11-24T09:00")
    assert rules.next_opening(_calendar(weekly=[[]] * 7), _at("2026-11-24T09:00")) is None


def test_later_version_replaces_the_earlier_from_its_day_on() -> None:
    first = rules.calendar_version("2026-01-01", WEEK, [])
    second = rules.calendar_version("2026-12-01", [[["10:00", "11:00"]]] * 7, [])
    calendar = CalendarConfiguration(calendar_id="one", time_zone="Asia/Shanghai", versions=(first, second))
    assert rules.is_open(calendar, _at("2026-11-30T09:00"))
    assert not rules.is_open(calendar, _at("2026-12-01T09:00"))
    assert rules.is_open(calendar, _at("2026-12-06T10:30"))


@pytest.mark.parametrize(
    ("weekly", "exceptions", "refused"),
    [
        (WEEK[:6], [], errors.CalendarWeekIncompleteError),
        ([[["8:30", "17:30"]]] * 7, [], errors.CalendarTimeWrongError),
        ([[["08:30", "24:01"]]] * 7, [], errors.CalendarTimeWrongError),
        ([[["17:30", "08:30"]]] * 7, [], errors.CalendarSpanWrongError),
        ([[["08:30"]]] * 7, [], errors.CalendarSpanWrongError),
        ([[["08:30", "12:00"], ["11:00", "13:00"]]] * 7, [], errors.CalendarSpansOverlapError),
        (WEEK, [_day("2026-10-01"), _day("2026-10-01")], errors.CalendarDayTwiceError),
        (WEEK, [_day("2026-10-10", "workday")], errors.CalendarWorkdayClosedError),
        (WEEK, [_day("20261001")], errors.CalendarDateWrongError),
        (WEEK, [_day("2026-02-30")], errors.CalendarDateWrongError),
    ],
)
def test_what_cannot_be_is_refused(weekly: Any, exceptions: Any, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        rules.calendar_version("2026-01-01", weekly, exceptions)


@given(minutes=st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True), probe=st.integers(0, 7 * 1440 - 1))
def test_open_exactly_within_the_spans(minutes: list[int], probe: int) -> None:
    edges = sorted(minutes)[: len(minutes) // 2 * 2]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    weekly = [[[rules.clock_text(start), rules.clock_text(end)] for start, end in spans]] * 7
    moment = datetime(2026, 3, 2, tzinfo=SHANGHAI) + timedelta(minutes=probe)
    expected = any(start <= probe % 1440 < end for start, end in spans)
    assert rules.is_open(_calendar(weekly=weekly), moment) is expected


@pytest.mark.django_db
def test_changed_schedule_becomes_a_version_and_the_old_one_stays() -> None:
    tenant = make_tenant()
    calendar = make_calendar(tenant, valid_from=date(2026, 1, 1))
    before = current_version(NODE)
    admin = administrator_of(tenant)
    actions.calendars.change(admin, calendar, 1, {"valid_from": date(2026, 12, 1), "weekly": [[]] * 7})
    shown = queries.calendar_records.one(admin, calendar)
    assert [(version.number, version.valid_from) for version in shown.versions] == [
        (1, date(2026, 1, 1)),
        (2, date(2026, 12, 1)),
    ]
    assert shown.versions[0].weekly == EVERY_DAY
    assert current_version(NODE) == before + 1
    assert AuditEntry.objects.filter(action="calendar.version_added", object_id=str(calendar)).count() == 2
    assert not queries.is_calendar_open(admin, calendar, _at("2026-12-02T10:00"))
    assert queries.is_calendar_open(admin, calendar, _at("2026-11-30T10:00"))


@pytest.mark.django_db
def test_version_before_the_last_is_refused_and_nothing_is_kept() -> None:
    tenant = make_tenant()
    calendar = make_calendar(tenant, valid_from=date(2026, 6, 1))
    with pytest.raises(errors.CalendarVersionOrderError):
        actions.calendars.change(administrator_of(tenant), calendar, 1, {"valid_from": date(2026, 1, 1)})
    assert queries.calendar_records.one(administrator_of(tenant), calendar).version == 1


@pytest.mark.django_db
def test_renaming_makes_no_version() -> None:
    tenant = make_tenant()
    calendar = make_calendar(tenant)
    actions.calendars.change(administrator_of(tenant), calendar, 1, {"name": NAME})
    assert len(queries.calendar_records.one(administrator_of(tenant), calendar).versions) == 1


@pytest.mark.django_db
def test_wrong_calendar_is_told_with_the_day_over_http() -> None:
    tenant = make_tenant()
    body = {"code": "office", "name": NAME, "weekly": [[["17:30", "08:30"]]] + [[]] * 6}
    client = client_of(make_user(tenant=tenant))
    answer = client.post("/api/v1/admin/calendars", msgspec.json.encode(body), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "enterprise.calendar_span_wrong")
    unknown = {**body, "weekly": [[]] * 7, "time_zone": "Mars/Olympus"}
    answer = client.post("/api/v1/admin/calendars", msgspec.json.encode(unknown), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "enterprise.time_zone_unknown")


@pytest.mark.django_db
def test_departments_in_use_are_offered_to_tickets() -> None:
    tenant = make_tenant()
    used = make_department(tenant, code="repair", mailbox="repair@water.example")
    make_department(tenant, code="closed", is_active=False)
    make_department(make_tenant(), code="foreign")
    found = queries.departments(administrator_of(tenant), tenant.pk)
    assert [(row.department_id, row.mailbox) for row in found] == [(str(used), "repair@water.example")]


@pytest.mark.django_db
def test_nodes_are_told_every_version() -> None:
    tenant = make_tenant()
    calendar = make_calendar(tenant, valid_from=date(2026, 1, 1))
    with tenant_scope(tenant.pk):
        told = queries.calendar_configurations()
    assert [row.calendar_id for row in told] == [str(calendar)]
    assert told[0].versions[0].weekly[0] == ((510, 1050),)
