"""An independent checker of Curtois and Qu's benchmark: cost and broken rules of a CSV file.

It shares no code with the solver: it reads the CSV, counts by the benchmark's own rules, and names every breach."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol

from hotline.planning.roster.curtois import Instance, Worker
from hotline.planning.roster.errors import file_error
from hotline.planning.roster.texts import read_lines


@dataclass(frozen=True, slots=True)
class Verdict:
    """The cost by the benchmark's rules, and one sentence for every hard rule broken."""

    cost: int
    breaches: tuple[str, ...]


class Named(Protocol):
    """What a solution's rows name: workers, days and shifts."""

    @property
    def days(self) -> int:
        """How many days there are."""

    @property
    def workers(self) -> Mapping[str, object]:
        """Workers by name."""

    @property
    def minutes_of(self) -> Mapping[str, object]:
        """Shifts by name."""


def read_solution(path: Path, instance: Named) -> dict[tuple[str, int], str]:
    """(worker, day) to shift. Raises RosterFileError naming the row that is unknown, doubled or outside."""
    held: dict[tuple[str, int], str] = {}
    text = "\n".join(line for _, line in read_lines(path))
    rows = csv.reader(io.StringIO(text))
    if [cell.strip() for cell in next(rows, [])] != ["employee", "day", "shift"]:
        raise file_error(path, 1, "the columns must be employee,day,shift.")
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        problem = _row_problem(row, instance, held)
        if problem:
            raise file_error(path, number, problem)
        held[row[0], int(row[1])] = row[2]
    return held


def _row_problem(row: list[str], instance: Named, held: dict[tuple[str, int], str]) -> str:
    if len(row) != 3:
        return f"{len(row)} cells instead of three."
    name, day, shift = row
    if name not in instance.workers:
        return f"nobody is called {name!r} in the instance."
    if not day.isascii() or not day.isdigit() or int(day) >= instance.days:
        return f"day {day!r} is not a number from 0 to {instance.days - 1}."
    if shift not in instance.minutes_of:
        return f"there is no shift {shift!r}."
    return f"{name} has two shifts on day {day}." if (name, int(day)) in held else ""


def check(instance: Instance, held: dict[tuple[str, int], str]) -> Verdict:
    """Cost and breaches of a solution given as (worker, day) to shift."""
    breaches = [
        f"{worker.name}: {sentence}"
        for worker in instance.workers.values()
        for sentence in _breaches(instance, worker, [held.get((worker.name, d), "") for d in range(instance.days)])
    ]
    return Verdict(_wish_cost(instance, held) + _cover_cost(instance, held), tuple(breaches))


def _wish_cost(instance: Instance, held: dict[tuple[str, int], str]) -> int:
    missed = sum(price for name, day, shift, price in instance.wishes_on if held.get((name, day)) != shift)
    return missed + sum(price for name, day, shift, price in instance.wishes_off if held.get((name, day)) == shift)


def _cover_cost(instance: Instance, held: dict[tuple[str, int], str]) -> int:
    there: dict[tuple[int, str], int] = {}
    for (_, day), shift in held.items():
        there[day, shift] = there.get((day, shift), 0) + 1
    cost = 0
    for wanted in instance.cover:
        surplus = there.get((wanted.day, wanted.shift), 0) - wanted.wanted
        cost += wanted.price_over * surplus if surplus > 0 else -wanted.price_under * surplus
    return cost


def _breaches(instance: Instance, worker: Worker, line: list[str]) -> list[str]:
    return [
        *_day_breaches(instance, worker, line),
        *_sum_breaches(instance, worker, line),
        *_run_breaches(worker, line),
    ]


def _day_breaches(instance: Instance, worker: Worker, line: list[str]) -> list[str]:
    found = [f"works on day {day}, a day off" for day in sorted(worker.days_off) if line[day]]
    for day in range(1, len(line)):
        before, after = line[day - 1], line[day]
        if before and after in instance.not_after[before]:
            found.append(f"{after} on day {day} must not follow {before}")
    return found


def _sum_breaches(instance: Instance, worker: Worker, line: list[str]) -> list[str]:
    found = []
    for shift, most in worker.most_of_shift.items():
        if line.count(shift) > most:
            found.append(f"{line.count(shift)} shifts {shift}, at most {most}")
    minutes = sum(instance.minutes_of[shift] for shift in line if shift)
    if not worker.least_minutes <= minutes <= worker.most_minutes:
        found.append(f"{minutes} minutes, wanted {worker.least_minutes} to {worker.most_minutes}")
    weekends = sum(1 for sat in range(5, len(line), 7) if any(line[sat : sat + 2]))
    if weekends > worker.most_weekends:
        found.append(f"{weekends} weekends, at most {worker.most_weekends}")
    return found


def _run_breaches(worker: Worker, line: list[str]) -> list[str]:
    """Minimum lengths do not apply to a run that touches an end of the horizon: it may go on outside."""
    found, start = [], 0
    for is_work, days in groupby(line, key=bool):
        length = len(list(days))
        is_inside = start > 0 and start + length < len(line)
        if is_work and length > worker.most_days_running:
            found.append(f"{length} days running from day {start}, at most {worker.most_days_running}")
        if is_work and is_inside and length < worker.least_days_running:
            found.append(f"{length} days running from day {start}, at least {worker.least_days_running}")
        if not is_work and is_inside and length < worker.least_days_off:
            found.append(f"{length} days off from day {start}, at least {worker.least_days_off}")
        start += length
    return found
