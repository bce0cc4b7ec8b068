"""Breaks of a longer day: as of a shift of that length, and what judge, solver's checker and page say of it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.workforce import bids, open_shifts, request_queries, roster_cells, rosters, rule_errors
from hotline.domains.workforce.further_breaks import Further, further_breaks, longest_stretch
from hotline.domains.workforce.models import Roster, RosterShift
from hotline.domains.workforce.roster_shifts import solver_kind
from hotline.domains.workforce.work_rule_checks import Break, Shift, check_shift, paid_minutes
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from hotline.planning.roster import month_check
from tests.factories.foundation import make_actor, make_tenant
from tests.factories.rosters import (
    make_labour_rules,
    make_roster,
    make_settings,
    make_shift,
    make_shift_kind,
    make_worker,
    next_monday,
)

MEAL = Break(30, 180, 300, is_paid=False)
TEA = Break(15, 420, 510, is_paid=True)
Span = tuple[int, int]


def kind(length: int, *breaks: Break, **values: Any) -> Shift:
    whole = {"starts": [], "starts_every_min": 5, "paid_min": None, "serves_some": False, "is_on_call": False}
    return Shift(pieces=[(0, length)], breaks=list(breaks), **{**whole, **values})


EIGHT, TEN = kind(480, MEAL), kind(600, MEAL, TEA)


def added(pieces: list[Span], breaks: list[Span], *kinds: Shift, **values: int) -> list[Span]:
    return [(one.begin, one.end) for one in further_breaks(pieces, breaks, EIGHT, kinds, **values)]


def test_a_day_as_long_as_a_kind_of_shift_has_its_breaks() -> None:
    assert further_breaks([(480, 1080)], [(720, 750)], EIGHT, [EIGHT, TEN]) == [Further(945, 960, is_paid=True)]


def test_hours_before_the_shift_may_ask_for_the_break_that_comes_first() -> None:
    meals = kind(600, MEAL, Break(30, 360, 420, is_paid=False))
    assert added([(360, 960)], [(720, 750)], EIGHT, meals) == [(600, 630)]


def test_a_shorter_day_than_the_next_kind_has_no_break_more() -> None:
    assert added([(480, 1050)], [(720, 750)], EIGHT, TEN) == []


def test_no_stretch_is_longer_than_the_kind_lets_people_work_on() -> None:
    """Eight hours with a meal after three to five: nobody works for more than five hours on end."""
    assert longest_stretch(EIGHT) == 300
    assert added([(480, 1050)], [(720, 750)], EIGHT) == []
    assert added([(480, 1080)], [(720, 750)], EIGHT) == [(900, 930)]
    assert added([(360, 960)], [(720, 750)], EIGHT) == [(525, 555)]


def test_hours_apart_from_the_shift_are_a_break_themselves() -> None:
    assert added([(480, 960), (1080, 1200)], [(720, 750)], EIGHT, TEN) == []


def test_kinds_without_breaks_and_call_duty_ask_for_none() -> None:
    assert further_breaks([(480, 1080)], [], kind(480), [kind(480)]) == []
    duty = kind(600, MEAL, TEA, is_on_call=True, serves_some=True)
    assert added([(480, 1050)], [(720, 750)], EIGHT, duty) == []


def test_a_break_lies_neither_in_the_past_nor_on_another_one() -> None:
    assert added([(480, 1080)], [(720, 750)], EIGHT, TEN, earliest=970) == [(970, 985)]
    assert added([(480, 1080)], [(930, 960)], EIGHT, kind(600, Break(15, 60, 90, is_paid=True), MEAL)) == [(555, 570)]


@st.composite
def longer_days(draw: st.DrawFn) -> tuple[Shift, Shift, list[Span], list[Span], int]:
    """A shift with its breaks, hours after it, and a kind of just that length whose first breaks are those of the
    shift."""
    grid = st.integers(0, 6).map(lambda number: number * 5)
    rules, at = [], 60
    for _ in range(draw(st.integers(1, 4))):
        earliest = at + draw(grid)
        rule = Break(5 + draw(grid), earliest, earliest + draw(grid), is_paid=draw(st.booleans()))
        rules.append(rule)
        at = rule.latest_min + rule.length_min + draw(grid)
    number = draw(st.integers(0, len(rules) - 1))
    most = at + draw(grid)
    least = rules[number - 1].latest_min + rules[number - 1].length_min if number else 60
    own = kind(least + draw(st.integers(0, (most - least) // 5 - 1)) * 5, *rules[:number])
    start = draw(st.integers(0, 100)) * 5
    there = [
        (start + begin, start + begin + one.length_min)
        for one in rules[:number]
        if (begin := one.earliest_min + draw(st.integers(0, (one.latest_min - one.earliest_min) // 5)) * 5) >= 0
    ]
    return own, kind(most, *rules), [(start, start + most)], there, start


@given(longer_days())
def test_the_solvers_checker_takes_the_longer_day_for_a_shift_of_that_length(
    day: tuple[Shift, Shift, list[Span], list[Span], int],
) -> None:
    own, like, pieces, there, _ = day
    check_shift(like)
    further = further_breaks(pieces, there, own, [own, like])
    breaks = sorted([*there, *((one.begin, one.end) for one in further)])
    assert _breaches(like, pieces, breaks) == ()
    unpaid = sum(one.end - one.begin for one in further if not one.is_paid)
    grown = pieces[0][1] - pieces[0][0] - sum(length for _, length in own.pieces)
    assert paid_minutes(own) + grown - unpaid == paid_minutes(like)


def _breaches(like: Shift, pieces: list[Span], breaks: list[Span]) -> tuple[str, ...]:
    """What the independent checker of solved rosters finds, taking the day for a shift of that kind."""
    midnight = datetime.combine(date(2026, 3, 2), time())
    as_text = {
        minute: (midnight + timedelta(minutes=minute)).isoformat() for span in [*pieces, *breaks] for minute in span
    }
    problem = {
        "zone": "Asia/Shanghai",
        "start": "2026-03-02",
        "days": 1,
        "interval_min": 5,
        "shifts": [
            {
                "id": "like",
                "pieces": like.pieces,
                "starts_every_min": 5,
                "breaks": [one._asdict() for one in like.breaks],
            }
        ],
        "rules": [{"id": "law", "hours": [0, 24]}],
        "people": [{"id": "ann", "rules": "law", "skills": ["calls"]}],
        "skills": ["calls"],
        "demand": [{"skill": "calls", "wanted": [1]}],
    }
    given_breaks = [{"start": as_text[begin], "end": as_text[end]} for begin, end in breaks]
    one = {
        "person": "ann",
        "shift": "like",
        "start": as_text[pieces[0][0]],
        "end": as_text[pieces[0][1]],
        "breaks": given_breaks,
    }
    return month_check.check(problem, {"assignments": [one]}).breaches


DAY = next_monday() + timedelta(days=2)


class House:
    """Kinds of eight and of ten hours, and one agent who works from 08:00 to 16:00 with a meal at noon."""

    def __init__(self, **of_rules: Any) -> None:
        self.tenant: Tenant = make_tenant(time_zone="Asia/Shanghai")
        make_labour_rules(self.tenant, **of_rules)
        make_settings(self.tenant, swaps_need_approval=False)
        self.planner: Actor = make_actor(self.tenant, "planner")
        self.roster: Roster = make_roster(self.tenant)
        self.eight = make_shift_kind(self.tenant, breaks=[MEAL._asdict()])
        meals = [MEAL._asdict(), Break(30, 420, 510, is_paid=False)._asdict()]
        self.ten = make_shift_kind(self.tenant, pieces=[[0, 600]], breaks=meals)
        self.actor, self.agent_id = make_worker(self.tenant)
        make_shift(self.roster, self.agent_id, DAY, shift_kind=self.eight, breaks=[[720, 750]], paid_min=450)

    def offered(self) -> None:
        opening = open_shifts.Opening(
            day=DAY,
            start="16:00",
            end="18:00",
            closes_at=datetime.now(UTC) + timedelta(days=2),
            is_overtime=True,
            offer_to=(self.agent_id,),
        )
        open_shifts.open_shift(self.planner, opening)

    def accept(self) -> None:
        (offer,) = request_queries.own_requests(self.actor)
        bids.answer_offer(self.actor, offer.id, offer.version, "accept")

    def stored(self) -> RosterShift:
        with tenant_scope(self.tenant.pk):
            return RosterShift.objects.get(agent_id=self.agent_id)

    def edited(self, kind_id: UUID, start: int, breaks: tuple[Span, ...] | None = None) -> None:
        one = roster_cells.Edit(agent_id=self.agent_id, day=DAY, shift_kind_id=kind_id, start=start, breaks=breaks)
        with tenant_scope(self.tenant.pk):
            version = Roster.objects.get(pk=self.roster.pk).version
        rosters.edit(self.planner, self.roster.pk, version, [one])


@pytest.mark.django_db
def test_accepted_hours_bring_the_break_of_a_day_of_that_length_and_its_minutes_are_not_paid() -> None:
    house = House()
    house.offered()
    house.accept()
    found = house.stored()
    assert (found.pieces, found.breaks) == ([[480, 1080]], [[720, 750], [945, 975]])
    assert (found.paid_min, found.overtime_min) == (540, 90)


@pytest.mark.django_db
def test_the_longer_day_is_judged_by_what_is_paid_of_it() -> None:
    """Two hours with half an hour's break are an hour and a half of work: so much the day still may have."""
    house = House(most_day_min=540)
    house.offered()
    house.accept()
    assert house.stored().paid_min == 540
    stricter = House(most_day_min=535)
    with pytest.raises(rule_errors.DayHoursRuleError):
        stricter.offered()


