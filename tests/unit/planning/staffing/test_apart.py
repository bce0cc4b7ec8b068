"""Problems taken apart where nobody serves queues of both sides."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.staffing.apart import components, parts_of, plan_parts
from hotline.planning.staffing.plan import Effort
from hotline.planning.staffing.shared_out import shared_out
from hotline.simulation.staffing_trial import try_plan
from tests.unit.planning.staffing.day import problem, queue

_A, _B, _C = ({"id": id, "skills": [id]} for id in "abc")
_AB = {"id": "ab", "skills": ["a", "b"]}


def _given(*groups: dict[str, Any], **changes: Any) -> Any:
    return problem(queues=[queue("a"), queue("b", calls=[20, 20, 20, 20]), queue("c")], groups=list(groups), **changes)


def _effort() -> Effort:
    return Effort(Budget(20.0, start_s=cpu_seconds()), replications=5, check_replications=10)


def test_only_queues_that_share_people_are_played_together() -> None:
    alone, pool = parts_of(_given(_A, _AB, _C))
    assert [one.id for one in alone.queues] == ["c"]
    assert alone.groups == []
    assert [one.id for one in pool.queues] == ["a", "b"]
    assert [one.id for one in pool.groups] == ["a", "ab"]


def test_a_team_that_may_not_grow_is_played_too() -> None:
    alone, team = parts_of(_given(_A, _B, {**_C, "most": 3}))
    assert [one.id for one in alone.queues] == ["a", "b"]
    assert [group.most for group in team.groups] == [3]


def test_a_pool_that_nobody_calls_is_not_played() -> None:
    closed = problem(queues=[queue("a", calls=[0] * 4), queue("b", calls=[0] * 4)], groups=[_AB])
    assert [len(part.groups) for part in parts_of(closed)] == [0]


@given(st.lists(st.frozensets(st.sampled_from("abcdefgh"), min_size=1), max_size=8))
def test_components_are_strangers_and_hold_every_set(sets: list[frozenset[str]]) -> None:
    found = components(sets)
    assert sum(map(len, found)) == len(frozenset[str]().union(*found))
    assert all(any(one <= whole for whole in found) for one in sets)


def test_scarce_seats_are_shared_between_teams_and_pools() -> None:
    parts = parts_of(_given(_A, _B, _AB, _C))
    free = plan_parts(parts, _effort(), try_plan, [None] * 4)
    wanted = [sum(column) for column in zip(*(one.wanted for one in free), strict=True)]
    limits: list[int | None] = [max(wanted) - 3] * 4
    found = plan_parts(parts, _effort(), try_plan, limits)
    for n, limit in enumerate(limits):
        assert limit is not None
        assert sum(one.agents()[n] for one in found) <= limit
    assert any(want > (limit or 0) for want, limit in zip(wanted, limits, strict=True))


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"a": 3, "ab": 4}, {"a": 4, "b": 3}),  # of a lacks 1, of b 3
        ({"a": 5, "ab": 2}, {"a": 5, "b": 2}),  # nothing lacks of a
        ({"a": 0, "ab": 0}, {"a": 0, "b": 0}),
    ],
)
def test_people_count_for_the_queue_that_lacks_them(sizes: dict[str, int], expected: dict[str, int]) -> None:
    whole = problem(queues=[queue("a"), queue("b")], groups=[_A, _AB])
    assert shared_out(whole.groups, sizes, whole.queues, {"a": 4, "b": 3}) == expected


def test_queues_stay_together_where_customers_move_or_people_help_later() -> None:
    overflow = [{"queue": "b", "after_s": 30}]
    moved = problem(queues=[queue("a", overflows=overflow), queue("b"), queue("c")], groups=[_A, _B, _C])
    alone, pool = parts_of(moved)
    assert [one.id for one in pool.queues] == ["a", "b"]
    assert ([one.id for one in alone.queues], alone.borrowing) == (["c"], [])
    helped = _given(_A, _B, _C, borrowing=[{"group": "b", "skill": "a", "after_s": 30}])
    alone, pool = parts_of(helped)
    assert ([one.id for one in pool.queues], len(pool.borrowing)) == (["a", "b"], 1)


def test_a_team_whose_later_ring_others_join_is_played() -> None:
    second = {"id": "more", "skills": [], "most": 4}
    (pool,) = parts_of(
        problem(queues=[queue("a")], groups=[_A, second], borrowing=[{"group": "more", "skill": "a", "after_s": 20}])
    )
    assert [group.id for group in pool.groups] == ["a", "more"]


def test_queues_without_teams_in_common_forget_where_nobody_goes() -> None:
    closed = problem(
        queues=[queue("a", calls=[0] * 4, overflows=[{"queue": "b", "after_s": 9}]), queue("b", calls=[0] * 4)],
        groups=[_A, _B],
    )
    (part,) = parts_of(closed)
    assert [one.overflows for one in part.queues] == [[], []]


def test_who_only_borrows_counts_for_the_queue_that_borrows() -> None:
    lent = [{"group": "more", "skill": "b", "after_s": 20}]
    whole = problem(queues=[queue("a"), queue("b")], groups=[_A, _B, {"id": "more", "skills": []}], borrowing=lent)
    found = shared_out(whole.groups, {"a": 4, "b": 2, "more": 1}, whole.queues, {"a": 4, "b": 3}, whole.borrowing)
    assert found == {"a": 4, "b": 3}
