"""The plan as data and as a table. Notes are keys with their figures: whoever shows them has the words."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from hotline.planning.staffing import capacity, fixed_headcount, shift_cover
from hotline.planning.staffing.carry_over import Course
from hotline.planning.staffing.checking import starts
from hotline.planning.staffing.plan import Plan, with_own_teams
from hotline.planning.staffing.problem import Problem, Shifts
from hotline.planning.staffing.requirement import Need, is_met
from hotline.planning.staffing.searching import missed_intervals
from hotline.planning.staffing.trials import Figure, Trial, shortfall

_METHODS = {
    "stationary": "Erlang A; Erlang C where nobody gives up",
    "carried_over": "M(t)/M/c(t)+M by forward equations (Ingolfsson and others 2007)",
    "pools": "pooling cuts, then simulation with the live rules (Cezik and L'Ecuyer 2008)",
}


def document(plan: Plan) -> dict[str, Any]:
    """The plan as it is written as JSON."""
    problem, at_work = plan.problem, plan.at_work()
    found: dict[str, Any] = {
        "name": problem.name,
        "zone": problem.zone,
        "interval_min": problem.interval_min,
        "is_simulated": plan.trial is not None,
        "methods": _METHODS,
        "intervals": starts(problem),
        "queues": {id: _queue(needs) for id, needs in plan.alone.items()},
        "groups": {id: list(counts) for id, counts in plan.sizes.items()},
        "agents": plan.agents(),
        "at_work": at_work,
        "people": [plan.absence.people(agents) for agents in at_work],
        "seats_taken": [plan.absence.seats(agents) for agents in at_work],
        "agent_hours": sum(at_work) * problem.interval_min / 60,
        "paid_hours": sum(at_work) * problem.interval_min / 60 / (1 - plan.absence.total),
    }
    if problem.seats is not None:
        found["seats"] = {"there": problem.seats, "short": list(_short(plan))}
    if plan.placed:
        found["work"] = asdict(plan.placed)
    if problem.headcount:
        found["headcount"] = fixed_headcount.document(fixed_headcount.answered(problem, plan.stretch))
        found["headcount"]["stretch"] = round(plan.stretch, 4)
    if problem.capacity:
        found["capacity"] = capacity.document(problem.capacity, problem.targets)
    if problem.shifts and problem.intervals:
        found["shifts"] = _shifts(plan, problem.shifts)
    if plan.search:
        pooled_h = sum(plan.wanted) / plan.stretch * problem.interval_min / 60
        found["search"] = {
            "trials": plan.search.trials,
            "is_finished": plan.search.is_finished,
            "pooled_hours": round(pooled_h, 3),
        }
    if plan.trial:
        found["simulated"] = _trial(plan.trial)
    found["notes"] = list(_notes(plan))
    return found


def _queue(needs: list[Need]) -> dict[str, Any]:
    """By a team of its own, whatever groups there are."""
    return {
        "stationary": [need.stationary for need in needs],
        "required": [need.required for need in needs],
        "agents": [need.agents for need in needs],
        "figures": [None if need.course is None else _course(need.course) for need in needs],
    }


def _course(course: Course) -> dict[str, float | None]:
    return {
        "service_level": round(course.service_level, 6),
        "abandoned": round(course.abandoned, 6),
        "average_wait_s": round(course.average_wait_s, 3) if math.isfinite(course.average_wait_s) else None,
        "occupancy": round(course.occupancy, 6),
        "waiting_at_end": round(course.waiting, 3),
    }


def _shifts(plan: Plan, shifts: Shifts) -> dict[str, Any]:
    """The least paid hours with each set of kinds, for all who are at work."""
    begin, at_work = starts(plan.problem)[0][11:], plan.at_work()
    found: dict[str, Any] = {}
    for name, kinds in (("fixed", shifts.fixed), ("flexible", shifts.flexible)):
        cover = shift_cover.least_paid(at_work, kinds, begin, plan.problem.interval_min, shifts.most)
        found[name] = {
            "paid_h": cover.paid_h,
            "least_paid_h": round(cover.least_paid_min / 60, 3),
            "turns": [asdict(turn) for turn in cover.turns],
        }
    found["saved"] = round(1 - found["flexible"]["paid_h"] / found["fixed"]["paid_h"], 6)
    return found


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        "replications": trial.replications,
        "totals": {id: _figure(figure) for id, figure in trial.totals.items()},
        "intervals": {id: [_figure(figure) for figure in figures] for id, figures in trial.intervals.items()},
        "occupancy": list(trial.occupancy),
    }


def _figure(figure: Figure | None) -> dict[str, float | None] | None:
    return None if figure is None else asdict(figure)


def _short(plan: Plan) -> Iterator[dict[str, Any]]:
    """The intervals that would need more seats than there are."""
    for n, (wanted, limit) in enumerate(zip(plan.wanted, plan.limits, strict=True)):
        if limit is not None and wanted > limit:
            yield {"interval": n, "seats_wanted": plan.absence.seats(wanted), "agents_wanted": wanted, "agents": limit}


# --- notes ----------------------------------------------------------------------------------------------------------


def _notes(plan: Plan) -> Iterator[dict[str, Any]]:
    for one in _short(plan):
        yield {"key": "staffing.seats_short", **one}
    is_in_groups = plan.search is not None
    for id, needs in plan.alone.items():
        targets = next(plan.problem.targets_of(queue) for queue in plan.problem.queues if queue.id == id)
        for n, need in enumerate(needs):
            if need.required > need.stationary:
                figures = {"stationary": need.stationary, "required": need.required}
                yield {"key": "staffing.carried_over", "queue": id, "interval": n, **figures}
            if not is_in_groups and need.course and not is_met(need.course, targets):
                level = round(need.course.service_level, 6)
                yield {"key": "staffing.target_missed", "queue": id, "interval": n, "service_level": level}
            last = n + 1 == len(needs) or needs[n + 1].course is None
            if last and need.course and need.course.waiting >= 1:
                yield {
                    "key": "staffing.waiting_at_close",
                    "queue": id,
                    "interval": n,
                    "waiting": round(need.course.waiting, 1),
                }
    if plan.placed:
        for key, hours_of in (("late", plan.placed.late_h), ("left", plan.placed.left_h)):
            yield from ({"key": f"staffing.work_{key}", "work": id, "hours": h} for id, h in hours_of.items() if h)
    yield from _notes_of_trial(plan)


def _notes_of_trial(plan: Plan) -> Iterator[dict[str, Any]]:
    if plan.search and not plan.search.is_finished:
        yield {"key": "staffing.search_stopped", "trials": plan.search.trials}
    if not plan.trial:
        return
    played = plan.problem if plan.search else with_own_teams(plan.problem)
    for queue in played.queues:
        by = shortfall(plan.trial.totals[queue.id], played.targets_of(queue))
        if by > 0:
            yield {"key": "staffing.simulated_day_missed", "queue": queue.id, "by": round(by, 6)}
    missed = missed_intervals(played, plan.trial)
    if missed:
        surely = [n for n in missed if is_surely_missed(plan.trial, played, n)]
        yield {"key": "staffing.simulated_intervals_missed", "intervals": missed, "surely": surely}


def is_surely_missed(trial: Trial, problem: Problem, interval: int) -> bool:
    """Whether some queue's service level is below its target even at the upper end of its 99 % interval."""
    for queue in problem.queues:
        figure, goal = trial.intervals[queue.id][interval], problem.targets_of(queue).service_level
        if figure and goal is not None and figure.high is not None and figure.high < goal:
            return True
    return False


