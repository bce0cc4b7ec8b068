"""A roster's day played with the live routing rules. No Django here: it runs in the player's process."""

from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

import msgspec

from hotline.live.player_process import Worker
from hotline.planning.staffing import checking
from hotline.planning.staffing.problem import Group, Problem, Queue
from hotline.planning.staffing.trials import Figure
from hotline.simulation.staffing_trial import try_plan

_AT_ONCE = 5  # replications between two looks at whether the best so far is wanted


class WhatIfGroup(msgspec.Struct, frozen=True, kw_only=True):
    """People with the same skills: so many at work in each interval of the day."""

    id: str
    skills: list[str]
    at_work: list[int]


class WhatIfQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """The day with its contacts and people. `interval_min` is 15 or 30."""

    day: date
    zone: str
    interval_min: int
    queues: list[Queue]
    groups: list[WhatIfGroup]
    replications: int = 20
    seed: int = 1


def answer(question: WhatIfQuestion, worker: Worker) -> dict[str, Any]:
    """Service level, abandoned and wait by queue and interval, with 99 % intervals of the day's level; stopped early,
    of the days played so far. Raises StaffingProblemError."""
    worker.tell(steps=question.replications, steps_done=0)
    problem = _problem(question)
    checking.check(problem)
    sizes = {group.id: group.at_work for group in question.groups}
    played = _AT_ONCE
    trial = try_plan(problem, sizes, question.seed, min(played, question.replications))
    worker.tell(steps_done=trial.replications)
    if question.replications > played and not worker.is_stop_asked():
        trial = try_plan(problem, sizes, question.seed, question.replications)
        worker.tell(steps_done=trial.replications)
    return {
        "replications": trial.replications,
        "totals": {id: _told(figure) for id, figure in trial.totals.items()},
        "intervals": {id: [_told(figure) for figure in figures] for id, figures in trial.intervals.items()},
        "occupancy": list(trial.occupancy),
    }


def _problem(question: WhatIfQuestion) -> Problem:
    targets = question.queues[0].targets
    assert targets is not None
    return Problem(
        start=datetime.combine(question.day, time()).isoformat(timespec="minutes"),
        zone=question.zone,
        targets=targets,
        interval_min=question.interval_min,
        queues=question.queues,
        groups=[Group(id=group.id, skills=group.skills) for group in question.groups],
    )


def _told(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {name: None if value is None else round(value, 4) for name, value in asdict(figure).items()}
