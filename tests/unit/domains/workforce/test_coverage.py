"""Coverage of every open quarter of an hour: sums of spans against a plain count, and what the database says."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.people.models import AgentSkill
from hotline.domains.setup_routes import ListFilter
from hotline.domains.workforce import coverage, coverage_spans, work_rules
from hotline.domains.workforce.coverage_errors import CoverageDaysError
from hotline.domains.workforce.coverage_schemas import CoverageOut
from hotline.domains.workforce.errors import DatesBackwardsError
from hotline.domains.workforce.models import Absence, RosterShift
from hotline.foundation.errors import NotYourTenantError
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.planning import FIRST, make_roster, make_shift_kind
from tests.factories.setup import administrator_of, make_agent, make_calendar, make_queue, make_skill

ZONE = ZoneInfo("Asia/Shanghai")
_SPAN = st.tuples(st.integers(0, 2000), st.integers(1, 700)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(st.tuples(_SPAN, st.lists(_SPAN, max_size=3)), max_size=5))
def test_presence_is_what_counting_minute_by_minute_says(
    people: list[tuple[tuple[int, int], list[tuple[int, int]]]],
) -> None:
    summed = coverage_spans.Presence(2)
    for piece, away in people:
        summed.add([piece], away)
    expected = []
    for slot in range(2 * 96):
        minutes = range(slot * 15, slot * 15 + 15)
        there = [
            all(begin <= minute < end and not any(a <= minute < b for a, b in away) for minute in minutes)
            for (begin, end), away in people
        ]
        expected.append(sum(there))
    assert summed.counts() == expected


def test_gaps_are_told_day_by_day() -> None:
    is_open, is_there = [True] * 192, [True] * 90 + [False] * 10 + [True] * 92
    found = coverage_spans.coverage_of(is_open, is_there)
    assert found.gaps == [(0, 1350, 1440), (1, 0, 60)]
    assert (found.open_count, found.covered_count, found.days) == (192, 182, [(96, 90), (96, 92)])


def _gaps(days: list[int], begins: int = 0, ends: int = 1440) -> list[coverage_spans.Gap]:
    return [coverage_spans.Gap(day, begins, ends) for day in days]


def test_the_same_gap_day_after_day_is_one_run() -> None:
    (run,) = coverage_spans.runs_of(_gaps(list(range(3, 93))), first_weekday=3)
    assert run == (3, 92, (), 0, 1440, 90)


def test_the_same_weekdays_week_after_week_are_one_run() -> None:
    """Day 0 is a Thursday: weekends of four weeks, then of one more after a week without."""
    weekends = [2, 3, 9, 10, 16, 17, 23, 24, 37, 38]
    found = coverage_spans.runs_of(_gaps(weekends, 1080, 1200), first_weekday=3)
    assert found == [(2, 24, (5, 6), 1080, 1200, 8), (37, 38, (5, 6), 1080, 1200, 2)]


def test_a_night_is_one_gap_over_midnight() -> None:
    nights = [gap for day in range(10) for gap in ((day, 0, 360), (day, 1320, 1440))]
    found = coverage_spans.runs_of([coverage_spans.Gap(*gap) for gap in nights], first_weekday=0)
    assert found == [(0, 0, (0,), 0, 360, 1), (0, 8, (), 1320, 1800, 9), (9, 9, (2,), 1320, 1440, 1)]


@given(st.sets(st.tuples(st.integers(0, 60), st.sampled_from([(0, 1440), (0, 360), (720, 750), (1320, 1440)]))))
def test_runs_say_exactly_what_the_gaps_say(holes: set[tuple[int, tuple[int, int]]]) -> None:
    gaps = [coverage_spans.Gap(day, *span) for day, span in sorted(holes)]
    said: list[tuple[int, int]] = []
    for run in coverage_spans.runs_of(gaps, first_weekday=2):
        days = [day for day in range(run.first, run.last + 1) if not run.weekdays or (day + 2) % 7 in run.weekdays]
        assert len(days) == run.days
        said += [(day * 1440 + minute, 0) for day in days for minute in range(run.begins, run.ends, 30)]
    plain = [(gap.day * 1440 + minute, 0) for gap in gaps for minute in range(gap.begins, gap.ends, 30)]
    assert sorted(said) == sorted(plain)


def _work(
    tenant: Tenant, roster: UUID, agent: UUID, kind: UUID, day: date, pieces: list[list[int]], **more: object
) -> None:
    begin = datetime.combine(day, time(), ZONE)
    with tenant_scope(tenant.pk):
        RosterShift(
            tenant_id=tenant.pk,
            roster_id=roster,
            agent_id=agent,
            day=day,
            shift_kind_id=kind,
            starts_at=begin + timedelta(minutes=pieces[0][0]),
            ends_at=begin + timedelta(minutes=pieces[-1][1]),
            pieces=pieces,
            paid_min=480,
            **more,
        ).save(force_insert=True)


@pytest.fixture
def water(db: None) -> Tenant:
    return make_tenant("water", time_zone="Asia/Shanghai")


def seen(tenant: Tenant, first: date, last: date) -> CoverageOut:
    return coverage.calendar(make_actor(tenant, "planner"), first, last)


def test_only_the_able_of_published_rosters_cover_a_queue_and_breaks_and_absences_do_not(water: Tenant) -> None:
    calls, kind = make_skill(water), make_shift_kind(water)
    queue = make_queue(water, skills={calls: 5})
    able, weak = make_agent(water, skills={calls: 5}), make_agent(water, skills={calls: 4})
    published, draft = make_roster(water, {}, state="published"), make_roster(water, {})
    _work(water, published, able, kind, FIRST, [[0, 1440]], breaks=[[720, 750]])
    _work(water, published, weak, kind, FIRST, [[0, 1440]])
    _work(water, draft, able, kind, FIRST + timedelta(days=1), [[0, 1440]])
    begin = datetime.combine(FIRST, time(20), ZONE)
    with tenant_scope(water.pk):
        Absence(
            tenant_id=water.pk,
            agent_id=able,
            kind="sick",
            starts_at=begin,
            ends_at=begin + timedelta(hours=9),
            reported_by="x",
        ).save(force_insert=True)
    (found,) = seen(water, FIRST, FIRST + timedelta(days=1)).queues
    assert (found.queue_id, found.is_always_open, found.open_intervals) == (queue, True, 192)
    assert [(gap.day.day, gap.begins_min, gap.ends_min) for gap in found.gaps] == [
        (1, 720, 750),
        (1, 1200, 1440),
        (2, 0, 1440),
    ]
    assert found.days == [(96 - 2 - 16) * 10_000 // 96, 0]


def test_shift_over_midnight_covers_the_day_after_and_one_from_before_the_first(water: Tenant) -> None:
    calls, kind = make_skill(water), make_shift_kind(water)
    make_queue(water, skills={calls: 1})
    roster, agent = make_roster(water, {}, state="published"), make_agent(water, skills={calls: 1})
    _work(water, roster, agent, kind, FIRST - timedelta(days=1), [[1320, 1800]])
    (found,) = seen(water, FIRST, FIRST).queues
    assert [(gap.begins_min, gap.ends_min) for gap in found.gaps] == [(360, 1440)]


def test_opening_calendar_with_holiday_and_make_up_day_says_when_somebody_must_be_there(water: Tenant) -> None:
    calls = make_skill(water)
    queue = make_queue(water, skills={calls: 1})
    office = [[["08:30", "17:30"]]] * 5 + [[], []]
    saturday = FIRST + timedelta(days=5)
    names = {"zh": "节", "en": "Day"}
    hours = make_calendar(
        water,
        weekly=office,
        exceptions=[
            {"day": FIRST.isoformat(), "kind": "holiday", "name": names, "hours": []},
            {"day": saturday.isoformat(), "kind": "workday", "name": names, "hours": [["09:00", "12:00"]]},
        ],
    )
    admin = administrator_of(water)
    (made,), _ = work_rules.settings_records.page(admin, ListFilter())
    work_rules.workforce_settings.change(admin, made.id, 1, {"queue_calendars": {queue: hours}})
    told = seen(water, FIRST, FIRST + timedelta(days=6))
    (found,) = told.queues
    assert found.days == [None, 0, 0, 0, 0, 0, None]
    assert [(gap.day, gap.begins_min, gap.ends_min, gap.is_holiday) for gap in found.gaps][-1] == (
        saturday,
        540,
        720,
        False,
    )
    assert (told.holidays, found.open_intervals) == ([FIRST], 4 * 36 + 12)


def test_skill_that_ends_covers_until_its_last_day_and_an_on_call_shift_its_skills_only(water: Tenant) -> None:
    calls, fires = make_skill(water), make_skill(water)
    make_queue(water, code="a-calls", skills={calls: 1})
    make_queue(water, code="b-fires", skills={fires: 1})
    kind = make_shift_kind(water, "on-call", is_on_call=True, skill_ids=[fires])
    agent, roster = make_agent(water, skills={calls: 1, fires: 1}), make_roster(water, {}, state="published")
    with tenant_scope(water.pk):
        AgentSkill.objects.filter(skill_id=fires).update(valid_to=FIRST)
    for day in (FIRST, FIRST + timedelta(days=1)):
        _work(water, roster, agent, kind, day, [[0, 1440]])
    first, second = seen(water, FIRST, FIRST + timedelta(days=1)).queues
    assert (first.days, second.days) == ([0, 0], [10_000, 0])


def test_a_year_takes_as_many_queries_as_a_day(water: Tenant) -> None:
    calls, kind = make_skill(water), make_shift_kind(water)
    for _ in range(3):
        make_queue(water, skills={calls: 1})
    roster = make_roster(water, {}, weeks=53, state="published")
    planner = make_actor(water, "planner")
    for _ in range(3):
        agent = make_agent(water, skills={calls: 1})
        for number in range(0, 360, 40):
            _work(water, roster, agent, kind, FIRST + timedelta(days=number), [[480, 990]])

    def queries(days: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            coverage.calendar(planner, FIRST, FIRST + timedelta(days=days - 1))
        return len(captured)

    assert queries(365) == queries(1)


def test_days_are_forwards_and_few_enough_and_other_tenants_are_not_seen(water: Tenant) -> None:
    make_queue(water, skills={make_skill(water): 1})
    planner = make_actor(make_tenant("gas"), "planner")
    assert coverage.calendar(planner, FIRST, FIRST).queues == []
    with pytest.raises(NotYourTenantError):
        coverage.calendar(planner, FIRST, FIRST, water.pk)
    with pytest.raises(DatesBackwardsError):
        seen(water, FIRST, FIRST - timedelta(days=1))
    with pytest.raises(CoverageDaysError):
        seen(water, FIRST, FIRST + timedelta(days=400))
    client = client_of(make_user(tenant=water, role="agent"))
    answered = client.get("/api/v1/workforce/coverage?first_day=2027-03-01&last_day=2027-03-02")
    assert answered.status_code == 403
