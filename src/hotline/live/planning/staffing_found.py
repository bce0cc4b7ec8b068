"""The weeks' staffing plans one after the other, as the domain keeps them."""

from collections.abc import Sequence
from typing import Any

from hotline.formulas.shares import shares
from hotline.planning.staffing.absence import Absence
from hotline.planning.staffing.answer import is_surely_missed
from hotline.planning.staffing.movable import Placed
from hotline.planning.staffing.plan import Plan
from hotline.planning.staffing.problem import Group, Problem, Work
from hotline.planning.staffing.shared_out import shared_out
from hotline.planning.staffing.trials import Figure

_LINES = ("required", "agents", "separate", "service_level", "low", "high", "abandoned")
_PARTS = 10_000  # of an hour, when people are shared out by hours of work


class Found:
    """Lines of each queue and sizes of each group over all intervals so far."""

    def __init__(self, groups: Sequence[Group], ids: Sequence[str]) -> None:
        self._groups = groups
        self._queues: dict[str, dict[str, list[Any]]] = {id: {line: [] for line in _LINES} for id in ids}
        self._sizes: dict[str, list[int]] = {group.id: [] for group in groups}
        self._seats_taken: list[int] = []
        self._short: list[dict[str, int]] = []
        self._carried_over = 0
        self._trials, self._is_finished, self._missed = 0, True, 0
        self._wanted = self._cuts = 0.0
        self._late_h: dict[str, float] = {}
        self._left_h: dict[str, float] = {}

    def add(
        self, problem: Problem, plans: Sequence[Plan], limits: Sequence[int | None], absence: Absence, offset: int
    ) -> None:
        """A week's plans of queues that share nobody; `offset` is its first interval."""
        sizes = {id: [0] * problem.intervals for id in self._sizes}
        for plan in plans:
            if plan.search is None:
                self._add_alone(plan, sizes)
            else:
                self._add_pool(plan)
                sizes |= {id: list(counts) for id, counts in plan.sizes.items()}
        for id, counts in sizes.items():
            self._sizes[id] += counts
        for n, limit in enumerate(limits):
            wanted = sum(plan.wanted[n] for plan in plans)
            if limit is not None and wanted > limit:
                self._short.append({"interval": offset + n, "wanted": absence.seats(wanted)})

    def week_agents(self, intervals: int) -> list[int]:
        """All who are at work in the week that was added last, letters included so far."""
        begin = len(self._seats_taken)
        rows = [lines["agents"][begin:] for lines in self._queues.values() if len(lines["agents"]) > begin]
        return [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * intervals

    def add_letters(self, work: Sequence[Work], placed: Placed) -> None:
        """People beside those who take calls and chats, by queue of letters."""
        for n, people in enumerate(placed.people):
            hours = [round(_PARTS * placed.hours[one.id][n]) for one in work]
            parts = shares(hours, people) if any(hours) else shares([1] * len(work), people)
            for one, many in zip(work, parts, strict=True):
                self._put(one.id, required=many, agents=many, separate=many)
        for one in work:
            self._late_h[one.id] = max(self._late_h.get(one.id, 0.0), placed.late_h[one.id])
            self._left_h[one.id] = placed.left_h[one.id]

    def end_week(self, absence: Absence, intervals: int) -> None:
        """Count the seats of the week."""
        self._seats_taken += [absence.seats(agents) for agents in self.week_agents(intervals)]

    def stretch(self) -> float:
        """Agents that simulation found ÷ what pooling says, of the queues that share people; 1 where none do."""
        return self._wanted / self._cuts if self._cuts else 1.0

    def document(self) -> dict[str, Any]:
        """As the domain keeps it."""
        return {
            "queues": self._queues,
            "groups": self._sizes,
            "seats_taken": self._seats_taken,
            "seats_short": self._short,
            "carried_over": self._carried_over,
            "trials": self._trials,
            "is_finished": self._is_finished,
            "missed": self._missed,
            "late_h": {id: round(hours, 2) for id, hours in self._late_h.items()},
            "left_h": {id: round(hours, 2) for id, hours in self._left_h.items()},
        }

    def _add_alone(self, plan: Plan, sizes: dict[str, list[int]]) -> None:
        for id, needs in plan.alone.items():
            self._carried_over += sum(need.required > need.stationary for need in needs)
            for need in needs:
                course = need.course
                self._put(
                    id,
                    required=need.required,
                    agents=need.agents,
                    separate=need.required,
                    service_level=None if course is None else round(course.service_level, 4),
                    abandoned=None if course is None else round(course.abandoned, 4),
                )
            own = next((group for group in self._groups if id in group.skills), None)
            if own is not None:
                sizes[own.id] = [many + need.agents for many, need in zip(sizes[own.id], needs, strict=True)]

    def _add_pool(self, plan: Plan) -> None:
        assert plan.search is not None
        assert plan.trial is not None
        self._trials += plan.search.trials
        self._is_finished = self._is_finished and plan.search.is_finished
        self._wanted += sum(plan.wanted)
        self._cuts += sum(plan.wanted) / plan.stretch if plan.stretch else 0.0
        for n in range(plan.problem.intervals):
            sizes = {id: counts[n] for id, counts in plan.sizes.items()}
            needs = {id: rows[n].required for id, rows in plan.alone.items()}
            agents = shared_out(plan.problem.groups, sizes, plan.problem.queues, needs, plan.problem.borrowing)
            wanted = dict(zip(agents, shares(list(agents.values()), plan.wanted[n]), strict=True))
            self._missed += is_surely_missed(plan.trial, plan.problem, n)
            for id, many in agents.items():
                figure = plan.trial.intervals[id][n]
                self._put(id, required=max(many, wanted[id]), agents=many, separate=needs[id], **_told(figure))

    def _put(self, id: str, **values: Any) -> None:
        """One interval more of the queue's lines."""
        for line in _LINES:
            self._queues[id][line].append(values.get(line))


def _told(figure: Figure | None) -> dict[str, float | None]:
    if figure is None:
        return {}

    def short(value: float | None) -> float | None:
        return None if value is None else round(value, 4)

    return {
        "service_level": short(figure.service_level),
        "low": short(figure.low),
        "high": short(figure.high),
        "abandoned": short(figure.abandoned),
    }
