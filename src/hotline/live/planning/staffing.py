"""The staffing asked for by planners, week by week. No Django here: it runs in the player's process."""

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from hotline.live.planning.staffing_found import Found
from hotline.live.player_process import Worker
from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.staffing import checking, fixed_headcount, movable
from hotline.planning.staffing.absence import absence_of
from hotline.planning.staffing.apart import parts_of, plan_parts
from hotline.planning.staffing.moments import day_places, moments
from hotline.planning.staffing.plan import Effort, Plan, plan
from hotline.planning.staffing.problem import (
    Borrowing,
    Group,
    Headcount,
    Overflow,
    Problem,
    Queue,
    Shrinkage,
    Targets,
    Work,
)
from hotline.planning.staffing.searching import Progress
from hotline.simulation.staffing_trial import try_plan

WEEK = 7
_BETWEEN_NEWS_S = 0.5


class StaffingQueue(msgspec.Struct, frozen=True, kw_only=True):
    """A queue's contacts and handle times (seconds) in each interval of all the days. `settings` are those of the live
    queue that say in which order and whom it serves; `overflows` and what follows, where its customers go."""

    id: str
    skill: str
    calls: list[float]
    aht_s: list[float]
    targets: Targets
    patience_s: float | None
    channel: str = "voice"
    concurrency: int = 1
    settings: dict[str, Any] = {}
    overflows: list[Overflow] = []
    most_waiting: int | None = None
    full_queue: str | None = None


class StaffingLetters(msgspec.Struct, frozen=True, kw_only=True):
    """Letters of a queue that come in each interval of all the days, and when each must be done."""

    id: str
    skill: str
    arrivals: list[float]
    handle_s: float
    deadline_h: float


class StaffingQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be staffed; intervals are real moments from the first day's midnight on. `headcount`: people by the
    skills they have, for what they can serve at best. `pools`: groups that share queues, whose skills are ids of
    queues, and what they serve later by `borrowing`; none: each queue has a team of its own. `cpu_limit_s`: of
    the whole answer."""

    first_day: date
    last_day: date
    zone: str
    interval_min: int
    queues: list[StaffingQueue]
    letters: list[StaffingLetters] = []
    shrinkage: list[Shrinkage]
    seats: int | None = None
    hours: float = 8.0
    growth: float = 0.0
    groups: list[Group] = []
    pools: list[Group] = []
    borrowing: list[Borrowing] = []
    cpu_limit_s: float = 600.0


def answer(question: StaffingQuestion, worker: Worker) -> dict[str, Any]:
    """Agents by queue, group and interval, with what they come to; news are the weeks done, and trials of simulation.

    Raises StaffingProblemError, UnreachableTargetError."""
    zone = ZoneInfo(question.zone)
    days = day_places(moments(question.first_day, question.last_day, zone, question.interval_min), zone)
    weeks = range(0, len(days), WEEK)
    worker.tell(steps=len(weeks) + 1, steps_done=0)
    budget = Budget(question.cpu_limit_s, worker.is_stop_asked, start_s=cpu_seconds())
    found = Found(question.pools, [*(one.id for one in question.queues), *(one.id for one in question.letters)])
    left_h = {one.id: 0.0 for one in question.letters}
    tell = _trial_news(worker)
    for number, week in enumerate(weeks):
        until = min(week + WEEK, len(days))
        place = slice(days[week].start, days[until - 1].stop)
        effort = Effort(budget.part(budget.left_s() / (len(weeks) - number)), tell=tell)
        left_h = _add_week(question, found, week, place, effort, left_h)
        worker.tell(steps_done=number + 1)
    headcount = _headcount(question, days, found.stretch())
    worker.tell(steps_done=len(weeks) + 1)
    return found.document() | {"headcount": headcount}


def _add_week(
    question: StaffingQuestion, found: Found, week: int, place: slice, effort: Effort, left_h: dict[str, float]
) -> dict[str, float]:
    """The week's plans and letters added to what was found; hours of letters that are left for the next week."""
    problem = _problem(question, week, place)
    limits = _limits(question, problem.intervals)
    plans = _planned(problem, limits, effort) if problem.queues else []
    found.add(problem, plans, limits, absence_of(question.shrinkage), place.start)
    for skill in sorted({one.skill for one in question.letters}):
        letters = [one for one in question.letters if one.skill == skill]
        work = [_work(one, place, left_h[one.id]) for one in letters]
        given = msgspec.structs.replace(problem, work=work)
        checking.check(msgspec.structs.replace(given, queues=[], groups=[]))
        placed = movable.placed(given, found.week_agents(problem.intervals), limits)
        found.add_letters(work, placed)
        left_h = left_h | {one.id: placed.left_h[one.id] for one in letters}
    found.end_week(absence_of(question.shrinkage), problem.intervals)
    return left_h


