"""The effect of rotations: the same people on both sides, and nothing told of fewer than five."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domains.workforce import effects, work_rules
from hotline.domains.workforce.effect_figures import Change, Side, effect_of, effects_of, share_of
from hotline.domains.workforce.effect_schemas import RotationEffectsOut
from hotline.domains.workforce.models import Absence, MoodAnswer, RosterShift, RotationMembership
from hotline.foundation.models import Tenant
from hotline.foundation.tenancy import tenant_scope
from tests.factories.foundation import client_of, make_actor, make_tenant, make_user
from tests.factories.planning import make_labour_rules, make_roster, make_shift_kind
from tests.factories.setup import administrator_of, make_agent
from tests.unit.domains.workforce.test_rotations import make_rotation

NOW = datetime(2027, 11, 20, tzinfo=UTC)
JOINED = date(2027, 5, 10)
BEFORE, AFTER = date(2027, 4, 1), date(2027, 6, 1)


def change(person: str, before: int = 5, after: int = 7) -> Change:
    return Change(person, Side(before, 1), Side(after, 1))


def group(name: str, size: int) -> list[Change]:
    return [change(f"{name}{number}") for number in range(size)]


def test_five_are_told_of_and_four_are_not() -> None:
    assert effect_of(group("a", 4)).people is None
    found = effect_of(group("a", 5))
    assert (found.people, found.before, found.after) == (5, Side(25, 5), Side(35, 5))


def test_one_person_counted_five_times_is_still_one() -> None:
    assert effect_of([change("a")] * 5).people is None


def test_only_who_is_known_on_both_sides_counts() -> None:
    halves = [Change("z", Side(9, 1), Side(0, 0)), Change("y", Side(0, 0), Side(9, 1))]
    assert effect_of(group("a", 4) + halves).people is None
    assert effect_of(group("a", 5) + halves).before == Side(25, 5)


def test_all_together_do_not_tell_of_a_small_group_by_subtraction() -> None:
    told, together = effects_of({"a": group("a", 9), "b": group("b", 3)})
    assert (told["a"].people, told["b"].people, together.people) == (9, None, None)
    _, together = effects_of({"a": group("a", 9), "b": group("b", 3), "c": group("c", 2)})
    assert together.people == 14


@given(st.lists(st.integers(0, 9), max_size=5))
def test_what_is_told_never_leaves_fewer_than_five_by_subtraction(sizes: list[int]) -> None:
    groups = {str(n): group(f"{n}-", size) for n, size in enumerate(sizes)}
    told, together = effects_of(groups)
    shown = sum(one.people for one in told.values() if one.people is not None)
    assert all(one.people is None or one.people >= 5 for one in told.values())
    if together.people is not None:
        assert together.people - shown == 0 or together.people - shown >= 5


def test_share_of_who_left_needs_five_too() -> None:
    assert share_of([("a", True)] * 4) is None
    assert share_of((str(n), n == 0) for n in range(5)) == Side(1, 5)


@pytest.fixture
def water(db: None) -> Tenant:
    return make_tenant("water", time_zone="Asia/Shanghai")


def join(tenant: Tenant, rotation: UUID, *, first: date = JOINED, moods: tuple[int, int] = (5, 8)) -> UUID:
    """A member who answered once on each side."""
    agent = make_agent(tenant)
    with tenant_scope(tenant.pk):
        RotationMembership(
            tenant_id=tenant.pk,
            rotation_id=rotation,
            agent_id=agent,
            state="approved",
            valid_from=first,
            valid_to=date(2028, 3, 1),
        ).save(force_insert=True)
        for month, score in zip((BEFORE, AFTER), moods, strict=True):
            MoodAnswer(tenant_id=tenant.pk, agent_id=agent, month=month, score=score).save(force_insert=True)
    return agent


def work(tenant: Tenant, roster: UUID, kind: UUID, agent: UUID, day: date, *, is_ill: bool) -> None:
    begin = datetime.combine(day, time(), UTC)
    span: Any = {"tenant_id": tenant.pk, "agent_id": agent, "starts_at": begin, "ends_at": begin + timedelta(hours=8)}
    with tenant_scope(tenant.pk):
        RosterShift(roster_id=roster, day=day, shift_kind_id=kind, pieces=[[480, 960]], paid_min=480, **span).save(
            force_insert=True
        )
        if is_ill:
            Absence(kind="sick", reported_by="x", **span).save(force_insert=True)


def seen(tenant: Tenant, months: int = 3) -> RotationEffectsOut:
    return effects.rotation_effects(make_actor(tenant, "planner"), months, NOW)


def test_the_same_people_before_and_after(water: Tenant) -> None:
    rotation, kind = make_rotation(water), make_shift_kind(water)
    roster = make_roster(water, {}, state="published")
    for _ in range(5):
        agent = join(water, rotation)
        for number in range(4):
            work(water, roster, kind, agent, BEFORE + timedelta(days=number), is_ill=number == 0)
            work(water, roster, kind, agent, AFTER + timedelta(days=number), is_ill=False)
    found = seen(water)
    (row,) = found.rotations
    assert (row.satisfaction.people, row.satisfaction.before, row.satisfaction.after) == (5, 500, 800)
    assert (row.absence.people, row.absence.before, row.absence.after) == (5, 2500, 0)
    assert (row.leaving.people, row.leaving.share) == (5, 0)
    assert (found.until, found.all_satisfaction.people) == (date(2027, 11, 1), 5)


def test_fewer_than_five_are_not_told_of_alone_nor_by_subtraction(water: Tenant) -> None:
    large, small = make_rotation(water, code="a-large"), make_rotation(water, code="b-small")
    for _ in range(6):
        join(water, large)
    for _ in range(4):
        join(water, small, moods=(1, 10))
    found = seen(water)
    assert [row.satisfaction.people for row in found.rotations] == [6, None]
    assert found.all_satisfaction.people is None
    assert found.rotations[1].satisfaction.after is None
    assert found.rotations[1].leaving.share is None


def test_a_term_counts_once_its_months_are_over(water: Tenant) -> None:
    rotation = make_rotation(water)
    for _ in range(5):
        join(water, rotation, first=date(2027, 7, 31))
    assert seen(water, 3).rotations[0].leaving.people == 5
    assert seen(water, 6).rotations[0].leaving.people is None


def test_who_left_after_joining_is_set_beside_who_left_without(water: Tenant) -> None:
    rotation, law = make_rotation(water), make_labour_rules(water)
    members = [join(water, rotation) for _ in range(5)]
    others = [make_agent(water) for _ in range(5)]
    for agent, last in ((members[0], date(2027, 7, 1)), (others[0], date(2027, 9, 1)), (others[1], date(2027, 10, 1))):
        values = {"agent_id": agent, "labour_rules_id": law, "employed_to": last}
        work_rules.contracts.create(administrator_of(water), values)
    found = seen(water)
    assert (found.rotations[0].leaving.share, found.others_leaving.share) == (2000, 4000)


def test_planners_of_other_tenants_and_agents_see_nothing(water: Tenant) -> None:
    rotation = make_rotation(water)
    for _ in range(5):
        join(water, rotation)
    gas = make_tenant("gas")
    assert effects.rotation_effects(make_actor(gas, "planner"), 3, NOW).rotations == []
    path = "/api/v1/workforce/rotation-effects"
    assert client_of(make_user(tenant=water, role="agent")).get(path).status_code == 403
    assert client_of(make_user(tenant=water, role="planner")).get(f"{path}?months=6").json()["months"] == 6
    assert client_of(make_user(tenant=water, role="planner")).get(f"{path}?months=1").status_code == 422
