"""The staffing asked for by planners, week by week. No Django here: it runs in the player's process."""

from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from hotline.live.player_process import Worker
from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.staffing import checking, fixed_headcount
from hotline.planning.staffing.absence import absence_of
from hotline.planning.staffing.plan import Effort, Plan, plan
from hotline.planning.staffing.problem import Group, Headcount, Problem, Queue, Shrinkage, Targets

WEEK = 7
_CPU_LIMIT_S = 600.0


class StaffingQueue(msgspec.Struct, frozen=True, kw_only=True):
    """A queue's contacts and handle times (seconds) in each interval of all the days."""

    id: str
    skill: str
    calls: list[float]
    aht_s: list[float]
    targets: Targets
    patience_s: float | None


class StaffingQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be staffed. `headcount`: people by the skills they have, for what they can serve at best."""

    first_day: date
    zone: str
    interval_min: int
    queues: list[StaffingQueue]
    shrinkage: list[Shrinkage]
    seats: int | None = None
    hours: float = 8.0
    growth: float = 0.0
    groups: list[Group] = []


def answer(question: StaffingQuestion, worker: Worker) -> dict[str, Any]:
    """Agents by queue and interval, with what they come to; news are the weeks done.

    Raises StaffingProblemError, UnreachableTargetError."""
    a_day = 1440 // question.interval_min
    days = len(question.queues[0].calls) // a_day if question.queues else 0
    weeks = range(0, days, WEEK)
    worker.tell(steps=len(weeks) + 1, steps_done=0)
    found = _Found(question)
    for number, week in enumerate(weeks):
        until = min(week + WEEK, days)
        found.add(_planned(_problem(question, week, until)), week * a_day)
        worker.tell(steps_done=number + 1)
    headcount = _headcount(question, days, a_day)
    worker.tell(steps_done=len(weeks) + 1)
    return found.document() | {"headcount": headcount}


def _problem(question: StaffingQuestion, first: int, until: int, *, has_groups: bool = False) -> Problem:
    """The days from `first` up to, not including, `until`, numbered from the first one asked for."""
    a_day = 1440 // question.interval_min
    part = slice(first * a_day, until * a_day)
    queues = [
        Queue(
            id=one.id,
            skill=one.skill if has_groups else one.id,
            calls=one.calls[part],
            aht_s=one.aht_s[part],
            targets=one.targets,
            patience_s=one.patience_s,
        )
        for one in question.queues
    ]
    begin = datetime.combine(question.first_day + timedelta(days=first), time())
    return Problem(
        start=begin.isoformat(timespec="minutes"),
        zone=question.zone,
        interval_min=question.interval_min,
        targets=queues[0].targets or Targets(),
        queues=queues,
        shrinkage=question.shrinkage,
        seats=question.seats,
        groups=question.groups if has_groups else [],
        headcount=Headcount(hours=question.hours, growth=question.growth) if has_groups else None,
    )


def _planned(problem: Problem) -> Plan:
    """Each queue with a team of its own; checked in parts, because only groups limit how many queues there may be."""
    most = checking.MOST_QUEUES
    for begin in range(0, len(problem.queues), most):
        checking.check(msgspec.structs.replace(problem, queues=problem.queues[begin : begin + most]))
    return plan(problem, Effort(Budget(_CPU_LIMIT_S, start_s=cpu_seconds())))


class _Found:
    """The weeks' plans one after the other."""

    def __init__(self, question: StaffingQuestion) -> None:
        ids = [queue.id for queue in question.queues]
        self.required: dict[str, list[int]] = {id: [] for id in ids}
        self.agents: dict[str, list[int]] = {id: [] for id in ids}
        self.levels: dict[str, list[float | None]] = {id: [] for id in ids}
        self.short: list[dict[str, int]] = []
        self.seats_taken: list[int] = []
        self.carried_over = 0

    def add(self, plan: Plan, offset: int) -> None:
        """The next week's plan; `offset` is its first interval."""
        for id, needs in plan.alone.items():
            self.required[id] += [need.required for need in needs]
            self.agents[id] += [need.agents for need in needs]
            self.levels[id] += [None if need.course is None else round(need.course.service_level, 4) for need in needs]
            self.carried_over += sum(need.required > need.stationary for need in needs)
        self.seats_taken += [plan.absence.seats(agents) for agents in plan.agents()]
        for n, (wanted, limit) in enumerate(zip(plan.wanted, plan.limits, strict=True)):
            if limit is not None and wanted > limit:
                self.short.append({"interval": offset + n, "wanted": plan.absence.seats(wanted)})

    def document(self) -> dict[str, Any]:
        """As the domain keeps it."""
        queues = {
            id: {"required": self.required[id], "agents": self.agents[id], "service_level": self.levels[id]}
            for id in self.required
        }
        return {
            "queues": queues,
            "seats_taken": self.seats_taken,
            "seats_short": self.short,
            "carried_over": self.carried_over,
        }


def _headcount(question: StaffingQuestion, days: int, a_day: int) -> dict[str, Any] | None:
    """What the people there are serve of the busiest day at best; None where it cannot be asked."""
    needed = {queue.skill for queue in question.queues}
    held = {skill for group in question.groups for skill in group.skills}
    if not days or not needed <= held or len(question.queues) > checking.MOST_QUEUES:
        return None
    work = [0.0] * days
    for queue in question.queues:
        for n, calls in enumerate(queue.calls):
            work[n // a_day] += calls * queue.aht_s[n]
    busiest = max(range(days), key=lambda day: work[day])
    problem = _problem(question, busiest, busiest + 1, has_groups=True)
    checking.check(problem)
    told = fixed_headcount.document(fixed_headcount.answered(problem))
    people = sum(group.people or 0 for group in question.groups)
    at_work = people * question.hours * (1 - absence_of(question.shrinkage).total)
    return told | {
        "day": question.first_day + timedelta(days=busiest),
        "people": people,
        "at_work_h": round(at_work, 1),
        "hours": question.hours,
        "growth": question.growth,
    }
