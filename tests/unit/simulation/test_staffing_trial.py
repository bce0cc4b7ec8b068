"""Staffing plans under the live rules: formulas confirmed, backlog confirmed, pools corrected, seats never exceeded."""

import msgspec
import pytest

from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.staffing import plan
from hotline.planning.staffing.errors import StaffingProblemError
from hotline.planning.staffing.plan import Effort
from hotline.planning.staffing.requirement import courses, demand_of
from hotline.planning.staffing.searching import Progress
from hotline.simulation.staffing_trial import scenario_of, try_plan
from tests.unit.planning.staffing.day import problem, queue


def _effort(seconds: float = 60.0, replications: int = 12) -> Effort:
    budget = Budget(seconds, start_s=cpu_seconds())
    return Effort(budget, replications=replications, check_replications=2 * replications)


@pytest.mark.parametrize("patience_s", [150, None])
def test_the_carried_over_backlog_is_what_the_live_rules_show(patience_s: float | None) -> None:
    """An interval with far too few, and those after it: the forward equations beside 200 simulated mornings."""
    given = problem(queues=[queue("calls", calls=[90, 120, 90, 60], patience_s=patience_s)])
    there = [16, 13, 16, 13]
    found = courses(demand_of(given, given.queues[0]), there)
    trial = try_plan(plan.with_own_teams(given), {"calls": there}, 7, 200)
    for course, figure in zip(found, trial.intervals["calls"], strict=True):
        assert course is not None
        assert figure is not None
        assert figure.low is not None
        assert figure.high is not None
        # Who waits across the change of agents is judged by the agents of the moment of asking: one point.
        assert figure.low - 0.01 <= course.service_level <= figure.high + 0.01
    after_overload, alike_before = found[2], found[0]
    assert after_overload is not None
    assert alike_before is not None
    assert after_overload.service_level < alike_before.service_level - 0.05


def test_two_groups_that_help_each_other_need_fewer_than_two_teams_and_keep_the_targets() -> None:
    calls = [20, 24, 22, 16]
    queues = [queue("a", calls=calls, patience_s=180), queue("b", calls=calls, patience_s=180)]
    groups = [{"id": "a", "skills": ["a"]}, {"id": "b", "skills": ["b"]}, {"id": "both", "skills": ["a", "b"]}]
    together = plan.plan(problem(queues=queues, groups=groups), _effort(), try_plan)
    apart = plan.plan(problem(queues=queues), _effort())
    assert together.search is not None
    assert together.search.is_finished
    assert sum(together.agents()) < sum(apart.agents())
    assert together.trial is not None
    for figure in together.trial.totals.values():
        assert figure is not None
        assert figure.service_level >= 0.85


def test_the_same_seed_gives_the_same_plan() -> None:
    queues = [queue("a", calls=[12, 16, 12, 8]), queue("b", calls=[8, 8, 12, 8])]
    given = problem(queues=queues, groups=[{"id": "both", "skills": ["a", "b"]}])
    first, second = (plan.plan(given, _effort(replications=5), try_plan) for _ in range(2))
    assert first.sizes == second.sizes
    assert first.trial == second.trial


def test_seats_are_never_exceeded_and_the_intervals_that_want_more_are_known() -> None:
    queues = [queue("a", calls=[20, 60, 60, 20]), queue("b", calls=[20, 60, 20, 20])]
    groups = [{"id": "a", "skills": ["a"]}, {"id": "b", "skills": ["b"]}]
    shrinkage = [{"reason": "breaks", "share": 0.1, "is_on_site": True}, {"reason": "leave", "share": 0.1}]
    for with_groups in ({}, {"groups": groups}):
        given = problem(queues=queues, seats=18, shrinkage=shrinkage, **with_groups)
        found = plan.plan(given, _effort(replications=6), try_plan if with_groups else None)
        assert all(found.absence.seats(agents) <= 18 for agents in found.at_work())
        limit = found.limits[0]
        assert limit == 16
        assert found.wanted[0] <= limit < found.wanted[1]


def test_who_has_no_budget_left_gets_the_plan_so_far() -> None:
    given = problem(queues=[queue("a"), queue("b")], groups=[{"id": "both", "skills": ["a", "b"]}])
    told: list[Progress] = []
    effort = Effort(Budget(60.0, lambda: True), replications=3, check_replications=3, tell=told.append)
    found = plan.plan(given, effort, try_plan)
    assert found.search is not None
    assert not found.search.is_finished
    assert len(told) == found.search.trials
    assert sum(found.agents()) > 0


