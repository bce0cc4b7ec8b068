"""Planning questions answered by the pure rooms. No Django here: it runs in the player's process."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from hotline.live.planning import day_playing, forecasting, staffing
from hotline.live.player_process import Worker
from hotline.planning.roster import answer as roster_answer
from hotline.planning.roster import month, month_check
from hotline.planning.roster.cpu_budget import Budget, cpu_seconds
from hotline.planning.roster.problem import Problem, check_times
from hotline.planning.roster.staffing_plan import Plan

_BETWEEN_NEWS_S = 0.5


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of which kind's player."""

    kind: str
    question: msgspec.Raw


class RosterQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A roster to be found within so many CPU seconds. `not_planned` are those who are not in the problem and why: the
    answer tells of them too."""

    problem: Problem
    not_planned: list[dict[str, Any]] = []
    cpu_limit_s: float = 120.0
    seed: int = 1


def roster(question: RosterQuestion, worker: Worker) -> dict[str, Any]:
    """The best roster found: the answer's document with `breaches` of hard rules (none, or the solver is wrong).

    News are `figures.covered`, the share of demand covered so far. Raises RosterProblemError, NoLegalLineError."""
    check_times(question.problem)
    plan = Plan(question.problem)
    budget = Budget(question.cpu_limit_s, worker.is_stop_asked)
    solved = month.solve(plan, budget, _covered_news(worker), question.seed, leaves_out=True)
    found = roster_answer.document(plan, solved, cpu_seconds())
    report = month_check.check(_problem_of_the_planned(question.problem, found), found)
    told = {"not_planned": question.not_planned, "interval_min": question.problem.interval_min}
    return found | told | {"breaches": list(report.breaches)}


def _problem_of_the_planned(problem: Problem, found: dict[str, Any]) -> dict[str, Any]:
    """The problem as plain values, without those who have no legal line and are named as left out."""
    left_out = {one["person"] for one in found["left_out"]}
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(problem))
    return plain | {"people": [person for person in plain["people"] if person["id"] not in left_out]}


def _covered_news(worker: Worker) -> Callable[[float], None]:
    """Tells the share covered, at most twice a second."""
    last_at = 0.0

    def tell(covered: float) -> None:
        nonlocal last_at
        if time.monotonic() - last_at >= _BETWEEN_NEWS_S:
            last_at = time.monotonic()
            worker.tell(figures={"covered": round(covered, 5)})

    return tell


class Player(msgspec.Struct, frozen=True):
    """The type of a kind's question, and what answers it."""

    asked: Any
    answer: Callable[[Any, Worker], dict[str, Any]]


PLAYERS: Final[Mapping[str, Player]] = {
    "forecast": Player(forecasting.ForecastQuestion, forecasting.answer),
    "staffing": Player(staffing.StaffingQuestion, staffing.answer),
    "roster": Player(RosterQuestion, roster),
    "what_if": Player(day_playing.DayQuestion, day_playing.answer),
}


def answer(line: bytes, worker: Worker) -> dict[str, Any]:
    """The answer of the kind's player, as JSON values."""
    asked = msgspec.json.decode(line, type=Question)
    player = PLAYERS[asked.kind]
    return player.answer(msgspec.json.decode(asked.question, type=player.asked), worker)
