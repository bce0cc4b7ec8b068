"""An independent checker of the nurse rostering competition: cost by its own rules, and days whose cover is not exact.

It shares no code with the solver. Runs at the ends of the horizon count as they stand: nothing is known of what lies
outside. A night before a free weekend and two free days after nights, which some files switch on, count for nothing, as
in the competition's published results. Where a contract switches its alternative skill off, a shift needs its skill:
long02 costs its proved 219 like that, and 218 else."""

from collections.abc import Callable, Iterator
from itertools import groupby

from hotline.planning.roster.curtois_check import Verdict
from hotline.planning.roster.inrc1 import ANY, NONE, Contract, Instance, Nurse, Pattern, Rule


def check(instance: Instance, held: dict[tuple[str, int], str]) -> Verdict:
    """Cost and breaches of a solution given as (nurse, day) to shift."""
    cost = 0
    breaches: list[str] = []
    for name, nurse in instance.workers.items():
        line = [held.get((name, day), "") for day in range(instance.days)]
        contract = instance.contracts[nurse.contract]
        cost += _requests(nurse, line) + line_cost(instance, contract, nurse.skills, line)
        if contract.alternative_skill is None:
            breaches += _unskilled(instance, name, line)
    for (day, shift), wanted in instance.wanted.items():
        there = sum(held.get((name, day)) == shift for name in instance.workers)
        if there != wanted:
            breaches.append(f"day {day}, shift {shift}: {there} people, wanted {wanted}")
    return Verdict(cost, tuple(breaches))


def _unskilled(instance: Instance, name: str, line: list[str]) -> Iterator[str]:
    for day, shift in enumerate(line):
        missing = instance.skills_of[shift] - instance.workers[name].skills if shift else set()
        if missing:
            yield f"day {day}, shift {shift}: {name} has no skill {', '.join(sorted(missing))}"


def _requests(nurse: Nurse, line: list[str]) -> int:
    return sum(w for day, shift, w in nurse.off if line[day] and shift in {ANY, line[day]}) + sum(
        w for day, shift, w in nurse.on if not line[day] or shift not in {ANY, line[day]}
    )


def line_cost(instance: Instance, contract: Contract, skills: set[str], line: list[str]) -> int:
    """What the contract's rules cost on one line, without requests."""
    worked = [bool(shift) for shift in line]
    weekends = instance.weekends(contract)
    on_weekends = [any(worked[first : last + 1]) for first, last in weekends]
    return (
        _beyond(contract.most, contract.least, sum(worked))
        + _runs(contract.most_running, contract.least_running, worked, True)
        + _runs(contract.most_free, contract.least_free, worked, False)
        + _runs(contract.most_weekends_running, contract.least_weekends_running, on_weekends, True)
        + sum(_weekend(contract, line[first : last + 1]) for first, last in weekends if last > first)
        + sum(_matches(instance, instance.patterns[name], line) for name in contract.patterns)
        + (contract.alternative_skill or 0) * sum(bool(instance.skills_of[s] - skills) for s in line if s)
    )


def _beyond(most: Rule, least: Rule, value: int) -> int:
    return most.weight * max(0, value - most.value) + least.weight * max(0, least.value - value)


def _runs(most: Rule, least: Rule, flags: list[bool], wanted: bool) -> int:
    lengths = [len(list(run)) for flag, run in groupby(flags) if flag is wanted]
    return sum(_beyond(most, least, length) for length in lengths)


def _weekend(contract: Contract, days: list[str]) -> int:
    """Free days in a weekend that is worked in part, more where they split it; different shifts in a whole one."""
    free = days.count("")
    if free == len(days):
        return 0
    if free:
        is_split = len([1 for is_free, _ in groupby(days, key=lambda shift: not shift) if not is_free]) > 1
        return contract.complete_weekends * (free + is_split * len(days))
    return contract.identical_weekends * sum(len(days) - days.count(shift) for shift in set(days))


def _matches(instance: Instance, pattern: Pattern, line: list[str]) -> int:
    fits: dict[str, Callable[[str], bool]] = {ANY: bool, NONE: lambda shift: not shift}
    length = len(pattern.entries)
    return pattern.weight * sum(
        all(
            fits[entry](shift) if entry in fits else entry == shift
            for entry, shift in zip(pattern.entries, line[day : day + length], strict=True)
        )
        for day in range(instance.days - length + 1)
        if pattern.weekday in {-1, instance.weekday(day)}
    )