# --- table ----------------------------------------------------------------------------------------------------------


def table(found: dict[str, Any]) -> str:
    """The document to be read: one line an interval, and the figures of the day below."""
    ids = list(found["groups"])
    heads = ["from", *ids, "agents", "at work", "people", "seats"]
    rows = [heads]
    for n, start in enumerate(found["intervals"]):
        counts = [found["groups"][id][n] for id in ids]
        totals = [found[key][n] for key in ("agents", "at_work", "people", "seats_taken")]
        rows.append([start.replace("T", " "), *map(str, counts), *map(str, totals)])
    widths = [max(len(row[n]) for row in rows) for n in range(len(heads))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines += ["", f"agent hours {found['agent_hours']:.1f}, paid hours {found['paid_hours']:.1f}"]
    for id, figure in found.get("simulated", {}).get("totals", {}).items():
        lines.append(f"simulated {id}: {_told(figure)}")
    lines += _of_headcount(found.get("headcount")) + _of_capacity(found.get("capacity"))
    if "shifts" in found:
        fixed, flexible, saved = found["shifts"]["fixed"], found["shifts"]["flexible"], found["shifts"]["saved"]
        hours = f"fixed shifts {fixed['paid_h']:.1f}, flexible {flexible['paid_h']:.1f} ({saved:.1%} fewer)"
        lines.append(f"paid hours: {hours}")
    return "\n".join([*lines, *(_note(note) for note in found["notes"])])


def _of_headcount(found: dict[str, Any] | None) -> list[str]:
    if found is None:
        return []
    lines = [
        f"headcount: serves {found['factor']:.3f} times today's calls at target; "
        f"{found['missing_h']:.1f} agent hours are missing for the growth"
    ]
    if "letters" in found:
        lines.append(f"  with all letters in time {found['factor_in_time']:.3f} times")
    for id, one in found.get("letters", {}).items():
        lines.append(
            f"  letters {id}: {one['done_h']:.1f} of {one['needed_h']:.1f} hours a day are done; {one['undone']:.0f} "
            f"letters ({one['undone_h']:.1f} hours) stay every day, {one['late_h']:.1f} hours are late at once"
        )
    for place, rows in (("option", found["options"]), ("step", found["steps"])):
        lines += [f"  {place} {n}: {_note(row)}" for n, row in enumerate(rows, 1)]
    return lines


def _of_capacity(found: dict[str, Any] | None) -> list[str]:
    lines = []
    for name in ("carried", "wanted"):
        if found and name in found:
            one = found[name]
            lines.append(f"capacity: {one['seats']} seats, {one['calls_per_h']:.1f} calls/h, {one['lines']} lines")
    return lines


def _told(figure: dict[str, Any] | None) -> str:
    if figure is None:
        return "nobody asked"
    bounds = "" if figure["low"] is None else f" ({figure['low']:.1%} to {figure['high']:.1%}, 99 %)"
    return (
        f"service level {figure['service_level']:.1%}{bounds}, abandoned {figure['abandoned']:.1%}, "
        f"wait {figure['average_wait_s']:.1f} s"
    )


def _note(note: dict[str, Any]) -> str:
    return f"{note['key']}: " + ", ".join(f"{name} {value}" for name, value in note.items() if name != "key")
