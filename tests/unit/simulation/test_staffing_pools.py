"""A plan of queues that share people, judged by a simulation that shares no code with ours."""

import heapq
import random
from bisect import insort
from dataclasses import dataclass, field
from typing import Any

import pytest

from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.staffing.apart import parts_of, plan_parts
from hotline.planning.staffing.plan import Effort, Plan
from hotline.planning.staffing.problem import Problem
from hotline.simulation.staffing_trial import try_plan
from tests.unit.planning.staffing.day import problem, queue

GOAL, WITHIN_S, HANDLE_S, PATIENCE_S, INTERVAL_S = 0.8, 20.0, 240.0, 180.0, 1800.0


_A, _B = {"id": "a", "skills": ["a"]}, {"id": "b", "skills": ["b"]}
_BOTH = {"id": "ab", "skills": ["a", "b"]}


def _problem(*groups: dict[str, Any], of_a: dict[str, Any] | None = None, **changes: Any) -> Problem:
    queues = [
        queue("a", calls=[30, 50, 45, 30], patience_s=PATIENCE_S, **(of_a or {})),
        queue("b", patience_s=PATIENCE_S),
    ]
    targets = {"service_level": GOAL, "within_s": WITHIN_S}
    return problem(queues=queues, groups=list(groups), targets=targets, **changes)


@dataclass(order=True)
class _Customer:
    since: float
    leaves: float = field(compare=False)
    asked: str = field(compare=False)


class _World:
    """One day, event by event: specialists are taken first, who is free takes the customer who has waited longest. Who
    borrows looks only at those who have waited so long; who has waited too long moves to another queue's line."""

    def __init__(self, given: Problem, sizes: dict[str, list[int]], seed: int) -> None:
        self.chance = random.Random(seed)
        self.skills = {group.id: set(group.skills) for group in given.groups}
        self.sizes = sizes
        self.free = dict.fromkeys(sizes, 0)
        self.leaving = dict.fromkeys(sizes, 0)
        self.lines: dict[str, list[_Customer]] = {one.id: [] for one in given.queues}
        self.later = {(one.group, one.skill): one.after_s for one in given.borrowing}
        self.moves = {one.id: one.overflows for one in given.queues}
        self.asked = dict.fromkeys(self.lines, 0)
        self.in_time = dict.fromkeys(self.lines, 0)
        self.events: list[tuple[float, int, str, Any]] = []
        for n in range(given.intervals):
            self._push(n * INTERVAL_S, "interval", n)
            for one in given.queues:
                at = n * INTERVAL_S
                while (at := at + self.chance.expovariate(one.calls[n] / INTERVAL_S)) < (n + 1) * INTERVAL_S:
                    self._push(at, "call", one.id)

    def _push(self, at: float, kind: str, what: Any) -> None:
        heapq.heappush(self.events, (at, len(self.events), kind, what))

    def run(self) -> None:
        while self.events:
            now, _, kind, what = heapq.heappop(self.events)
            if kind == "interval":
                for group, counts in self.sizes.items():
                    more = counts[what] - (counts[what - 1] if what else 0)
                    stays = min(max(0, more), self.leaving[group])
                    self.leaving[group] -= stays
                    gone = min(max(0, -more), self.free[group])
                    self.free[group] += max(0, more) - stays - gone
                    self.leaving[group] += max(0, -more) - gone
            elif kind == "call":
                self.asked[what] += 1
                customer = _Customer(now, now + self.chance.expovariate(1 / PATIENCE_S), what)
                insort(self.lines[what], customer)
                for after_s in self.later.values():
                    self._push(now + after_s, "look", None)
                for way in self.moves[what]:
                    self._push(now + way.after_s, "move", (customer, what, way.queue))
            elif kind == "look":
                pass
            elif kind == "move":
                customer, origin, target = what
                if any(one is customer for one in self.lines[origin]) and customer.leaves > now:
                    self.lines[origin].remove(customer)
                    insort(self.lines[target], customer)
            elif self.leaving[what]:
                self.leaving[what] -= 1
            else:
                self.free[what] += 1
            self._serve(now)

    def _serve(self, now: float) -> None:
        for id, line in self.lines.items():
            self.lines[id] = [one for one in line if one.leaves > now]
        for group in sorted(self.free, key=lambda one: len(self.skills[one])):
            while self.free[group]:
                waiting = [
                    line[0] for id, line in self.lines.items() if line and self._may(group, id, now - line[0].since)
                ]
                if not waiting:
                    break
                customer = min(waiting)
                for line in self.lines.values():
                    if line and line[0] is customer:
                        line.pop(0)
                self.in_time[customer.asked] += now - customer.since <= WITHIN_S
                self.free[group] -= 1
                self._push(now + self.chance.expovariate(1 / HANDLE_S), "done", group)

    def _may(self, group: str, queue: str, waited_s: float) -> bool:
        after_s = self.later.get((group, queue))
        return queue in self.skills[group] or (after_s is not None and waited_s >= after_s - 1e-6)


def _levels(given: Problem, sizes: dict[str, list[int]], days: int) -> dict[str, float]:
    asked, in_time = dict.fromkeys("ab", 0), dict.fromkeys("ab", 0)
    for seed in range(days):
        world = _World(given, sizes, seed)
        world.run()
        for id in asked:
            asked[id] += world.asked[id]
            in_time[id] += world.in_time[id]
    return {id: in_time[id] / asked[id] for id in asked}


def _planned(given: Problem) -> Plan:
    effort = Effort(Budget(60.0, start_s=cpu_seconds()))
    (found,) = plan_parts(parts_of(given), effort, try_plan, [None] * given.intervals)
    return found


def test_a_pool_takes_fewer_than_teams_apart_and_keeps_its_promise_elsewhere() -> None:
    given = _problem(_A, _B, _BOTH)
    found = _planned(given)
    apart = sum(need.required for rows in found.alone.values() for need in rows)
    assert sum(found.agents()) < apart
    sizes = {id: list(counts) for id, counts in found.sizes.items()}
    levels = _levels(given, sizes, 300)
    assert all(level > GOAL - 0.02 for level in levels.values()), levels
    fewer = {id: [max(0, many - 1) for many in counts] for id, counts in sizes.items()}
    assert min(_levels(given, fewer, 300).values()) < GOAL


@pytest.mark.parametrize(
    ("given", "late"),
    [
        (_problem(_A, _B, borrowing=[{"group": "b", "skill": "a", "after_s": 5}]), "borrowing"),
        (_problem(_A, _B, of_a={"overflows": [{"queue": "b", "after_s": 5}]}), "overflow"),
    ],
    ids=["ring", "overflow"],
)
def test_help_after_a_wait_takes_fewer_people_and_keeps_its_promise_elsewhere(given: Problem, late: str) -> None:
    found = _planned(given)
    apart = sum(need.required for rows in found.alone.values() for need in rows)
    assert sum(found.agents()) < apart, late
    sizes = {id: list(counts) for id, counts in found.sizes.items()}
    levels = _levels(given, sizes, 300)
    assert all(level > GOAL - 0.02 for level in levels.values()), levels
    # The same people without the help: somebody is missed.
    alone = _problem(_A, _B)
    assert min(_levels(alone, sizes, 300).values()) < GOAL - 0.02
