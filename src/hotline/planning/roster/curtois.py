"""The public shift-scheduling benchmark of Curtois and Qu: its text format, and solutions as CSV.

Source: T. Curtois and R. Qu, Computational results on new staff scheduling benchmark instances, University of
Nottingham, 2014. Days count from 0 and are Mondays when divisible by 7; lengths are minutes."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hotline.planning.roster.errors import file_error
from hotline.planning.roster.texts import read_lines


@dataclass(slots=True)
class Worker:
    """One person's contract. Minutes, days and weekends over the whole horizon."""

    name: str
    most_of_shift: dict[str, int]
    most_minutes: int
    least_minutes: int
    most_days_running: int
    least_days_running: int
    least_days_off: int
    most_weekends: int
    days_off: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Cover:
    """People wanted on a day's shift, and the price of each one missing and each one too many."""

    day: int
    shift: str
    wanted: int
    price_under: int
    price_over: int


@dataclass(slots=True)
class Instance:
    """One benchmark instance. `wishes_on` and `wishes_off` are (worker, day, shift, price)."""

    days: int = 0
    minutes_of: dict[str, int] = field(default_factory=dict)
    not_after: dict[str, set[str]] = field(default_factory=dict)
    workers: dict[str, Worker] = field(default_factory=dict)
    wishes_on: list[tuple[str, int, str, int]] = field(default_factory=list)
    wishes_off: list[tuple[str, int, str, int]] = field(default_factory=list)
    cover: list[Cover] = field(default_factory=list)


Roster = dict[str, list[str]]  # worker to one shift name a day; the empty text is a day off


def read_instance(path: Path) -> Instance:
    """The instance in a text file, plain or gzipped. Raises RosterFileError naming the line that is wrong."""
    instance, section, seen = Instance(), "", set()
    for number, text in read_lines(path):
        line = text.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("SECTION_"):
            section = line
            seen.add(section)
            continue
        try:
            _READERS[section](instance, [cell.strip() for cell in line.split(",")])
        except KeyError as error:
            problem = f"{error.args[0]!r} is not known here; define it above or correct it."
            raise file_error(path, number, problem) from error
        except (ValueError, IndexError) as error:
            raise file_error(path, number, f"{line!r} cannot be read ({error}).") from error
    _require_sections(path, instance, seen)
    return instance


def _require_sections(path: Path, instance: Instance, seen: set[str]) -> None:
    missing = sorted({"SECTION_HORIZON", "SECTION_SHIFTS", "SECTION_STAFF", "SECTION_COVER"} - seen)
    if missing:
        raise file_error(path, 0, f"{', '.join(missing)} is missing: is this an instance file?")
    if not (instance.days and instance.minutes_of and instance.workers):
        raise file_error(path, 0, "it names no days, no shifts or no staff.")
    for shift, forbidden in instance.not_after.items():
        for other in forbidden - set(instance.minutes_of):
            raise file_error(path, 0, f"shift {shift} names {other!r}, which is not defined.")


def _horizon(instance: Instance, cells: list[str]) -> None:
    instance.days = _count(cells[0], least=1)


def _shift(instance: Instance, cells: list[str]) -> None:
    instance.minutes_of[cells[0]] = _count(cells[1], least=1)
    instance.not_after[cells[0]] = {name for name in cells[2].split("|") if name} if len(cells) > 2 else set()


def _worker(instance: Instance, cells: list[str]) -> None:
    limits = dict(pair.split("=") for pair in cells[1].split("|"))
    for shift in limits:
        instance.minutes_of[shift]
    if len(cells) < 8:
        raise ValueError("a worker has eight values")
    minutes, least, running, least_running, off, weekends = (_count(cell) for cell in cells[2:8])
    most = {shift: _count(limits.get(shift, "0")) for shift in instance.minutes_of}
    instance.workers[cells[0]] = Worker(cells[0], most, minutes, least, running, least_running, off, weekends)


def _days_off(instance: Instance, cells: list[str]) -> None:
    worker = instance.workers[cells[0]]
    worker.days_off.update(_day(instance, cell) for cell in cells[1:] if cell)


def _wish(instance: Instance, cells: list[str], wishes: list[tuple[str, int, str, int]]) -> None:
    instance.workers[cells[0]], instance.minutes_of[cells[2]]
    wishes.append((cells[0], _day(instance, cells[1]), cells[2], _count(cells[3])))


def _wish_on(instance: Instance, cells: list[str]) -> None:
    _wish(instance, cells, instance.wishes_on)


def _wish_off(instance: Instance, cells: list[str]) -> None:
    _wish(instance, cells, instance.wishes_off)


def _cover(instance: Instance, cells: list[str]) -> None:
    instance.minutes_of[cells[1]]
    if any(
        known.day == int(cells[0]) and known.shift == cells[1] for known in instance.cover[-len(instance.minutes_of) :]
    ):
        raise ValueError("this day's shift has a cover already")
    wanted, under, over = (_count(cell) for cell in cells[2:5])
    instance.cover.append(Cover(_day(instance, cells[0]), cells[1], wanted, under, over))


def _count(cell: str, least: int = 0) -> int:
    value = int(cell)
    if value < least:
        raise ValueError(f"{value} must be {least} or more")
    return value


def _day(instance: Instance, cell: str) -> int:
    day = _count(cell)
    if day >= instance.days:
        raise ValueError(f"day {day} is beyond the horizon of {instance.days} days")
    return day


_READERS: dict[str, Callable[[Instance, list[str]], None]] = {
    "SECTION_HORIZON": _horizon,
    "SECTION_SHIFTS": _shift,
    "SECTION_STAFF": _worker,
    "SECTION_DAYS_OFF": _days_off,
    "SECTION_SHIFT_ON_REQUESTS": _wish_on,
    "SECTION_SHIFT_OFF_REQUESTS": _wish_off,
    "SECTION_COVER": _cover,
}


def write_solution(path: Path, roster: Roster) -> None:
    """The roster as CSV with the columns employee, day (from 0), shift; days off have no row."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["employee", "day", "shift"])
            for name, line in roster.items():
                writer.writerows([name, day, shift] for day, shift in enumerate(line) if shift)
    except OSError as error:
        problem = f"it cannot be written ({error}); name another file."
        raise file_error(path, 0, problem) from error