def test_who_lends_waits_until_the_customer_has_waited() -> None:
    groups = [{"id": "own", "skills": ["a"]}, {"id": "other", "skills": ["b"]}]
    given = problem(
        queues=[queue("a"), queue("b")], groups=groups, borrowing=[{"group": "other", "skill": "a", "after_s": 20}]
    )
    scenario = scenario_of(given, {"own": [2, 2, 2, 2], "other": [5, 5, 5, 5]})
    rings = scenario.routing.queues[0].rings
    assert [(ring.after_s, ring.group_ids) for ring in rings] == [(0, ("own",)), (20, ("other",))]
    assert scenario.routing.queues[1].rings == ()
    levels = {group.settings["group_ids"]: dict(group.skills) for group in scenario.groups}
    assert levels[("other",)]["a"] < levels[("own",)]["a"]
    # Two agents for eight erlangs; who waits longer than 20 s is helped by the other group, so some are served late.
    helped = try_plan(given, {"own": [2, 2, 2, 2], "other": [8, 8, 8, 8]}, 1, 5).totals["a"]
    without = try_plan(msgspec.structs.replace(given, borrowing=[]), {"own": [2, 2, 2, 2], "other": [8, 8, 8, 8]}, 1, 5)
    assert helped is not None
    assert without.totals["a"] is not None
    assert helped.average_wait_s < without.totals["a"].average_wait_s / 2


def test_who_waits_too_long_or_finds_the_line_full_moves_as_live() -> None:
    teams = [{"id": "a", "skills": ["a"]}, {"id": "b", "skills": ["b"]}]
    there = {"a": [4, 4, 4, 4], "b": [14, 14, 14, 14]}

    def level(**ways: object) -> float:
        figure = try_plan(problem(queues=[queue("a", **ways), queue("b")], groups=teams), there, 1, 5).totals["a"]
        assert figure is not None
        return figure.service_level

    # Four agents for eight erlangs: alone hopeless.
    assert level() < 0.1
    assert level(overflows=[{"queue": "b", "after_s": 5}]) > 0.4
    assert level(most_waiting=0, full_queue="b") > 0.6


def test_queues_without_groups_that_overflow_are_played_as_teams_of_their_own() -> None:
    given = problem(
        queues=[queue("a", overflows=[{"queue": "b", "after_s": 5}], patience_s=180), queue("b", patience_s=180)]
    )
    found = plan.plan(given, _effort(replications=5), try_plan)
    apart = plan.plan(problem(queues=[queue("a", patience_s=180), queue("b", patience_s=180)]), _effort())
    assert found.search is not None
    assert set(found.sizes) == {"a", "b"}
    assert sum(found.agents()) < sum(apart.agents())


def test_agents_who_come_and_go_are_the_groups_of_the_scenario() -> None:
    given = problem(queues=[queue("a")], groups=[{"id": "a", "skills": ["a"]}])
    groups = scenario_of(given, {"a": [1, 3, 2, 3]}).groups
    assert [(group.count, group.shifts) for group in groups] == [
        (1, ((0.0, 7200.0),)),
        (1, ((1800.0, 7200.0),)),
        (1, ((1800.0, 3600.0), (5400.0, 7200.0))),
    ]


@pytest.mark.parametrize("settings", [{"rang": 5}, {"queue_id": "b"}])
def test_settings_that_no_live_queue_has_are_refused(settings: dict[str, object]) -> None:
    given = problem(queues=[queue("a", settings=settings)], groups=[{"id": "a", "skills": ["a"]}])
    with pytest.raises(StaffingProblemError, match="settings of the queue 'a'"):
        try_plan(given, {"a": [9, 9, 9, 9]}, 1, 1)


@pytest.mark.parametrize(
    ("calls", "most", "expected"), [(50.0, 20, 20), (5_000.0, 20, 10), (900_000.0, 20, 2), (9.0, 1, 1)]
)
def test_large_days_are_played_less_often(calls: float, most: int, expected: int) -> None:
    given = problem(queues=[queue("a", calls=[calls] * 4)])
    assert plan.replications_for(given, most) == expected
