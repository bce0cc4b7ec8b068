"""A plan of queues that share people, judged by a simulation that shares no code with ours."""

import heapq
import random
from collections import deque
from typing import Any

from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.staffing.apart import parts_of, plan_parts
from hotline.planning.staffing.plan import Effort
from hotline.planning.staffing.problem import Problem
from hotline.simulation.staffing_trial import try_plan
from tests.unit.planning.staffing.day import problem, queue

GOAL, WITHIN_S, HANDLE_S, PATIENCE_S, INTERVAL_S = 0.8, 20.0, 240.0, 180.0, 1800.0


def _problem() -> Problem:
    groups = [{"id": "a", "skills": ["a"]}, {"id": "b", "skills": ["b"]}, {"id": "ab", "skills": ["a", "b"]}]
    queues = [queue("a", calls=[30, 50, 45, 30], patience_s=PATIENCE_S), queue("b", patience_s=PATIENCE_S)]
    return problem(queues=queues, groups=groups, targets={"service_level": GOAL, "within_s": WITHIN_S})


class _World:
    """One day, event by event: specialists are taken first, who is free takes the customer who has waited longest."""

    def __init__(self, given: Problem, sizes: dict[str, list[int]], seed: int) -> None:
        self.chance = random.Random(seed)
        self.skills = {group.id: set(group.skills) for group in given.groups}
        self.sizes = sizes
        self.free = dict.fromkeys(sizes, 0)
        self.leaving = dict.fromkeys(sizes, 0)
        self.lines: dict[str, deque[tuple[float, float]]] = {one.id: deque() for one in given.queues}
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
                self.lines[what].append((now, now + self.chance.expovariate(1 / PATIENCE_S)))
            elif self.leaving[what]:
                self.leaving[what] -= 1
            else:
                self.free[what] += 1
            self._serve(now)

    def _serve(self, now: float) -> None:
        for group in sorted(self.free, key=lambda one: len(self.skills[one])):
            while self.free[group]:
                waiting = []
                for id in self.skills[group]:
                    while self.lines[id] and self.lines[id][0][1] < now:
                        self.lines[id].popleft()
                    if self.lines[id]:
                        waiting.append((self.lines[id][0][0], id))
                if not waiting:
                    break
                since, id = min(waiting)
                self.lines[id].popleft()
                self.in_time[id] += now - since <= WITHIN_S
                self.free[group] -= 1
                self._push(now + self.chance.expovariate(1 / HANDLE_S), "done", group)


def _levels(given: Problem, sizes: dict[str, list[int]], days: int) -> dict[str, float]:
    asked, in_time = dict.fromkeys("ab", 0), dict.fromkeys("ab", 0)
    for seed in range(days):
        world = _World(given, sizes, seed)
        world.run()
        for id in asked:
            asked[id] += world.asked[id]
            in_time[id] += world.in_time[id]
    return {id: in_time[id] / asked[id] for id in asked}


def test_a_pool_takes_fewer_than_teams_apart_and_keeps_its_promise_elsewhere() -> None:
    given = _problem()
    effort = Effort(Budget(60.0, start_s=cpu_seconds()))
    (found,) = plan_parts(parts_of(given), effort, try_plan, [None] * given.intervals)
    apart = sum(need.required for rows in found.alone.values() for need in rows)
    assert sum(found.agents()) < apart
    sizes = {id: list(counts) for id, counts in found.sizes.items()}
    levels = _levels(given, sizes, 300)
    assert all(level > GOAL - 0.02 for level in levels.values()), levels
    fewer = {id: [max(0, many - 1) for many in counts] for id, counts in sizes.items()}
    assert min(_levels(given, fewer, 300).values()) < GOAL
