"""Swaps over the border of two rosters, shifts given away and bids beside it: judged by both, written at once."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.domains.workforce import (
    bids,
    calendar_feeds,
    notices,
    open_shifts,
    own_roster,
    request_errors,
    request_queries,
    requests,
    rule_errors,
    shift_moves,
    swaps,
)
from hotline.domains.workforce.judging import Horizon, Limits, Person, Work, judge
from hotline.domains.workforce.models import Roster, RosterShift, ShiftRequest
from hotline.foundation.actors import Actor
from hotline.foundation.errors import NotFoundError
from hotline.foundation.models import AuditEntry, Tenant, User
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_actor, make_tenant
from tests.factories.rosters import (
    EARLY,
    LATE,
    NIGHT,
    make_labour_rules,
    make_roster,
    make_settings,
    make_shift,
    make_shift_kind,
    make_worker,
    next_monday,
)

pytestmark = pytest.mark.django_db
MONDAY = next_monday()
DAYS = 14  # of each of the two rosters


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@dataclass
class House:
    """A tenant with two rosters published one after the other, and two agents."""

    tenant: Tenant
    first: Roster
    second: Roster
    planner: Actor
    one: Actor
    other: Actor
    one_id: UUID
    other_id: UUID

    def works(self) -> set[tuple[UUID, UUID, date]]:
        with tenant_scope(self.tenant.pk):
            return set(RosterShift.objects.values_list("roster_id", "agent_id", "day"))

    def done(self, shift: RosterShift, other: RosterShift) -> UUID:
        asked = requests.ask_swap(self.one, shift.pk, other.pk)
        requests.answer(self.other, asked, 1, "accept")
        requests.decide(self.planner, asked, 2, "approve")
        return asked


def new_house(**of_rules: Any) -> House:
    tenant = make_tenant(time_zone="Asia/Shanghai")
    make_labour_rules(tenant, **of_rules)
    make_settings(tenant)
    (one, one_id), (other, other_id) = make_worker(tenant), make_worker(tenant)
    return House(
        tenant=tenant,
        first=make_roster(tenant, MONDAY, DAYS, name="first"),
        second=make_roster(tenant, day(DAYS), DAYS, name="second"),
        planner=make_actor(tenant, "planner"),
        one=one,
        other=other,
        one_id=one_id,
        other_id=other_id,
    )


@pytest.fixture
def house() -> House:
    return new_house()


def test_shift_of_this_roster_goes_for_one_of_the_next_and_each_is_where_its_day_is(house: House) -> None:
    mine, theirs = (
        make_shift(house.first, house.one_id, day(3)),
        make_shift(house.second, house.other_id, day(25), LATE),
    )
    house.done(mine, theirs)
    assert house.works() == {
        (house.second.pk, house.one_id, day(25)),
        (house.first.pk, house.other_id, day(3)),
    }
    with tenant_scope(house.tenant.pk):
        versions = dict(Roster.objects.values_list("pk", "version"))
    assert versions == {house.first.pk: 2, house.second.pk: 2}
    told = AuditEntry.objects.filter(action="roster_shift.swapped").order_by("pk").values_list("details", flat=True)
    places = {(entry["roster_before"], entry["roster"]) for entry in told}
    assert places == {
        (str(house.first.pk), str(house.second.pk)),
        (str(house.second.pk), str(house.first.pk)),
    }


def test_both_are_told_and_their_calendars_say_what_was_and_what_is(house: House) -> None:
    mine, theirs = make_shift(house.first, house.one_id, day(3)), make_shift(house.second, house.other_id, day(25))
    token = calendar_feeds.renew(house.one).path.rpartition("/")[2].removesuffix(".ics")
    house.done(mine, theirs)
    for actor in (house.one, house.other):
        newest = notices.own(actor).notices[0]
        assert (newest.kind, newest.request_kind) == ("done", "swap")
        assert (newest.first_day, newest.last_day) == (day(3), day(25))
    text = calendar_feeds.calendar(token).decode()
    events = text.split("BEGIN:VEVENT")[1:]
    cancelled = [part for part in events if "STATUS:CANCELLED" in part]
    assert [day(3).isoformat() in part for part in cancelled] == [True]
    assert [day(25).isoformat() in part for part in events if part not in cancelled] == [True]


def test_lawful_swaps_over_the_border_are_offered_and_no_others(house: House) -> None:
    mine = make_shift(house.first, house.one_id, day(DAYS - 2))
    make_shift(house.first, house.one_id, day(DAYS - 1), NIGHT)  # until 06:00 of the second roster's first day
    too_early = make_shift(house.second, house.other_id, day(DAYS), EARLY)
    rested = make_shift(house.second, house.other_id, day(DAYS + 1), EARLY)
    offered = [offer.shift_id for offer in own_roster.swap_offers(house.one, mine.pk).offers]
    assert offered == [rested.pk]
    with pytest.raises(rule_errors.RestRuleError):
        requests.ask_swap(house.one, mine.pk, too_early.pk)


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        ({"most_days_running": 3}, rule_errors.DaysRunningRuleError),
        ({"most_days_week": 3}, rule_errors.DaysWeekRuleError),
        ({"most_week_min": 3 * 480}, rule_errors.WeekHoursRuleError),
    ],
)
def test_limits_of_a_week_and_of_days_running_hold_over_the_border(
    rule: dict[str, int], refused: type[Exception]
) -> None:
    """The border lies within a week: three days worked before it, one more after it is one too many."""
    house = new_house(**rule)
    with tenant_scope(house.tenant.pk):
        Roster.objects.filter(pk=house.first.pk).update(last_day=day(9))  # a Wednesday
        Roster.objects.filter(pk=house.second.pk).update(first_day=day(10))
    for number in (7, 8, 9):
        make_shift(house.first, house.one_id, day(number))
    given = make_shift(house.first, house.one_id, day(2))
    theirs = make_shift(house.second, house.other_id, day(10))
    with pytest.raises(refused):
        requests.ask_swap(house.one, given.pk, theirs.pk)
    with pytest.raises(refused):
        requests.ask_give_away(house.other, theirs.pk, house.one_id)
    kind = make_shift_kind(house.tenant)
    opening = open_shifts.Opening(day=day(10), shift_kind_id=kind.pk, start="10:00", closes_at=theirs.starts_at)
    opened = open_shifts.open_shift(house.planner, opening)
    with pytest.raises(refused):
        bids.bid(house.one, opened)


def test_planner_sees_what_a_swap_over_the_border_does_to_both_rosters(house: House) -> None:
    mine, theirs = make_shift(house.first, house.one_id, day(3)), make_shift(house.second, house.other_id, day(25))
    asked = requests.ask_swap(house.one, mine.pk, theirs.pk)
    assert request_queries.effect_of(house.planner, asked, "en").objections == []
    make_shift(house.second, house.one_id, day(24), NIGHT)
    codes = [one.code for one in request_queries.effect_of(house.planner, asked, "en").objections]
    assert codes == ["workforce.rule_rest"]  # told once, though both rosters are judged


def test_published_anew_meanwhile_the_old_swap_is_not_done(house: House) -> None:
    mine, theirs = make_shift(house.first, house.one_id, day(3)), make_shift(house.second, house.other_id, day(25))
    asked = requests.ask_swap(house.one, mine.pk, theirs.pk)
    requests.answer(house.other, asked, 1, "accept")
    before = house.works()
    with tenant_scope(house.tenant.pk):
        Roster.objects.filter(pk=house.second.pk).update(state="replaced")
    with pytest.raises(request_errors.NotPublishedError):
        requests.decide(house.planner, asked, 2, "approve")
    assert house.works() == before


def test_second_of_two_swaps_of_one_shift_finds_the_first_done(house: House) -> None:
    mine, theirs = make_shift(house.first, house.one_id, day(3)), make_shift(house.second, house.other_id, day(25))
    third, third_id = make_worker(house.tenant)
    thirds = make_shift(house.second, third_id, day(20))
    rival = requests.ask_swap(third, thirds.pk, mine.pk)
    requests.answer(house.one, rival, 1, "accept")
    house.done(mine, theirs)
    with tenant_scope(house.tenant.pk):
        assert ShiftRequest.objects.get(pk=rival).state == "expired"
    with pytest.raises(request_errors.RequestEndedError):
        requests.decide(house.planner, rival, 2, "approve")


def test_rosters_beside_the_shifts_are_held_while_one_is_changed(house: House) -> None:
    far = make_roster(house.tenant, day(DAYS * 4), DAYS, name="far")
    with tenant_scope(house.tenant.pk):
        assert set(shift_moves.rosters_around([house.first.pk])) == {house.first.pk, house.second.pk}
        assert set(shift_moves.rosters_around([far.pk])) == {far.pk}


def test_second_tenant_neither_sees_nor_swaps_into_these_rosters(house: House) -> None:
    mine = make_shift(house.first, house.one_id, day(3))
    elsewhere = new_house()
    theirs = make_shift(elsewhere.second, elsewhere.other_id, day(25))
    assert own_roster.swap_offers(house.one, mine.pk).offers == []
    with pytest.raises(NotFoundError):
        requests.ask_swap(house.one, mine.pk, theirs.pk)
    with pytest.raises(NotFoundError):
        own_roster.swap_offers(elsewhere.one, mine.pk)


def test_offers_over_http_name_days_of_the_next_roster(house: House) -> None:
    mine = make_shift(house.first, house.one_id, day(3))
    theirs = make_shift(house.second, house.other_id, day(16))
    client = client_of(User.objects.get(pk=house.one.user_id))
    listed = client.get(f"/api/v1/workforce/my-roster/{mine.pk}/swap-offers").json()
    assert [offer["shift_id"] for offer in listed["offers"]] == [str(theirs.pk)]
    asked = client.post(
        f"/api/v1/workforce/my-roster/{mine.pk}/swaps",
        {"other_shift_id": str(theirs.pk)},
        content_type="application/json",
    )
    assert asked.status_code == 201, asked.content


def work_at(number: int, begin: int) -> Work:
    return Work(day=day(number), pieces=((begin, begin + 480),), paid_min=480)


def border_team(first: int, last: int) -> swaps.Team:
    """Two people with tight limits before the judge of these days."""
    limits = Limits(most_days_running=4, most_days_week=4, most_week_min=4 * 480, most_nights_running=2)
    people = {key: Person(agent_id=key, limits=limits) for key in ("0", "1")}
    horizon = Horizon(first=day(first), last=day(last), zone=ZoneInfo("Asia/Shanghai"))
    return swaps.Team(people=people, works={}, horizon=horizon)


WORKED = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 27), st.sampled_from((EARLY, LATE, NIGHT))), max_size=24)


@settings(max_examples=150)
@given(WORKED, st.integers(0, 10**6), st.integers(0, 10**6))
def test_no_swap_over_the_border_is_lawful_in_one_roster_and_not_in_the_other(
    wanted: list[tuple[int, int, int]], one: int, other: int
) -> None:
    """What both teams pass is what a judge of all days at once passes, but for limits of a whole roster."""
    first, second, whole = (border_team(*span) for span in ((0, 13), (14, 27), (0, 27)))
    works: dict[str, list[Work]] = {"0": [], "1": []}
    for agent, number, begin in wanted:
        tried = [*works[str(agent)], work_at(number, begin)]
        is_free = all(own.day != day(number) for own in works[str(agent)])
        if is_free and not judge(whole.people["0"], tried, whole.horizon):
            works[str(agent)] = tried
    mine = [own for own in works["0"] if own.day < day(14)]
    theirs = [own for own in works["1"] if own.day >= day(14)]
    if not mine or not theirs:
        return
    moves = swaps.swap(
        swaps.Move(work=mine[one % len(mine)], giver="0"), swaps.Move(work=theirs[other % len(theirs)], giver="1")
    )
    both = [replace(team, works=works) for team in (first, second)]
    assert bool(swaps.objections(moves, both)) == bool(swaps.objections(moves, [replace(whole, works=works)]))
