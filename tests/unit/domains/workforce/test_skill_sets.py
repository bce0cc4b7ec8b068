"""People who have to know several skills at once: lines of demand of their own, in judge, solver and effect alike."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from hotline.domains.setup_records import UnknownReferenceError
from hotline.domains.workforce import roster_checks, roster_choices, roster_demand_changes, roster_question
from hotline.domains.workforce.coverage_effect import Duty, effect
from hotline.domains.workforce.models import RosterShift, SkillBorrowing
from hotline.domains.workforce.roster_demand import demand_of, skills_wanted
from hotline.domains.workforce.roster_demand_changes import Line, Wanted
from hotline.domains.workforce.roster_shifts import without_those_there
from hotline.domains.workforce.skill_sets import few_enough, filled_by, key_of, name_of, normal_key, skills_of
from hotline.foundation.actors import Actor
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import make_actor, make_tenant
from tests.factories.planning import FIRST, make_labour_rules, make_shift_kind, solved, stored_roster
from tests.factories.planning import make_roster as make_draft
from tests.factories.roster_drafts import put_shifts
from tests.factories.setup import make_agent, make_skill

MORNING = [0] * 16 + [1] * 8 + [0] * 24
NOBODY = [0] * 48


def test_a_set_is_filled_by_who_knows_all_of_it_and_named_by_its_skills() -> None:
    assert key_of(["b", "a", "b"]) == "a+b"
    assert filled_by({"a", "b", "c"}, ["a", "a+b", "a+d"]) == {"a", "a+b"}
    assert skills_of(["a", "a+b"]) == {"a", "b"}
    assert name_of("a+b", {"a": {"zh": "甲", "en": "A"}})["en"] == "A + b"
    one, other = sorted([uuid4(), uuid4()], key=str)
    assert normal_key(f"{str(other).upper()}+{one}") == f"{one}+{other}"
    with pytest.raises(ValueError, match="UUID"):
        normal_key("a+b")


@pytest.mark.parametrize("most", [0, 1, 2, 9])
def test_sets_taken_apart_want_as_many_people(most: int) -> None:
    demand = {"a": [1, 0, 2], "a+b": [3, 1, 0], "b+c": [5, 5, 5], "a+b+c": [0, 2, 1]}
    found = few_enough(demand, most)
    assert sorted(key for key in found if "+" in key) == sorted(["b+c", "a+b", "a+b+c"][:most])
    assert [sum(column) for column in zip(*found.values(), strict=True)] == [9, 8, 8]


def test_who_is_still_there_counts_for_a_set_once_nobody_is_wanted_for_the_skill_alone() -> None:
    wanted = {"a": [1, 0], "a+b": [1, 1], "b": [2, 2]}
    without_those_there(wanted, {"a": [(0, 60), (0, 30)]}, 30)
    assert wanted == {"a": [0, 0], "a+b": [0, 0], "b": [2, 2]}


def test_the_effect_of_a_change_counts_a_person_once_and_sets_by_who_knows_them() -> None:
    def duty(*skills: str) -> Duty:
        return Duty(pieces=((0, 60),), breaks=(), skill_ids=frozenset(skills))

    singles = [duty("a"), duty("b")]
    (told,) = effect({"a": [1], "a+b": [1]}, 60, singles, [*singles, duty("a", "b")])
    assert (told.wanted, told.before, told.after) == (2, 1, 2)
    assert effect({"a": [1], "b": [1]}, 60, [duty("a", "b")], [duty("a", "b"), duty("c")]) == []


# --- rosters --------------------------------------------------------------------------------------------------------


@pytest.fixture
def water() -> Tenant:
    found = make_tenant("water", time_zone="Asia/Shanghai")
    make_labour_rules(found)
    return found


@pytest.fixture
def planner(water: Tenant) -> Actor:
    return make_actor(water, "planner")


@pytest.fixture
def two(water: Tenant) -> tuple[UUID, UUID]:
    return make_skill(water, code="calls"), make_skill(water, code="chats")


def both(two: tuple[UUID, UUID]) -> Any:
    return key_of(map(str, two))


@pytest.mark.django_db
def test_a_roster_that_covers_each_skill_lacks_those_who_know_both(
    water: Tenant, planner: Actor, two: tuple[UUID, UUID]
) -> None:
    calls, chats = two
    kind = make_shift_kind(water, breaks=[])
    people = [
        make_agent(water, skills=dict.fromkeys(skills, 5)) for skills in ((calls,), (chats,), (calls,), (calls, chats))
    ]
    roster_id = make_draft(water, {calls: MORNING, chats: MORNING, both(two): MORNING}, weeks=1)
    for agent in people[:3]:
        put_shifts(water, roster_id, agent, kind, [0])
    checks = roster_checks.checks(planner, roster_id, "en")
    first_day = [gap for gap in checks.unfilled if gap.day == FIRST]
    assert [(gap.skill_id, gap.missing, gap.able, gap.on_duty, gap.resting) for gap in first_day] == [
        (both(two), 1, 1, 0, 1)
    ]
    assert checks.coverage == 10_000 * 2 // (3 * 7)
    found = roster_choices.candidates(planner, roster_id, FIRST, kind, 480, both(two))
    assert [one.agent_id for one in found] == [people[3]]
    put_shifts(water, roster_id, people[3], kind, [0])
    after = roster_checks.checks(planner, roster_id, "en")
    assert after.coverage == 10_000 * 3 // (3 * 7)
    assert not [gap for gap in after.unfilled if gap.day == FIRST]


@pytest.mark.django_db
def test_who_knows_both_counts_once_for_demand_by_single_skills(
    water: Tenant, planner: Actor, two: tuple[UUID, UUID]
) -> None:
    kind = make_shift_kind(water, breaks=[])
    agent = make_agent(water, skills=dict.fromkeys(two, 5))
    roster_id = make_draft(water, {two[0]: MORNING, two[1]: MORNING}, weeks=1)
    put_shifts(water, roster_id, agent, kind, [0])
    assert roster_checks.checks(planner, roster_id, "en").coverage == 10_000 // (2 * 7)


@pytest.mark.django_db
def test_the_solver_gives_a_set_to_those_who_know_both(water: Tenant, planner: Actor, two: tuple[UUID, UUID]) -> None:
    calls, chats = two
    make_shift_kind(water, breaks=[])
    plain = [make_agent(water, skills={calls: 5}) for _ in range(2)]
    able = make_agent(water, skills=dict.fromkeys(two, 5))
    roster_id = make_draft(water, {both(two): MORNING, calls: MORNING}, weeks=1)
    solved(water, planner, roster_id)
    with tenant_scope(water.pk):
        roster = stored_roster(water, roster_id)
        assert set(skills_wanted(roster)) == {str(calls), str(chats)}
        rows = list(RosterShift.objects.filter(roster=roster))
    assert {row.agent_id for row in rows} == {*plain, able}
    assert {row.skill_id for row in rows} <= {calls, chats}  # a set has no place in a shift: one of its skills has
    figures = roster.figures
    assert figures["coverage"] == roster_checks.checks(planner, roster_id, "en").coverage
    # Everybody works five of seven days: nobody stands in for who knows both, though somebody is idle then.
    (gap, _) = figures["gaps"]
    assert {one["skill_id"] for one in figures["gaps"]} == {both(two)}
    assert gap["where"]["able"] == 1


@pytest.mark.django_db
def test_a_lent_skill_fills_a_set_in_the_solvers_question(water: Tenant, two: tuple[UUID, UUID]) -> None:
    calls, chats = two
    make_shift_kind(water)
    with tenant_scope(water.pk):
        SkillBorrowing.objects.create(tenant=water, lender_id=calls, borrower_id=chats)
    agent = make_agent(water, skills={calls: 5})
    roster_id = make_draft(water, {both(two): MORNING}, weeks=1)
    with tenant_scope(water.pk):
        roster = stored_roster(water, roster_id)
        asked = roster_question.question_of(roster, roster.updated_at, is_incremental=False)
    (person,) = asked.problem.people
    assert (person.id, set(person.skills)) == (str(agent), {str(calls), both(two)})
    assert asked.problem.skills[-1] == both(two)


@pytest.mark.django_db
def test_lines_and_whole_demand_take_sets_and_refuse_what_is_no_skill(
    water: Tenant, planner: Actor, two: tuple[UUID, UUID]
) -> None:
    calls, chats = two
    roster_id = make_draft(water, {calls: NOBODY}, weeks=1)
    line = Line(skill_id=f"{chats}+{calls}", first_day=FIRST, last_day=FIRST, start="08:00", end="12:00", people=2)
    roster_demand_changes.change(planner, roster_id, 1, Wanted(lines=[line]))
    assert sum(demand_of(stored_roster(water, roster_id))[both(two)]) == 16
    roster_demand_changes.change(planner, roster_id, 2, Wanted(demand={f"{chats}+{calls}": MORNING}))
    assert set(demand_of(stored_roster(water, roster_id))) == {both(two)}
    stranger = Wanted(demand={f"{calls}+{uuid4()}": MORNING})
    with pytest.raises(UnknownReferenceError):
        roster_demand_changes.change(planner, roster_id, 3, stranger)
