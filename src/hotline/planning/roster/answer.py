"""The solver's answer as plain data: assignments, coverage, and every unfilled interval with its reason in words."""

from collections import Counter
from typing import Any

import numpy as np

from hotline.planning.roster.counting import impossible
from hotline.planning.roster.duty import Horizon
from hotline.planning.roster.month import Month
from hotline.planning.roster.spreading import Flow, spread
from hotline.planning.roster.staffing_plan import Plan, breaks_wish


def document(plan: Plan, month: Month, cpu_s: float) -> dict[str, Any]:
    """The answer as the command prints it."""
    on_duty = _on_duty(plan, month)
    flows = [spread(on_duty[t], plan.demand[t].tolist()) for t in range(plan.slots)]
    covered = np.zeros_like(plan.demand)
    for slot, flow in enumerate(flows):
        for (_, skill), people in flow.items():
            covered[slot, skill] += people
    wanted = int(plan.demand.sum())
    return {
        "status": "feasible",
        "hard_violations": 0,
        "coverage_ratio": round(float(covered.sum()) / wanted, 6) if wanted else 1.0,
        **impossible(plan),
        "wishes_broken": _wishes_broken(plan, month),
        "assignments": list(_assignments(plan, month, flows)),
        "unfilled": _unfilled(plan, month, plan.demand - covered),
        "left_out": [{"person": plan.people[place].person.id, "why": why} for place, why in month.left_out.items()],
        "cpu_s": cpu_s,
    }


def _on_duty(plan: Plan, month: Month) -> list[Counter[int]]:
    """Per interval the people who work and have no break, counted by the skills they can serve."""
    here: list[Counter[int]] = [Counter() for _ in range(plan.slots)]
    for place, line in enumerate(month.lines):
        if line is None:
            continue
        for day in np.flatnonzero(line.options >= 0):
            number, midnight = int(line.options[day]), int(day) * plan.day_slots
            mask = plan.people[place].mask & plan.groups[plan.group[number]]
            for slot in _working(plan, number, line.breaks[day]):
                if midnight + slot < plan.slots:
                    here[midnight + slot][mask] += 1
    return here


def _working(plan: Plan, number: int, breaks: Any) -> list[int]:
    away = {
        slot
        for begin, length in zip(breaks, plan.breaks[number, :, 0], strict=True)
        if begin >= 0
        for slot in range(begin, begin + length)
    }
    return [s for first, last in plan.options[number].pieces for s in range(first, last) if s not in away]


def _assignments(plan: Plan, month: Month, flows: list[Flow]) -> Any:
    horizon = Horizon(plan.problem)
    for planned, line in zip(plan.people, month.lines, strict=True):
        if line is None:
            continue
        for day in np.flatnonzero(line.options >= 0):
            number, midnight = int(line.options[day]), int(day) * plan.day_slots
            option = plan.options[number]
            mask = planned.mask & plan.groups[plan.group[number]]
            breaks = [
                {"start": horizon.text(midnight + int(begin)), "end": horizon.text(midnight + int(begin + length))}
                for begin, length in zip(line.breaks[day], plan.breaks[number, :, 0], strict=True)
                if begin >= 0
            ]
            yield {
                "person": planned.person.id,
                "start": horizon.text(midnight + option.start),
                "end": horizon.text(midnight + option.end),
                "shift": option.kind.id,
                "skill": _skill(plan, mask, flows, [midnight + s for s in _working(plan, number, line.breaks[day])]),
                "breaks": breaks,
            }