def _problem(question: StaffingQuestion, first: int, place: slice) -> Problem:
    """The intervals of some days, of which the first is numbered from the first one asked for."""
    pooled = bool(question.pools)
    queues = [_queue(one, place, has_skill=False) for one in question.queues]
    return Problem(
        start=_midnight(question, first),
        zone=question.zone,
        interval_min=question.interval_min,
        targets=_common_targets(question),
        queues=queues,
        shrinkage=question.shrinkage,
        groups=question.pools if pooled else [],
        borrowing=question.borrowing if pooled else [],
        work=[] if queues else [_work(one, place, 0.0) for one in question.letters],
    )


def _queue(one: StaffingQueue, place: slice, *, has_skill: bool) -> Queue:
    return Queue(
        id=one.id,
        skill=one.skill if has_skill else one.id,
        calls=one.calls[place],
        aht_s=one.aht_s[place],
        targets=one.targets,
        patience_s=one.patience_s,
        channel=one.channel,
        concurrency=one.concurrency,
        settings=one.settings,
        overflows=one.overflows,
        most_waiting=one.most_waiting,
        full_queue=one.full_queue,
    )


def _work(one: StaffingLetters, place: slice, left_h: float) -> Work:
    """The week's letters; what the week before left comes first."""
    arrivals = one.arrivals[place]
    arrivals[0] += left_h * 3600 / one.handle_s
    return Work(id=one.id, arrivals=arrivals, handle_s=one.handle_s, deadline_h=one.deadline_h)


def _midnight(question: StaffingQuestion, day: int) -> str:
    begin = datetime.combine(question.first_day + timedelta(days=day), time_of_day())
    return begin.isoformat(timespec="minutes")


def _common_targets(question: StaffingQuestion) -> Targets:
    """The occupancy of the first queue, which all have in common; letters alone need none, and say something else."""
    return question.queues[0].targets if question.queues else Targets(service_level=0.5)


def _limits(question: StaffingQuestion, intervals: int) -> list[int | None]:
    seats = question.seats
    return [None if seats is None else absence_of(question.shrinkage).most_agents(seats)] * intervals


def _planned(problem: Problem, limits: Sequence[int | None], effort: Effort) -> list[Plan]:
    """Checked in parts, because only queues that share people are limited in number."""
    parts = parts_of(problem) if problem.groups else [problem]
    for part in parts:
        _check(part)
    if not problem.groups:
        return [plan(problem, effort, within=limits)]
    return plan_parts(parts, effort, try_plan, limits)


def _check(problem: Problem) -> None:
    if problem.groups:
        checking.check(problem)
        return
    for queue in problem.queues:  # strangers may be many, and hold different numbers of chats
        checking.check(msgspec.structs.replace(problem, queues=[queue]))


def _trial_news(worker: Worker) -> Callable[[Progress], None]:
    """Tells trials and intervals missed, at most twice a second."""
    last_at, trials = 0.0, 0

    def tell(progress: Progress) -> None:
        nonlocal last_at, trials
        trials += 1
        if time.monotonic() - last_at >= _BETWEEN_NEWS_S:
            last_at = time.monotonic()
            worker.tell(figures={"trials": trials, "missed": progress.missed})

    return tell


def _headcount(question: StaffingQuestion, days: Sequence[slice], stretch: float) -> dict[str, Any] | None:
    """What the people there are serve of the busiest day at best; None where it cannot be asked."""
    needed = {queue.skill for queue in question.queues}
    held = {skill for group in question.groups for skill in group.skills}
    if not needed or not needed <= held or len(question.queues) > checking.MOST_QUEUES:
        return None
    work = [0.0] * len(days)
    for queue in question.queues:
        done = list(accumulate((c * s for c, s in zip(queue.calls, queue.aht_s, strict=True)), initial=0.0))
        for day, place in enumerate(days):
            work[day] += (done[place.stop] - done[place.start]) / queue.concurrency
    busiest = max(range(len(days)), key=lambda day: work[day])
    place = days[busiest]
    problem = Problem(
        start=_midnight(question, busiest),
        zone=question.zone,
        interval_min=question.interval_min,
        targets=_common_targets(question),
        queues=[_queue(one, place, has_skill=True) for one in question.queues],
        work=[msgspec.structs.replace(_work(one, place, 0.0), skill=one.skill) for one in question.letters],
        shrinkage=question.shrinkage,
        groups=question.groups,
        headcount=Headcount(hours=question.hours, growth=question.growth),
    )
    # Teams apart may hold different numbers of chats, which one simulated agent may not: nothing is simulated here.
    alike = [msgspec.structs.replace(queue, concurrency=1) for queue in problem.queues]
    checking.check(msgspec.structs.replace(problem, queues=alike))
    told = fixed_headcount.document(fixed_headcount.answered(problem, stretch))
    people = sum(group.people or 0 for group in question.groups)
    at_work = people * question.hours * (1 - absence_of(question.shrinkage).total)
    return told | {
        "day": question.first_day + timedelta(days=busiest),
        "people": people,
        "at_work_h": round(at_work, 1),
        "hours": question.hours,
        "growth": question.growth,
    }