@pytest.mark.django_db
def test_an_edit_keeps_the_longer_days_breaks() -> None:
    house = House()
    house.offered()
    house.accept()
    house.edited(house.eight.pk, 480, ((720, 750), (945, 975)))  # as the page has read it
    found = house.stored()
    assert (found.pieces, found.breaks) == ([[480, 1080]], [[720, 750], [945, 975]])
    assert (found.paid_min, found.overtime_min) == (540, 90)


@pytest.mark.django_db
def test_with_a_shorter_shift_the_day_needs_no_further_break_and_all_of_the_hours_are_work() -> None:
    house = House()
    house.offered()
    house.accept()
    six = make_shift_kind(house.tenant, pieces=[[0, 360]], breaks=[Break(30, 120, 180, is_paid=False)._asdict()])
    house.edited(six.pk, 600)
    found = house.stored()
    assert (found.pieces, found.overtime_min) == ([[600, 1080]], 120)
    assert found.breaks == [[750, 780]]


@pytest.mark.django_db
def test_the_solver_is_told_the_same_rule_of_a_kind_as_the_longer_day_follows() -> None:
    house = House()
    told = solver_kind(house.ten, frozenset())
    assert [(one.length_min, one.earliest_min, one.latest_min) for one in told.breaks] == [
        (30, 180, 300),
        (30, 420, 510),
    ]
    house.offered()
    house.accept()
    places = zip(house.stored().breaks, told.breaks, strict=True)
    assert all(one.earliest_min <= begin - 480 <= one.latest_min for (begin, _), one in places)