def _skill(plan: Plan, mask: int, flows: list[Flow], slots: list[int]) -> str | None:
    """The skill that people with these skills serve most during the shift."""
    served: Counter[int] = Counter()
    for slot in slots[:: max(1, len(slots) // 4)]:
        if slot < plan.slots:
            for skill in range(len(plan.bit)):
                served[skill] += flows[slot].get((mask, skill), 0)
    known = [skill for skill in range(len(plan.bit)) if mask >> skill & 1]
    if not known:
        return None
    return plan.problem.skills[max(known, key=lambda skill: (served[skill], -skill))]


def _wishes_broken(plan: Plan, month: Month) -> int:
    broken = 0
    for planned, line in zip(plan.people, month.lines, strict=True):
        for wish in planned.person.wishes:
            day = (wish.day - plan.problem.start).days
            if line is not None and 0 <= day < plan.problem.days and line.options[day] >= 0:
                option = plan.options[line.options[day]]
                broken += breaks_wish(wish.kind, option.kind.id, option.is_night)
    return broken


def _unfilled(plan: Plan, month: Month, missing: Any) -> list[dict[str, Any]]:
    horizon = Horizon(plan.problem)
    rows = np.argwhere(missing > 0)
    present = _present(plan, month) if len(rows) else np.zeros((0, 0), np.int8)
    found = []
    for slot, skill in rows.tolist():
        where = _where(plan, present, slot, skill)
        name = plan.problem.skills[skill]
        gap = {"start": horizon.text(slot), "skill": name, "missing": int(missing[slot, skill])}
        found.append(gap | {"where": where, "why": _why(name, int(plan.demand[slot, skill]), where)})
    return found


def _present(plan: Plan, month: Month) -> Any:
    """`[person, slot]` 1 on duty, 2 at a break."""
    there = np.zeros((len(plan.people), plan.slots), np.int8)
    for place, line in enumerate(month.lines):
        if line is None:
            continue
        for day in np.flatnonzero(line.options >= 0):
            number, midnight = int(line.options[day]), int(day) * plan.day_slots
            for first, last in plan.options[number].pieces:
                there[place, midnight + first : midnight + last] = 1
            for begin, length in zip(line.breaks[day], plan.breaks[number, :, 0], strict=True):
                if begin >= 0:
                    there[place, midnight + begin : midnight + begin + length] = 2
    return there


def _where(plan: Plan, present: Any, slot: int, skill: int) -> dict[str, int]:
    """Where everybody is who could serve this interval, in numbers of people."""
    able = [n for n, planned in enumerate(plan.people) if planned.mask >> skill & 1]
    here = present[able, slot]
    on_duty, at_break = int((here == 1).sum()), int((here == 2).sum())
    barred = _barred_count(plan, [n for n, state in zip(able, here, strict=True) if state == 0], slot)
    resting = len(able) - on_duty - at_break - barred
    return {"able": len(able), "on_duty": on_duty, "at_break": at_break, "barred": barred, "resting": resting}


def _why(name: str, wanted: int, where: dict[str, int]) -> str:
    """The reason in words."""
    if not where["able"]:
        return f"Nobody has the skill {name}: train or hire somebody, or let another skill lend."
    is_impossible = wanted > where["able"] - where["barred"]
    return (
        f"{f'{wanted} are wanted, which is impossible: ' if is_impossible else ''}"
        f"{where['able']} people can serve {name}: {where['on_duty']} are on duty (some for other skills), "
        f"{where['at_break']} at a break, {where['barred']} may not work then (rotation, home time, lessons, absence "
        f"or shift kinds), {where['resting']} rest or have used up days or hours."
    )


def _barred_count(plan: Plan, places: list[int], slot: int) -> int:
    """How many of these people no permitted shift of that day, or of the day before, brings to this interval."""
    day, clock = divmod(slot, plan.day_slots)
    covering = [
        (day - back, n)
        for back in (0, 1)
        if day - back >= 0
        for n, option in enumerate(plan.options)
        if any(first <= clock + back * plan.day_slots < last for first, last in option.pieces)
    ]
    if not covering:
        return len(places)
    days, options = (list(column) for column in zip(*covering, strict=True))
    return sum(1 for place in places if plan.people[place].barred[days, options].all())
