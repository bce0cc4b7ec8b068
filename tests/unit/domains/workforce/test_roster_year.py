"""Thirty people round the clock through a year (rows SB-02, SB-03): month after month, each carrying on from the one
before, until every quarter of an hour has somebody able; and what is told when that cannot be."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from hotline.domains.workforce import coverage
from hotline.domains.workforce.judging import judge
from hotline.domains.workforce.models import Roster, RosterShift, Wish
from hotline.domains.workforce.planned_people import horizon, planned_people, works_of
from hotline.domains.workforce.rosters import publish
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import make_actor, make_tenant
from tests.factories.planning import (
    FIRST,
    make_labour_rules,
    make_night_kind,
    make_roster,
    make_shift_kind,
    make_staff,
    solved,
    stored_roster,
)
from tests.factories.setup import make_calendar, make_queue, make_skill

pytestmark = pytest.mark.django_db
ROUND_THE_CLOCK = [2] * 14 + [4] * 26 + [3] * 8
MONTH = timedelta(days=28)


@pytest.fixture
def water() -> Tenant:
    tenant = make_tenant("water", time_zone="Asia/Shanghai")
    make_labour_rules(tenant, most_nights_running=3, most_nights=8, most_weekends=3, most_holidays=4)
    make_shift_kind(tenant, "early", ("06:00", "07:00"))
    make_shift_kind(tenant, "day", ("08:00", "09:00"))
    make_shift_kind(tenant, "late", ("13:30", "14:30"))
    make_night_kind(tenant)
    return tenant


def made(tenant: Tenant, calls: UUID, months: int) -> list[UUID]:
    """Rosters of four weeks each, one after the other, each published."""
    planner = make_actor(tenant, "planner")
    made_so_far: list[UUID] = []
    for number in range(months):
        first = FIRST + number * MONTH
        days = {"first_day": first, "last_day": first + MONTH - timedelta(days=1)}
        roster = make_roster(tenant, {calls: ROUND_THE_CLOCK}, **days)
        solved(tenant, planner, roster)
        publish(planner, roster, 2)
        made_so_far.append(roster)
    return made_so_far


@pytest.mark.parametrize("months", [2, pytest.param(13, marks=pytest.mark.slow)])
def test_thirty_people_are_there_all_the_time_and_the_law_is_kept_across_months(water: Tenant, months: int) -> None:
    calls = make_skill(water)
    make_queue(water, skills={calls: 5})
    holiday = {"day": "2027-03-15", "kind": "holiday", "name": {"zh": "节", "en": "Day"}, "hours": []}
    make_calendar(water, exceptions=[holiday])
    make_staff(water, [[calls]] * 30)
    rosters = made(water, calls, months)
    last = FIRST + months * MONTH - timedelta(days=1)
    (found,) = coverage.calendar(make_actor(water, "planner"), FIRST, last).queues
    # The first night begins before the first roster: its small hours are those of the roster before.
    assert [(gap.day, gap.begins_min) for gap in found.gaps] == [(FIRST, 0)]
    assert found.covered_intervals == found.open_intervals - 6 * 4
    for roster in rosters:
        assert stored_roster(water, roster).figures["breaches"] == 0
    with tenant_scope(water.pk):
        for roster in Roster.objects.all():
            days = horizon(water.pk, roster.first_day, roster.last_day)
            people = planned_people(water.pk, days, datetime(2027, 2, 1, tzinfo=UTC))
            works = works_of(RosterShift.objects.all())
            broken = [one for agent, own in works.items() for one in judge(people[agent], own, days)]
            assert broken == []


def test_too_few_people_are_told_by_when_they_are_missing_and_where_they_are(water: Tenant) -> None:
    calls = make_skill(water)
    make_staff(water, [[calls]] * 3)
    (roster,) = made(water, calls, 1)
    figures = stored_roster(water, roster).figures
    assert figures["coverage"] < 5000
    assert figures["gap_count"] >= 28
    gap = figures["gaps"][0]
    assert gap["where"]["able"] == 3
    assert gap["missing"] >= 1


def test_wishes_are_told_as_granted_or_not_once_the_roster_is_published(water: Tenant) -> None:
    calls = make_skill(water)
    one, other = make_staff(water, [[calls]] * 2)
    roster, planner = make_roster(water, {calls: ROUND_THE_CLOCK}, weeks=4), make_actor(water, "planner")
    solved(water, planner, roster)
    with tenant_scope(water.pk):
        shift = RosterShift.objects.filter(agent_id=one).order_by("day")[0]
        off = next(day for day in (FIRST + timedelta(days=n) for n in range(28)) if not _works(one, day))
        wanted = [
            Wish(agent_id=one, day=shift.day, kind="shift_kind", shift_kind_id=shift.shift_kind_id),
            Wish(agent_id=one, day=off, kind="off"),
            Wish(agent_id=other, day=_day_of(other), kind="off"),
        ]
        for wish in wanted:
            wish.tenant_id = water.pk
            wish.save(force_insert=True)
    publish(planner, roster, 2)
    with tenant_scope(water.pk):
        kept = {wish.pk: wish.is_granted for wish in Wish.objects.all()}
    assert [kept[wish.pk] for wish in wanted] == [True, True, False]


def _works(agent: UUID, day: object) -> bool:
    return RosterShift.objects.filter(agent_id=agent, day=day).exists()


def _day_of(agent: UUID) -> object:
    return RosterShift.objects.filter(agent_id=agent).order_by("day")[0].day
