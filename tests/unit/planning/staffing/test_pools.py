"""Groups that share queues, before anything is simulated."""

from typing import Any

import pytest

from hotline.planning.staffing import pools
from hotline.planning.staffing.requirement import demand_of, needs
from tests.unit.planning.staffing.day import problem, queue


def _two(groups: list[dict[str, Any]], **changes: Any) -> Any:
    return problem(queues=[queue("a"), queue("b", calls=[20, 20, 20, 20])], groups=groups, **changes)


_A, _B, _BOTH = {"id": "a", "skills": ["a"]}, {"id": "b", "skills": ["b"]}, {"id": "both", "skills": ["a", "b"]}


def _total(sizes: dict[str, list[int]], interval: int) -> int:
    return sum(counts[interval] for counts in sizes.values())


def test_strangers_need_what_each_needs_alone() -> None:
    given = _two([_A, _B])
    sizes, is_short = pools.least_sizes(given)
    for id in ("a", "b"):
        found = next(one for one in given.queues if one.id == id)
        assert sizes[id] == [need.stationary for need in needs(demand_of(given, found))]
    assert not any(is_short)


def test_one_pool_for_all_needs_fewer_than_two_teams() -> None:
    teams, _ = pools.least_sizes(_two([_A, _B]))
    pool, _ = pools.least_sizes(_two([_BOTH]))
    assert all(_total(pool, n) < _total(teams, n) for n in range(4))
    # 60 calls in half an hour, at 240 s: 8 erlangs, 85 % within 15 s.
    assert (
        _total(pool, 0)
        == needs(
            demand_of(problem(queues=[queue("c", calls=[60])]), problem(queues=[queue("c", calls=[60])]).queues[0])
        )[0].stationary
    )


def test_cuts_leave_out_what_says_nothing() -> None:
    given = _two([_A, _B])
    assert [cut.queues for cut in pools.cuts_of(given, pools.served(given.groups, given.borrowing))] == [(0,), (1,)]
    given = _two([_A, _BOTH])
    cuts = pools.cuts_of(given, pools.served(given.groups, given.borrowing))
    assert {(cut.queues, cut.groups) for cut in cuts} == {((1,), frozenset({1})), ((0, 1), frozenset({0, 1}))}


def test_who_lends_is_counted_for_the_skill_that_is_lent() -> None:
    given = _two([_A, _B], borrowing=[{"group": "b", "skill": "a", "after_s": 20}])
    assert pools.served(given.groups, given.borrowing) == [frozenset({"a"}), frozenset({"a", "b"})]


def test_a_group_that_may_not_grow_leaves_the_rest_to_others_or_is_short() -> None:
    sizes, is_short = pools.least_sizes(_two([{**_A, "most": 2}, _BOTH]))
    assert max(sizes["a"]) <= 2
    assert not any(is_short)
    sizes, is_short = pools.least_sizes(_two([{**_A, "most": 2}, _B]))
    assert sizes["a"] == [2, 2, 2, 2]
    assert all(is_short)


def test_the_cheaper_of_two_groups_is_taken() -> None:
    sizes, _ = pools.least_sizes(problem(queues=[queue("a")], groups=[{**_A, "cost": 2}, {"id": "x", "skills": ["a"]}]))
    assert sum(sizes["a"]) == 0
    assert sum(sizes["x"]) > 0


def test_a_chat_counts_its_share_of_an_agent() -> None:
    chats = queue("chat", channel="chat", concurrency=3, calls=[60, 60, 60, 60])
    given = problem(queues=[queue("calls"), chats])
    rates = pools.pooled_rates(given.queues, 0, given.interval_s, {})
    assert rates is not None
    assert rates.load_erlangs == pytest.approx((40 * 240 + 60 * 240 / 3) / 1800)


def test_customers_reach_the_people_of_queues_that_theirs_lead_to() -> None:
    queues = [
        queue("a", overflows=[{"queue": "b", "after_s": 20}]),
        queue("b", most_waiting=5, full_queue="c"),
        queue("c"),
    ]
    groups = [{"id": id, "skills": [id]} for id in "abc"]
    given = problem(queues=queues, groups=groups)
    assert pools.reached(given) == [frozenset("a"), frozenset("ab"), frozenset("abc")]
    moved, _ = pools.least_sizes(given)
    kept, _ = pools.least_sizes(problem(queues=[queue(id) for id in "abc"], groups=groups))
    assert _total(moved, 1) < _total(kept, 1)
