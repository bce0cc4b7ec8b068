"""A roster's demand changed afterwards: by lines, by a plan, as a whole; what follows, and what is refused."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.setup_records import UnknownReferenceError
from hotline.domains.workforce import (
    planning_runs,
    roster_checks,
    roster_choices,
    roster_demand_changes,
    roster_errors,
    roster_solving,
    rosters,
)
from hotline.domains.workforce.errors import DatesBackwardsError
from hotline.domains.workforce.models import Forecast, Roster, RosterShift, StaffingPlan
from hotline.domains.workforce.planning_runs import packed
from hotline.domains.workforce.roster_demand import demand_of
from hotline.domains.workforce.roster_demand_changes import Line, Wanted
from hotline.foundation.actors import Actor
from hotline.foundation.errors import ForbiddenError, NotFoundError, StaleVersionError
from hotline.foundation.models import AuditEntry, Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.planning import FIRST, make_labour_rules, make_roster, make_shift_kind, solved, stored_roster
from tests.factories.setup import make_agent, make_skill

pytestmark = pytest.mark.django_db
DAY = [0] * 16 + [2] * 17 + [0] * 15
LAST = FIRST + timedelta(days=13)


@pytest.fixture
def water() -> Tenant:
    return make_tenant("water", time_zone="Asia/Shanghai")


@pytest.fixture
def planner(water: Tenant) -> Actor:
    return make_actor(water, "planner")


@pytest.fixture
def calls(water: Tenant) -> UUID:
    make_labour_rules(water)
    return make_skill(water, code="calls")


def line(skill_id: UUID, people: int, **values: Any) -> Line:
    whole: dict[str, Any] = {"first_day": FIRST, "last_day": LAST, "start": "09:00", "end": "10:00", **values}
    return Line(skill_id=skill_id, people=people, **whole)


def kept(tenant: Tenant, roster_id: UUID, skill_id: UUID) -> list[int]:
    return demand_of(stored_roster(tenant, roster_id))[str(skill_id)]


@pytest.mark.parametrize("state", ["draft", "published"])
def test_line_holds_in_place_of_what_was_wanted_then(water: Tenant, planner: Actor, calls: UUID, state: str) -> None:
    roster_id = make_roster(water, {calls: DAY}, state=state)
    wanted = Wanted(lines=[line(calls, 5, first_day=FIRST + timedelta(days=1), last_day=FIRST + timedelta(days=1))])
    told = roster_demand_changes.change(planner, roster_id, 1, wanted)
    row = kept(water, roster_id, calls)
    assert row[:48] == DAY
    assert row[48:96] == [*DAY[:18], 5, 5, *DAY[20:]]
    assert row[96:] == DAY * 12
    assert (told.version, told.before_min, told.after_min) == (2, 14 * 34 * 30, 14 * 34 * 30 + 2 * 3 * 30)
    entry = AuditEntry.objects.get(action="roster.demand_changed").details
    assert (entry["after_min"], entry["lines"][0]["people"]) == (told.after_min, 5)


def test_lines_count_weekdays_pass_midnight_and_end_with_the_roster(water: Tenant, planner: Actor, calls: UUID) -> None:
    roster_id = make_roster(water, {calls: DAY})
    night = line(calls, 1, start="23:00", end="01:00", weekdays="weekend")
    roster_demand_changes.change(planner, roster_id, 1, Wanted(lines=[night]))
    row = kept(water, roster_id, calls)
    saturday, monday = 5 * 48, 7 * 48
    assert row[saturday + 46 : saturday + 50] == [1, 1, 1, 1]
    assert row[monday : monday + 2] == [1, 1]  # of Sunday's night
    assert row[-2:] == [1, 1]
    assert sum(row) == 14 * 34 + 2 * 8 - 2


def test_checks_cover_and_comparison_follow_at_once(water: Tenant, planner: Actor, calls: UUID) -> None:
    make_shift_kind(water)
    make_agent(water, skills={calls: 5})
    roster_id = make_roster(water, {calls: DAY})
    solved(water, planner, roster_id)
    copy = rosters.create(
        planner, rosters.NewRoster(name="copy", first_day=FIRST, last_day=LAST, copy_of=roster_id), water.pk
    )
    assert roster_choices.compared(planner, roster_id, copy).is_same_demand
    before = roster_checks.checks(planner, roster_id, "en")
    everybody = line(calls, 0, start="00:00", end="24:00")
    roster_demand_changes.change(planner, roster_id, 2, Wanted(lines=[everybody, line(calls, 1)]))
    after = roster_checks.checks(planner, roster_id, "en")
    assert before.coverage is not None
    assert after.coverage is not None
    assert (before.version, after.version, before.shifts) == (2, 3, after.shifts)
    assert after.coverage > before.coverage
    assert stored_roster(water, roster_id).figures["is_demand_older"] is True
    compared = roster_choices.compared(planner, roster_id, copy)
    assert not compared.is_same_demand
    assert (compared.cells, compared.before.wanted_min, compared.after.wanted_min) == (0, 14 * 60, 14 * 34 * 30)


def test_next_solve_uses_the_change_and_moves_few(water: Tenant, planner: Actor, calls: UUID) -> None:
    make_shift_kind(water, starts=("08:00", "08:30", "12:00"))
    for _ in range(4):
        make_agent(water, skills={calls: 5})
    roster_id = make_roster(water, {calls: DAY})
    solved(water, planner, roster_id)
    before = cells(water, roster_id)
    tuesday = FIRST + timedelta(days=1)
    later = line(calls, 2, first_day=tuesday, last_day=tuesday, start="16:30", end="20:30")
    roster_demand_changes.change(planner, roster_id, 2, Wanted(lines=[later]))
    # The limit counts the CPU seconds of this whole process, tests before included; the solver needs less than one.
    run = solved(water, planner, roster_id, is_incremental=True, cpu_limit_s=3600.0)
    after, figures = cells(water, roster_id), stored_roster(water, roster_id).figures
    assert run.state == "done"
    assert any(day == tuesday and start == 720 for _, day, start in after)
    assert len(before - after) <= len(before) // 3
    assert "is_demand_older" not in figures


def cells(tenant: Tenant, roster_id: UUID) -> set[tuple[UUID, date, int]]:
    with tenant_scope(tenant.pk):
        rows = RosterShift.objects.filter(roster_id=roster_id).values_list("agent_id", "day", "pieces")
        return {(agent_id, day, pieces[0][0]) for agent_id, day, pieces in rows}


def make_plan(tenant: Tenant, skill_id: UUID, first: date, last: date, **values: Any) -> UUID:
    days = (last - first).days + 1
    whole = {"content": packed({str(skill_id): [3] * 96 * days}), "interval_min": 15, **values}
    with tenant_scope(tenant.pk):
        forecast = Forecast(tenant_id=tenant.pk, name="forecast", first_day=first, last_day=last)
        forecast.save(force_insert=True)
        plan = StaffingPlan(
            tenant_id=tenant.pk, name="plan", forecast=forecast, first_day=first, last_day=last, **whole
        )
        plan.save(force_insert=True)
        return UUID(str(plan.pk))


def test_new_plan_replaces_all_that_was_wanted_and_its_intervals_hold(
    water: Tenant, planner: Actor, calls: UUID
) -> None:
    roster_id = make_roster(water, {calls: DAY})
    plan = make_plan(water, calls, FIRST - timedelta(days=7), LAST)
    roster_demand_changes.change(planner, roster_id, 1, Wanted(staffing_plan_id=plan))
    roster = stored_roster(water, roster_id)
    assert (roster.interval_min, roster.staffing_plan_id) == (15, plan)
    assert demand_of(roster) == {str(calls): [3] * 96 * 14}
    former = {calls: DAY * 14}
    roster_demand_changes.change(planner, roster_id, 2, Wanted(demand=former, interval_min=30))
    assert kept(water, roster_id, calls) == DAY * 14  # taken back as a whole


def test_plan_without_some_of_the_days_or_of_another_tenant_is_refused(
    water: Tenant, planner: Actor, calls: UUID
) -> None:
    roster_id = make_roster(water, {calls: DAY})
    short = make_plan(water, calls, FIRST, LAST - timedelta(days=1))
    with pytest.raises(roster_errors.PlanDaysError, match="plan that has all of its days"):
        roster_demand_changes.change(planner, roster_id, 1, Wanted(staffing_plan_id=short))
    gas = make_tenant("gas")
    foreign = make_plan(gas, calls, FIRST, LAST)
    with pytest.raises(NotFoundError):
        roster_demand_changes.change(planner, roster_id, 1, Wanted(staffing_plan_id=foreign))


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"last_day": LAST + timedelta(days=1)}, roster_errors.RosterDayError),
        ({"first_day": FIRST - timedelta(days=1)}, roster_errors.RosterDayError),
        ({"first_day": LAST, "last_day": FIRST}, DatesBackwardsError),
        ({"start": "09:15"}, roster_errors.DemandGridError),
        ({"skill_id": uuid4()}, UnknownReferenceError),
    ],
)
def test_line_out_of_range_changes_nothing(
    water: Tenant, planner: Actor, calls: UUID, values: dict[str, Any], refused: type[Exception]
) -> None:
    roster_id = make_roster(water, {calls: DAY})
    whole = {"skill_id": calls, **values}
    with pytest.raises(refused):
        roster_demand_changes.change(planner, roster_id, 1, Wanted(lines=[line(calls, 9), line(people=3, **whole)]))
    assert kept(water, roster_id, calls) == DAY * 14
    assert stored_roster(water, roster_id).version == 1


@pytest.mark.parametrize("length", [0, 14 * 48 + 1])
def test_list_that_does_not_fit_is_refused(water: Tenant, planner: Actor, calls: UUID, length: int) -> None:
    roster_id = make_roster(water, {calls: DAY})
    with pytest.raises(roster_errors.DemandLengthError):
        roster_demand_changes.change(planner, roster_id, 1, Wanted(demand={calls: [1] * length}))


def test_one_of_three_ways_at_a_time(water: Tenant, planner: Actor, calls: UUID) -> None:
    roster_id = make_roster(water, {calls: DAY})
    for wanted in (Wanted(), Wanted(lines=[line(calls, 1)], demand={calls: [1]})):
        with pytest.raises(roster_errors.DemandChangeError):
            roster_demand_changes.change(planner, roster_id, 1, wanted)


def test_same_change_sent_twice_is_made_once(water: Tenant, planner: Actor, calls: UUID) -> None:
    roster_id = make_roster(water, {calls: DAY})
    wanted = Wanted(lines=[line(calls, 5)])
    roster_demand_changes.change(planner, roster_id, 1, wanted)
    with pytest.raises(StaleVersionError):
        roster_demand_changes.change(planner, roster_id, 1, wanted)
    assert roster_demand_changes.change(planner, roster_id, 2, wanted).version == 2  # it is so already
    assert AuditEntry.objects.filter(action="roster.demand_changed").count() == 1


def test_run_that_began_before_the_change_does_not_overwrite(water: Tenant, planner: Actor, calls: UUID) -> None:
    roster_id = make_roster(water, {calls: DAY})
    run_id = roster_solving.ask(planner, roster_id, 1, roster_solving.Wanted())
    roster_demand_changes.change(planner, roster_id, 1, Wanted(lines=[line(calls, 5)]))
    done = planning_runs.one(planner, run_id)
    assert done.state == "waiting"
    with tenant_scope(water.pk), pytest.raises(StaleVersionError):
        roster_solving.prepare(water.pk, {"roster_id": str(roster_id), "version": 1, "is_incremental": False})


def test_replaced_roster_stays_as_it_was(water: Tenant, planner: Actor, calls: UUID) -> None:
    roster_id = make_roster(water, {calls: DAY}, state="replaced")
    with pytest.raises(roster_errors.RosterReplacedError):
        roster_demand_changes.change(planner, roster_id, 1, Wanted(lines=[line(calls, 5)]))


def test_only_planners_of_the_tenant_change_it(water: Tenant, calls: UUID) -> None:
    roster_id = make_roster(water, {calls: DAY})
    wanted = Wanted(lines=[line(calls, 5)])
    with pytest.raises(NotFoundError):
        roster_demand_changes.change(make_actor(make_tenant("gas"), "planner"), roster_id, 1, wanted)
    with pytest.raises(ForbiddenError):
        roster_demand_changes.change(make_actor(water, "agent"), roster_id, 1, wanted)


def test_over_http_the_document_shows_the_new_curve(water: Tenant, calls: UUID) -> None:
    roster_id = make_roster(water, {calls: DAY})
    client = client_of(make_user(tenant=water, role="planner"))
    address = f"/api/v1/workforce/rosters/{roster_id}"
    one = {
        "skill_id": str(calls),
        "first_day": FIRST.isoformat(),
        "last_day": FIRST.isoformat(),
        "start": "09:00",
        "end": "10:00",
        "people": 7,
    }
    changed = client.post(f"{address}/demand", {"version": 1, "lines": [one]}, content_type="application/json")
    assert (changed.status_code, changed.json()["version"]) == (200, 2), changed.content
    assert client.get(address).json()["demand"][0]["wanted"][18:20] == [7, 7]
    wrong = {"version": 2, "lines": [{**one, "people": -1}]}
    assert client.post(f"{address}/demand", wrong, content_type="application/json").status_code == 422


@given(
    st.lists(
        st.tuples(st.integers(0, 13), st.integers(0, 13), st.integers(0, 47), st.integers(1, 48), st.integers(0, 9)),
        max_size=6,
    )
)
def test_demand_after_lines_is_what_the_last_line_of_each_time_says(lines: list[tuple[int, ...]]) -> None:
    roster = Roster(first_day=FIRST, last_day=LAST, interval_min=30, demand=packed({"0": DAY}))
    skill = UUID(int=0)
    demand = {str(skill): demand_of(roster)["0"]}
    expected = list(demand[str(skill)])
    for one, other, begin, end, people in lines:
        first, last = sorted((one, other))
        given_line = line(
            skill,
            people,
            first_day=FIRST + timedelta(days=first),
            last_day=FIRST + timedelta(days=last),
            start=f"{begin // 2:02}:{begin % 2 * 30:02}",
            end=f"{end // 2:02}:{end % 2 * 30:02}",
        )
        roster_demand_changes.put(roster, demand, given_line)
        length = end - begin if end > begin else end + 48 - begin
        for day in range(first, last + 1):
            for slot in range(day * 48 + begin, min(day * 48 + begin + length, len(expected))):
                expected[slot] = people
    assert demand[str(skill)] == expected
